"""Elections with districts, themes, sites and tags, and a count in stages that nobody could get wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from app.core.tally import Election, Project
from app.core.tally.stage import Stage
from app.core.tally.staged import Staged


def field(**projects: Any) -> tuple[Project, ...]:
    """Projects by id: a cost in cents, or a cost and what else is known of it."""
    return tuple(Project(id, **(one if isinstance(one, dict) else {"cost_cents": one})) for id, one in projects.items())


def stage(key: str, **parameters: Any) -> Stage:
    """A stage with a greedy rule unless another is given."""
    return Stage.model_validate({"key": key, "name": {"en": key}, "rule": {"kind": "greedy"}, **parameters})


@st.composite
def placed_elections(draw: st.DrawFn) -> Election:
    """Up to seven projects in two districts or the city, with sites, carriers and tags, at few costs, and few voters."""
    ids = "abcdefg"[: draw(st.integers(1, 7))]
    projects = [
        Project(
            id,
            draw(st.sampled_from([0, 1, 2, 3, 3, 4, 5, 7])),
            carrier=draw(st.sampled_from([None, "x", "y"])),
            scope=draw(st.sampled_from(["city", "district"])),
            district=draw(st.sampled_from(["", "n", "s"])),
            site=draw(st.sampled_from(["", "", "m"])),
            tags=frozenset(draw(st.sampled_from([[], ["young"]]))),
            least_cents=draw(st.sampled_from([None, 1, 2])),
        )
        for id in ids
    ]
    voted = draw(st.lists(st.frozensets(st.sampled_from(ids)), max_size=8))
    return Election.of(projects, voted, draw(st.integers(0, 15)), draw=tuple(draw(st.permutations(ids))))


def plain_walk(election: Election, standing: Iterable[Project], money: int, taken: list[Project], most: int = 99) -> list[Project]:
    """Greedy with skip, most votes first, cheaper first, then the draw; at most so many awards for a carrier, those taken before too."""
    bought: list[Project] = []
    for project in sorted(standing, key=lambda one: (-election.votes[one.id], one.cost_cents, election.draw.index(one.id))):
        fellows = [one for one in [*taken, *bought] if one.carrier and one.carrier == project.carrier]
        if election.votes[project.id] >= 1 and project.cost_cents <= money and len(fellows) < most:
            money -= project.cost_cents
            bought.append(project)
    return bought


def plain_stages(rule: Staged, election: Election) -> list[str]:
    """A count in stages by greedy rules, written out."""
    aside, won = rule.set_aside(election.budget_cents), list[Project]()
    rest = election.budget_cents - sum(aside.values())
    for one in rule.stages:
        money, rest = (aside[one.key], rest) if one.key in aside else (rest, 0)
        here = [project for project in election.projects if one.where.holds(project)]
        names = sorted({project.district for project in here if project.district}) if one.each else [None]
        for place, name in enumerate(names):
            part = money // len(names) + (place < money % len(names))
            standing = [project for project in here if project not in won and name in (None, project.district)]
            bought = plain_walk(election, standing, part, won, rule.max_per_carrier or 99)
            won += bought
            rest += part - sum(project.cost_cents for project in bought) if one.leftover == "next" else 0
        rest += money if not names and one.leftover == "next" else 0
    return [project.id for project in won]


WHERE: list[dict[str, Any]] = [
    {},
    {},
    {"scope": "city"},
    {"district": "n"},
    {"tag": "young"},
    {"without_tag": "young"},
    {"above_cents": 2, "up_to_cents": 4},
]


@st.composite
def staged_rules(draw: st.DrawFn) -> Staged:
    """One to three stages of greedy counts, with bands, tags, districts, fixed amounts, shares and rests."""
    stages = []
    for key in "pqr"[: draw(st.integers(1, 3))]:
        money = draw(st.sampled_from([{}, {}, {"cents": 4}, {"cents": 9}, {"share": "1/4"}, {"share": "1/3"}]))
        where = draw(st.sampled_from(WHERE))
        each, leftover = draw(st.sampled_from([None, None, "district"])), draw(st.sampled_from(["next", "next", "kept"]))
        stages.append(stage(key, where=where, each=each, leftover=leftover, **money))
    return Staged(stages=tuple(stages), max_per_carrier=draw(st.sampled_from([None, None, 1, 2])))
