"""Rules about what must be joined, written, declared, or answered by an officer."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal

from app.core.eligibility.dossier import Context, Dossier
from app.core.eligibility.rule import BaseRule, FileField, Judgement, Key, Section, Texts, Verdict, failed, missing, passed
from app.core.messages import Localised, Message, say

NO_PARTNER = say("No local partner is named.")
DECLINED = say("The local partner was asked for its agreement and declined.")
UNSIGNED = say("The letter signed by the local partner is missing.")


class PartnerLetter(BaseRule):
    """A partner on the spot is named and has signed a letter of agreement."""

    kind: Literal["partner_letter"] = "partner_letter"
    serves: ClassVar[FileField] = FileField(Section.PARTNER, "partner")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        partner = dossier.partner
        if partner is None or not partner.name.strip():
            return missing(NO_PARTNER)
        if partner.declined and not partner.letter_signed:
            return missing(DECLINED)
        if partner.guarded:
            signed = partner.letter_signed
            return passed(say("The local partner has signed a letter of agreement.")) if signed else missing(UNSIGNED)
        if not partner.letter_signed:
            return missing(say("The letter signed by %(partner)s is missing.", partner=partner.name))
        return passed(say("%(partner)s has signed a letter of agreement.", partner=partner.name))

    def plain(self, context: Context) -> Message:
        return say("A local partner is named and has signed a letter of agreement.")


class RequiredDocument(BaseRule):
    """A document of this kind is joined to the file."""

    kind: Literal["required_document"] = "required_document"
    document: Key
    serves: ClassVar[FileField] = FileField(Section.DOCUMENTS, "documents")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        name = context.name_of("document", self.document)
        if self.document in dossier.documents:
            return passed(say("This document is joined: %(document)s.", document=name))
        return missing(say("This document is missing: %(document)s.", document=name))

    def plain(self, context: Context) -> Message:
        return say("This document is joined to the file: %(document)s.", document=context.name_of("document", self.document))


class TextField(StrEnum):
    """The texts of a file that a rule can ask for."""

    TITLE = "title"
    SUMMARY = "summary"
    DESCRIPTION = "description"
    SUSTAINABILITY = "sustainability"
    BENEFICIARIES = "beneficiaries"
    FEEDBACK = "feedback"


TEXT_LABELS = {
    TextField.TITLE: say("title"),
    TextField.SUMMARY: say("summary"),
    TextField.DESCRIPTION: say("description"),
    TextField.SUSTAINABILITY: say("what remains afterwards"),
    TextField.BENEFICIARIES: say("beneficiaries"),
    TextField.FEEDBACK: say("feedback event in the city"),
}
TEXT_PAGES: dict[TextField, Section] = {
    TextField.BENEFICIARIES: Section.BENEFICIARIES,
    TextField.FEEDBACK: Section.FEEDBACK,
    TextField.SUSTAINABILITY: Section.SUSTAINABILITY,
}
"""The page of a text that does not stand on the page of the project in words."""


class TextRequired(BaseRule):
    """A text of the file is not empty."""

    kind: Literal["text_required"] = "text_required"
    text: TextField
    serves: ClassVar[FileField] = FileField(Section.PROJECT, "text")

    @property
    def field(self) -> FileField:
        return FileField(TEXT_PAGES.get(self.text, Section.PROJECT), self.text.value)

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.texts.get(self.text, "").strip():
            return passed(say("This part is filled in: %(part)s.", part=TEXT_LABELS[self.text]))
        return missing(say("This part is still empty: %(part)s.", part=TEXT_LABELS[self.text]))

    def plain(self, context: Context) -> Message:
        return say("The file fills in this part: %(part)s.", part=TEXT_LABELS[self.text])


class Declaration(BaseRule):
    """The carrier declares that the wording is true of its project; with `officer`, an officer looks too."""

    kind: Literal["declaration"] = "declaration"
    declaration: Key
    serves: ClassVar[FileField] = FileField(Section.DECLARATIONS, "declarations")

    @property
    def field(self) -> FileField:
        return FileField(Section.DECLARATIONS, self.declaration)

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        answer = dossier.declarations.get(self.declaration)
        if answer is None:
            return missing(say("The carrier has not answered this declaration yet: %(text)s", text=self.public_wording))
        if not answer:
            return failed(say("The carrier cannot declare this: %(text)s", text=self.public_wording))
        return passed(say("The carrier declares this: %(text)s", text=self.public_wording))

    def plain(self, context: Context) -> Message:
        return say("The carrier declares this: %(text)s", text=self.public_wording)


class OfficerQuestion(BaseRule):
    """A question that only an officer can answer; the machine never judges it."""

    kind: Literal["officer_question"] = "officer_question"
    question: Texts
    officer: Literal[True] = True
    serves: ClassVar[FileField] = FileField(Section.REVIEW, "answer")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        return Judgement(Verdict.OFFICER, say("A case officer answers: %(question)s", question=Localised(self.question)))

    def plain(self, context: Context) -> Message:
        return say("A case officer answers: %(question)s", question=Localised(self.question))
