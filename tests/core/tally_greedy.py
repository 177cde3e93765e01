"""Greedy elections by Hypothesis, a count nobody could get wrong, and small changes to an election."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from app.core.tally import Election, Greedy, Profile, Project
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from tests.core.tally_elections import IDS

COSTS = st.sampled_from([0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 12])
LIMITS = st.lists(
    st.builds(MaxPer, key=st.sampled_from(["site", "theme"]), most=st.integers(1, 2))
    | st.builds(MaxSpending, key=st.just("theme"), cents=st.integers(0, 9), value=st.sampled_from([None, "t"]))
    | st.builds(MinVotes, votes=st.integers(0, 3), per_cost=st.sampled_from([None, 1, 3])),
    max_size=2,
).map(tuple)
GREEDY = st.builds(
    Greedy,
    utility=st.sampled_from(["votes", "votes_per_cost"]),
    on_miss=st.sampled_from(["skip", "stop"]),
    winners=st.sampled_from([None, None, 1, 2]),
    min_votes=st.integers(0, 3),
    max_per_carrier=st.sampled_from([None, 1, 2]),
    limits=LIMITS,
    tie_break=st.sampled_from([("draw",), ("cheaper", "draw"), ("votes", "draw"), ("cheaper", "id"), ("older", "id")]),
)
BY_POINTS = st.builds(
    Greedy,
    utility=st.sampled_from(["points", "points_per_cost"]),
    on_miss=st.sampled_from(["skip", "stop"]),
    winners=st.sampled_from([None, 2]),
    min_votes=st.integers(0, 2),
    min_points=st.integers(0, 4),
    tie_break=st.sampled_from([("draw",), ("cheaper", "draw"), ("votes", "id")]),
)


@st.composite
def fields(draw: st.DrawFn, most: int = 6) -> tuple[Project, ...]:
    """Projects with few costs, some of one carrier, one site or one theme, some with a date of filing."""

    def one(id: str) -> Project:
        has = {name: draw(st.sampled_from(["", value])) for name, value in (("carrier", "x"), ("site", "s"), ("theme", "t"))}
        return Project(id, draw(COSTS), filed=draw(st.sampled_from([None, 1, 2])), **has)

    return tuple(one(id) for id in IDS[: draw(st.integers(1, most))])


@st.composite
def limited(draw: st.DrawFn, most: int = 6) -> Election:
    """Small elections by approval full of ties, with enough blank ballots to give any project more votes."""
    field = draw(fields(most))
    ids = [project.id for project in field]
    voted = draw(st.lists(st.frozensets(st.sampled_from(ids)), max_size=8))
    return Election.of(field, [*voted, *[()] * 40], draw(st.integers(0, 20)), draw=tuple(draw(st.permutations(ids))))


@st.composite
def pointed(draw: st.DrawFn) -> Election:
    """Small elections in which ballots give points, sometimes none to a project they name."""
    field = draw(fields(5))
    ids = [project.id for project in field]
    ballots = draw(st.lists(st.dictionaries(st.sampled_from(ids), st.integers(0, 4), max_size=3), max_size=6))
    return Election.marked(field, ballots, draw(st.integers(0, 20)), "points", draw=tuple(draw(st.permutations(ids))))


def plain_greedy(rule: Greedy, election: Election, amounts: dict[str, int] | None = None) -> list[str]:
    """Greedy written the shortest way; every tie must fall."""
    left, taken, needed = election.budget_cents, [], rule.needed(election)
    scores = amounts or dict(election.votes)

    def place(project: Project) -> Any:
        score, cost = scores[project.id], project.cost_cents if rule.utility.endswith("per_cost") else 1
        keys: dict[str, Any] = {"cheaper": project.cost_cents, "votes": -election.votes[project.id], "id": project.id}
        keys |= {"older": project.filed or 9, "draw": election.lot(project.id)}
        return (-score / cost if cost else -1e9 * (score > 0)), *(keys[one] for one in rule.tie_break)

    for project in sorted(election.projects, key=place):
        if election.votes[project.id] < needed[project.id] or (amounts and scores[project.id] < rule.min_points):
            continue
        if len(taken) == rule.winners or not allowed(rule, [*taken, project]):
            continue
        if project.cost_cents <= left:
            left -= project.cost_cents
            taken.append(project)
        elif rule.on_miss == "stop":
            break
    return [project.id for project in taken]


def allowed(rule: Greedy, taken: list[Project]) -> bool:
    """Whether these may all win together under the limits of a rule."""
    limits = [limit for limit in rule.limits if not isinstance(limit, MinVotes)]
    for limit in [*limits, MaxPer(key="carrier", most=rule.max_per_carrier or 99)]:
        used: Counter[str] = Counter()
        for project in taken:
            value = getattr(project, limit.key)
            if value and limit.value in (None, value):
                used[value] += 1 if isinstance(limit, MaxPer) else project.cost_cents
        if any(amount > (limit.most if isinstance(limit, MaxPer) else limit.cents) for amount in used.values()):
            return False
    return True


def with_votes(election: Election, id: str, more: int) -> Election:
    """The same ballots, `more` blank ones of which now name this project; with fewer than 0, as many that named it no longer do."""
    piles, wanted = Counter(election.ballots), abs(more)
    for ballot, many in list(piles.items()):
        if (not ballot if more > 0 else id in ballot) and wanted:
            moved = min(many, wanted)
            wanted -= moved
            piles[ballot] -= moved
            piles[ballot | {id} if more > 0 else ballot - {id}] += moved
    assert not wanted, "there were ballots enough"
    return replace(election, profile=Profile.of_sets(election.ids, +piles))


def with_points(election: Election, id: str, more: int) -> Election:
    """One ballot that names this project gives it `more` points; if none does, a new one names it alone."""
    old, place = election.profile, election.ids.index(id)
    rows = [
        dict(zip(old.project[a:b].tolist(), old.value[a:b].tolist(), strict=True)) for a, b in zip(old.start, old.start[1:], strict=False)
    ]  # type: ignore[index]
    ballots = [dict(row) for row, many in zip(rows, old.many.tolist(), strict=True) for _ in range(many)]
    chosen = next((ballot for ballot in ballots if ballot.get(place, 0) > 0), None)
    if chosen is None and more:
        ballots.append({place: more})
    elif chosen is not None:
        chosen[place] += more
    named = [{election.ids[index]: value for index, value in ballot.items()} for ballot in ballots]
    return replace(election, profile=Profile.of_marks(election.ids, named, "points"))


def with_cost(election: Election, id: str, cents: int) -> Election:
    """The same election, this project asking for so much."""
    changed = (replace(project, cost_cents=cents) if project.id == id else project for project in election.projects)
    return replace(election, projects=tuple(changed))
