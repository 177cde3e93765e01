"""The messages whose words the city may change: what each is for, and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.core.messages import Message, say
from app.core.money import Money
from app.notifications.places import (
    ABOUT,
    ACTION,
    AT,
    BY,
    COLLECTIVE,
    CONTENTS,
    DECIDED,
    EDITION,
    FILE,
    IDENTITIES,
    LETTER,
    NAME,
    NEAREST,
    NEWS,
    NUMBER,
    ORGANISATION,
    OTHER,
    PARTNER,
    PROJECT,
    REASON,
    REDIRECT,
    REFERENCE,
    RESULTS,
    ROLE,
    SAMPLE_DAY,
    SPONSOR,
    STOP,
    TITLE,
    UNTIL,
    Place,
    link,
)
from app.rendering import GUEST_LANGUAGES, LANGUAGES
from app.settings import settings


@dataclass(frozen=True)
class Kind:
    """One message: the folder of its templates, when it is sent, what may stand in it. `others`: values its usual text needs besides.

    `languages`: those it is ever sent in.
    """

    name: str
    label: Message
    places: tuple[Place, ...]
    others: tuple[tuple[str, Any], ...] = ()
    languages: tuple[str, ...] = tuple(LANGUAGES)

    def place(self, name: str) -> Place | None:
        """The place of this name, None if the message has none."""
        return next((one for one in self.places if one.name == name), None)

    def sample(self) -> dict[str, Any]:
        """Values as they could be, under the names that the templates know. A secret is plainly none."""
        base = settings().base_url
        return {one.source or one.name: one.example(base) for one in self.places if not one.path} | IDENTITIES | dict(self.others)


WITH_LETTER = (("letter", "n4w8r2c6v0b5m7k9q1s3t5x7z9"),)
MOTIVE = replace(REASON, source="motive")
SIGNS = replace(ACTION, sample="/files/k7m2p9x4qa/commitments")
PARTNER_PAGE = replace(ACTION, sample="/files/k7m2p9x4qa/partner-link")

GROUPS: tuple[tuple[Message, tuple[Kind, ...]], ...] = (
    (say("Files"), (
        Kind("file-received", say("A file was submitted"), (NAME, *ABOUT, ORGANISATION, AT, CONTENTS, ACTION)),
        Kind("file-completed", say("A file was completed"), (NAME, *ABOUT, AT, CONTENTS, ACTION)),
        Kind("file-withdrawn", say("A file was withdrawn"), (NAME, *ABOUT, AT, ACTION)),
    )),
    (say("Members, sponsor and local partner"), (
        Kind(
            "invitation", say("Somebody is invited to act for an organisation"),
            (BY, ORGANISATION, ROLE, UNTIL, link(source="action", sample="/invitations/xxxx-xxxx-xxxx", secret=True)),
        ),
        Kind(
            "invitation-accepted", say("An invitation was accepted"),
            (
                NAME, Place("person", say("the name of who joins"), "Ana Quispe"),
                Place("email", say("the e-mail address of who joins"), "ana@example.org"), ORGANISATION, ROLE,
                replace(ACTION, sample="/organisations/ker-teranga-rennes/members"),
            ),
        ),
        Kind(
            "sponsor-asked", say("A collective asks an association to sign for it"),
            (NAME, BY, SPONSOR, COLLECTIVE, TITLE, EDITION, replace(ACTION, sample="/sponsorships/k7m2p9x4qa")),
        ),
        Kind("sponsor-validated", say("The association signs for the collective"), (NAME, SPONSOR, TITLE, SIGNS)),
        Kind("sponsor-declined", say("The association does not sign for the collective"), (NAME, SPONSOR, TITLE, REASON, SIGNS)),
        Kind(
            "partner-invitation", say("The local partner is asked to answer"),
            (NAME, ORGANISATION, TITLE, PARTNER, UNTIL, link(source="action", sample="/partner/xxxx-xxxx-xxxx", secret=True)),
            languages=tuple(GUEST_LANGUAGES),
        ),
        Kind(
            "partner-signed", say("The local partner signed the letter"),
            (
                NAME, PARTNER, TITLE, Place("signatory", say("the name of who signed"), "Awa Diop"),
                Place("function", say("the function of who signed"), "Présidente"), AT, PARTNER_PAGE,
            ),
        ),
        Kind("partner-declined", say("The local partner declined"), (NAME, PARTNER, TITLE, REASON, PARTNER_PAGE)),
    )),
    (say("Review and decisions"), (
        Kind(
            "decision-incomplete", say("A file must be completed"),
            (*ABOUT, REASON, Place("deadline", say("until when"), "jusqu’au 31 mars 2027 inclus", required=True), LETTER, FILE),
            others=WITH_LETTER,
        ),
        Kind("decision-admissible", say("A file is admissible"), (*ABOUT, LETTER, PROJECT), others=WITH_LETTER),
        Kind("decision-inadmissible", say("A file is refused"), (*ABOUT, REASON, REDIRECT, LETTER, PROJECT), others=WITH_LETTER),
        Kind(
            "decision-redirected", say("A project is pointed to another scheme"),
            (*ABOUT, REASON, replace(REDIRECT, label=say("the other scheme"), optional=False, required=True), PROJECT),
        ),
        Kind("merge-asked", say("The city suggests a merge"), (TITLE, OTHER, NUMBER, REASON, FILE)),
        Kind("decision-merged", say("A project has joined another one"), (*ABOUT, replace(OTHER, source="joined"), REASON, PROJECT)),
        Kind("decision-under-review", say("The review of a project begins"), (*ABOUT, PROJECT)),
        Kind("decision-eligible", say("A project is accepted for the vote"), (*ABOUT, LETTER, PROJECT), others=WITH_LETTER),
        Kind(
            "decision-ineligible", say("A project is not accepted for the vote"), (*ABOUT, REASON, REDIRECT, LETTER, PROJECT),
            others=WITH_LETTER,
        ),
        Kind("project-on-ballot", say("A project is put on the ballot"), (NAME, *ABOUT, PROJECT)),
        Kind(
            "project-vetoed", say("A project is vetoed"),
            (
                TITLE, NUMBER, Place("ground", say("the ground of the veto"), "La loi interdit le projet", required=True), REASON,
                Place("effect", say("what becomes of the project"), say("The project is taken off the ballot."), required=True), PROJECT,
            ),
        ),
    )),
    (say("Appeals"), (
        Kind(
            "appeal-received", say("An appeal has come in"),
            (
                *ABOUT, replace(AT, source="filed_at"), Place("last_day", say("the last day for the answer"), SAMPLE_DAY, required=True),
                Place("paper", say("the note that it came on paper"), say("It came on paper and was recorded by the city."), optional=True),
                link("/files/{public_id}/appeal"),
            ),
        ),
        Kind("appeal-upheld", say("An appeal is upheld"), (*ABOUT, MOTIVE, LETTER), others=WITH_LETTER),
        Kind("appeal-rejected", say("An appeal is rejected"), (*ABOUT, MOTIVE, LETTER), others=WITH_LETTER),
    )),
    (say("Results"), (
        Kind(
            "result-leading", say("A project came out in the lead"),
            (*ABOUT, REASON, Place("asked", say("the amount before the council"), Money(1_234_500)), RESULTS),
        ),
        Kind("result-reserve", say("A project is on the reserve list"), (*ABOUT, REASON, NEAREST, RESULTS)),
        Kind("result-not-selected", say("A project was not selected"), (*ABOUT, REASON, NEAREST, RESULTS)),
        Kind("council-awarded", say("The council awards the grant"), (*ABOUT, REFERENCE, DECIDED, PROJECT)),
        Kind("council-refused", say("The council refuses the grant"), (*ABOUT, REFERENCE, DECIDED, REASON, PROJECT)),
    )),
    (say("Residents"), (
        Kind("voting-code", say("A code to vote"), (Place("code", say("the code"), "123 456", required=True, secret=True),)),
        Kind(
            "follow-confirm", say("Somebody asks to follow a project or an edition"),
            (
                Place("name", say("what is followed"), "Un forage solaire pour trois villages"), EDITION,
                link(sample="/following/xxxx-xxxx-xxxx", secret=True),
            ),
        ),
        Kind(
            "project-moved", say("A followed project moves on"),
            (
                TITLE, EDITION, Place("state", say("the new state"), "Admissible"),
                Place("reason", say("the reason given"), "Tous les critères sont remplis.", optional=True),
                replace(link(sample="/projects/k7m2p9x4qa/history"), optional=True), STOP,
            ),
            others=(("last", False),),
        ),
        Kind(
            "edition-news", say("What is new in a followed edition, once a day"),
            (EDITION, Place("news", say("what happened, project by project"), NEWS, required=True), link(sample="/editions/2027"), STOP),
        ),
    )),
)  # fmt: skip
"""What a message is about, and the messages about it, as staff meet them."""
KINDS: dict[str, Kind] = {kind.name: kind for _, kinds in GROUPS for kind in kinds}
"""Name -> message. A message that is not here keeps its usual text."""
