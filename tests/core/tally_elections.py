"""Elections to count in tests: the demonstration, small ones by Hypothesis, and slow counts that nobody could get wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.core.formats import decode, read_pabulib
from app.core.tally import Election, EqualShares, Greedy, Project
from tests.conftest import skip_or_fail
from tests.core.rennes import demonstration

IDS = "abcdefg"


def ballots(*piles: tuple[int, str]) -> dict[frozenset[str], int]:
    """Piles of equal ballots, each project one letter: `ballots((3, "ab"), (2, "c"))`."""
    return {frozenset(choices): many for many, choices in piles}


def projects(costs: Mapping[str, int], carriers: Mapping[str, str] | None = None) -> tuple[Project, ...]:
    """Projects with these costs in cents."""
    return tuple(Project(id, cost, (carriers or {}).get(id)) for id, cost in costs.items())


@st.composite
def elections(draw: st.DrawFn, most: int = 6, lots: bool = True) -> Election:
    """Small elections full of ties: few costs and voters, shared carriers, blank ballots, projects that cost nothing."""
    ids = IDS[: draw(st.integers(1, most))]
    costs = {id: draw(st.sampled_from([0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 12])) for id in ids}
    carriers = {id: draw(st.sampled_from(["x", "y"])) for id in ids if draw(st.booleans())}
    voted = draw(st.lists(st.frozensets(st.sampled_from(ids)), max_size=9))
    order = tuple(draw(st.permutations(ids))) if lots else ()
    return Election.of(projects(costs, carriers), voted, draw(st.integers(0, 20)), draw=order)


GREEDY = st.builds(
    Greedy,
    utility=st.sampled_from(["votes", "votes_per_cost"]),
    on_miss=st.sampled_from(["skip", "stop"]),
    min_votes=st.integers(0, 3),
    max_per_carrier=st.sampled_from([None, 1, 2]),
    tie_break=st.sampled_from([("draw",), ("cheaper", "draw"), ("votes", "draw"), ("cheaper", "id")]),
)
EQUAL_SHARES = st.builds(
    EqualShares,
    utility=st.sampled_from(["cost", "cardinality"]),
    completion=st.sampled_from(["none", "add1_until_exhaustive", "add1_until_infeasible"]),
    step_cents=st.integers(1, 3),
    min_votes=st.integers(0, 3),
    max_per_carrier=st.sampled_from([None, 1, 2]),
    tie_break=st.sampled_from([("draw",), ("cheaper", "draw"), ("cheaper", "votes", "draw"), ("id",)]),
    blank_ballots_hold_a_share=st.booleans(),
)
RULES = GREEDY | EQUAL_SHARES


def changed(election: Election, *, more: Mapping[str, int] | None = None, cents: int = 0) -> Election:
    """The same election with more ballots naming one project only, and a larger envelope."""
    piles = dict(election.ballots)
    for id, many in (more or {}).items():
        if many:
            piles[frozenset({id})] = piles.get(frozenset({id}), 0) + many
    return Election(election.projects, piles, election.budget_cents + cents, election.currency, election.draw, election.seed)


def tie_key(rule: Greedy | EqualShares, election: Election, id: str) -> tuple[Any, ...]:
    """The order of equal projects, written the shortest way."""
    keys = {"cheaper": election.project(id).cost_cents, "votes": -election.votes[id], "id": id}
    return tuple(keys[one] if one in keys else election.draw.index(id) for one in rule.tie_break)


def plain_shares(rule: EqualShares, election: Election, share: Fraction) -> list[str]:
    """Equal Shares at this share, with one purse per voter and nothing clever."""
    voters = [[share, ballot] for ballot, many in election.ballots.items() for _ in range(many)]
    bought: list[str] = []
    while True:
        offers = []
        for project in election.projects:
            fellows = [other for other in bought if project.carrier and election.project(other).carrier == project.carrier]
            supporters = sorted(purse for purse, ballot in voters if project.id in ballot)
            enough = election.votes[project.id] >= max(rule.min_votes, 1) and len(fellows) < (rule.max_per_carrier or 99)
            if project.id in bought or not enough or sum(supporters) < project.cost_cents:
                continue
            price, rest = Fraction(0), Fraction(project.cost_cents)
            for index, purse in enumerate(supporters):
                price = rest / (len(supporters) - index)
                if price <= purse:
                    break
                rest -= purse
            worth = project.cost_cents if rule.utility == "cost" else 1
            offers.append((price / worth if worth else Fraction(0), tie_key(rule, election, project.id), project.id, price))
        if not offers:
            return bought
        _, _, id, price = min(offers)
        bought.append(id)
        for voter in voters:
            if id in voter[1]:
                voter[0] = max(voter[0] - price, Fraction(0))


def spent(election: Election, ids: Iterable[str]) -> int:
    """What these projects cost together, in cents."""
    return sum(election.project(id).cost_cents for id in ids)


@cache
def rennes(euros: int, draw: tuple[str, ...] = ()) -> Election:
    """The 600 ballots of the demonstration with this envelope."""
    given = demonstration()
    field = [Project(one["id"], one["requested"] * 100, one["organisation"]) for one in given["projects"]]
    return Election.of(field, (one["choices"] for one in given["sample_ballots"]), euros * 100, draw=draw)


@cache
def real_election(name: str) -> tuple[Election, dict[str, Any]]:
    """A real election and the outcomes an independent program gave for it; skips where the folder is not there."""
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        skip_or_fail("QUOTEPART_ELECTIONS does not name the folder of real elections")
    path = Path(folder or "") / f"{name}.pb"
    file = read_pabulib(decode(path.read_bytes(), name=name), name=name)
    field = [Project(project.id, project.cost_cents) for project in file.projects]
    expected = json.loads((path.parent / "expected" / f"{name}.json").read_text("utf-8"))["rules"]
    return Election.of(field, (ballot.choices for ballot in file.ballots), file.budget_cents, file.currency), expected
