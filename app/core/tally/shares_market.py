"""Who supports what: the ballots of an election indexed by project, once for all runs of Equal Shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.core.tally.column_questions import Columns, Stride
from app.core.tally.columns import columns_for, counted
from app.core.tally.election import Election, Project
from app.core.tally.limits import Gate
from app.core.tally.profile import Places, Profile, Whole
from app.core.tally.rule import TallyRule
from app.core.tally.scores import Scale, points_of
from app.core.tally.ties import TieBreaker

Utility: TypeAlias = Literal["cost", "cardinality", "points", "borda", "grades"]


@dataclass(frozen=True, eq=False)
class Market:
    """The piles behind each project (compressed sparse columns) beside the projects on each ballot (rows).

    Project p is supported by the piles `owner[column[p]:column[p + 1]]`, ascending. `weight` tells how many ballots each of them holds
    (None: one each), `worth` how much the project is worth to each of its voters (None: the same to all, `useful[p]`). `parts`: into how
    many parts (ballots, or their points) its cost is split if all can pay. `project`, `start` and `points` are the marks by rows. Only the
    projects `standing`, those with enough votes, may be bought.
    """

    election: Election
    rule: TallyRule
    utility: Utility
    columns: Columns
    start: Whole
    project: Places
    points: Whole | None
    many: Whole
    column: Whole
    owner: Places
    weight: Whole | None
    worth: Whole | None
    cost: tuple[int, ...]
    useful: tuple[int, ...]
    parts: tuple[int, ...]
    votes: tuple[int, ...]
    needed: tuple[int, ...]
    standing: tuple[int, ...]
    breaker: TieBreaker = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the order of the indices."""
        return self.election.ids

    @property
    def projects(self) -> tuple[Project, ...]:
        """The projects in the order of the indices."""
        return self.election.projects

    @cached_property
    def sides(self) -> tuple[tuple[Places, Whole | None, Whole | None], ...]:
        """For each project the piles behind it, their ballots (None: one each), and what it is worth to them (None: the same to all)."""
        column, weight, worth = self.column.tolist(), self.weight, self.worth
        parts = [slice(column[one], column[one + 1]) for one in range(len(self.cost))]
        return tuple((self.owner[p], None if weight is None else weight[p], None if worth is None else worth[p]) for p in parts)

    @cached_property
    def behind_count(self) -> tuple[int, ...]:
        """How many ballots pay for each project."""
        return tuple(len(owner) if weight is None else int(weight.sum()) for owner, weight, _ in self.sides)

    @cached_property
    def stride(self) -> Stride | None:
        """The compiled walk over this market, where there is one and 64 bits hold its costs."""
        return self.columns.stride(self) if sum(self.cost) < 2**62 else None

    @cached_property
    def opening(self) -> list[tuple[float, int]]:
        """What each project asks at least before anything is bought, as a heap: the cost split among all supporters."""
        asked = [one for one in self.standing if self.parts[one] or not self.cost[one]]
        return sorted((self.cost[one] / (self.parts[one] or 1) / self.useful[one] * (1 - 1e-14), one) for one in asked)

    def gate(self) -> Gate:
        """A fresh gate with the limits of the rule."""
        return self.rule.gate()

    def arrange(self, equal: list[int]) -> tuple[tuple[tuple[int, ...], ...], tuple[str, ...]]:
        """Equal projects in the order in which they fall, in groups that no criterion could part, and the criteria used."""
        place = {self.ids[one]: one for one in equal}
        arranged = self.breaker.arrange(place)
        return tuple(tuple(place[id] for id in group) for group in arranged.groups), arranged.by

    def behind(self, one: int) -> Places:
        """The piles that support this project, ascending."""
        return self.sides[one][0]

    def ballots(self, piles: NDArray[np.integer]) -> int:
        """How many ballots lie on these piles together."""
        return len(piles) if self.weight is None else int(self.many[piles].sum())


def market(rule: TallyRule, election: Election, utility: Utility, scale: Scale, columns: Columns | None = None) -> Market:
    """Index an election for this rule and utility. Time and memory O(marks)."""
    profile, points = _marks(election.profile, utility, scale)
    columns = columns or columns_for(len(profile.project))
    single = bool((profile.many == 1).all())
    column, order, owner = columns.index(profile.start, profile.project, profile.size, wanted=points is not None)
    parts = np.diff(column) if single and points is None else counted(profile.project, _amount(profile, points), profile.size)
    needed, votes = rule.needed(election), election.votes
    cost = tuple(one.cost_cents for one in election.projects)
    return Market(
        election,
        rule,
        utility,
        columns,
        profile.start,
        profile.project,
        points,
        profile.many,
        column,
        owner,
        None if single else profile.many[owner],
        None if points is None else points[order],
        cost,
        tuple(one or 1 for one in cost) if utility == "cost" else (1,) * len(cost),
        tuple(parts.tolist()),
        tuple(votes.values()),
        tuple(max(needed[id], 1) for id in election.ids),
        tuple(index for index, id in enumerate(election.ids) if votes[id] >= max(needed[id], 1)),
        TieBreaker(rule.tie_break, election, votes),
    )


def _marks(profile: Profile, utility: Utility, scale: Scale) -> tuple[Profile, Whole | None]:
    """The marks by which voters pay: those that support, or those worth more than nothing together with their worth."""
    if utility in ("cost", "cardinality"):
        return profile.supported(), None
    if utility == "borda":
        scale = scale.model_copy(update={"ranking": "borda"})
    worth = points_of(profile, scale)
    keep = worth > 0
    before = np.concatenate(([0], np.cumsum(keep)))
    kept = Profile(before[profile.start], profile.project[keep], profile.many, profile.size)
    return kept, np.ascontiguousarray(worth[keep])


def _amount(profile: Profile, points: Whole | None) -> Whole | None:
    """How many ballots (or points) stand behind each mark; None: one each."""
    if (profile.many == 1).all():
        return points
    return profile.each if points is None else points * profile.each
