"""The form that sets up a vote: ballot style, rule, ties and draw. It turns into the frozen values of core."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from app.core.ballots import AnyStyle, style_from
from app.core.forms import Cents, Text, errors_of
from app.core.messages import say
from app.core.problems import Invalid
from app.core.sentences import wrong
from app.polls.choices import StyleChoice
from app.polls.rule_form import Few, RuleForm


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
