"""Random elections as the platform counts them and as the verifier's page is given them."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from app.core.tally import Election, EqualShares, Greedy, Outcome, Project
from app.core.tally.rule import TallyRule

TIES: tuple[tuple[Any, ...], ...] = (
    ("draw",), ("cheaper", "draw"), ("votes", "draw"), ("cheaper", "id"), ("older", "draw"), ("cheaper", "votes", "older", "draw"),
    ("draw", "id"), (),
)  # fmt: skip
COUNT = """cases => Promise.all(cases.map(async (one) => {
  const projects = one.projects.map((project) => ({ ...project, cost: BigInt(project.cost) }));
  const found = await recount(one.rule, { projects, ballots: new Map(one.ballots), envelope: BigInt(one.envelope), draw: one.draw });
  return [found.selected, found.needsDraw, Number(found.valid), Number(found.blank)];
}))"""
"""Run in the page: what its count gives for each case."""


RULES = 8
"""So many rules count each election."""


def cases(dice: Random) -> list[tuple[dict[str, Any], Outcome]]:
    """(an election and a rule for the page, what the platform makes of it): full of ties, or larger and with costs that divide badly."""
    small = dice.random() < 0.6
    ids = [f"p{number}" for number in range(dice.randint(1, 7 if small else 14))]
    if dice.random() < 0.2:
        ids[-1] = dice.choice(["\uff5e9", "\U0001f333", "Z", "p10"])
    costs = [0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 12] if small else [dice.randint(1, 40_000) for _ in range(6)]
    field = tuple(
        Project(id, dice.choice(costs), dice.choice([None, "x", "y", "z"]), filed=dice.choice([None, 1, 2, 3])) for id in dict.fromkeys(ids)
    )
    named = [project.id for project in field]
    cast = [tuple(sorted(id for id in named if dice.random() < 0.4)) for _ in range(dice.randint(0, 12 if small else 80))]
    # An envelope that some projects fill to the cent is where a count that is one cent off goes wrong.
    filled = sum(one.cost_cents for one in dice.sample(field, dice.randint(1, len(field))))
    budget = dice.choice([filled, filled, dice.randint(0, 25 if small else 150_000)])
    draw = dice.choice([{}, {"seed": "12 3 45"}, {"draw": tuple(dice.sample(named, len(named)))}])
    election, rules = Election.of(field, cast, budget, **draw), [_rule(dice, 3 if small else 900) for _ in range(RULES)]
    told = {
        "envelope": budget, "draw": _drawn(draw),
        "projects": [{"id": one.id, "cost": one.cost_cents, "carrier": one.carrier, "filed": one.filed} for one in field],
        "ballots": [["\n".join(choices), many] for choices, many in Counter(cast).items()],
    }  # fmt: skip
    return [(told | {"rule": rule.model_dump(mode="json")}, rule.count(election)) for rule in rules]


def _rule(dice: Random, step: int) -> TallyRule:
    common: dict[str, Any] = {
        "min_votes": dice.randint(0, 3), "max_per_carrier": dice.choice([None, None, 1, 2]), "tie_break": dice.choice(TIES)
    }  # fmt: skip
    if dice.random() < 0.4:
        return Greedy(
            utility=dice.choice(["votes", "votes_per_cost"]), on_miss=dice.choice(["skip", "stop"]),
            winners=dice.choice([None, None, 1, 2]), **common,
        )  # fmt: skip
    return EqualShares(
        utility=dice.choice(["cost", "cardinality"]), step_cents=dice.randint(1, step), then=dice.choice([None, "greedy"]),
        completion=dice.choice(["none", "add1_until_exhaustive", "add1_until_infeasible"]),
        blank_ballots_hold_a_share=dice.random() < 0.5, **common,
    )  # fmt: skip


def _drawn(draw: dict[str, Any]) -> dict[str, Any] | None:
    if not draw:
        return None
    return {"kind": "seed", "value": draw["seed"]} if "seed" in draw else {"kind": "order", "value": list(draw["draw"])}
