"""Rules about who carries the project."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from app.core.calendar import months_between
from app.core.eligibility.dossier import Carrier, CarrierForm, Context, Dossier, SponsorWord
from app.core.eligibility.rule import BaseRule, FileField, Judgement, Section, failed, later, missing, passed
from app.core.messages import Message, say, say_count

NO_CARRIER = say("Choose the association or the collective that carries the project.")
NO_SPONSOR = say("Name the association that signs for the collective.")
FORMS = {CarrierForm.ASSOCIATION: say("an association"), CarrierForm.COLLECTIVE: say("a collective with its sponsor association")}


SPONSOR_SAYS: dict[SponsorWord, Message] = {
    SponsorWord.NOT_ASKED: say("%(name)s has not been asked yet to validate this file.", name=""),
    SponsorWord.ASKED: say("%(name)s has been asked to validate this file and has not answered yet.", name=""),
    SponsorWord.OUTDATED: say("%(name)s validated an earlier version of this file; it was changed since.", name=""),
    SponsorWord.DECLINED: say("%(name)s has declined to sign for this file.", name=""),
}
"""The words of a sponsor that does not stand behind the file as it is."""


def _sponsor_stands_behind(carrier: Carrier, sponsor: Carrier) -> Judgement | None:
    """None if it does, or where nobody is to be asked."""
    if carrier.sponsor_word not in SPONSOR_SAYS:
        return None
    fact = say(SPONSOR_SAYS[carrier.sponsor_word].text, name=sponsor.name)
    return failed(fact) if carrier.sponsor_word is SponsorWord.DECLINED else missing(fact)


def _months(count: int) -> Message:
    return say_count("%(count)d month", "%(count)d months", count)


class CarrierKind(BaseRule):
    """Which forms may carry a project; a collective, which cannot be paid, needs a sponsor association that stands behind the file."""

    kind: Literal["carrier_kind"] = "carrier_kind"
    forms: tuple[CarrierForm, ...] = Field(min_length=1)
    serves: ClassVar[FileField] = FileField(Section.IDENTITY, "carrier")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        carrier = dossier.carrier
        if carrier is None:
            return missing(NO_CARRIER)
        if carrier.form not in self.forms:
            return failed(say("The carrier is %(form)s; this is not accepted here.", form=FORMS[carrier.form]))
        if carrier.signatory is None:
            return missing(NO_SPONSOR)
        if carrier.sponsor is not None and (found := _sponsor_stands_behind(carrier, carrier.sponsor)) is not None:
            return found
        return passed(say("The carrier is %(form)s.", form=FORMS[carrier.form]))

    def plain(self, context: Context) -> Message:
        if set(self.forms) == set(CarrierForm):
            return say("The project is carried by an association, or by a collective with an association that signs for it.")
        return say("The project is carried by %(form)s.", form=FORMS[self.forms[0]])


class CarrierSeat(BaseRule):
    """The carrier's seat is in one of these communes (INSEE codes)."""

    kind: Literal["carrier_seat"] = "carrier_seat"
    communes: tuple[str, ...] = Field(min_length=1)
    serves: ClassVar[FileField] = FileField(Section.IDENTITY, "commune")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.carrier is None:
            return missing(NO_CARRIER)
        commune = dossier.carrier.commune
        if not commune:
            return missing(say("Say in which commune the carrier has its seat."))
        fact = say("The carrier has its seat in %(commune)s.", commune=context.name_of("commune", commune))
        return passed(fact) if commune in self.communes else failed(fact)

    def plain(self, context: Context) -> Message:
        names = tuple(context.name_of("commune", code) for code in self.communes)
        return say("The carrier has its seat in %(communes)s.", communes=names)


class CarrierAge(BaseRule):
    """The carrier has existed for `min_months` whole months on the last day of submission.

    With `sponsor_counts`, a collective may lean on the age of the association that signs for it.
    """

    kind: Literal["carrier_age"] = "carrier_age"
    min_months: int = Field(ge=1, le=600)
    sponsor_counts: bool = True
    serves: ClassVar[FileField] = FileField(Section.IDENTITY, "founded_on")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.carrier is None:
            return missing(NO_CARRIER)
        born = self._oldest(dossier.carrier)
        if born is None:
            return missing(say("Give the date the carrier was founded."))
        if context.deadline is None:
            return later(say("The last day of submission is not set yet."))
        months = months_between(born, context.deadline) if born <= context.deadline else 0
        fact = say(
            "Founded on %(born)s, the carrier will be %(age)s old on %(deadline)s; at least %(limit)s.",
            born=born,
            age=_months(months),
            deadline=context.deadline,
            limit=_months(self.min_months),
        )
        return passed(fact) if months >= self.min_months else failed(fact)

    def _oldest(self, carrier: Carrier) -> date | None:
        sponsor = carrier.sponsor if self.sponsor_counts else None
        dates = (carrier.founded_on, sponsor.founded_on if sponsor else None)
        return min((day for day in dates if day), default=None)

    def plain(self, context: Context) -> Message:
        if self.sponsor_counts:
            return say(
                "On the last day of submission the carrier, or the association that signs for it, has existed for at least %(limit)s.",
                limit=_months(self.min_months),
            )
        return say("On the last day of submission the carrier has existed for at least %(limit)s.", limit=_months(self.min_months))


class CarrierStanding(BaseRule):
    """No report on an earlier grant is overdue, from the carrier or from the association that signs for it."""

    kind: Literal["carrier_standing"] = "carrier_standing"
    serves: ClassVar[FileField] = FileField(Section.IDENTITY, "pending_reports")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        carrier = dossier.carrier
        if carrier is None:
            return missing(NO_CARRIER)
        pending = carrier.pending_reports + (carrier.sponsor.pending_reports if carrier.sponsor else 0)
        if pending:
            fact = say_count(
                "%(count)d report on an earlier grant is still due.",
                "%(count)d reports on earlier grants are still due.",
                pending,
            )
            return failed(fact)
        return passed(say("No report on an earlier grant is due."))

    def plain(self, context: Context) -> Message:
        return say("The carrier has handed in the reports on its earlier grants.")


class RepublicanCommitment(BaseRule):
    """The association that signs (the carrier or the sponsor) has accepted the republican commitment for this very request."""

    kind: Literal["republican_commitment"] = "republican_commitment"
    serves: ClassVar[FileField] = FileField(Section.COMMITMENTS, "accepts")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.carrier is None:
            return missing(NO_CARRIER)
        signatory = dossier.carrier.signatory
        if signatory is None:
            return missing(NO_SPONSOR)
        if signatory.republican_commitment_on is None:
            return missing(say("%(name)s has not accepted the republican commitment for this request yet.", name=signatory.name))
        day = signatory.republican_commitment_on
        return passed(say("%(name)s accepted the republican commitment for this request on %(day)s.", name=signatory.name, day=day))

    def plain(self, context: Context) -> Message:
        return say("The association that receives the grant has accepted the republican commitment for this request.")


class AwardsPerCarrier(BaseRule):
    """At most `max_awards` projects of one carrier can win; the count applies it, so it never stops a file."""

    kind: Literal["awards_per_carrier"] = "awards_per_carrier"
    max_awards: int = Field(ge=1, le=100)
    serves: ClassVar[FileField] = FileField(Section.IDENTITY, "carrier")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        return later(say("This is applied when the votes are counted."))

    def plain(self, context: Context) -> Message:
        return say_count(
            "At most %(count)d project of one carrier can win; several may be submitted.",
            "At most %(count)d projects of one carrier can win; more may be submitted.",
            self.max_awards,
        )
