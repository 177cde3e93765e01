"""What the count may know of a closed box: how many ballots are alike. Never before it is closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.core.messages import say
from app.core.problems import Refused
from app.unit import Work
from app.voting.box import ballots, is_opened, key_and_state
from app.voting.opening import choices_in
from app.voting.paper import NullReason


@dataclass(frozen=True)
class Box:
    """The ballots of a closed box, grouped by what is written on them (see `BallotStyle.entries`); the empty set holds the blank ones."""

    ballots: Mapping[frozenset[str], int]
    nulls: Mapping[NullReason, int]
    channels: Mapping[str, int]

    @property
    def total(self) -> int:
        """Every ballot in the box, null ones included."""
        return sum(self.channels.values())


def profile(work: Work, edition_id: int) -> Box:
    """The grouped ballots of an edition. Raises Refused before its box is opened, for anyone, whatever their role."""
    if not key_and_state(work, edition_id)[1] or not is_opened(work, edition_id):
        raise Refused(say("The box is not opened: nobody can read a ballot before."))
    wanted = select(ballots.c.content, ballots.c.channel, ballots.c.null_reason).where(ballots.c.edition_id == edition_id)
    piles: Counter[frozenset[str]] = Counter()
    nulls: Counter[NullReason] = Counter()
    channels: Counter[str] = Counter()
    for content, channel, reason in work.core.execute(wanted):
        channels[channel] += 1
        if reason:
            nulls[NullReason(reason)] += 1
        else:
            piles[choices_in(bytes(content))] += 1
    return Box(piles, nulls, channels)
