"""The count again, one step at a time: what was looked at, what was done and what was left. Read from the published outcome alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from app.core.ballots.grade_names import PARIS, grade_word
from app.core.messages import Localised, Message, say, say_count
from app.core.money import Money
from app.core.problems import Missing
from app.core.tally import AnyRule, Compared, Completed, EqualShares, Staged
from app.core.tally.majority import MajorityJudgment
from app.core.tally.outcome import Action, Outcome, Row, Step
from app.results.queries import Result
from app.results.words import by_title

TAKEN = (Action.BOUGHT, Action.PARTIAL, Action.RESERVE)
AROUND = 3
"""How many projects of the queue are shown before and after the one that is looked at."""


@dataclass(frozen=True)
class Brick:
    """A project paid so far: its title and what it took of the envelope, in cents; `new`: in this very step."""

    id: str
    title: str
    cents: int
    new: bool


@dataclass(frozen=True)
class Queued:
    """A place of the queue: `part` is its score as a part of the best one (0 to 1), `fate` what became of it, None if nothing yet."""

    title: str
    score: Fraction
    part: Fraction
    here: bool
    fate: Action | None


@dataclass(frozen=True)
class Purse:
    """What its supporters held and gave, in cents: each of `payers` gave `price`, `part_payers` gave all they had left.

    `by_point`: the price is that of one point, and each gave it as often as the points on their ballot.
    """

    held: Money
    given: Money
    price: Money
    payers: int
    part_payers: int
    by_point: bool = False

    @property
    def part(self) -> Fraction:
        """What they gave, as a part of what they held."""
        return Fraction(self.given.cents, max(self.held.cents, self.given.cents, 1))


@dataclass(frozen=True)
class Grade:
    """How many ballots gave one grade, the best first; `median`: the majority grade is this one."""

    word: Message | Localised
    many: int
    part: Fraction
    median: bool


@dataclass(frozen=True)
class Frame:
    """One step: its number from 1, what happened in a sentence, and what to draw of it. Parts that the rule does not have are empty."""

    number: int
    of: int
    id: str
    title: str
    action: Action
    said: Message
    bricks: tuple[Brick, ...]
    budget: Money
    left_before: Money
    left: Money
    stage: Message | None
    queue: tuple[Queued, ...] = ()
    by_votes: bool = False
    purse: Purse | None = None
    grades: tuple[Grade, ...] = ()
    parted: Message | None = None

    @property
    def taken(self) -> bool:
        """Whether the project was paid in this step."""
        return self.action in TAKEN


def can_replay(result: Result) -> bool:
    """Whether there are steps to show: the rule has turns, all of them are published, and no draw is awaited."""
    return bool(result.outcome.steps) and not result.few


def frame_of(result: Result, number: int) -> Frame:
    """The step of this number, from 1. Raises Missing where the count has no such step, or only totals are published."""
    result.refuse_few()
    outcome = result.outcome
    if not 1 <= number <= len(outcome.steps):
        raise Missing(say("The count has no step of this number."))
    step = outcome.steps[number - 1]
    row = outcome.row(step.project)
    return Frame(
        number=number, of=len(outcome.steps), id=step.project, title=result.names[step.project], action=step.action,
        said=_said(step, row, result.names, outcome.currency, by_point=_by_point(result.rule)),
        bricks=_bricks(outcome, number, result.names),
        budget=result.money(_budget(outcome, step)), left_before=result.money(step.left_before_cents),
        left=result.money(step.left_after_cents), stage=_stage(outcome, step), queue=_queue(outcome, number, result.names),
        by_votes=_ranked_by_votes(outcome),
        purse=_purse(step, outcome.currency, by_point=_by_point(result.rule)), grades=_grades(row, result.rule),
        parted=row.parted and by_title(row.parted, result.names),
    )  # fmt: skip


def all_said(result: Result) -> list[tuple[Step, str, Message]]:
    """Every step in one sentence, with the title of its project."""
    outcome = result.outcome
    told = ((step, outcome.row(step.project)) for step in outcome.steps)
    by_point = _by_point(result.rule)
    names, currency = result.names, outcome.currency
    return [(step, names[step.project], _said(step, row, names, currency, by_point=by_point)) for step, row in told]


def _by_point(rule: AnyRule) -> bool:
    """Whether supporters pay by the point: the price of a step is then that of one point."""
    plain = _plain(rule)
    return isinstance(plain, EqualShares) and plain.utility in ("points", "borda", "grades")


def _plain(rule: AnyRule) -> AnyRule:
    """The rule itself, without what was wrapped around it; of a count in stages the rule of the first."""
    while isinstance(rule, Compared | Completed):
        rule = rule.rule
    return _plain(rule.stages[0].rule) if isinstance(rule, Staged) else rule


def _said(step: Step, row: Row, names: Mapping[str, str], currency: str, *, by_point: bool) -> Message:
    title, cost = names[step.project], Money(row.cost_cents, currency)
    before, after = Money(step.left_before_cents, currency), Money(step.left_after_cents, currency)
    match step.action:
        case Action.BOUGHT if step.payers is not None and step.held is not None:
            return _paid(step, title, cost, by_point=by_point)
        case Action.BOUGHT:
            return say("“%(title)s” costs %(cost)s and %(left)s are left: it is chosen.", title=title, cost=cost, left=before)
        case Action.PARTIAL:
            paid = Money(step.left_before_cents - step.left_after_cents, currency)
            return say(
                "“%(title)s” asks for %(cost)s; its carrier accepted less, and it is chosen for %(paid)s.",
                title=title,
                cost=cost,
                paid=paid,
            )
        case Action.RESERVE:
            return say("“%(title)s” costs %(cost)s; %(left)s are left, and the reserve adds the rest.", title=title, cost=cost, left=before)
        case Action.TOO_DEAR:
            return say("“%(title)s” costs %(cost)s and only %(left)s are left: it is passed over.", title=title, cost=cost, left=before)
        case Action.CARRIER:
            return say("“%(title)s” is passed over: its carrier has already won as often as it may.", title=title)
        case Action.LIMIT:
            return say("“%(title)s” is passed over: a limit of the rule is reached.", title=title)
        case Action.STOPPED:
            return say("“%(title)s” is not looked at any more: the count has stopped, with %(left)s left.", title=title, left=after)


def _paid(step: Step, title: str, cost: Money, *, by_point: bool) -> Message:
    each, many = _rounded_up(step.price, cost.currency), (step.payers or 0) + (step.part_payers or 0)
    paid = say_count(
        "“%(title)s” costs %(cost)s. The %(count)d supporter with money left pays it: %(price)s for each point given.",
        "“%(title)s” costs %(cost)s. The %(count)d supporters with money left pay it together: %(price)s for each point given.",
        many, title=title, cost=cost, price=each,
    ) if by_point else say_count(
        "“%(title)s” costs %(cost)s. The %(count)d supporter with money left pays it: %(price)s.",
        "“%(title)s” costs %(cost)s. The %(count)d supporters with money left pay it together: %(price)s each.",
        many, title=title, cost=cost, price=each,
    )  # fmt: skip
    if not step.part_payers:
        return paid
    return say_count(
        "%(paid)s %(count)d of them had less left, and gives all of it.", "%(paid)s %(count)d of them had less left, and give all of it.",
        step.part_payers, paid=paid,
    )  # fmt: skip


def _rounded_up(price: Fraction | None, currency: str) -> Money:
    """What each pays, to the next cent, as the table of results says it."""
    return Money(ceil(price or 0), currency)


def _bricks(outcome: Outcome, number: int, names: Mapping[str, str]) -> tuple[Brick, ...]:
    steps = outcome.steps[:number]
    here = steps[-1]
    return tuple(
        Brick(one.project, names[one.project], one.left_before_cents - one.left_after_cents, one is here)
        for one in steps if one.action in TAKEN and one.stage == here.stage
    )  # fmt: skip


def _budget(outcome: Outcome, step: Step) -> int:
    portion = next((one for one in outcome.portions if one.stage == step.stage), None)
    return portion.budget_cents if portion else outcome.budget_cents


def _stage(outcome: Outcome, step: Step) -> Message | None:
    return next((one.name for one in outcome.portions if one.stage == step.stage), None)


def _queue(outcome: Outcome, number: int, names: Mapping[str, str]) -> tuple[Queued, ...]:
    """The places around this one, where the rule ranks: before them what became of each, after them what comes next."""
    here = outcome.steps[number - 1]
    turns = [one for one in outcome.steps if one.stage == here.stage]
    if any(one.score is None for one in turns):
        return ()
    at, best = turns.index(here), max(max((one.score or Fraction() for one in turns), default=Fraction()), Fraction(1, 10**9))
    shown = range(max(at - AROUND, 0), min(at + AROUND + 1, len(turns)))
    return tuple(
        Queued(names[turns[place].project], turns[place].score or Fraction(), max((turns[place].score or Fraction()) / best, Fraction()),
               place == at, turns[place].action if place < at else None)
        for place in shown
    )  # fmt: skip


def _ranked_by_votes(outcome: Outcome) -> bool:
    """Whether what ranks the projects is just their votes."""
    return all(one.score == outcome.row(one.project).votes for one in outcome.steps)


def _purse(step: Step, currency: str, *, by_point: bool) -> Purse | None:
    if step.held is None or step.price is None or step.payers is None:
        return None
    given, held = (Money(int(cents), currency) for cents in (step.left_before_cents - step.left_after_cents, step.held))
    return Purse(held, given, _rounded_up(step.price, currency), step.payers, step.part_payers or 0, by_point)


def _grades(row: Row, rule: AnyRule) -> tuple[Grade, ...]:
    """The grades of a project, the best first."""
    if not row.grades:
        return ()
    all, names = max(sum(row.grades), 1), _names(rule, len(row.grades))
    return tuple(
        Grade(names[len(row.grades) - 1 - mark], row.grades[mark], Fraction(row.grades[mark], all), mark == row.points)
        for mark in range(len(row.grades) - 1, -1, -1)
    )


def _names(rule: AnyRule, many: int) -> tuple[Message | Localised, ...]:
    judged = _plain(rule)
    named = judged.grades if isinstance(judged, MajorityJudgment) and judged.grades else PARIS if many == len(PARIS) else ()
    return tuple(map(grade_word, named)) or tuple(say("Grade %(number)d", number=mark) for mark in range(many - 1, -1, -1))
