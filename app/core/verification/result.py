"""V11: the result is what the named rule makes of these ballots, its ties and its draw replayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.messages import say, say_count
from app.core.money import Money
from app.core.tally import Election, Outcome
from app.core.verification.bundle import Bundle, Malformed
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.piles import Piles

FILE = "result.json"
KEYS = ("rule", "selected", "total_cost_cents", "budget_cents", "draw", "blank", "null", "valid")


def read_result(bundle: Bundle) -> dict[str, Any]:
    """The result, with at least the keys that are checked. Raises Malformed."""
    value = bundle.value(FILE)
    for key in KEYS:
        if key not in value:
            raise Malformed(FILE, 0, say("“%(key)s” is missing.", key=key))
    drawn_in(value)
    return value


def drawn_in(result: Mapping[str, Any]) -> dict[str, Any]:
    """The public draw as `Election` takes it. Raises Malformed where it is neither an order of projects, nor a seed, nor none."""
    match result["draw"]:
        case None:
            return {}
        case {"kind": "seed", "value": str(seed)} if len(result["draw"]) == 2 and seed:
            return {"seed": seed}
        case {"kind": "order", "value": list(ids)} if len(result["draw"]) == 2 and all(type(one) is str for one in ids):
            return {"draw": tuple(ids)}
    raise Malformed(FILE, 0, say("the draw is neither an order of projects nor a text."))


def draw_value(draw: Mapping[str, Any]) -> dict[str, Any] | None:
    """The draw as result.json writes it, from what `Election` takes: its `draw` or its `seed`, or nothing."""
    if draw.get("seed"):
        return {"kind": "seed", "value": draw["seed"]}
    return {"kind": "order", "value": list(draw["draw"])} if draw.get("draw") else None


def election_of(definition: Definition, piles: Piles, draw: Mapping[str, Any]) -> Election:
    """What was counted."""
    return Election(definition.standing, piles.profile(), definition.envelope_cents, definition.currency, **draw)


def totals(election: Election, outcome: Outcome, null: int, rule: Any, draw: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that a result must hold, from a count."""
    return {
        "rule": rule, "selected": list(outcome.selected), "total_cost_cents": outcome.spent_cents, "budget_cents": outcome.budget_cents,
        "draw": draw_value(draw), "blank": election.blank, "null": null, "valid": election.valid,
    }  # fmt: skip


def check_result(result: Mapping[str, Any], definition: Definition, piles: Piles, found: Findings) -> None:
    """V11: count again, compare every number that can be compared."""
    draw, rule = drawn_in(result), definition.rule
    if result["rule"] != rule.model_dump(mode="json"):
        found.fault(say("The result was counted by another rule than the one that was frozen."))
    election = election_of(definition, piles, draw)
    try:
        outcome = rule.count(election)
    except ValueError as fault:
        found.fault(say("The frozen rule cannot count these ballots (%(reason)s).", reason=str(fault)))
        return
    known = totals(election, outcome, sum(piles.nulls.values()), result["rule"], draw) | _beside(outcome)
    if list(result["selected"] or ()) != list(outcome.selected):
        found.fault(
            say(
                "The ballots give other winners. Counted here: %(counted)s. Published: %(published)s.",
                counted=tuple(outcome.selected) or say("no project"),
                published=tuple(str(one)[:100] for one in result["selected"] or ()) or say("no project"),
            )
        )
    for key in sorted(known.keys() & result.keys() - {"selected", "rule", "draw"}):
        if result[key] != known[key] or type(result[key]) is not type(known[key]):
            found.fault(
                say(
                    "“%(key)s” is %(counted)s by the ballots, and was published as %(told)s.",
                    key=key,
                    counted=str(known[key]),
                    told=str(result[key])[:100],
                )
            )
    _projects(result.get("projects"), outcome, found)
    _told(definition, election, outcome, draw, found)


def _beside(outcome: Outcome) -> dict[str, Any]:
    """What else the result of the site tells in one word."""
    return {
        "spent_cents": outcome.spent_cents, "left_cents": outcome.left_cents, "currency": outcome.currency,
        "needs_draw": list(outcome.needs_draw), "reserve_list": list(outcome.reserve_list), "rival": list(outcome.rival),
    }  # fmt: skip


def _projects(rows: Any, outcome: Outcome, found: Findings) -> None:
    """The rows of single projects, where the result has them: place, votes, cost and what became of each."""
    if rows is None:
        return
    told = [tuple(row.get(key) for key in ("rank", "id", "votes", "cost_cents", "status")) for row in rows if isinstance(row, dict)]
    counted = [(row.rank, row.project, row.votes, row.cost_cents, row.status.value) for row in outcome.rows]
    if told != counted:
        names = tuple(row[1] for row in counted if row not in told)
        found.fault(say("These projects have other votes, another cost or another place than the result says: %(names)s.", names=names))


def _told(definition: Definition, election: Election, outcome: Outcome, draw: Mapping[str, Any], found: Findings) -> None:
    count = say_count("%(count)d ballot was counted again", "%(count)d ballots were counted again", election.valid + election.blank)
    spent, budget = Money(outcome.spent_cents, outcome.currency), Money(outcome.budget_cents, outcome.currency)
    winners = len(outcome.selected)
    found.note(
        say("%(ballots)s: %(winners)d projects for %(spent)s of %(budget)s.", ballots=count, winners=winners, spent=spent, budget=budget)
    )
    if outcome.selected:
        titles = {one.id: one.title for one in definition.projects}
        found.note(say("Chosen, in this order: %(titles)s.", titles=tuple(titles[id] for id in outcome.selected)))
    if draw:
        value = draw["seed"] if "seed" in draw else ", ".join(draw["draw"])
        found.note(say("The draw used is “%(draw)s”. Compare it with its source: %(source)s.", draw=value, source=definition.draw_source))
    if outcome.needs_draw:
        found.note(say("These projects still wait for the public draw: %(names)s.", names=tuple(outcome.needs_draw)))
