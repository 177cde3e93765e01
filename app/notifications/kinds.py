"""The messages whose words the city may change: what each is for, and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from app.core.lifecycle import STATES, State
from app.core.messages import Message, say
from app.core.money import Money

SAMPLE_INSTANT = datetime(2027, 3, 31, 16, 4, tzinfo=UTC)
SAMPLE_DAY = date(2027, 6, 14)
LINK_WORDS = ("link", "stop", "letter_page")


class News(NamedTuple):
    """One line of a list of news: of which project, what happened, and the page of this site that tells it."""

    title: str
    what: Message
    link: str


@dataclass(frozen=True)
class Place:
    """Something that stands between braces in a text. `path`: a link of this site, made from other values of the message.

    `source` is its name among the values, where it differs. Without a `required` place the message misses its purpose.
    """

    name: str
    label: Message
    sample: Any = ""
    required: bool = False
    source: str = ""
    path: str = ""

    @property
    def is_link(self) -> bool:
        """Whether it is an address of this site."""
        return self.name in LINK_WORDS

    def value_in(self, values: Mapping[str, Any], base_url: str) -> Any:
        """What stands there in one message."""
        return base_url + self.path.format_map(values) if self.path else values.get(self.source or self.name)


@dataclass(frozen=True)
class Kind:
    """One message: the folder of its templates, when it is sent, what may stand in it. `others`: values its usual text needs besides."""

    name: str
    label: Message
    places: tuple[Place, ...]
    others: tuple[tuple[str, Any], ...] = ()

    def place(self, name: str) -> Place | None:
        """The place of this name, None if the message has none."""
        return next((one for one in self.places if one.name == name), None)

    def sample(self) -> dict[str, Any]:
        """Values as they could be, under the names that the templates know."""
        return {one.source or one.name: one.sample for one in self.places if not one.path} | IDENTITIES | dict(self.others)


IDENTITIES: dict[str, Any] = {"public_id": "k7m2p9x4qa", "slug": "2027"}
TITLE = Place("title", say("the title of the project"), "Un forage solaire pour trois villages")
NUMBER = Place("file_number", say("the number of the file"), "17")
EDITION = Place("edition", say("the name of the edition"), "Édition 2027")
NAME = Place("name", say("the name of the person"), "Claire Le Goff")
ORGANISATION = Place("organisation", say("the name of the organisation"), "Ker Teranga Rennes")
REASON = Place("reason", say("the reason given"), "Il manque la lettre du partenaire.", required=True)
AT = Place("at", say("the day and the hour"), SAMPLE_INSTANT)
CONTENTS = Place("contents", say("what the file holds"), ["Budget", "Documents"])
ABOUT = (TITLE, NUMBER, EDITION)


def _link(path: str = "", source: str = "", sample: str = "") -> Place:
    return Place("link", say("the link of the message"), sample, required=True, source=source, path=path)


FILE, PROJECT, RESULTS = _link("/files/{public_id}"), _link("/projects/{public_id}"), _link("/editions/{slug}/results")
LETTER = Place("letter_page", say("the link of the whole letter"), required=True, path="/letters/{letter}")
WITH_LETTER = (("letter", "n4w8r2c6v0b5m7k9q1s3t5x7z9"),)
ACTION = _link(source="action", sample="http://127.0.0.1:8000/files/k7m2p9x4qa")
NEAREST = Place("nearest", say("how near the project came"), "Il lui a manqué 12 voix.")
REFERENCE = Place("reference", say("the number of the deliberation"), "2027-118")
DECIDED = Place("decided", say("the day of the decision"), SAMPLE_DAY)
NEWS = [
    News("Un forage solaire pour trois villages", STATES[State.ADMISSIBLE].label, "http://127.0.0.1:8000/projects/k7m2p9x4qa/history"),
    News("Une école qui se chauffe seule", STATES[State.ON_BALLOT].label, "http://127.0.0.1:8000/projects/m3q8r5t1vb/history"),
]

_ALL = (
    Kind("file-received", say("A file was submitted"), (NAME, *ABOUT, ORGANISATION, AT, CONTENTS, ACTION)),
    Kind("file-completed", say("A file was completed"), (NAME, *ABOUT, AT, CONTENTS, ACTION)),
    Kind("file-withdrawn", say("A file was withdrawn"), (NAME, *ABOUT, AT, ACTION)),
    Kind(
        "decision-incomplete", say("A file must be completed"),
        (*ABOUT, REASON, Place("deadline", say("until when"), "jusqu’au 31 mars 2027 inclus", required=True), LETTER, FILE),
        others=WITH_LETTER,
    ),
    Kind("decision-admissible", say("A file is admissible"), (*ABOUT, LETTER, PROJECT), others=WITH_LETTER),
    Kind(
        "decision-inadmissible", say("A file is refused"),
        (*ABOUT, REASON, Place("redirect", say("another scheme that could help"), "Fonds d’urgence"), LETTER, PROJECT),
        others=WITH_LETTER,
    ),
    Kind("project-on-ballot", say("A project is put on the ballot"), (NAME, *ABOUT, PROJECT)),
    Kind(
        "result-leading", say("A project came out in the lead"),
        (*ABOUT, REASON, Place("asked", say("the amount before the council"), Money(1_234_500)), RESULTS),
    ),
    Kind("result-reserve", say("A project is on the reserve list"), (*ABOUT, REASON, NEAREST, RESULTS)),
    Kind("result-not-selected", say("A project was not selected"), (*ABOUT, REASON, NEAREST, RESULTS)),
    Kind("council-awarded", say("The council awards the grant"), (*ABOUT, REFERENCE, DECIDED, PROJECT)),
    Kind("council-refused", say("The council refuses the grant"), (*ABOUT, REFERENCE, DECIDED, REASON, PROJECT)),
    Kind(
        "follow-confirm", say("Somebody asks to follow a project or an edition"),
        (
            Place("name", say("what is followed"), "Un forage solaire pour trois villages"), EDITION,
            _link(sample="http://127.0.0.1:8000/following/x"),
        ),
    ),
    Kind(
        "project-moved", say("A followed project moves on"),
        (
            TITLE, EDITION, Place("state", say("the new state"), "Admissible"),
            Place("reason", say("the reason given"), "Tous les critères sont remplis."),
            _link(sample="http://127.0.0.1:8000/projects/k7m2p9x4qa/history"),
            Place("stop", say("the link that ends the following"), "http://127.0.0.1:8000/following/x/end", required=True),
        ),
        others=(("last", False),),
    ),
    Kind(
        "edition-news", say("What is new in a followed edition, once a day"),
        (
            EDITION, Place("news", say("what happened, project by project"), NEWS, required=True),
            _link(sample="http://127.0.0.1:8000/editions/2027"),
            Place("stop", say("the link that ends the following"), "http://127.0.0.1:8000/following/x/end", required=True),
        ),
    ),
    Kind("voting-code", say("A code to vote"), (Place("code", say("the code"), "123 456", required=True),)),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
"""Name -> message. A message that is not here keeps its usual text."""
