"""The part of the form of a vote that says how ballots are counted: fields for people, and the frozen rule of core they make."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from app.core.envelope.exact import Percent
from app.core.forms import Cents, Form, Tick
from app.core.messages import say
from app.core.sentences import wrong
from app.core.tally import AnyRule, EqualShares, Greedy, Phragmen
from app.core.tally.compared import Compared
from app.core.tally.limits import AnyLimit, MaxPer, MinVotes
from app.polls.choices import MOST_VOTES, RANKING, SHARES, Completion, RuleChoice, Safeguard, TieChoice


def _blank(typed: Any) -> Any:
    """None for what was left empty."""
    return None if isinstance(typed, str) and not typed.strip() else typed


def _without_sign(typed: Any) -> Any:
    """« 2,5 % » as people write it."""
    return _blank(typed.replace("%", "").strip() if isinstance(typed, str) else typed)


Few: TypeAlias = Annotated[Annotated[int, Field(ge=1, le=1000)] | None, BeforeValidator(_blank)]
"""A number from 1 to 1,000, or blank (None): no limit."""
TieOrNone: TypeAlias = Annotated[TieChoice | None, BeforeValidator(_blank)]

RAISING = (Completion.EXHAUSTIVE, Completion.INFEASIBLE)
TIES = ("tie_first", "tie_second", "tie_third")
PER: tuple[tuple[str, str], ...] = (("max_per_theme", "theme"), ("max_per_country", "country"))
"""Field of the form -> what the projects have in common, for limits beside that of each carrier."""


class RuleForm(Form):
    """How the ballots are counted. What does not belong to the rule chosen is refused at its field, never dropped in silence.

    `step` in cents is part of the published rule. `min_votes` and `min_percent` hold together: a project needs the most that one of
    them asks. With `safeguard` most votes first, under the same limits, is counted too (see `core.tally.compared`).
    """

    model_config = ConfigDict(validate_default=True)

    rule: RuleChoice
    winners: Few = None
    completion: Annotated[Completion | None, BeforeValidator(_blank)] = None
    step: Cents = None
    fill: Tick = False
    safeguard: Annotated[Safeguard | None, BeforeValidator(_blank)] = None
    min_votes: Annotated[int, Field(ge=0, le=10**9)] = 1
    min_percent: Annotated[Percent | None, BeforeValidator(_without_sign)] = None
    max_per_carrier: Few = None
    max_per_theme: Few = None
    max_per_country: Few = None
    tie_first: TieOrNone = None
    tie_second: TieOrNone = None
    tie_third: TieOrNone = None

    @field_validator("winners")
    @classmethod
    def _ranks(cls, typed: int | None, info: ValidationInfo) -> int | None:
        if typed is not None and info.data.get("rule", RuleChoice.PER_COST) not in RANKING:
            raise wrong(say("A number of winners belongs to the rules that put the most votes first. Empty this field."))
        return typed

    @field_validator("completion")
    @classmethod
    def _says_what_is_left(cls, typed: Completion | None, info: ValidationInfo) -> Completion | None:
        _of_shares(typed, info)
        if typed is None and info.data.get("rule") in SHARES:
            raise wrong(say("Say what becomes of the money left over."))
        return typed

    @field_validator("fill")
    @classmethod
    def _fills_shares(cls, typed: bool, info: ValidationInfo) -> bool:
        _of_shares(typed, info)
        return typed

    @field_validator("step")
    @classmethod
    def _steps(cls, typed: int | None, info: ValidationInfo) -> int | None:
        _of_shares(typed, info)
        completion = info.data.get("completion")
        if typed is not None and completion is Completion.NONE:
            raise wrong(say("No share is raised where money is left unspent. Empty this field."))
        if completion in RAISING and not typed:
            raise wrong(say("Enter the amount by which every share is raised each time, such as 0.10: it is part of the rule."))
        if typed is not None and typed < 1:
            raise wrong(say("Enter an amount above 0."))
        return typed

    @field_validator("safeguard")
    @classmethod
    def _compares_two(cls, typed: Safeguard | None, info: ValidationInfo) -> Safeguard | None:
        if typed is not None and info.data.get("rule") in MOST_VOTES:
            raise wrong(say("The comparison is with most votes first, which is the rule chosen. Choose no comparison."))
        return typed

    @field_validator(*TIES)
    @classmethod
    def _parts(cls, typed: TieChoice | None, info: ValidationInfo) -> TieChoice | None:
        before = [info.data.get(name) for name in TIES[: TIES.index(info.field_name or "")]]
        if typed is None:
            return typed
        if None in before:
            raise wrong(say("Fill in the choice before this one first."))
        if typed in before:
            raise wrong(say("Name each way of breaking a tie once only."))
        if typed is TieChoice.VOTES and info.data.get("rule") in MOST_VOTES:
            raise wrong(say("Projects that are equal under this rule have as many votes: choose another way."))
        return typed

    def tally_rule(self) -> AnyRule:
        """The rule as core knows it; what nothing else parts is left to the public draw."""
        shared: dict[str, Any] = {
            "min_votes": self.min_votes,
            "max_per_carrier": self.max_per_carrier,
            "limits": self._limits(),
            "tie_break": (*(typed.value for name in TIES if (typed := getattr(self, name)) is not None), "draw"),
        }
        rule = self._plain(shared)
        if self.safeguard is None:
            return rule
        return Compared(rule=rule, rival=Greedy(**shared), measure=self.safeguard.value)

    def _plain(self, shared: dict[str, Any]) -> Greedy | EqualShares | Phragmen:
        match self.rule:
            case RuleChoice.GREEDY_SKIP | RuleChoice.GREEDY_STOP:
                return Greedy.model_validate({"on_miss": self.rule.value.removeprefix("greedy_"), "winners": self.winners, **shared})
            case RuleChoice.PER_COST:
                return Greedy(utility="votes_per_cost", winners=self.winners, **shared)
            case RuleChoice.PHRAGMEN_STOP | RuleChoice.PHRAGMEN_SKIP:
                return Phragmen.model_validate({"on_miss": self.rule.value.removeprefix("phragmen_"), **shared})
            case RuleChoice.SHARES_COST | RuleChoice.SHARES_CARDINALITY:
                assert self.completion is not None, "the check has refused to leave it open"
                step = {} if self.step is None else {"step_cents": self.step}
                chosen = {"utility": self.rule.value.removeprefix("shares_"), "completion": self.completion.value, **step}
                return EqualShares.model_validate({**chosen, "then": "greedy" if self.fill else None, **shared})

    def _limits(self) -> tuple[AnyLimit, ...]:
        limits: list[AnyLimit] = [] if self.min_percent is None else [MinVotes(percent=self.min_percent)]
        for name, key in PER:
            if (most := getattr(self, name)) is not None:
                limits.append(MaxPer.model_validate({"key": key, "most": most}))
        return tuple(limits)


def _of_shares(typed: Any, info: ValidationInfo) -> None:
    """Refuse what was typed or ticked for Equal Shares where another rule is chosen."""
    if typed not in (None, False) and info.data.get("rule", RuleChoice.SHARES_COST) not in SHARES:
        raise wrong(say("This belongs to Equal Shares, which is not the rule chosen. Leave it empty."))
