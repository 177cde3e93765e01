"""From a closed box to a count: the election as the rule sees it, and the hash of what was counted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.core.tally import Election, Profile
from app.editions.models import Edition
from app.polls.models import Poll
from app.polls.obstacles import as_project
from app.polls.queries import slate, style_of
from app.results.forms import DrawKind
from app.results.models import Draw
from app.unit import Work
from app.voting.box import ballots
from app.voting.tallying import Box, profile

AT_ONCE = 5_000
"""Up to this many ballots every rule counts within a second or so, while the official waits; the worker counts the others."""


def ballots_in(work: Work, edition_id: int) -> int:
    """How many ballots are in the box of an edition, null ones included."""
    return int(work.db.connection().execute(select(func.count()).where(ballots.c.edition_id == edition_id)).scalar_one())


def election_of(work: Work, edition: Edition, poll: Poll) -> tuple[Election, Box]:
    """What is counted, with the public draw if it was held, and the box it came from. Raises Refused before the box is closed."""
    box, paper = profile(work, edition.id or 0), slate(work, edition, poll)
    projects = tuple(as_project(one) for one in poll.candidates)
    drawn = drawn_by(work.db.get(Draw, edition.id), poll)
    ballots = Profile.of_entries([one.id for one in projects], box.ballots, style_of(poll), paper)
    return Election(projects, ballots, paper.envelope_cents, paper.currency, **drawn), box


def drawn_by(draw: Draw | None, poll: Poll) -> dict[str, Any]:
    """The draw as `Election` takes it: an order of candidates, a seed, or nothing yet."""
    if draw is None:
        return {}
    if draw.kind == DrawKind.SEED:
        return {"seed": draw.value}
    by_number = {one.number: one.id for one in poll.candidates}
    return {"draw": tuple(by_number[number] for number in numbers_in(draw.value) if number in by_number)}


def numbers_in(text: str) -> list[int]:
    """The numbers in a text such as "22, 5" or "22 5"; anything else in it gives -1, which is no project's number."""
    parts = text.replace(",", " ").replace(";", " ").split()
    return [int(part) if part.isascii() and part.isdigit() and len(part) < 9 else -1 for part in parts]


def lines_of(ballots: Mapping[frozenset[str], int]) -> list[tuple[str, ...]]:
    """Every ballot as its sorted entries, all of them sorted: the one order that says nothing of who or when."""
    return [choices for choices, many in sorted((tuple(sorted(pile)), many) for pile, many in ballots.items()) for _ in range(many)]


def profile_hash(ballots: Mapping[frozenset[str], int]) -> str:
    """SHA-256 of the sorted ballots: a line each, entries joined by commas, lines ended by LF; a blank ballot is an empty line."""
    text = "".join(",".join(choices) + "\n" for choices in lines_of(ballots))
    return hashlib.sha256(text.encode()).hexdigest()


def totals_of(election: Election, box: Box) -> dict[str, Any]:
    """The totals kept with a count. Null ballots are in none of the other numbers but the channels."""
    return {
        "valid": election.valid,
        "blank": election.blank,
        "null": {reason.value: many for reason, many in sorted(box.nulls.items())},
        "channels": dict(sorted(box.channels.items())),
    }
