"""The form that sets up a vote: ballot style, rule, ties and draw. It turns into the frozen values of core."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from app.core.ballots.grade_names import GradeNames
from app.core.forms import Text
from app.core.messages import say
from app.core.presets import presets
from app.core.sentences import wrong
from app.core.tally import AnyRule
from app.polls.choices import COUNTED, RULE_LABELS, STYLE_LABELS, RuleChoice
from app.polls.obstacles import ballots_needed, obstacle
from app.polls.rule_form import RuleForm
from app.polls.style_form import SCALES, StyleForm


def _named(source: str) -> str:
    if len(source) < 10:
        raise wrong(say("Say which draw, held by whom, on which day: at least ten letters."))
    return source


class PollForm(RuleForm, StyleForm):
    """What is fixed before voting opens."""

    draw_source: Annotated[Text, Field(max_length=500), AfterValidator(_named)]

    def grade_names(self) -> GradeNames:
        """The grades that the ballots offer: what is said of a count names them, and numbers none."""
        return SCALES[self.scale]

    @field_validator("rule")
    @classmethod
    def _counts_what_is_marked(cls, typed: RuleChoice, info: ValidationInfo) -> RuleChoice:
        style = info.data.get("style")
        if style is None or typed in COUNTED[style] or "whole" in cls.model_fields:
            return typed
        fitting = tuple(label for rule, label in RULE_LABELS.items() if rule in COUNTED[style])
        raise wrong(say("Such ballots (%(style)s) are counted in one of these ways: %(rules)s.", style=STYLE_LABELS[style], rules=fitting))


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
        needed = ballots_needed(self.tally_rule())
        if self.style not in needed:
            names = tuple(label for style, label in STYLE_LABELS.items() if style in needed)
            raise wrong(say("The rule of this preset needs other ballots: %(styles)s.", styles=names))
        return self

    def tally_rule(self) -> AnyRule:
        """The rule of the preset."""
        return presets()[self.whole].rule
