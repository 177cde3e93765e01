"""The definition of a vote: everything that must not change once it is frozen, as one canonical value with one hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from app import keyring
from app.core.calendar import PhaseKind
from app.core.messages import say
from app.core.problems import Refused
from app.core.transparency import LEAST_BATCH, size_for
from app.editions.models import Edition
from app.editions.queries import calendar_of, programme_of
from app.electorate.register import register_of
from app.polls.models import Poll
from app.polls.queries import slate, style_of
from app.settings import settings
from app.site import site_name
from app.unit import Work

KIND = "quotepart-election/1"
MERGE_WITHIN = timedelta(minutes=15)
"""So long after the closing at the latest every ballot is in the log: what a receipt promises."""


@dataclass(frozen=True)
class Witness:
    """Somebody outside who co-signs the heads of the log: a name and an Ed25519 public key (64 hexadecimal letters)."""

    name: str
    key: str


@dataclass(frozen=True)
class Safekeeping:
    """What the bureau decides beside the poll: the opening key and its shares, what is published, who witnesses."""

    opening_key: str
    threshold: int
    shares: int
    publication: str = "open"
    change_of_vote: bool = False
    witnesses: tuple[Witness, ...] = ()


def origin_of(edition: Edition) -> str:
    """The name of the log of an edition: the host that people know and the address there."""
    return f"{urlsplit(settings().base_url).netloc}/editions/{edition.slug}"


def definition_of(work: Work, edition: Edition, poll: Poll, kept: Safekeeping) -> dict[str, Any]:
    """The definition as it would be frozen now. Raises Refused without voting dates."""
    window = calendar_of(work, edition).window(PhaseKind.voting)
    if window is None:
        raise Refused(say("Give the edition its voting dates first."))
    programme, paper, register = programme_of(work, edition), slate(work, edition, poll), register_of(work, edition)
    return {
        "kind": KIND, "edition": edition.slug, "title": dict(edition.name), "city": site_name(work),
        "origin": origin_of(edition), "projects": [one.model_dump(mode="json") for one in poll.candidates],
        "envelope_cents": paper.envelope_cents, "currency": paper.currency, "style": dict(poll.style), "rule": dict(poll.rule),
        "draw_source": poll.draw_source, "opens": instant(window.opens), "closes": instant(window.closes), "zone": programme.zone,
        "merge_by": instant(window.closes + MERGE_WITHIN),
        "ballot_bytes": size_for(style_of(poll).largest([one.id for one in poll.candidates])),
        "publication": kept.publication, "change_of_vote": kept.change_of_vote,
        "keys": {
            "opening": kept.opening_key, "threshold": kept.threshold, "shares": kept.shares,
            "receipt": keyring.receipt_public().public_bytes_raw().hex(), "log": keyring.log_public().public_bytes_raw().hex(),
        },
        "witnesses": [{"name": one.name, "key": one.key} for one in kept.witnesses], "least_batch": LEAST_BATCH,
        "register": {"count": register.count, "root": register.root}, "declarations": True, "software": f"quotepart {version('quotepart')}",
    }  # fmt: skip


def instant(moment: datetime) -> str:
    """An instant as a definition writes it: UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def without_register(definition: dict[str, Any]) -> dict[str, Any]:
    """All that must still be the same when the second person confirms: people may have put themselves on the roll meanwhile."""
    return {name: value for name, value in definition.items() if name != "register"}


def witnesses_in(text: str) -> Sequence[Witness]:
    """The witnesses in lines such as "Ouest-France 3f…": a name, a space, 64 hexadecimal letters. Raises ValueError naming the line."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, key = line.rpartition(" ")
        if not name.strip() or len(key) != 64 or any(sign not in "0123456789abcdef" for sign in key.lower()):
            raise ValueError(line)
        found.append(Witness("-".join(name.split()).replace("+", "-"), key.lower()))
    return found

