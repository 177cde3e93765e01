"""The rulebook: every rule of an edition, as data that can be stored, hashed, drawn as a form and checked."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.core.eligibility.budget import Amount, BalancedBudget, ShareOfCost, TravelShare
from app.core.eligibility.carriers import AwardsPerCarrier, CarrierAge, CarrierKind, CarrierSeat, CarrierStanding, RepublicanCommitment
from app.core.eligibility.dossier import Context, Dossier
from app.core.eligibility.papers import Declaration, OfficerQuestion, PartnerLetter, RequiredDocument, TextRequired
from app.core.eligibility.purpose import CountryInList, Duration, NatureExcluded, StartAfter, Theme
from app.core.eligibility.rule import BaseRule, FileField, Finding
from app.core.forms import errors_of
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.core.sentences import wrong

AnyRule: TypeAlias = (
    CarrierKind
    | CarrierSeat
    | CarrierAge
    | CarrierStanding
    | RepublicanCommitment
    | AwardsPerCarrier
    | Amount
    | ShareOfCost
    | TravelShare
    | BalancedBudget
    | CountryInList
    | Theme
    | NatureExcluded
    | Duration
    | StartAfter
    | PartnerLetter
    | RequiredDocument
    | TextRequired
    | Declaration
    | OfficerQuestion
)
Rule: TypeAlias = Annotated[AnyRule, Field(discriminator="kind")]
RULE_KINDS: dict[str, type[BaseRule]] = {kind.model_fields["kind"].default: kind for kind in get_args(AnyRule)}


class PlainRule(NamedTuple):
    """A rule and the sentence it makes of its own parameters."""

    rule: AnyRule
    sentence: Message


class Rulebook(BaseModel):
    """The rules of an edition, in the order they are shown; keys are unique."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rules: tuple[Rule, ...] = ()

    @field_validator("rules")
    @classmethod
    def _keys_are_unique(cls, rules: tuple[AnyRule, ...]) -> tuple[AnyRule, ...]:
        keys = [rule.key for rule in rules]
        for key in keys:
            if keys.count(key) > 1:
                raise wrong(say("Two rules have the same key: %(key)s.", key=key))
        return rules

    def rule(self, key: str) -> AnyRule:
        """The rule with this key. Raises KeyError."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def check(self, dossier: Dossier, context: Context) -> tuple[Finding, ...]:
        """What each rule finds in the file: one finding per rule, in the order of the rulebook."""
        return tuple(rule.check(dossier, context) for rule in self.rules)

    def automatic_failures(self, dossier: Dossier, context: Context) -> tuple[Finding, ...]:
        """The findings that stand against a submitted file: a blocking rule broken, or not met for want of something."""
        return tuple(found for found in self.check(dossier, context) if found.unmet and self.rule(found.rule_key).blocking)

    def advice(self, dossier: Dossier, context: Context) -> tuple[Finding, ...]:
        """The findings of unmet rules that do not block."""
        return tuple(found for found in self.check(dossier, context) if found.unmet and not self.rule(found.rule_key).blocking)

    def officer_rules(self) -> tuple[AnyRule, ...]:
        """The rules an officer must answer before deciding."""
        return tuple(rule for rule in self.rules if rule.officer)

    def plain(self, context: Context | None = None) -> tuple[PlainRule, ...]:
        """Every rule with its generated plain sentence, for the page of rules in plain words."""
        return tuple(PlainRule(rule, rule.plain(context or Context())) for rule in self.rules)

    def fields(self) -> dict[str, FileField]:
        """Rule key -> the field of the file it serves."""
        return {rule.key: rule.field for rule in self.rules}

    def country_lists(self) -> frozenset[tuple[str, date]]:
        """The dated lists of countries a context must bring."""
        return frozenset((rule.list_id, rule.as_of) for rule in self.rules if isinstance(rule, CountryInList))


def read_rulebook(data: Any) -> Rulebook:
    """Parse `{"rules": […]}`. Raises Invalid: a path such as "rules-3-max_cents" -> a sentence."""
    try:
        return Rulebook.model_validate(data)
    except ValidationError as faults:
        errors = {_KIND_IN_PATH.sub(r"\1", path): sentence for path, sentence in errors_of(faults).items()}
        unknown = (fault["loc"] for fault in faults.errors() if fault["type"].startswith("union_tag"))
        errors |= {"-".join(map(str, place)): say("There is no such kind of rule.") for place in unknown}
        raise Invalid(errors) from faults


# Pydantic puts the kind between a rule's number and its field; no form field has that name.
_KIND_IN_PATH = re.compile(rf"^(rules-\d+)-(?:{'|'.join(RULE_KINDS)})(?=-|$)")
