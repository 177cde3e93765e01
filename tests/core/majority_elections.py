"""Elections with grades for tests: small ones by Hypothesis, and majority judgment written the slowest and shortest way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import lcm
from typing import Any

from hypothesis import strategies as st

from app.core.tally import Election, MajorityJudgment, Profile, Project
from tests.core.tally_elections import IDS, projects

PARIS = ("love", "like", "why_not", "not_convinced")
Ballot = Mapping[str, int]


def graded(costs: Mapping[str, int], ballots: Iterable[Ballot], budget: int, **other: Any) -> Election:
    """An election in which each ballot gives projects grades, 0 the worst."""
    return Election.marked(projects(costs, other.pop("carriers", None)), ballots, budget, "grades", **other)


def columns(costs: Mapping[str, int], budget: int, **counts: Sequence[int]) -> Election:
    """An election in which each project got so many of each grade, the worst first, all from the same number of voters."""
    grades = {id: [grade for grade, many in enumerate(row) for _ in range(many)] for id, row in counts.items()}
    voters = len(next(iter(grades.values())))
    return graded(costs, [{id: row[voter] for id, row in grades.items()} for voter in range(voters)], budget)


@st.composite
def grade_elections(draw: st.DrawFn, lots: bool = True) -> Election:
    """Small elections full of ties: up to five projects, nine ballots, four grades, many left out."""
    ids = IDS[: draw(st.integers(1, 5))]
    costs = {id: draw(st.sampled_from([0, 1, 2, 3, 3, 4, 6, 9])) for id in ids}
    carriers = {id: draw(st.sampled_from(["x", "y"])) for id in ids if draw(st.booleans())}
    voted = draw(st.lists(st.dictionaries(st.sampled_from(ids), st.integers(0, 3)), max_size=9))
    order = tuple(draw(st.permutations(ids))) if lots else ()
    return graded(costs, voted, draw(st.integers(0, 16)), carriers=carriers, draw=order)


MAJORITY = st.builds(
    MajorityJudgment,
    grades=st.sampled_from([PARIS, ("excellent", *PARIS)]),
    ungraded=st.sampled_from(["worst", "ignored"]),
    winners=st.sampled_from([None, None, 1, 2]),
    on_miss=st.sampled_from(["skip", "stop"]),
    min_votes=st.integers(0, 3),
    max_per_carrier=st.sampled_from([None, None, 1]),
    tie_break=st.sampled_from([("draw",), ("cheaper", "draw"), ("votes", "draw"), ("cheaper", "id")]),
)


def opened(election: Election) -> list[dict[str, int]]:
    """The single ballots, blank ones left out."""
    own, found = election.profile, []
    for index, many in enumerate(own.many.tolist()):
        marks = slice(own.start[index], own.start[index + 1])
        assert own.value is not None
        ballot = dict(zip((election.ids[place] for place in own.project[marks]), own.value[marks].tolist(), strict=True))
        found += [dict(ballot) for _ in range(many) if ballot]
    return found


def medians(grades: Iterable[int]) -> list[int]:
    """The majority value: the lower median, then that of what is left once it is taken away, and so on."""
    left, found = sorted(grades), []
    while left:
        found.append(left.pop((len(left) - 1) // 2))
    return found


def plain_majority(rule: MajorityJudgment, election: Election) -> list[str]:
    """The winners in order, by `plain_order` and `plain_walk`."""
    return plain_walk(rule, election, plain_order(rule, election), election.budget_cents)


def plain_order(rule: MajorityJudgment, election: Election) -> list[str]:
    """The projects in order: medians taken away one at a time, after all grades are repeated until each project has as many."""
    ballots, own = opened(election), {}
    for id in election.ids:
        known = [ballot[id] for ballot in ballots if id in ballot]
        if len(known) >= max(rule.min_votes, 1):
            own[id] = known + [0] * (len(ballots) - len(known)) * (rule.ungraded == "worst")
    whole = lcm(*(len(grades) for grades in own.values()))
    values = {id: medians(grades * (whole // len(grades))) for id, grades in own.items()}
    return sorted(own, key=lambda id: ([-grade for grade in values[id]], _tie_key(rule, election, id)))


def plain_walk(rule: MajorityJudgment, election: Election, order: Iterable[str], left: int) -> list[str]:
    """Who wins in this order with this much money."""
    won: list[str] = []
    for project in map(election.project, order):
        fellows = [other for other in won if project.carrier and election.project(other).carrier == project.carrier]
        if len(won) == rule.winners or len(fellows) == rule.max_per_carrier:
            continue
        if project.cost_cents <= left:
            won.append(project.id)
            left -= project.cost_cents
        elif rule.on_miss == "stop":
            break
    return won


def _tie_key(rule: MajorityJudgment, election: Election, id: str) -> tuple[Any, ...]:
    keys = {"cheaper": election.project(id).cost_cents, "votes": -election.votes[id], "id": id}
    return tuple(keys[one] if one in keys else election.draw.index(id) for one in rule.tie_break)


def better(rule: MajorityJudgment, election: Election, id: str, many: int) -> Election:
    """The same election after so many voters, those who thought least of this project, gave it the best grade."""
    ballots = opened(election)
    ungraded = [ballot for ballot in ballots if id not in ballot]
    known = sorted((ballot for ballot in ballots if id in ballot), key=lambda ballot: ballot[id])
    fresh = max(max(rule.min_votes, 1) - len(known), 0) if rule.ungraded == "ignored" else many
    chosen = ungraded[: min(fresh, many)]
    for ballot in chosen + known[: many - len(chosen)]:
        ballot[id] = len(rule.grades or ()) - 1
    return _with_ballots(election, ballots)


def worse(election: Election, id: str, many: int) -> Election:
    """The same election after so many voters, those who thought best of this project, gave it the worst grade."""
    ballots = opened(election)
    for ballot in sorted((ballot for ballot in ballots if id in ballot), key=lambda ballot: -ballot[id])[:many]:
        ballot[id] = 0
    return _with_ballots(election, ballots)


def at_cost(election: Election, id: str, cents: int) -> Election:
    """The same election with this project at another cost."""
    changed: tuple[Project, ...] = tuple(replace(one, cost_cents=cents) if one.id == id else one for one in election.projects)
    return Election(changed, election.profile, election.budget_cents, draw=election.draw)


def _with_ballots(election: Election, ballots: Iterable[Ballot]) -> Election:
    blank: list[Ballot] = [{}] * election.blank
    profile = Profile.of_marks(election.ids, [*ballots, *blank], "grades")
    return Election(election.projects, profile, election.budget_cents, draw=election.draw)
