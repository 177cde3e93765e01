"""What a count from a file says: as data for programs, as sentences for people."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.core.formats import PabulibHead, canonical
from app.core.formats.amounts import plain
from app.core.formats.pabulib import shown
from app.core.messages import Message, say
from app.core.money import Money
from app.core.tally import AnyRule, Row, Step
from app.exchange.counting import FileCount
from app.exchange.declared import conflicts, own_rule
from app.exchange.recorded import Verdict, told

SETS = ("votes", "votes_per_cost", "cost", "cardinality")
"""The utilities under which a ballot is no more than the set of projects it names."""


def as_json(count: FileCount, *, explain: bool = False) -> dict[str, Any]:
    """The count as data. Amounts are exact text in the unit of the file ("1250.5"), prices may be fractions ("1250/3")."""
    outcome = count.outcome
    data = {
        "rule": count.rule.model_dump(mode="json"),
        "selected": list(outcome.selected),
        "total_cost": plain(outcome.spent_cents),
        "budget": plain(outcome.budget_cents),
        "currency": outcome.currency,
        "ballots": outcome.valid + outcome.blank,
        "ties": [{"members": list(tie.members), "by": list(tie.by), "mattered": tie.mattered} for tie in outcome.ties],
        "needs_draw": list(outcome.needs_draw),
        "steps": [_step(step) for step in outcome.steps],
        "recorded": None if count.verdict is None else _verdict(count.verdict),
        "notes": [str(note) for note in outcome.notes],
        "seconds": round(count.seconds, 6),
    }
    return data | ({"rows": [_row(row) for row in outcome.rows]} if explain else {})


def in_words(count: FileCount, *, explain: bool = False) -> list[Message]:
    """The count as sentences: the rule, each winner in order of purchase, the sums, the ties, the winners the file records, the reasons."""
    outcome, currency = count.outcome, count.outcome.currency
    rows = {row.project: row for row in outcome.rows}
    lines = [say("Rule: %(rule)s", rule=canonical(count.rule.model_dump(mode="json")))]
    for place, id in enumerate(outcome.selected, 1):
        row, project = rows[id], _named(count, id)
        cost = Money(row.cost_cents if row.paid_cents is None else row.paid_cents, currency)
        lines.append(say("%(place)d. %(project)s: %(cost)s, votes: %(votes)d", place=place, project=project, cost=cost, votes=row.votes))
    lines.append(say("Projects chosen: %(chosen)d of %(stood)d.", chosen=len(outcome.selected), stood=len(outcome.rows)))
    spent, budget = Money(outcome.spent_cents, currency), Money(outcome.budget_cents, currency)
    lines.append(say("Spent: %(spent)s of %(budget)s.", spent=spent, budget=budget))
    lines += [say("Tied, and taken in this order: %(members)s.", members=tie.members) for tie in outcome.ties]
    if outcome.needs_draw:
        lines.append(say("These projects are equal, and only the public draw can part them: %(members)s.", members=outcome.needs_draw))
    lines += outcome.notes
    lines += told(count.verdict, outcome) if count.verdict is not None else []
    return lines + (_reasons(count) if explain else [])


def remarks(file: PabulibHead, rule: AnyRule) -> list[Message]:
    """What the reader of a count should know about its file, and about the `rule` that was used on it."""
    notes = list(file.warnings)
    sets = str(rule.kind) == "phragmen" or getattr(rule, "utility", "points") in SETS
    if sets and file.vote_type not in ("approval", "choose-1"):
        notes.append(say("Every project named on a ballot counts once; points and ranks are not used."))
    notes += [say("As the file says, these projects exclude one another: %(projects)s.", projects=group) for group in conflicts(file)]
    own = own_rule(file)
    if own is not None and own != rule:
        named = canonical(own.model_dump(mode="json"))
        notes.append(say("The file names a rule of its own, which is not quite the one used here: %(rule)s", rule=named))
    return notes


def _reasons(count: FileCount) -> list[Message]:
    lines = [say("Why, project by project:")]
    for row in count.outcome.rows:
        lines.append(say("%(project)s: %(reason)s", project=_named(count, row.project), reason=row.reason))
        lines += [row.nearest] if row.nearest is not None else []
    return lines


def _named(count: FileCount, id: str) -> str:
    names = {project.id: project.other.get("name", "") for project in count.file.projects}
    return f"{shown(id)} {shown(names[id], 100)}".strip()


def _step(step: Step) -> dict[str, Any]:
    money = {"left_before": plain(step.left_before_cents), "left_after": plain(step.left_after_cents)}
    paid = {} if step.price is None else {"price": str(Fraction(step.price, 100)), "payers": step.payers, "part_payers": step.part_payers}
    stage = {"stage": step.stage} if step.stage else {}
    return {"project": step.project, "action": step.action.value, **money, **paid, **stage}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "winners": sorted(verdict.recorded.winners),
        "other": dict(verdict.recorded.other),
        "same": verdict.same,
        "not_chosen_here": list(verdict.missed),
        "chosen_only_here": list(verdict.added),
        "reproduced_by": None if verdict.rule is None else verdict.rule.model_dump(mode="json"),
    }


def _row(row: Row) -> dict[str, Any]:
    amounts = {"missing_amount": row.missing_cents, "winning_cost": row.winning_cost_cents, "paid": row.paid_cents}
    return {
        "project": row.project,
        "rank": row.rank,
        "votes": row.votes,
        "points": row.points,
        "cost": plain(row.cost_cents),
        "status": row.status.value,
        "reason": str(row.reason),
        "nearest": None if row.nearest is None else str(row.nearest),
        "missing_votes": row.missing_votes,
        "spare_votes": row.spare_votes,
        **{name: None if cents is None else plain(cents) for name, cents in amounts.items()},
    }
