"""The rule and the ties in words anyone can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.tally import EqualShares, Greedy, Tie

GREEDY: dict[str, Message] = {
    "votes": say("Projects are taken in order of their votes, as long as the envelope lasts."),
    "votes_per_cost": say("Projects are taken in order of their votes for each unit of money asked, as long as the envelope lasts."),
}
ON_MISS: dict[str, Message] = {
    "skip": say("A project that costs more than what is left is passed over, and the next one is looked at."),
    "stop": say("The count stops at the first project that costs more than what is left."),
}
UTILITY: dict[str, Message] = {
    "cost": say("Equal Shares: every voter holds the same part of the envelope; a project counts for its cost to those who chose it."),
    "cardinality": say("Equal Shares: every voter holds the same part of the envelope; each project counts for one to those who chose it."),
}
COMPLETION: dict[str, Message] = {
    "none": say("What no group of voters can spend stays unspent."),
    "add1_until_exhaustive": say("The parts are raised together until no further project fits in the envelope."),
    "add1_until_infeasible": say("The parts are raised together as long as the projects chosen fit in the envelope."),
}
CRITERIA: dict[str, Message] = {
    "cheaper": say("the smaller amount first"),
    "votes": say("more votes first"),
    "older": say("the older file first"),
    "id": say("the order of the identifiers"),
    "draw": say("the public draw"),
}


def in_turn(criteria: Sequence[str]) -> Message:
    """Criteria in the order in which they are asked; at least one."""
    first, *others = criteria
    return say("%(first)s, then %(others)s", first=CRITERIA[first], others=in_turn(others)) if others else CRITERIA[first]


def rule_words(rule: Greedy | EqualShares) -> list[Message]:
    """The rule as sentences: how projects are chosen, floors and limits, ties."""
    if isinstance(rule, Greedy):
        words = [GREEDY[rule.utility], ON_MISS[rule.on_miss]]
    else:
        words = [UTILITY[rule.utility], COMPLETION[rule.completion]]
    if rule.min_votes > 1:
        words.append(say("A project needs at least %(votes)d votes.", votes=rule.min_votes))
    if rule.max_per_carrier is not None:
        words.append(
            say_count("A carrier can win %(count)d project at most.", "A carrier can win %(count)d projects at most.", rule.max_per_carrier)
        )
    if rule.tie_break:
        words.append(say("Between equal projects: %(criteria)s.", criteria=in_turn(rule.tie_break)))
    return words


def tie_words(tie: Tie, names: Mapping[str, str]) -> Message:
    """How a tie fell and whether it mattered; titles by id in `names`."""
    members = tuple(names[id] for id in tie.members)
    if not tie.by:
        return say("Equal and not parted yet: %(members)s.", members=members)
    criteria = in_turn(tie.by)
    fell = say("Equal, and taken in this order: %(members)s. What told them apart: %(criteria)s.", members=members, criteria=criteria)
    if tie.mattered is None:
        return fell
    if tie.mattered:
        return say("%(fell)s Another order would have changed the winners.", fell=fell)
    return say("%(fell)s Another order would have changed nothing.", fell=fell)


def headline(winners: int, spent: Money, budget: Money) -> Message:
    """The result in one line: « 12 projets, 230 600 € sur 230 890 € »."""
    return say_count(
        "%(count)d project, %(spent)s of %(budget)s", "%(count)d projects, %(spent)s of %(budget)s", winners, spent=spent, budget=budget
    )
