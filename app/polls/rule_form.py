"""The part of the form of a vote that says how ballots are counted: fields for people, and the frozen rule of core they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from app.core.ballots.grade_names import GradeNames
from app.core.forms import Cents, Form, Tick
from app.core.messages import say
from app.core.sentences import wrong
from app.core.tally import AnyRule, Compared, Completed, EqualShares, Greedy, Phragmen, Staged
from app.core.tally.limits import AnyLimit, MaxPer, MinVotes
from app.core.tally.majority import MajorityJudgment
from app.core.tally.overflow import Overflow
from app.polls.choices import MOST_VOTES, RANKING, SHARES, Completion, RuleChoice, Safeguard, TieChoice
from app.polls.rule_rows import Few, PartRow, PercentOrNone, QuotaRow, Sum, all_shares, blank

Plain: TypeAlias = Greedy | EqualShares | Phragmen | MajorityJudgment
TieOrNone: TypeAlias = Annotated[TieChoice | None, BeforeValidator(blank)]

RAISING = (Completion.EXHAUSTIVE, Completion.INFEASIBLE)
MOST_ROWS = 12
TIES = ("tie_first", "tie_second", "tie_third")
PER: tuple[tuple[str, str], ...] = (("max_per_theme", "theme"), ("max_per_country", "country"), ("max_per_district", "district"))
"""Field of the form -> what the projects have in common, for limits beside that of each carrier."""
SAME_SITE = MaxPer(key="site", most=1)


class RuleForm(Form):
    """How the ballots are counted. What does not belong to the rule chosen is refused at its field, never dropped in silence.

    `step` in cents is part of the published rule. `min_votes` and `min_percent` hold together: a project needs the most that one of
    them asks. With `safeguard` most votes first, in the same parts and under the same limits, is counted too (see `core.tally.compared`).
    `parts` divide the envelope; each is counted by the rule chosen, one after another. `reserve_percent` to `reserve_list` follow the
    count (see `core.tally.overflow`).
    """

    model_config = ConfigDict(validate_default=True)

    rule: RuleChoice
    winners: Few = None
    completion: Annotated[Completion | None, BeforeValidator(blank)] = None
    step: Cents = None
    fill: Tick = False
    safeguard: Annotated[Safeguard | None, BeforeValidator(blank)] = None
    min_votes: Annotated[int, Field(ge=0, le=10**9)] = 1
    min_percent: PercentOrNone = None
    max_per_carrier: Few = None
    max_per_theme: Few = None
    max_per_country: Few = None
    max_per_district: Few = None
    one_per_site: Tick = False
    quotas: Annotated[tuple[QuotaRow, ...], Field(max_length=MOST_ROWS)] = ()
    parts: Annotated[tuple[PartRow, ...], Field(max_length=MOST_ROWS)] = ()
    reserve_percent: PercentOrNone = None
    reserve_max: Sum = None
    partial: Tick = False
    reserve_list: Few = None
    tie_first: TieOrNone = None
    tie_second: TieOrNone = None
    tie_third: TieOrNone = None

    @field_validator("winners")
    @classmethod
    def _ranks(cls, typed: int | None, info: ValidationInfo) -> int | None:
        if typed is not None and info.data.get("rule", RuleChoice.PER_COST) not in RANKING:
            raise wrong(say("A number of winners belongs to rules that put the most votes, points or grades first. Empty this field."))
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

    @field_validator("quotas")
    @classmethod
    def _each_once(cls, rows: tuple[QuotaRow, ...]) -> tuple[QuotaRow, ...]:
        if len({row.who for row in rows}) < len(rows):
            raise wrong(say("Two quotas are about the same projects: make one of them."))
        return rows

    @field_validator("parts")
    @classmethod
    def _fit_together(cls, rows: tuple[PartRow, ...]) -> tuple[PartRow, ...]:
        if all_shares(rows) > 1:
            raise wrong(say("The percentages of the parts add up to more than the whole envelope."))
        return rows

    @field_validator("reserve_max")
    @classmethod
    def _of_a_reserve(cls, typed: int | None, info: ValidationInfo) -> int | None:
        if typed is not None and info.data.get("reserve_percent", "") is None:
            raise wrong(say("This limits the reserve: say first from which percentage it completes a project, or empty this field."))
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
        rule = self._counted()
        after = Overflow(
            reserve_percent=self.reserve_percent, reserve_cents=self.reserve_max, partial=self.partial, reserve_list=self.reserve_list or 0
        )
        return rule if after == Overflow() else Completed(rule=rule, after=after)

    def _counted(self) -> Plain | Staged | Compared:
        rule = self._in_parts(self._plain)
        return rule if self.safeguard is None else Compared(rule=rule, rival=self._in_parts(_most_votes), measure=self.safeguard.value)

    def _in_parts(self, made: Callable[[dict[str, Any]], Plain]) -> Plain | Staged:
        """This way of counting over the whole envelope, or in each of its parts, under the limits of all."""
        limits: dict[str, Any] = {"min_votes": self.min_votes, "max_per_carrier": self.max_per_carrier, "limits": self._limits()}
        ties = {"tie_break": (*(typed.value for name in TIES if (typed := getattr(self, name)) is not None), "draw")}
        if not self.parts:
            return made({**limits, **ties})
        own = {"min_votes": min(self.min_votes, 1), **ties}
        stages = tuple(row.stage(place, made({**own, "limits": row.limits()})) for place, row in enumerate(self.parts, 1))
        return Staged(stages=stages, **limits)

    def grade_names(self) -> GradeNames | None:
        """The grades on the ballots, the best first: a rule alone knows none."""
        return None

    def _plain(self, shared: dict[str, Any]) -> Plain:
        match self.rule:
            case RuleChoice.GREEDY_SKIP | RuleChoice.GREEDY_STOP:
                return Greedy.model_validate({"on_miss": self.rule.value.removeprefix("greedy_"), "winners": self.winners, **shared})
            case RuleChoice.PER_COST:
                return Greedy(utility="votes_per_cost", winners=self.winners, **shared)
            case RuleChoice.POINTS | RuleChoice.POINTS_PER_COST:
                return Greedy.model_validate({"utility": self.rule.value, "winners": self.winners, **shared})
            case RuleChoice.MAJORITY:
                return MajorityJudgment(winners=self.winners, grades=self.grade_names(), **shared)
            case RuleChoice.PHRAGMEN_STOP | RuleChoice.PHRAGMEN_SKIP:
                return Phragmen.model_validate({"on_miss": self.rule.value.removeprefix("phragmen_"), **shared})
            case RuleChoice.SHARES_COST | RuleChoice.SHARES_CARDINALITY | RuleChoice.SHARES_POINTS:
                assert self.completion is not None, "the check has refused to leave it open"
                step = {} if self.step is None else {"step_cents": self.step}
                chosen = {"utility": self.rule.value.removeprefix("shares_"), "completion": self.completion.value, **step}
                return EqualShares.model_validate({**chosen, "then": "greedy" if self.fill else None, **shared})

    def _limits(self) -> tuple[AnyLimit, ...]:
        limits: list[AnyLimit] = [] if self.min_percent is None else [MinVotes(percent=self.min_percent)]
        for name, key in PER:
            if (most := getattr(self, name)) is not None:
                limits.append(MaxPer.model_validate({"key": key, "most": most}))
        limits += [SAME_SITE] if self.one_per_site else []
        return (*limits, *(limit for row in self.quotas for limit in row.limits()))


def _most_votes(shared: dict[str, Any]) -> Greedy:
    return Greedy(**shared)


def _of_shares(typed: Any, info: ValidationInfo) -> None:
    """Refuse what was typed or ticked for Equal Shares where another rule is chosen."""
    if typed not in (None, False) and info.data.get("rule", RuleChoice.SHARES_COST) not in SHARES:
        raise wrong(say("This belongs to Equal Shares, which is not the rule chosen. Leave it empty."))
