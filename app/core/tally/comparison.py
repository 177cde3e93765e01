"""Several rules on the same ballots, side by side: who would win, what the voters would have, and which outcome more of them prefer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, JsonValue

from app.core.messages import Message, say
from app.core.tally.election import Election
from app.core.tally.outcome import Outcome
from app.core.tally.profile import Kind, Whole
from app.core.tally.progress import Told, part_told, untold
from app.core.tally.proportionality import Backers, Certificate, backing, certify
from app.core.tally.registry import AnyRule, rule_from
from app.core.tally.rule import TallyRule
from app.core.tally.statistics import Fact, Statistics, gained, paid, statistics

OFFICIAL = "official"
"""The name of the rule that decides, which stands first and to which all others are compared."""

SHADOWS: Mapping[str, Message] = {
    "greedy": say("Most votes first"),
    "greedy_per_cost": say("Most votes for each unit of money first"),
    "greedy_points": say("Most points first"),
    "equal_shares": say("Equal Shares, by money"),
    "equal_shares_number": say("Equal Shares, by number of projects"),
    "equal_shares_points": say("Equal Shares, by points"),
    "equal_shares_alone": say("Equal Shares, nothing raised"),
    "phragmen": say("Phragmén"),
    "majority_judgment": say("Majority judgment"),
    "max_welfare": say("The most useful set, by money"),
}
"""The names of the rules that `shadow_rules` offers, for people."""

_RULES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "greedy": ("greedy", {"utility": "votes"}),
    "greedy_per_cost": ("greedy", {"utility": "votes_per_cost"}),
    "greedy_points": ("greedy", {"utility": "points"}),
    "equal_shares": ("equal_shares", {"utility": "cost"}),
    "equal_shares_number": ("equal_shares", {"utility": "cardinality"}),
    "equal_shares_points": ("equal_shares", {"utility": "points"}),
    "equal_shares_alone": ("equal_shares", {"utility": "cost", "completion": "none"}),
    "phragmen": ("phragmen", {}),
    "majority_judgment": ("majority_judgment", {}),
    "max_welfare": ("max_welfare", {}),
}
_POINTS: Mapping[Kind, str] = {"points": "points", "star": "points", "ranking": "borda", "grades": "grades"}
"""Which utility of Equal Shares reads the values of a ballot; a ballot for and against has none."""


class Preference(Fact):
    """How many voters have more under this rule than under the first one, less, and just as much."""

    more: int = Field(ge=0)
    less: int = Field(ge=0)
    same: int = Field(ge=0)


class ComparedRule(Fact):
    """One rule among those compared. `waits` says that a public draw would have to come first: then nothing is chosen.

    `shared` is how many of its winners the first rule chose too, `shared_cents` what these cost together. `by_number` and `by_money`
    set it against the first rule, voter by voter: the number of winners a voter supports, and what these are given. `fair_by_money` and
    `fair_by_number` are its certificates (see `proportionality`).
    """

    name: str
    rule: dict[str, JsonValue]
    selected: tuple[str, ...]
    spent_cents: int
    waits: bool
    shared: int
    shared_cents: int
    statistics: Statistics
    by_number: Preference
    by_money: Preference
    fair_by_money: Certificate
    fair_by_number: Certificate


class Comparison(Fact):
    """All rules compared, the first one first; the envelope in cents."""

    budget_cents: int
    currency: str
    projects: int
    voters: int
    rules: tuple[ComparedRule, ...]


def compare(
    election: Election, rules: Mapping[str, AnyRule], *, known: Mapping[str, Outcome] | None = None, told: Told = untold
) -> Comparison:
    """Count with each of these rules, in their order, and set them beside the first. `known`: outcomes that need no new count."""
    return Comparison(
        budget_cents=election.budget_cents,
        currency=election.currency,
        projects=len(election.projects),
        voters=election.valid,
        rules=tuple(compared(election, rules, known=known, told=told)),
    )


def compared(
    election: Election, rules: Mapping[str, AnyRule], *, known: Mapping[str, Outcome] | None = None, told: Told = untold
) -> Iterator[ComparedRule]:
    """The entries of `compare`, each as soon as its rule has counted: for whoever keeps them one by one."""
    others, backers = known or {}, backing(election)
    first: tuple[Outcome, _Have] | None = None
    for done, (name, rule) in enumerate(rules.items()):
        own = part_told(told, done, len(rules))
        own(_begun(name), 0)
        outcome = others[name] if name in others else rule.count_aloud(election, _under(name, own))
        have = _Have(election, outcome)
        first = first or (outcome, have)
        yield _compared(election, name, rule, outcome, have, first, backers)


def _begun(name: str) -> Message:
    return SHADOWS.get(name, say("The rule that decides"))


def _under(name: str, told: Told) -> Told:
    """What a rule tells, with its name before."""

    def tell(doing: Message, percent: int | None) -> None:
        told(say("%(rule)s – %(doing)s", rule=_begun(name), doing=doing), percent)

    return tell


def shadow_rules(kind: Kind, like: AnyRule | None = None) -> dict[str, AnyRule]:
    """All rules but `like` that fit ballots of this kind, by name (see SHADOWS), with its limits, minima and order of ties.

    Ties end with the identifiers, so that no rule has to wait for a draw that nobody will hold.
    """
    shared: dict[str, Any] = {"tie_break": ("cheaper", "votes", "id")}
    if isinstance(like, TallyRule):
        shared = {name: getattr(like, name) for name in ("min_votes", "max_per_carrier", "limits")}
        shared["tie_break"] = (*(one for one in like.tie_break if one != "id"), "id")
    rules = {name: rule_from(of_kind, **shared, **_fitted(name, kind, parameters)) for name, (of_kind, parameters) in _RULES.items()}
    return {name: rule for name, rule in rules.items() if _fits(name, kind) and not _same(rule, like)}


def _fits(name: str, kind: Kind) -> bool:
    """Whether ballots of this kind hold what a rule asks for."""
    if name == "equal_shares_points":
        return kind in _POINTS
    return kind == "grades" if name == "majority_judgment" else kind != "approval" or name != "greedy_points"


def _fitted(name: str, kind: Kind, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {**parameters, "utility": _POINTS.get(kind, "points")} if name == "equal_shares_points" else dict(parameters)


def _same(rule: AnyRule, like: AnyRule | None) -> bool:
    """Whether a rule is `like` itself, the end of its ties apart."""
    return isinstance(rule, TallyRule) and isinstance(like, TallyRule) and rule == like.model_copy(update={"tie_break": rule.tie_break})


class _Have:
    """What each pile of ballots has under one outcome: winners it supports, and what they are given."""

    def __init__(self, election: Election, outcome: Outcome) -> None:
        given, own = paid(outcome), election.profile.supported()
        self.number: Whole = gained(own, [int(id in given) for id in election.ids])
        self.cents: Whole = gained(own, [given.get(id, 0) for id in election.ids])


def _compared(
    election: Election, name: str, rule: AnyRule, outcome: Outcome, have: _Have, first: tuple[Outcome, _Have], backers: Backers
) -> ComparedRule:
    shared = set(outcome.selected) & set(first[0].selected)
    return ComparedRule(
        name=name,
        rule=rule.model_dump(mode="json"),
        selected=outcome.selected,
        spent_cents=outcome.spent_cents,
        waits=bool(outcome.needs_draw),
        shared=len(shared),
        shared_cents=sum(cents for id, cents in paid(outcome).items() if id in shared),
        statistics=statistics(election, outcome),
        by_number=_preferred(election, have.number, first[1].number),
        by_money=_preferred(election, have.cents, first[1].cents),
        fair_by_money=certify(election, outcome.selected, "money", rule=rule, backers=backers),
        fair_by_number=certify(election, outcome.selected, "number", rule=rule, backers=backers),
    )


def _preferred(election: Election, own: Whole, other: Whole) -> Preference:
    many = election.profile.many
    more, less = int(many[own > other].sum()), int(many[own < other].sum())
    return Preference(more=more, less=less, same=election.valid - more - less)


def agreed(comparison: Comparison) -> tuple[str, ...]:
    """The projects that every rule chooses which need not wait for a draw, in the order of the first rule."""
    chosen = [set(one.selected) for one in comparison.rules if not one.waits]
    common = set.intersection(*chosen) if chosen else set()
    return tuple(id for id in comparison.rules[0].selected if id in common) if comparison.rules else ()
