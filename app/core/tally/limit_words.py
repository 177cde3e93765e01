"""The limits of a rule in words, before any count: what a project needs, and what projects share a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from app.core.envelope.exact import exact
from app.core.messages import Message, Value, say, say_count
from app.core.money import Money
from app.core.tally.limits import AnyLimit, MaxPer, MaxSpending, MinVotes

SAME: Mapping[str, Message] = {
    "carrier": say("of one carrier"),
    "site": say("on one site"),
    "district": say("of one district"),
    "theme": say("of one theme"),
    "country": say("in one country"),
    "scope": say("of one part of the ballot"),
}


Named: TypeAlias = Callable[[str, str], Value]
"""What one theme, country … is called, from its key ("theme") and its value."""


def as_written(_key: str, value: str) -> Value:
    """The value itself, where nobody knows a name for it."""
    return value


def limit_words(limits: Iterable[AnyLimit], currency: str, named: Named = as_written) -> list[Message]:
    """A sentence for each limit, in their order."""
    return [sentence for limit in limits for sentence in _words(limit, currency, named)]


def _words(limit: AnyLimit, currency: str, named: Named) -> list[Message]:
    match limit:
        case MaxPer():
            return [
                say_count(
                    "Of the projects %(which)s, %(count)d can win at most.",
                    "Of the projects %(which)s, %(count)d can win at most.",
                    limit.most,
                    which=_which(limit, named),
                )
            ]
        case MaxSpending():
            return [
                say(
                    "The projects %(which)s get %(money)s together at most.", which=_which(limit, named), money=Money(limit.cents, currency)
                )
            ]
        case MinVotes():
            return _needed(limit)


def _which(limit: MaxPer | MaxSpending, named: Named) -> Message:
    same, value = SAME[limit.key], limit.value
    return same if value is None else say("%(same)s (%(value)s)", same=same, value=named(limit.key, value))


def _needed(limit: MinVotes) -> list[Message]:
    """What a project needs; with several conditions it needs the most that one of them asks."""
    words = []
    if limit.votes > 1:
        words.append(say("A project needs at least %(votes)d votes.", votes=limit.votes))
    if limit.percent is not None:
        words.append(say("A project needs the votes of %(share)s of all ballots.", share=exact(limit.percent) / 100))
    if limit.per_cost is not None:
        words.append(
            say(
                "Who asks for more needs more votes: the project's part of the envelope, divided by %(number)d, as a part of all ballots.",
                number=limit.per_cost,
            )
        )
    if limit.scope is None:
        return words
    return [say("For the projects of %(scope)s: %(rule)s", scope=limit.scope, rule=one) for one in words]
