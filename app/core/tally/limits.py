"""Limits that any rule can carry: how many awards may share a carrier, a site or a theme, what they may cost, how many votes are needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import Field

from app.core.envelope.exact import Cents, Percent, Rule, exact
from app.core.tally.election import Election, Project

Key: TypeAlias = Literal["carrier", "site", "district", "theme", "country", "scope"]
"""What projects have in common. A project without any (None, "") is never limited by it."""


class MaxPer(Rule):
    """At most `most` awards for each value of `key`: one for each carrier, one for each site, two for each theme …

    `value`: only for this value of the key; None is for each of them. Projects of one site exclude each other (`most` 1): the one
    taken first, which is the one with the higher score under a greedy rule, blocks the others (Warsaw, rules of 2021, § 46).
    """

    kind: Literal["max_per"] = "max_per"
    key: Key
    most: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    value: str | None = None


class MaxSpending(Rule):
    """At most `cents` together for the projects with this `value` of `key`, or for each value (None)."""

    kind: Literal["max_spending"] = "max_spending"
    key: Key
    cents: Cents
    value: str | None = None


class MinVotes(Rule):
    """A project needs `votes`, this `percent` of all ballots, and its part of the envelope divided by `per_cost` as a part of the ballots.

    With `per_cost` 3 a project that asks 30 % of the envelope needs 10 % of the ballots (Świecie 2023). Numbers are rounded up;
    `scope`: only for the projects of this scope (Warsaw: 50 in a district, 100 in the city). Blank ballots count among all.
    """

    kind: Literal["min_votes"] = "min_votes"
    votes: Annotated[int, Field(strict=True, ge=0, le=10**9)] = 0
    percent: Percent | None = None
    per_cost: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    scope: str | None = None

    def needed(self, election: Election, project: Project) -> int:
        """How many votes this project needs."""
        if self.scope is not None and project.scope != self.scope:
            return 0
        least, ballots = self.votes, election.profile.total
        if self.percent is not None:
            least = max(least, ceil(exact(self.percent) * ballots / 100))
        if self.per_cost is not None and election.budget_cents:
            least = max(least, ceil(Fraction(project.cost_cents * ballots, self.per_cost * election.budget_cents)))
        return least


class RestPer(MaxPer):
    """What is left of a limit that earlier projects, `by`, have partly used; `whole` is the limit itself."""

    whole: MaxPer
    by: tuple[str, ...]


class RestSpending(MaxSpending):
    """The same for a limit of money."""

    whole: MaxSpending
    by: tuple[str, ...]


AnyLimit: TypeAlias = Annotated[MaxPer | MaxSpending | MinVotes, Field(discriminator="kind")]


class Bar(NamedTuple):
    """Why a project may no longer be taken: the limit that is reached, and the projects taken so far that filled it."""

    limit: MaxPer | MaxSpending
    by: tuple[str, ...]


class Gate:
    """What has been taken so far, against the limits; engines ask it before they take a project, and tell it when they do."""

    def __init__(self, limits: Iterable[MaxPer | MaxSpending]) -> None:
        self.limits = tuple(limits)
        self._taken: list[Project] = []
        self._awards: list[Counter[str]] = [Counter() for _ in self.limits]

    @property
    def open(self) -> bool:
        """Whether there is no limit at all, so that nothing ever needs asking."""
        return not self.limits

    def bar(self, project: Project) -> Bar | None:
        """The first limit that this project would break now, or None."""
        for limit, used in zip(self.limits, self._awards, strict=True):
            value = _value(limit, project)
            if value is not None and used[value] + _use(limit, project) > _most(limit):
                by = self._sharing(limit, value)
                return Bar(limit.whole, limit.by + by) if isinstance(limit, RestPer | RestSpending) else Bar(limit, by)
        return None

    def _sharing(self, limit: MaxPer | MaxSpending, value: str) -> tuple[str, ...]:
        """The projects taken so far that this limit counts under this value."""
        return tuple(one.id for one in self._taken if _value(limit, one) == value)

    def full(self, project: Project) -> bool:
        """Whether this project would break a limit now."""
        return not self.open and self.bar(project) is not None

    def most(self, project: Project) -> int | None:
        """The highest cost in cents at which this project could still be taken, -1 if at none, None where no limit looks at its cost."""
        most: int | None = None
        for limit, used in zip(self.limits, self._awards, strict=True):
            if (value := _value(limit, project)) is None:
                continue
            room = _most(limit) - used[value]
            if isinstance(limit, MaxSpending):
                most = room if most is None else min(most, room)
            elif room < 1:
                return -1
        return most

    def give(self, project: Project) -> None:
        """This project is taken."""
        self._taken.append(project)
        for limit, used in zip(self.limits, self._awards, strict=True):
            value = _value(limit, project)
            if value is not None:
                used[value] += _use(limit, project)

    def remaining(self) -> tuple[MaxPer | MaxSpending, ...]:
        """These limits for a fresh gate that does not know what was taken: what is left of those partly used, then all of them.

        A number of awards that is reached cannot be said so: what it bars must be left out beforehand.
        """
        tighter: list[MaxPer | MaxSpending] = []
        for limit, used in zip(self.limits, self._awards, strict=True):
            for value, amount in sorted(used.items()):
                left, by = _most(limit) - amount, self._sharing(limit, value)
                if isinstance(limit, MaxSpending):
                    tighter.append(RestSpending(key=limit.key, cents=left, value=value, whole=limit, by=by))
                elif left:
                    tighter.append(RestPer(key=limit.key, most=left, value=value, whole=limit, by=by))
        return (*tighter, *self.limits)

    def room_for_all(self, projects: Sequence[Project]) -> bool:
        """Whether all of these could still be taken together."""
        for limit, used in zip(self.limits, self._awards, strict=True):
            wanted: Counter[str] = Counter()
            for project in projects:
                if (value := _value(limit, project)) is not None:
                    wanted[value] += _use(limit, project)
            if any(used[value] + amount > _most(limit) for value, amount in wanted.items()):
                return False
        return True


def needed_votes(limits: Iterable[MinVotes], least: int, election: Election) -> Mapping[str, int]:
    """For each project the votes it needs: `least`, or what a limit asks if that is more."""
    asked = tuple(limits)
    return {one.id: max([least, *(limit.needed(election, one) for limit in asked)]) for one in election.projects}


def _value(limit: MaxPer | MaxSpending, project: Project) -> str | None:
    value = getattr(project, limit.key) or None
    return None if limit.value is not None and value != limit.value else value


def _use(limit: MaxPer | MaxSpending, project: Project) -> int:
    return 1 if isinstance(limit, MaxPer) else project.cost_cents


def _most(limit: MaxPer | MaxSpending) -> int:
    return limit.most if isinstance(limit, MaxPer) else limit.cents
