"""The form that sets up a vote: ballot style, rule, ties and draw. It turns into the frozen values of core."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from app.core.ballots import AnyStyle, style_from
from app.core.forms import Cents, Text, errors_of
from app.core.messages import say
from app.core.presets import presets
from app.core.problems import Invalid
from app.core.sentences import wrong
from app.core.tally import AnyRule
from app.polls.choices import RuleChoice, StyleChoice
from app.polls.obstacles import obstacle
from app.polls.rule_form import RuleForm
from app.polls.rule_rows import Few


def _named(source: str) -> str:
    if len(source) < 10:
        raise wrong(say("Say which draw, held by whom, on which day: at least ten letters."))
    return source


class PollForm(RuleForm):
    """What is fixed before voting opens."""

    style: StyleChoice
    min_choices: Few = None
    max_choices: Few = None
    max_total: Cents = None
    draw_source: Annotated[Text, Field(max_length=500), AfterValidator(_named)]

    def ballot_style(self) -> AnyStyle:
        """The style as core knows it. Raises Invalid."""
        if self.style is StyleChoice.KNAPSACK:
            return style_from("knapsack", budget="envelope")
        given = {"min_choices": self.min_choices or 1, "max_choices": self.max_choices, "max_total_cents": self.max_total}
        try:
            return style_from("approval", **given)
        except ValidationError as faults:
            raise Invalid({name.rpartition("-")[2]: why for name, why in errors_of(faults).items()}) from None


def _whole(key: str) -> str:
    if key not in presets():
        raise wrong(say("There is no such preset."))
    if (why := obstacle(presets()[key])) is not None:
        raise wrong(why)
    return key


class PresetForm(PollForm):
    """A vote whose rule is that of a preset, kept whole: only the ballot and the draw are asked, whatever the form of a rule can say."""

    whole: Annotated[Text, AfterValidator(_whole)]
    rule: RuleChoice = RuleChoice.GREEDY_SKIP

    @model_validator(mode="after")
    def _nothing_else(self) -> Self:
        if self.model_fields_set & RuleForm.model_fields.keys():
            raise wrong(say("The rule of a preset is kept whole: nothing of it can be changed here."))
        return self

    def tally_rule(self) -> AnyRule:
        """The rule of the preset."""
        return presets()[self.whole].rule
