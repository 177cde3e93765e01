"""The form that sets up a vote: ballot style, rule, ties and draw. It turns into the frozen values of core."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError

from app.core.ballots import AnyStyle, Approval, style_from
from app.core.forms import Cents, Form, Text, Tick, errors_of
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.core.tally import EqualShares, Greedy

Few: TypeAlias = Annotated[Annotated[int, Field(ge=1, le=1000)] | None, BeforeValidator(lambda typed: typed or None)]
"""A number from 1 to 1,000, or blank (None): no limit."""


class StyleChoice(StrEnum):
    """How one ballot is filled."""

    APPROVAL = "approval"
    KNAPSACK = "knapsack"


class RuleChoice(StrEnum):
    """How the ballots are counted."""

    GREEDY_SKIP = "greedy_skip"
    GREEDY_STOP = "greedy_stop"
    SHARES_COST = "shares_cost"
    SHARES_CARDINALITY = "shares_cardinality"


class Completion(StrEnum):
    """What Equal Shares does with the money left over."""

    NONE = "none"
    EXHAUSTIVE = "add1_until_exhaustive"
    INFEASIBLE = "add1_until_infeasible"


STYLE_LABELS: dict[StyleChoice, Message] = {
    StyleChoice.APPROVAL: say("Choose projects"),
    StyleChoice.KNAPSACK: say("Share out the envelope"),
}
RULE_LABELS: dict[RuleChoice, Message] = {
    RuleChoice.GREEDY_SKIP: say("Most votes first; a project that no longer fits is skipped"),
    RuleChoice.GREEDY_STOP: say("Most votes first; the count stops at the first project that does not fit"),
    RuleChoice.SHARES_COST: say("Equal Shares, a project being worth its cost to those who chose it"),
    RuleChoice.SHARES_CARDINALITY: say("Equal Shares, every project being worth the same"),
}
COMPLETION_LABELS: dict[Completion, Message] = {
    Completion.NONE: say("Leave it unspent"),
    Completion.EXHAUSTIVE: say("Raise every share until no further project fits"),
    Completion.INFEASIBLE: say("Raise every share as long as the envelope allows"),
}


class PollForm(Form):
    """What is fixed before voting opens."""

    style: StyleChoice
    min_choices: Few = None
    max_choices: Few = None
    max_total: Cents = None
    rule: RuleChoice
    completion: Completion = Completion.INFEASIBLE
    min_votes: Annotated[int, Field(ge=0, le=10**9)] = 1
    max_per_carrier: Few = None
    cheaper_first: Tick = False
    draw_source: Annotated[Text, Field(min_length=10, max_length=500)]

    def ballot_style(self) -> AnyStyle:
        """The style as core knows it. Raises Invalid."""
        if self.style is StyleChoice.KNAPSACK:
            return style_from("knapsack", budget="envelope")
        given = {"min_choices": self.min_choices or 1, "max_choices": self.max_choices, "max_total_cents": self.max_total}
        try:
            return style_from("approval", **given)
        except ValidationError as faults:
            raise Invalid({name.rpartition("-")[2]: why for name, why in errors_of(faults).items()}) from None

    def tally_rule(self) -> Greedy | EqualShares:
        """The rule as core knows it; what nothing else parts is left to the public draw."""
        shared: dict[str, Any] = {
            "min_votes": self.min_votes,
            "max_per_carrier": self.max_per_carrier,
            "tie_break": ("cheaper", "draw") if self.cheaper_first else ("draw",),
        }
        if self.rule in (RuleChoice.GREEDY_SKIP, RuleChoice.GREEDY_STOP):
            return Greedy.model_validate({"on_miss": self.rule.value.removeprefix("greedy_"), **shared})
        utility = self.rule.value.removeprefix("shares_")
        return EqualShares.model_validate({"utility": utility, "completion": self.completion.value, **shared})


def values_of(style: AnyStyle, rule: Greedy | EqualShares, draw_source: str) -> dict[str, Any]:
    """What the form shows of a poll that is set up."""
    values: dict[str, Any] = {"style": style.kind, "draw_source": draw_source, "min_votes": rule.min_votes}
    if isinstance(style, Approval):
        values |= {"min_choices": style.min_choices, "max_choices": style.max_choices}
        values |= {"max_total": None if style.max_total_cents is None else f"{style.max_total_cents / 100:.2f}"}
    values |= {"max_per_carrier": rule.max_per_carrier, "cheaper_first": "cheaper" in rule.tie_break}
    if isinstance(rule, Greedy):
        return values | {"rule": f"greedy_{rule.on_miss}"}
    return values | {"rule": f"shares_{rule.utility}", "completion": rule.completion}
