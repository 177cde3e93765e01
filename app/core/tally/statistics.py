"""What an outcome gives the voters: who has a winner among what was chosen, how many, for how much, and where the money goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from app.core.tally.election import Election, Project
from app.core.tally.limits import Key
from app.core.tally.outcome import Outcome, Status
from app.core.tally.profile import Profile, Whole

PARTED_BY: tuple[Key, ...] = ("theme", "district", "country", "scope")
"""What spending is set beside votes by, where at least two values of it stand."""


class Fact(BaseModel):
    """Base of what is computed about a count and kept beside it: frozen, written as JSON, fractions as "p/q"."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(Fact):
    """One theme, district or country: how many of its projects stood and won, their votes, and what they were given, in cents.

    `money_share` is its part of all that is spent, `vote_share` its part of all votes, both from 0 to 1 (0 where there are none).
    `value` is "" for the projects that have none.
    """

    value: str
    projects: int
    winners: int
    votes: int
    spent_cents: int
    money_share: Fraction
    vote_share: Fraction


class Statistics(Fact):
    """What the voters got. A voter is a ballot that names at least one project; what it is against is not what it supports.

    `served`: how many voters support at least one winner. `by_number[k]`: how many support exactly k winners. `funded_cents`: the sum
    over all voters of what the winners they support are given.
    """

    voters: int = Field(ge=0)
    served: int = Field(ge=0)
    by_number: tuple[int, ...]
    funded_cents: int = Field(ge=0)
    parts: Mapping[Key, tuple[Part, ...]]

    @property
    def served_share(self) -> Fraction:
        """The part of the voters with at least one winner, from 0 to 1."""
        return Fraction(self.served, self.voters or 1)

    @property
    def average_winners(self) -> Fraction:
        """How many winners a voter supports on average."""
        return Fraction(sum(number * many for number, many in enumerate(self.by_number)), self.voters or 1)

    @property
    def average_cents(self) -> Fraction:
        """What the winners a voter supports are given, on average, in cents."""
        return Fraction(self.funded_cents, self.voters or 1)


def statistics(election: Election, outcome: Outcome) -> Statistics:
    """What this outcome gives the voters of this election. Exact; time O(k) for k marks."""
    given, votes = paid(outcome), election.votes
    own = election.profile.supported()
    winners = gained(own, [int(id in given) for id in election.ids])
    counts = np.zeros(int(winners.max(initial=0)) + 1, np.int64)
    np.add.at(counts, winners, own.many)
    counts[0] -= election.blank
    return Statistics(
        voters=election.valid,
        served=int(counts[1:].sum()),
        by_number=tuple(counts.tolist()),
        funded_cents=sum(cents * votes[id] for id, cents in given.items()),
        parts={key: parts for key in PARTED_BY if len(parts := _parts(election, given, key)) > 1},
    )


def paid(outcome: Outcome) -> Mapping[str, int]:
    """What each winner is given, in cents, in order of purchase."""
    cents = {row.project: row.cost_cents if row.paid_cents is None else row.paid_cents for row in outcome.rows if row.status is Status.WON}
    return {id: cents[id] for id in outcome.selected}


def gained(own: Profile, worth: Sequence[int], points: Whole | None = None) -> Whole:
    """For each pile the sum over its projects of `worth` (by project), times `points` (by mark) where given: shape (n,), exact."""
    each = np.asarray(worth, np.int64)[own.project]
    # Should a sum run over 64 bits on the way, it wraps, and the differences are still right.
    sums = np.concatenate(([0], np.cumsum(each if points is None else each * points)))
    pile: Whole = sums[own.start[1:]] - sums[own.start[:-1]]
    return pile


def _parts(election: Election, given: Mapping[str, int], key: Key) -> tuple[Part, ...]:
    """The values of this key, the one with most votes first."""
    grouped: dict[str, list[Project]] = {}
    for project in election.projects:
        grouped.setdefault(getattr(project, key) or "", []).append(project)
    spent, votes = sum(given.values()), sum(election.votes.values())
    parts = []
    for value, members in grouped.items():
        cents, backed = sum(given.get(one.id, 0) for one in members), sum(election.votes[one.id] for one in members)
        parts.append(
            Part(
                value=value,
                projects=len(members),
                winners=sum(one.id in given for one in members),
                votes=backed,
                spent_cents=cents,
                money_share=Fraction(cents, spent or 1),
                vote_share=Fraction(backed, votes or 1),
            )
        )
    return tuple(sorted(parts, key=lambda part: (-part.votes, part.value)))
