"""Whether groups of voters got their part: the certificate EJR+, checked after the fact and shown where it fails.

Source: Brill and Peters, "Robust and Verifiable Proportionality Axioms for Multiwinner Voting" (EC 2023), who ask of a group only that
all its members support one project that lost, which makes the check quick; costs, and "up to one project", after Peters, Pierczyński
and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021), and Brill, Forster, Lackner, Maly and
Peters, "Proportionality in Approval-Based Participatory Budgeting" (AAAI 2023).

A group of k of the n voters holds k/n of the envelope. Let p be a project that lost, supported by all of them. Had they spent that
money as usefully as on p, each of them would have had `deserved` = k/n of the envelope x (usefulness of p / cost of p). The outcome
fails "up to any project" if even with p thrown in no member has more than that; "up to one project" if no member has more with
the most useful loser of his own thrown in. The first is the stronger promise, and Equal Shares keeps it: the first member who
could not pay his part of p any more had spent the rest of his share at no worse a rate.
Usefulness: "money" counts a project for its cost, "number" for one, "points" for the points of the ballot (where members of one group
differ, their points together take the place of k times one).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from app.core.messages import Message, say_count
from app.core.money import Money
from app.core.tally.election import Election
from app.core.tally.profile import Profile, Whole
from app.core.tally.rule import Counting, TallyRule
from app.core.tally.scores import PLAIN, Scale, points_of
from app.core.tally.statistics import Fact, gained

Measure: TypeAlias = Literal["money", "number", "points"]
UpTo: TypeAlias = Literal["any", "one"]


class Violation(Fact):
    """A group that got less than its part: `voters` who all support `project`, which lost though they could have paid for it alone.

    `deserved`: what their part of the envelope is worth to each of them; `got`: the most that any of them has, in the unit of
    the measure (cents, projects, or points). `held_cents` is their part of the envelope. `barred`: a limit or a minimum of votes of the
    rule kept the project out, so that the promise was never made for it.
    """

    project: str
    cost_cents: int
    voters: int
    held_cents: Fraction
    deserved: Fraction
    got: int
    barred: bool


class Certificate(Fact):
    """Whether an outcome is EJR+ up to any (or one) project by this measure; for each project that fails, its most neglected group."""

    measure: Measure
    up_to: UpTo
    voters: int
    violations: tuple[Violation, ...]

    @property
    def holds(self) -> bool:
        """Whether no group was neglected, those apart whose project the rule's own limits kept out."""
        return all(one.barred for one in self.violations)


def certify(
    election: Election,
    selected: Collection[str],
    measure: Measure = "money",
    up_to: UpTo = "any",
    *,
    rule: Counting | None = None,
    voters: int | None = None,
    backers: Backers | None = None,
) -> Certificate:
    """Check that every group of voters got its part; `voters` is how many hold a share (the ballots naming a project if None).

    `backers` is `backing(election, measure)`, where several outcomes of one election are checked. Exact. Time O(k log k) for k marks.
    Raises KeyError if a winner does not stand.
    """
    many = election.valid if voters is None else voters
    check = _Check(election, frozenset(selected), measure, up_to, many, backers or backing(election, measure))
    kept_out = barred(rule, election, selected) if isinstance(rule, TallyRule) else frozenset()
    found = [check.worst(index, id in kept_out) for index, id in enumerate(election.ids) if id not in check.won]
    return Certificate(measure=measure, up_to=up_to, voters=many, violations=tuple(one for one in found if one))


def in_words(violation: Violation, measure: Measure, currency: str, names: Mapping[str, str]) -> Message:
    """The violation as a sentence; titles by id in `names`. Amounts are rounded down, like what the group deserved."""
    held, cost = Money(int(violation.held_cents), currency), Money(violation.cost_cents, currency)
    project = names.get(violation.project, violation.project)
    if measure == "money":
        return say_count(
            "%(count)d voter who chose %(project)s holds %(held)s of the envelope, and the project asks for %(cost)s; "
            "yet the winners this voter chose get %(got)s together.",
            "%(count)d voters who all chose %(project)s hold %(held)s of the envelope together, and the project asks for %(cost)s; "
            "yet for none of them do the winners they chose get more than %(got)s together.",
            violation.voters,
            project=project,
            held=held,
            cost=cost,
            got=Money(violation.got, currency),
        )
    return say_count(
        "%(count)d voter who chose %(project)s holds %(held)s of the envelope, and the project asks for %(cost)s; "
        "yet %(got)d of the projects this voter chose won.",
        "%(count)d voters who all chose %(project)s hold %(held)s of the envelope together, and the project asks for %(cost)s; "
        "yet no more than %(got)d of the projects each of them chose won.",
        violation.voters,
        project=project,
        held=held,
        cost=cost,
        got=violation.got,
    )


def barred(rule: TallyRule, election: Election, selected: Collection[str]) -> frozenset[str]:
    """The losers that the rule's minimum of votes or its limits keep out once these projects are taken."""
    gate, needed = rule.gate(), rule.needed(election)
    for id in selected:
        gate.give(election.project(id))
    losers = [one for one in election.projects if one.id not in selected]
    return frozenset(one.id for one in losers if election.votes[one.id] < needed[one.id] or gate.full(one))


class Backers(NamedTuple):
    """Who supports what: the marks that support (as approvals), their points if points count, and the same project by project.

    The marks of project p are `order[first[p]:first[p + 1]]`, their piles stand at the same places of `pile`.
    """

    own: Profile
    points: Whole | None
    order: Whole
    pile: Whole
    first: Whole


def backing(election: Election, measure: Measure = "money", scale: Scale = PLAIN) -> Backers:
    """Who supports what in this election; points are made with `scale`. Time O(k log k) for k marks."""
    own, points = _useful(election.profile, scale) if measure == "points" else (election.profile.supported(), None)
    order = np.argsort(own.project, kind="stable")
    pile = np.repeat(np.arange(own.piles), np.diff(own.start))[order]
    return Backers(own, points, order, pile, np.searchsorted(own.project[order], np.arange(own.size + 1)))


class _Check:
    """All that the projects' checks share: the supporters of each project, and what each pile has."""

    def __init__(self, election: Election, won: frozenset[str], measure: Measure, up_to: UpTo, voters: int, backers: Backers) -> None:
        self.won, self._election, self._measure, self._voters, self._backers = won, election, measure, voters, backers
        for id in won:
            election.project(id)
        own, points = backers.own, backers.points
        self._worth = [project.cost_cents if measure == "money" else 1 for project in election.projects]
        self._has = gained(own, [each if id in won else 0 for id, each in zip(election.ids, self._worth, strict=True)], points)
        lost = [id not in won for id in election.ids]
        self._best = _best_loser(own, self._worth, points, lost) if up_to == "one" else None

    def worst(self, index: int, kept_out: bool) -> Violation | None:
        """The group of supporters of this loser that misses most, None if no group misses anything."""
        backers, election = self._backers, self._election
        spots = slice(backers.first[index], backers.first[index + 1])
        piles = backers.pile[spots]
        if not len(piles):
            return None
        own = np.ones(len(piles), np.int64) if backers.points is None else backers.points[backers.order[spots]]
        worth, many = self._worth[index] * own, backers.own.many[piles]
        reach = self._has[piles] + (worth if self._best is None else self._best[piles])
        rank = np.argsort(reach, kind="stable")
        reach, weight, many = reach[rank], (own * many)[rank], many[rank]
        ends = np.flatnonzero(np.concatenate((reach[1:] != reach[:-1], [True])))
        # Money is worth itself; anything else is worth what it buys at the price of this project (one cent where it is free).
        price = 1 if self._measure == "money" else election.project(election.ids[index]).cost_cents
        most = np.maximum.accumulate(self._has[piles][rank])
        groups = _Groups(reach[ends], np.cumsum(weight)[ends], np.cumsum(many)[ends], most[ends])
        return groups.worst(election, index, self._voters, price, kept_out)


class _Groups(NamedTuple):
    """The supporters of a loser with no more than `reach`: their points together, their number, and the most that one has."""

    reach: Whole
    weight: Whole
    voters: Whole
    most: Whole

    def worst(self, election: Election, index: int, voters: int, price: int, kept_out: bool) -> Violation | None:
        """The group that misses most, None if none misses anything."""
        budget = election.budget_cents
        close = np.flatnonzero(self.reach.astype(float) * voters * price <= self.weight.astype(float) * budget * (1 + 1e-9))
        # Floats only sort out what is far from failing; whole numbers decide.
        failing = [spot for spot in close.tolist() if int(self.reach[spot]) * voters * price <= int(self.weight[spot]) * budget]
        if not failing:
            return None
        deserved = {spot: Fraction(int(self.weight[spot]) * budget, voters * (price or 1)) for spot in failing}
        worst = max(failing, key=lambda spot: (deserved[spot] - int(self.reach[spot]), spot))
        group = int(self.voters[worst])
        return Violation(
            project=election.ids[index],
            cost_cents=election.project(election.ids[index]).cost_cents,
            voters=group,
            held_cents=Fraction(group * budget, voters),
            deserved=deserved[worst],
            got=int(self.most[worst]),
            barred=kept_out,
        )


def _useful(profile: Profile, scale: Scale) -> tuple[Profile, Whole]:
    """The marks that give points, as approvals, and their points."""
    points = points_of(profile, scale)
    keep = points > 0
    before = np.concatenate(([0], np.cumsum(keep)))
    return Profile(before[profile.start], profile.project[keep], profile.many, profile.size), points[keep]


def _best_loser(own: Profile, worth: Sequence[int], points: Whole | None, lost: Sequence[bool]) -> Whole:
    """For each pile the usefulness of the most useful of its projects that lost: shape (n,), 0 where it has none."""
    each = np.asarray([one if out else 0 for one, out in zip(worth, lost, strict=True)], np.int64)[own.project]
    if points is not None:
        each = each * points
    best, filled = np.zeros(own.piles, np.int64), np.diff(own.start) > 0
    if len(each):
        best[filled] = np.maximum.reduceat(each, own.start[:-1][filled])
    return best
