"""The form of one rule: the fields of its kind first, then what every rule has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.core.eligibility import RULE_KINDS, AnyRule, BaseRule, Rulebook
from app.core.eligibility.purpose import CountryInList
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Missing
from app.editions.forms.drawn import Input, Options, data_of, defaults_of, errors_at, inputs, typed_of
from app.editions.models import Edition
from app.editions.reference import oda_countries

NO_RULE = say("There is no such rule. It may have been removed.")
NOT_EXPECTED = say("This field is not expected here.")
COMMON = tuple(BaseRule.model_fields)


def drawn_rule(kind: str, edition: Edition, *, new: bool) -> tuple[Input, ...]:
    """The inputs of a kind of rule; its key can be typed only once. Raises Missing for an unknown kind."""
    if kind not in RULE_KINDS:
        raise Missing(say("There is no such kind of rule."))
    model = RULE_KINDS[kind]
    offers: dict[str, Options] = {
        "themes": [(theme.key, theme.label) for theme in edition.themes],
        "redirect": [("", say("None")), *((scheme.key, scheme.label) for scheme in edition.redirects)],
    }
    skip = {"kind"} | (set() if new else {"key"}) | ({"officer"} if kind == "officer_question" else set())
    asked = inputs(model, skip=skip, offers=offers)
    own = [one for one in asked if one.path[0] not in COMMON]
    return (*own, *(one for one in asked if one.path[0] in COMMON))


def fresh(kind: str, edition: Edition) -> dict[str, Any]:
    """What the form of a new rule shows: defaults, and a key that is still free."""
    used = {rule.key for rule in edition.rulebook.rules}
    key = next(name for name in (kind, *(f"{kind}_{number}" for number in range(2, 300))) if name not in used)
    return defaults_of(drawn_rule(kind, edition, new=True)) | {"key": key, "position": str(len(used) + 1)}


def shown(rule: AnyRule, edition: Edition) -> dict[str, Any]:
    """What the form of an existing rule shows."""
    return typed_of(drawn_rule(rule.kind, edition, new=False), rule) | {"position": str(edition.rulebook.rules.index(rule) + 1)}


def read_rule(kind: str, typed: Mapping[str, Any], edition: Edition, *, key: str | None = None) -> AnyRule:
    """The rule typed. Raises Invalid with a sentence at each input; `key` is that of the rule being changed, None for a new one."""
    drawn = drawn_rule(kind, edition, new=key is None)
    if unknown := set(typed) - {one.name for one in drawn} - {"kind", "position"}:
        raise Invalid(dict.fromkeys(sorted(unknown), NOT_EXPECTED))
    data = data_of(drawn, typed) | {"kind": kind} | ({} if key is None else {"key": key})
    try:
        rule: Any = RULE_KINDS[kind].model_validate(data)
    except ValidationError as faults:
        raise Invalid(errors_at(faults, drawn, typed)) from None
    if key is None and rule.key in {other.key for other in edition.rulebook.rules}:
        raise Invalid({"key": say("Another rule already has this short name. Choose another.")})
    if isinstance(rule, CountryInList):
        _list_ships(rule)
    known: AnyRule = rule
    return known


def _list_ships(rule: CountryInList) -> None:
    try:
        oda_countries(rule.as_of)
    except Missing as problem:
        raise Invalid({"as_of": problem.message}) from None


def find_rule(rulebook: Rulebook, key: str) -> AnyRule:
    """The rule with this key. Raises Missing."""
    try:
        return rulebook.rule(key)
    except KeyError:
        raise Missing(NO_RULE) from None


def with_rule(rulebook: Rulebook, rule: AnyRule, position: str) -> Rulebook:
    """The rulebook with this rule at a position from 1 (typed, so checked here), in the place of the one with its key if there is one."""
    others = [other for other in rulebook.rules if other.key != rule.key]
    if not (position.isascii() and position.isdigit() and 1 <= int(position[:6]) <= len(others) + 1):
        raise Invalid({"position": say("Type a place between 1 and %(last)s.", last=len(others) + 1)})
    others.insert(int(position) - 1, rule)
    return Rulebook(rules=tuple(others))


def without_rule(rulebook: Rulebook, key: str) -> Rulebook:
    """The rulebook without this rule. Raises Missing."""
    gone = find_rule(rulebook, key)
    return Rulebook(rules=tuple(rule for rule in rulebook.rules if rule is not gone))


def moved(rulebook: Rulebook, key: str, direction: str) -> Rulebook:
    """The rulebook with this rule one place "up" or "down". Raises Conflict where it cannot move."""
    rules = list(rulebook.rules)
    at = rules.index(find_rule(rulebook, key))
    to = at - 1 if direction == "up" else at + 1
    if not 0 <= to < len(rules):
        raise Conflict(AT_THE_END)
    rules[at], rules[to] = rules[to], rules[at]
    return Rulebook(rules=tuple(rules))


AT_THE_END: Message = say("This rule is already at the end of the list.")
