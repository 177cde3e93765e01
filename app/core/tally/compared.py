"""The comparison step: a rule decides unless more voters prefer what its rival would have chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, NamedTuple, TypeAlias

import numpy as np
from pydantic import Field

from app.core.messages import Message, say
from app.core.tally.election import Election
from app.core.tally.greedy import Greedy
from app.core.tally.outcome import Outcome, Row, Status
from app.core.tally.plain_rules import PlainRule
from app.core.tally.profile import Whole
from app.core.tally.progress import Told, part_told, untold
from app.core.tally.reasons import waits_for_draw
from app.core.tally.rule import Counting
from app.core.tally.staged import Staged

Measure: TypeAlias = Literal["projects", "money"]
MEASURES: dict[Measure, Message] = {
    "projects": say("the number of funded projects among those a ballot chose"),
    "money": say("the money given to the projects that a ballot chose"),
}

Comparable: TypeAlias = Annotated[PlainRule | Staged, Field(discriminator="kind")]


class Preference(NamedTuple):
    """How many ballots prefer the first outcome, how many the second, and to how many they are worth the same."""

    first: int
    second: int
    same: int


class Compared(Counting):
    """Count by `rule` and by `rival`, and adopt the rival's outcome only if strictly more voters prefer it.

    `measure`, fixed before the vote, says what a voter prefers: more funded "projects" among those the ballot supports, or more
    "money" for them. A voter who has nothing in one outcome counts like any other; blank ballots prefer neither.
    The margins in the rows are those of the way of counting that was adopted: the comparison is not repeated for them.
    Source: the elections of Wieliczka and Świecie in 2023, with Equal Shares and greedy.
    """

    kind: Literal["compared"] = "compared"
    rule: Comparable
    rival: Comparable = Greedy()
    measure: Measure = "projects"

    def count(self, election: Election) -> Outcome:
        """The outcome adopted; its `rival` is what the other would have selected. Open if either waits for a public draw."""
        return self.count_aloud(election, untold)

    def count_aloud(self, election: Election, told: Told) -> Outcome:
        """The same, told as two halves."""
        return self.choose(election, told)[1]

    def choose(self, election: Election, told: Told = untold) -> tuple[PlainRule | Staged, Outcome]:
        """The way of counting that is adopted, and its outcome."""
        own, other = (one.count_aloud(election, part_told(told, place, 2)) for place, one in enumerate((self.rule, self.rival)))
        if own.needs_draw or other.needs_draw:
            return self.rule, _undecided(own, own.needs_draw or other.needs_draw, other.selected)
        voters = preference(election, own.selected, other.selected, self.measure)
        if voters.second > voters.first:
            return self.rival, _adopted(other, own, _note(voters, self.measure, won=False))
        return self.rule, _adopted(own, other, _note(voters, self.measure, won=True))


def preference(election: Election, first: tuple[str, ...], second: tuple[str, ...], measure: Measure) -> Preference:
    """Who prefers which of two selections. Time O(k) for k marks; sums are exact."""
    own, other = (_worth(election, selected, measure) for selected in (first, second))
    many = election.profile.many
    ahead, behind = int(many[own > other].sum()), int(many[own < other].sum())
    return Preference(ahead, behind, int(many.sum()) - ahead - behind)


def _worth(election: Election, selected: tuple[str, ...], measure: Measure) -> Whole:
    """For each pile of ballots what it supports among the selected: their number, or their cost in cents. Shape (n,)."""
    chosen = frozenset(selected)
    worth = [(one.cost_cents if measure == "money" else 1) if one.id in chosen else 0 for one in election.projects]
    profile = election.profile.supported()
    # Sums of what was paid from one envelope fit 64 bits, unless the envelope itself does not: then whole numbers without bounds are used.
    each = np.array(worth, object if sum(worth) >= 2**62 else np.int64)[profile.project]
    before = np.concatenate((np.zeros(1, each.dtype), np.cumsum(each)))
    gained: Whole = before[profile.start[1:]] - before[profile.start[:-1]]
    return gained


def _note(voters: Preference, measure: Measure, *, won: bool) -> Message:
    """What was compared, the three numbers, and what follows."""
    if won:
        return say(
            "Two ways of counting were compared by %(what)s: %(first)d voters prefer this outcome, %(second)d the other, "
            "%(same)d neither. This one stands, as no more voters prefer the other.",
            what=MEASURES[measure],
            first=voters.first,
            second=voters.second,
            same=voters.same,
        )
    return say(
        "Two ways of counting were compared by %(what)s: %(first)d voters prefer the outcome first foreseen, %(second)d this one, "
        "%(same)d neither. As more voters prefer it, this one is adopted.",
        what=MEASURES[measure],
        first=voters.first,
        second=voters.second,
        same=voters.same,
    )


def _adopted(outcome: Outcome, other: Outcome, note: Message) -> Outcome:
    rows = tuple(_told(row, other) if row.status is Status.LOST else row for row in outcome.rows)
    return replace(outcome, rows=rows, rival=other.selected, notes=(note, *outcome.notes))


def _told(row: Row, other: Outcome) -> Row:
    """The row of a loser that the other way of counting would have selected says so."""
    if row.project not in other.selected:
        return row
    reason = say("%(reason)s The other way of counting, which fewer voters prefer or as many, would have selected it.", reason=row.reason)
    return replace(row, reason=reason)


def _undecided(outcome: Outcome, draw: tuple[str, ...], rival: tuple[str, ...]) -> Outcome:
    """Nothing is known before the draw: either outcome may be the one adopted."""
    rows = tuple(Row(row.project, row.rank, row.votes, row.cost_cents, Status.OPEN, waits_for_draw(draw)) for row in outcome.rows)
    return replace(outcome, selected=(), rows=rows, steps=(), spent_cents=0, needs_draw=draw)
