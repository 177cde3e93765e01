"""One part of an envelope in words: its money, which projects stand in it, by which rule, and what becomes of what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from app.core.envelope.exact import exact
from app.core.messages import Message, say
from app.core.money import Money
from app.core.tally import AnyRule
from app.core.tally.limit_words import SAME, Named
from app.core.tally.overflow import Overflow
from app.core.tally.stage import Stage, Where

RuleWords: TypeAlias = Callable[[AnyRule, str, Named], list[Message]]
AfterWords: TypeAlias = Callable[[Overflow, str], list[Message]]

EACH: Mapping[str, Message] = {
    "carrier": say("Each carrier is counted by itself, with a part of this money."),
    "site": say("Each site is counted by itself, with a part of this money."),
    "district": say("Each district is counted by itself, with a part of this money."),
    "theme": say("Each theme is counted by itself, with a part of this money."),
    "country": say("Each country is counted by itself, with a part of this money."),
    "scope": say("Each part of the ballot is counted by itself, with a part of this money."),
}
HAVING: Mapping[str, Message] = {
    "carrier": say("projects that have a carrier"),
    "site": say("projects that have a site"),
    "district": say("projects that belong to a district"),
    "theme": say("projects that have a theme"),
    "country": say("projects that have a country"),
    "scope": say("projects that belong to a part of the ballot"),
}


def stage_words(stage: Stage, currency: str, named: Named, rule: RuleWords, after: AfterWords) -> list[Message]:
    """The part as one paragraph. `rule` and `after` say the rule it is counted by, and what follows its count."""
    words = _who(stage.where, currency, named)
    words += [EACH[stage.each]] if stage.each else []
    words += rule(stage.rule, currency, named) + (after(stage.after, currency) if stage.after else [])
    words += [say("What is left over here is kept.") if stage.leftover == "kept" else say("What is left over here goes to the next parts.")]
    said = words[0]
    for more in words[1:]:
        said = say("%(said)s %(more)s", said=said, more=more)
    if stage.cents is not None:
        return [say("%(name)s (%(money)s): %(rule)s", name=stage.called(None), money=Money(stage.cents, currency), rule=said)]
    if stage.share is not None:
        return [say("%(name)s (%(money)s): %(rule)s", name=stage.called(None), money=exact(stage.share), rule=said)]
    return [say("%(name)s (what is not set aside): %(rule)s", name=stage.called(None), rule=said)]


def _who(where: Where, currency: str, named: Named) -> list[Message]:
    """Which projects stand there; nothing where all do."""
    told = []
    for key in ("scope", "district", "theme", "country"):
        if value := getattr(where, key):
            told.append(say("projects %(same)s (%(value)s)", same=SAME[key], value=named(key, value)))
    if where.having:
        told.append(HAVING[where.having])
    if where.tag:
        told.append(say("projects marked “%(tag)s”", tag=where.tag))
    if where.without_tag:
        told.append(say("projects not marked “%(tag)s”", tag=where.without_tag))
    if where.above_cents is not None:
        told.append(say("projects asking more than %(money)s", money=Money(where.above_cents, currency)))
    if where.up_to_cents is not None:
        told.append(say("projects asking %(money)s at most", money=Money(where.up_to_cents, currency)))
    return [say("Only: %(which)s.", which=tuple(told))] if told else []
