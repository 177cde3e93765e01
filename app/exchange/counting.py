"""`quotepart count`: anyone counts a Pabulib file with one of our rules, from the file alone and without a database."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from app.core.formats import PabulibFile, canonical, decode, read_pabulib, rule_of
from app.core.formats.amounts import plain
from app.core.formats.pabulib import shown
from app.core.formats.pabulib_reading import MAX_BYTES
from app.core.messages import Message, say
from app.core.money import Money
from app.core.problems import Invalid, Missing
from app.core.tally import AnyRule, Election, Outcome, Project, Step, read_rule, rule_from

RuleName: TypeAlias = Literal["greedy", "equal-shares"]
Utility: TypeAlias = Literal["cost", "cardinality"]
Completion: TypeAlias = Literal["none", "add1-until-exhaustive", "add1-until-infeasible"]
OnMiss: TypeAlias = Literal["skip", "stop"]
TieBreak: TypeAlias = Literal["id", "cheaper"]

_GREEDY_UTILITY = {"cost": "votes", "cardinality": "votes_per_cost"}


@dataclass(frozen=True)
class FileCount:
    """A file, the rule used on it, what came out, and the seconds the rule alone took."""

    file: PabulibFile
    rule: AnyRule
    outcome: Outcome
    seconds: float


def rule_in_words(
    rule: RuleName, utility: Utility, completion: Completion, on_miss: OnMiss, min_score: int, tie_break: TieBreak
) -> AnyRule:
    """The rule named by the words of the command line. Raises Invalid where a word belongs to the other rule.

    Greedy: utility cost puts most votes first, cardinality most votes for each unit of money. Ties end with the identifier,
    compared as text, so that every count ends. An empty ballot holds a share of the budget: the file has it among its votes.
    """
    shared = {"min_votes": min_score, "tie_break": ("id",) if tie_break == "id" else ("cheaper", "id")}
    if rule == "greedy":
        if completion != "none":
            raise Invalid({"completion": say("A completion belongs to the rule equal-shares only.")})
        return rule_from("greedy", utility=_GREEDY_UTILITY[utility], on_miss=on_miss, **shared)
    if on_miss != "skip":
        raise Invalid({"on_miss": say("To stop at the first project that does not fit belongs to the rule greedy only.")})
    return rule_from(
        "equal_shares", utility=utility, completion=completion.replace("-", "_"), blank_ballots_hold_a_share=True, **shared
    )


def election_of(file: PabulibFile) -> Election:
    """What is counted: every project named on a ballot is supported once, whatever its place or its points."""
    projects = (Project(project.id, project.cost_cents) for project in file.projects)
    return Election.of(projects, (ballot.choices for ballot in file.ballots), file.budget_cents, file.currency)


def read_file(path: Path) -> PabulibFile:
    """The election in the file at `path`. Raises Missing where it cannot be read, Malformed where it is no election."""
    try:
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except OSError:
        raise Missing(say("%(file)s: there is no such file, or it cannot be read.", file=str(path))) from None
    return read_pabulib(decode(data, name=str(path)), name=str(path))


def count_file(path: Path, rule: AnyRule) -> FileCount:
    """Count the file at `path`. Raises Missing where it cannot be read, Malformed where it is no election."""
    file = read_file(path)
    election = election_of(file)
    begun = perf_counter()
    outcome = rule.count(election)
    return FileCount(file, rule, outcome, perf_counter() - begun)


def as_json(count: FileCount) -> dict[str, Any]:
    """The count as data. Amounts are exact text in the unit of the file ("1250.5"), prices may be fractions ("1250/3")."""
    outcome = count.outcome
    return {
        "rule": count.rule.model_dump(mode="json"),
        "selected": list(outcome.selected),
        "total_cost": plain(outcome.spent_cents),
        "budget": plain(outcome.budget_cents),
        "currency": outcome.currency,
        "ballots": outcome.valid + outcome.blank,
        "ties": [{"members": list(tie.members), "by": list(tie.by), "mattered": tie.mattered} for tie in outcome.ties],
        "steps": [_step(step) for step in outcome.steps],
        "seconds": round(count.seconds, 6),
    }


def in_words(count: FileCount) -> list[Message]:
    """The count as sentences: the rule, each winner in order of purchase, the sums, the ties."""
    outcome, currency = count.outcome, count.outcome.currency
    names = {project.id: project.other.get("name", "") for project in count.file.projects}
    lines = [say("Rule: %(rule)s", rule=canonical(count.rule.model_dump(mode="json")))]
    for place, id in enumerate(outcome.selected, 1):
        row, project = outcome.row(id), f"{shown(id)} {shown(names[id], 100)}".strip()
        cost = Money(row.cost_cents, currency)
        lines.append(say("%(place)d. %(project)s: %(cost)s, votes: %(votes)d", place=place, project=project, cost=cost, votes=row.votes))
    lines.append(say("Projects chosen: %(chosen)d of %(stood)d.", chosen=len(outcome.selected), stood=len(outcome.rows)))
    spent, budget = Money(outcome.spent_cents, currency), Money(outcome.budget_cents, currency)
    lines.append(say("Spent: %(spent)s of %(budget)s.", spent=spent, budget=budget))
    lines += [say("Tied, and taken in this order: %(members)s.", members=tie.members) for tie in outcome.ties]
    return lines


def remarks(file: PabulibFile, rule: AnyRule) -> list[Message]:
    """What the reader of a count should know about its file, and about the `rule` that was used on it."""
    told = list(file.warnings)
    if file.vote_type not in ("approval", "choose-1"):
        told.append(say("Every project named on a ballot counts once; points and ranks are not used."))
    own = _own_rule(file)
    if own is not None and own != rule:
        named = canonical(own.model_dump(mode="json"))
        told.append(say("The file names a rule of its own, which is not quite the one used here: %(rule)s", rule=named))
    return told


def _own_rule(file: PabulibFile) -> AnyRule | None:
    """The rule of ours that a file names in its comment, if it is one."""
    try:
        named = rule_of(file)
        return None if named is None else read_rule(named)
    except ValidationError:
        return None


def _step(step: Step) -> dict[str, Any]:
    money = {"left_before": plain(step.left_before_cents), "left_after": plain(step.left_after_cents)}
    paid = {} if step.price is None else {"price": str(Fraction(step.price, 100)), "payers": step.payers, "part_payers": step.part_payers}
    return {"project": step.project, "action": step.action.value, **money, **paid}
