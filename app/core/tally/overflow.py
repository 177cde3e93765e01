"""After the count: what becomes of money that covers only a part of the next project, and who waits on the reserve list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from app.core.envelope.exact import Cents, Percent, Rule, exact
from app.core.messages import Message, say_count
from app.core.money import Money
from app.core.tally.election import Election, Project
from app.core.tally.greedy import Greedy
from app.core.tally.majority import MajorityJudgment
from app.core.tally.outcome import Action, Outcome, Row, Status, Step
from app.core.tally.reasons import waits_for_draw
from app.core.tally.rule import Counting, TallyRule
from app.core.tally.ties import TieBreaker

Queue: TypeAlias = Sequence[tuple[str, ...]]
"""Losers that wait for money, in the order of the result; those that nothing can part (yet) stand together."""

RANKING = ("greedy", "majority_judgment")
"""The rules whose result stands in the order of their scores, and whose ties are all told."""

FAR: dict[str, Any] = {"missing_votes": None, "missing_cents": None, "missing_points": None, "winning_cost_cents": None, "nearest": None}
"""How near a project came, once it is no loser any more."""


class Overflow(Rule):
    """What follows a count, in this order; each looks at the losers that no floor and no limit kept out, in the order of the result.

    `reserve_percent`: if what is left covers at least this part of the cost of the first of them, a reserve outside the envelope adds
    the rest, `reserve_cents` at most (None: whatever it takes). `partial`: else the first of them whose carrier accepts as much as
    there is (`Project.least_cents`) is given that. `reserve_list`: how many of those that still wait are named, in order; equal
    projects at its end that nothing can part are all named. A project that what is left would pay whole is no business of a
    reserve: whether it is taken is for the rule itself. Nothing is given once a rule has its number of winners. How near a loser
    came is told by the count before.
    Source of the reserve: the rules of Poznań, by which 80 % was enough.
    """

    reserve_percent: Percent | None = None
    reserve_cents: Cents | None = None
    partial: bool = False
    reserve_list: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0

    def follow(self, election: Election, outcome: Outcome, queue: Queue, left: int) -> Outcome:
        """The outcome with what follows it when `left` cents may be given; open where a public draw must first say who is next."""
        if outcome.needs_draw:
            return outcome
        done = self._spend(left, election, outcome, queue)
        waiting: list[str] = []
        for group in queue:
            if len(waiting) < self.reserve_list and not done.needs_draw:
                waiting += [id for id in group if id not in done.selected]
        return replace(done, reserve_list=tuple(waiting))

    def _spend(self, left: int, election: Election, outcome: Outcome, queue: Queue) -> Outcome:
        dear = [tuple(id for id in group if election.project(id).cost_cents > left) for group in queue]
        dear = [group for group in dear if group]
        if not left or not dear:
            return outcome
        if any(self._completes(election.project(id), left) for id in dear[0]):
            return _given(left, election, outcome, dear[0], Action.RESERVE)
        for group in dear if self.partial else ():
            if willing := tuple(id for id in group if _accepts(election.project(id), left)):
                return _given(left, election, outcome, willing, Action.PARTIAL)
        return outcome

    def _completes(self, project: Project, left: int) -> bool:
        """Whether the reserve adds what this project lacks."""
        if self.reserve_percent is None or left * 100 < exact(self.reserve_percent) * project.cost_cents:
            return False
        return self.reserve_cents is None or project.cost_cents - left <= self.reserve_cents


def queue_of(rule: Counting, election: Election, outcome: Outcome) -> Queue:
    """The losers of this count whom money or a number of winners kept out, next first. A panel leaves none: it chose among all."""
    if not isinstance(rule, TallyRule):
        return []
    gate, needed = rule.gate(), rule.needed(election)
    for id in outcome.selected:
        gate.give(election.project(id))
    least = rule.min_points * election.profile.unit if isinstance(rule, Greedy) else 0
    waiting = [
        row
        for row in outcome.rows
        if row.status is Status.LOST
        and row.votes >= max(needed[row.project], 1)
        and (row.points is None or row.points >= least)
        and not gate.full(election.project(row.project))
    ]
    breaker = TieBreaker(rule.tie_break, election, election.votes)
    equals = [[row.project for row in rows] for _, rows in groupby(waiting, lambda row: _rank(rule, outcome, row))]
    return [group for ids in equals for group in breaker.arrange(ids).groups]


def followed(after: Overflow | None, rule: Counting, election: Election, outcome: Outcome) -> Outcome:
    """The outcome of this rule with what follows it, if anything does."""
    return after.follow(election, outcome, queue_of(rule, election, outcome), free_cents(rule, outcome)) if after else outcome


def free_cents(rule: Counting, outcome: Outcome) -> int:
    """What this count leaves to give: nothing once it has all the winners that it may have."""
    most = rule.winners if isinstance(rule, Greedy | MajorityJudgment) else None
    return 0 if most is not None and len(outcome.selected) >= most else outcome.left_cents


def _rank(rule: TallyRule, outcome: Outcome, row: Row) -> tuple[object, ...]:
    """What equal projects have in common: rules that rank tell their ties; the losers of others stand by points and votes."""
    if rule.kind not in RANKING:
        return row.points, row.votes
    return next((("tie", index) for index, tie in enumerate(outcome.ties) if row.project in tie.members), ("alone", row.project))


def _accepts(project: Project, left: int) -> bool:
    return project.least_cents is not None and project.least_cents <= left


def _given(left: int, election: Election, outcome: Outcome, group: tuple[str, ...], action: Action) -> Outcome:
    """The first of this group has what is left; if nothing says which is first, the draw must."""
    id = group[0]
    if len(group) > 1:
        rows = tuple(_open(row, group) if row.project in group else row for row in outcome.rows)
        return replace(outcome, rows=rows, needs_draw=group)
    project = election.project(id)
    reason = _reason(action, outcome.row(id).votes, Money(project.cost_cents, outcome.currency), Money(left, outcome.currency))
    rows = tuple(_won(row, reason, left, action) if row.project == id else row for row in outcome.rows)
    return replace(
        outcome,
        selected=(*outcome.selected, id),
        rows=rows,
        steps=(*outcome.steps, Step(id, action, left, 0)),
        spent_cents=outcome.spent_cents + left,
        reserve_cents=project.cost_cents - left if action is Action.RESERVE else 0,
    )


def _won(row: Row, reason: Message, left: int, action: Action) -> Row:
    paid = left if action is Action.PARTIAL else None
    return replace(row, status=Status.WON, reason=reason, left_before_cents=left, left_after_cents=0, paid_cents=paid, **FAR)


def _open(row: Row, group: tuple[str, ...]) -> Row:
    return replace(row, status=Status.OPEN, reason=waits_for_draw(group), **FAR)


def _reason(action: Action, votes: int, cost: Money, left: Money) -> Message:
    if action is Action.PARTIAL:
        return say_count(
            "%(count)d vote; %(left)s was left of the %(cost)s it asks for, and its carrier accepts that.",
            "%(count)d votes; %(left)s was left of the %(cost)s it asks for, and its carrier accepts that.",
            votes,
            left=left,
            cost=cost,
        )
    return say_count(
        "%(count)d vote; %(left)s was left of the %(cost)s it asks for, and the reserve adds %(added)s.",
        "%(count)d votes; %(left)s was left of the %(cost)s it asks for, and the reserve adds %(added)s.",
        votes,
        left=left,
        cost=cost,
        added=cost - left,
    )
