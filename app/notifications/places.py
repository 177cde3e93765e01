"""What may stand between braces in the words of a message, with samples as they could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from app.core.lifecycle import STATES, State
from app.core.messages import Message, say
from app.core.permissions import MEMBER_ROLE_LABELS, MemberRole

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

    `source` is its name among the values, where it differs. Without a `required` place the message misses its purpose; where an
    `optional` one is empty, its paragraph falls away. A `secret` is for the reader alone: it never stands in a subject, which is kept.
    The sample of a link is a path of this site.
    """

    name: str
    label: Message
    sample: Any = ""
    required: bool = False
    source: str = ""
    path: str = ""
    optional: bool = False
    secret: bool = False

    @property
    def is_link(self) -> bool:
        """Whether it is an address of this site."""
        return self.name in LINK_WORDS

    def value_in(self, values: Mapping[str, Any], base_url: str) -> Any:
        """What stands there in one message."""
        return base_url + self.path.format_map(values) if self.path else values.get(self.source or self.name)

    def example(self, base_url: str) -> Any:
        """What could stand there, its addresses those of this site."""
        if isinstance(self.sample, list):
            return [one._replace(link=base_url + one.link) if isinstance(one, News) else one for one in self.sample]
        return base_url + self.sample if self.is_link else self.sample


def link(path: str = "", source: str = "", sample: str = "", secret: bool = False) -> Place:
    """The link of a message, from its values (`path`, `source`), or given as it is."""
    label = say("the link of the message, which lets in whoever has it") if secret else say("the link of the message")
    return Place("link", label, sample, required=True, source=source, path=path, secret=secret)


IDENTITIES: dict[str, Any] = {"public_id": "k7m2p9x4qa", "slug": "2027"}
TITLE = Place("title", say("the title of the project"), "Un forage solaire pour trois villages")
OTHER = Place("other", say("the title of the other project"), "Une pompe solaire pour deux écoles", required=True)
NUMBER = Place("file_number", say("the number of the file"), "17")
EDITION = Place("edition", say("the name of the edition"), "Édition 2027")
NAME = Place("name", say("the name of the person"), "Claire Le Goff")
ORGANISATION = Place("organisation", say("the name of the organisation"), "Ker Teranga Rennes")
SPONSOR = Place("sponsor", say("the name of the association that is asked to sign"), "Solidarités du Blosne")
COLLECTIVE = Place("collective", say("the name of the collective"), "Collectif Ayni", required=True)
PARTNER = Place("partner", say("the name of the local partner"), "Comité de gestion de l’eau", required=True)
BY = Place("by", say("the name of who asks"), "Ana Quispe")
ROLE = Place("role", say("the role"), MEMBER_ROLE_LABELS[MemberRole.TREASURER])
REASON = Place("reason", say("the reason given"), "Il manque la lettre du partenaire.", required=True)
REDIRECT = Place("redirect", say("another scheme that could help"), "Fonds d’urgence", optional=True)
AT = Place("at", say("the day and the hour"), SAMPLE_INSTANT)
UNTIL = Place("until", say("until when the link works"), SAMPLE_INSTANT)
CONTENTS = Place("contents", say("what the file holds"), ["Budget", "Documents"])
ABOUT = (TITLE, NUMBER, EDITION)

FILE, PROJECT, RESULTS = link("/files/{public_id}"), link("/projects/{public_id}"), link("/editions/{slug}/results")
LETTER = Place("letter_page", say("the link of the whole letter"), required=True, path="/letters/{letter}")
STOP = Place("stop", say("the link that ends the following"), "/following/xxxx-xxxx-xxxx/end", required=True, secret=True)
ACTION = link(source="action", sample="/files/k7m2p9x4qa")
NEAREST = Place("nearest", say("how near the project came"), "Il lui a manqué 12 voix.")
REFERENCE = Place("reference", say("the number of the deliberation"), "2027-118")
DECIDED = Place("decided", say("the day of the decision"), SAMPLE_DAY)
NEWS = [
    News("Un forage solaire pour trois villages", STATES[State.ADMISSIBLE].label, "/projects/k7m2p9x4qa/history"),
    News("Une école qui se chauffe seule", STATES[State.ON_BALLOT].label, "/projects/m3q8r5t1vb/history"),
]
