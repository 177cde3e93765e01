"""Equal Shares written the shortest way, one purse for each voter, for any usefulness and any limits; and elections to try it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.scores import points_of

IDS = "abcde"
Voter = tuple[Mapping[str, int], frozenset[str]]


@dataclass(frozen=True)
class Case:
    """A rule, an election, and its voters: what each project is worth to them and which they support."""

    rule: EqualShares
    election: Election

    @property
    def voters(self) -> list[Voter]:
        election, rule = self.election, self.rule
        profile, plain = election.profile, election.profile.supports()
        scale = rule.scale.model_copy(update={"ranking": "borda"}) if rule.utility == "borda" else rule.scale
        worth = points_of(profile, scale).tolist()
        found = []
        for pile, many in enumerate(profile.many.tolist()):
            marks = range(profile.start[pile], profile.start[pile + 1])
            named = frozenset(election.ids[profile.project[mark]] for mark in marks if plain is None or plain[mark])
            points = {election.ids[profile.project[mark]]: worth[mark] for mark in marks if worth[mark] > 0}
            if rule.utility in ("cost", "cardinality"):
                points = {id: (election.project(id).cost_cents or 1) if rule.utility == "cost" else 1 for id in named}
            found += [(points, named)] * many
        return found

    @property
    def share(self) -> Fraction:
        holders = self.election.valid + (self.election.blank if self.rule.blank_ballots_hold_a_share else 0)
        return Fraction(self.election.budget_cents, holders or 1)

    def needed(self) -> Mapping[str, int]:
        return {id: max(least, 1) for id, least in self.rule.needed(self.election).items()}

    def bought(
        self, share: Fraction, *, extra: Mapping[str, int] | None = None, costs: Mapping[str, int] | None = None, needed: Any = None
    ) -> list[str]:
        """What one run at this share buys, with further ballots naming one project only, or at other costs."""
        voters, needed = self.voters, needed or self.needed()
        field = {one.id: replace(one, cost_cents=(costs or {}).get(one.id, one.cost_cents)) for one in self.election.projects}
        best = max((worth for points, _ in voters for worth in points.values()), default=0)
        for id, many in (extra or {}).items():
            worth = {"cost": field[id].cost_cents or 1, "cardinality": 1, "borda": 0}.get(self.rule.utility, best)
            voters += [({id: worth} if worth else {}, frozenset({id}))] * many
        if costs and self.rule.utility == "cost":
            voters = [({id: field[id].cost_cents or 1 for id in points}, named) for points, named in voters]
        votes = {id: sum(id in named for _, named in voters) for id in field}
        purses, won, gate = [share] * len(voters), [], self.rule.gate()
        while True:
            offers = []
            for id, one in field.items():
                if id in won or votes[id] < needed[id] or gate.bar(one):
                    continue
                pairs = zip(purses, voters, strict=True)
                rate = self._rate(one.cost_cents, [(purse, points[id]) for purse, (points, _) in pairs if id in points])
                if rate is not None:
                    offers.append((rate, self._tie(one, votes[id]), id))
            if not offers:
                return won
            rate, _, id = min(offers)
            won.append(id)
            gate.give(field[id])
            purses = [max(purse - rate * points.get(id, 0), Fraction(0)) for purse, (points, _) in zip(purses, voters, strict=True)]

    def _rate(self, cost: int, supporters: list[tuple[Fraction, int]]) -> Fraction | None:
        if sum(purse for purse, _ in supporters) < cost:
            return None
        rest, left = Fraction(cost), sorted(supporters, key=lambda one: one[0] / one[1])
        for index, (purse, worth) in enumerate(left):
            rate = rest / sum(points for _, points in left[index:])
            if rate * worth <= purse:
                return rate
            rest -= purse
        return Fraction(0)

    def _tie(self, one: Project, votes: int) -> tuple[Any, ...]:
        keys = {"cheaper": one.cost_cents, "votes": -votes, "id": one.id}
        return tuple(keys[name] if name in keys else self.election.draw.index(one.id) for name in self.rule.tie_break)

    def final(self) -> tuple[list[str], Fraction]:
        """Start, raise by one step, stop: one run at a time."""
        won, share = self.bought(self.share), self.share
        for _ in range(600):
            gate, budget = self.rule.gate(), self.election.budget_cents
            for id in won:
                gate.give(self.election.project(id))
            able = {id for points, _ in self.voters for id in points}
            waiting = [
                one
                for one in self.election.projects
                if one.id in able and one.id not in won and self.election.votes[one.id] >= self.needed()[one.id] and not gate.bar(one)
            ]
            left = budget - sum(self.election.project(id).cost_cents for id in won)
            if self.rule.completion == "none" or not waiting:
                break
            if self.rule.completion == "add1_until_exhaustive" and all(one.cost_cents > left for one in waiting):
                break
            following = self.bought(share + self.rule.step_cents)
            if sum(self.election.project(id).cost_cents for id in following) > budget:
                break
            won, share = following, share + self.rule.step_cents
        return won, share


LIMITS = st.sampled_from(
    [
        (),
        (),
        (MaxPer(key="site", most=1),),
        (MaxSpending(key="theme", cents=8),),
        (MinVotes(votes=2),),
        (MinVotes(per_cost=3), MaxPer(key="theme", most=2, value="t")),
    ]
)


@st.composite
def cases(draw: st.DrawFn, most: int = 5) -> Case:
    """Small elections with many ties, for all kinds of usefulness, completions and limits."""
    ids = IDS[: draw(st.integers(1, most))]
    field = [
        Project(
            id,
            draw(st.sampled_from([0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 12])),
            site=draw(st.sampled_from(["", "s"])),
            theme=draw(st.sampled_from(["", "t", "u"])),
        )
        for id in ids
    ]
    utility = draw(st.sampled_from(["cost", "cardinality", "points", "borda", "grades"]))
    kind = {"points": "points", "borda": "ranking", "grades": "grades"}.get(utility, "points")
    marks = draw(st.lists(st.dictionaries(st.sampled_from(ids), st.integers(0, 3)), max_size=7))
    if kind == "ranking":
        marks = [{id: place for place, id in enumerate(sorted(one, key=lambda id: one[id]), 1)} for one in marks]
    order = tuple(draw(st.permutations(ids)))
    election = Election.marked(field, marks, draw(st.integers(0, 20)), kind, draw=order)
    rule = EqualShares(
        utility=utility,
        completion=draw(st.sampled_from(["none", "add1_until_exhaustive", "add1_until_infeasible"])),
        step_cents=draw(st.integers(1, 3)),
        min_votes=draw(st.integers(0, 2)),
        limits=draw(LIMITS),
        tie_break=draw(st.sampled_from([("draw",), ("cheaper", "draw"), ("cheaper", "votes", "draw"), ("id",)])),
        blank_ballots_hold_a_share=draw(st.booleans()),
    )
    return Case(rule, election)
