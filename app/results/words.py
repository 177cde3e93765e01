"""The headline and the ties in words anyone can read; the rules are told in `rule_words`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.messages import Message, Value, say, say_count
from app.core.money import Money
from app.core.tally import Row, Tie

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


def titled(row: Row, names: Mapping[str, str]) -> Row:
    """A row of the count whose sentences name projects by their titles: the count knows them by their identifiers alone."""
    nearest, parted = (one and by_title(one, names) for one in (row.nearest, row.parted))
    return replace(row, reason=by_title(row.reason, names), nearest=nearest, parted=parted)


def by_title(message: Message, names: Mapping[str, str]) -> Message:
    """The same sentence with titles in the place of identifiers."""
    return replace(message, values={key: _titled(value, names) for key, value in message.values.items()})


def _titled(value: Value, names: Mapping[str, str]) -> Value:
    match value:
        case Message():
            return by_title(value, names)
        case str():
            return names.get(value, value)
        case tuple():
            return tuple(_titled(one, names) for one in value)
        case _:
            return value


def tie_words(tie: Tie, names: Mapping[str, str], *, waits: bool) -> Message:
    """How a tie fell and whether it mattered; titles by id in `names`. `waits`: the count still needs a draw."""
    members = tuple(names[id] for id in tie.members)
    if not tie.by and waits:
        return say("Equal and not parted yet: %(members)s.", members=members)
    if not tie.by:
        return say("Equal, and nothing had to part them: %(members)s.", members=members)
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
