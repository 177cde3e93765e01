"""From a greedy walk to rows: the rank of each project, why it won or lost, and how near it was."""

from __future__ import annotations

from typing import NamedTuple

from app.core.messages import Message
from app.core.tally.barred import barred
from app.core.tally.election import Election, Project
from app.core.tally.greedy_envelope import Terms, larger_envelope
from app.core.tally.greedy_margins import Rivals
from app.core.tally.greedy_reasons import (
    all_places_taken,
    greedy_reason,
    lower_cost,
    more_money,
    more_points,
    more_votes,
    nearest,
    too_few_points,
    with_points,
)
from app.core.tally.greedy_score import Scores
from app.core.tally.greedy_walk import Walk
from app.core.tally.outcome import Action, Row, Status, Step
from app.core.tally.reasons import below_minimum, waits_for_draw
from app.core.tally.room import votes_needed
from app.core.tally.rule import TallyRule


class Report:
    """The rows of one walk. `least_points` (in units of the profile) is what a project needs where points rank."""

    def __init__(self, rule: TallyRule, election: Election, scores: Scores, walk: Walk, terms: Terms, least_points: int) -> None:
        self._rule, self._election, self._scores, self._walk, self._terms = rule, election, scores, walk, terms
        self._least_points = least_points
        self._field = [election.project(id) for id in walk.order]
        self._rivals = Rivals(rule, election, scores, walk)

    def rows(self) -> tuple[Row, ...]:
        """Every project once: those that took part in their order, then the others, the nearest to taking part first."""
        below = set(self._election.ids).difference(self._walk.order)
        rest = sorted(below, key=lambda id: (-self._scores.amounts[id], id))
        steps = {step.project: step for step in self._walk.steps}
        return tuple(self._row(id, rank, steps.get(id)) for rank, id in enumerate([*self._walk.order, *rest], 1))

    def _row(self, id: str, rank: int, step: Step | None) -> Row:
        project, walk, scores = self._election.project(id), self._walk, self._scores
        points = None if scores.points is None else scores.points[id]
        if step is None and rank <= len(walk.order):
            waits = waits_for_draw(walk.needs_draw)
            return Row(id, rank, scores.votes[id], project.cost_cents, Status.OPEN, waits, points=points)
        before, after = (step.left_before_cents, step.left_after_cents) if step else (None, None)
        won = step is not None and step.action is Action.BOUGHT
        near = NOTHING if walk.needs_draw else self._won_by(project, rank - 1) if won else self._lost_by(project, rank - 1)
        return Row(
            id,
            rank,
            scores.votes[id],
            project.cost_cents,
            Status.WON if won else Status.LOST,
            self._reason(project, step),
            before,
            after,
            near.votes,
            near.cents,
            near.sentence,
            near.cost_cents,
            near.spare,
            points=points,
            missing_points=near.points,
        )

    def _reason(self, project: Project, step: Step | None) -> Message:
        votes, currency, points = self._scores.votes[project.id], self._election.currency, self._scores.points
        needed = votes_needed(self._rule, self._election, project)
        bar = self._walk.bars.get(project.id)
        if votes < needed:
            reason = below_minimum(votes, needed)
        elif step is None:
            reason = too_few_points(self._least_points // self._election.profile.unit)
        elif bar:
            reason = barred(votes, bar, project, currency)
        elif step.action is Action.STOPPED and self._complete():
            reason = all_places_taken(votes, self._terms.winners or 0)
        else:
            reason = greedy_reason(step, project, votes, currency)
        return reason if points is None else with_points(points[project.id], self._election.profile.unit, reason)

    def _complete(self) -> bool:
        ended = self._walk.ended
        return ended is not None and self._walk.steps[ended].action is Action.BOUGHT

    def _won_by(self, project: Project, place: int) -> Near:
        spare = self._rivals.spare(project, place) if self._walk.parted and self._scores.points is None else None
        return NOTHING._replace(spare=spare)

    def _lost_by(self, project: Project, place: int) -> Near:
        needed, currency = votes_needed(self._rule, self._election, project), self._election.currency
        by_points, enough = self._scores.points is not None, max(self._scores.votes[project.id], 1) >= needed
        least = self._least_points if by_points else needed
        more = self._rivals.missing(project, least) if enough or not by_points else None
        short = by_points and self._scores.amounts[project.id] < least
        cost = None if short else self._rivals.winning_cost(project)
        cents = None
        if self._walk.parted and place < len(self._walk.order):
            envelope = larger_envelope(project, self._field[:place], self._election.budget_cents, self._terms)
            cents = None if envelope is None else envelope - self._election.budget_cents
        votes, points = (None, more) if by_points else (more, None)
        further = more_points(points, self._election.profile.unit) if by_points else more_votes(votes)
        sentence = nearest(further, more_money(cents, currency), lower_cost(cost, currency))
        return Near(votes, points, cents, cost, None, sentence)


class Near(NamedTuple):
    """How near it was: what a loser lacked, or the votes a winner had to spare."""

    votes: int | None
    points: int | None
    cents: int | None
    cost_cents: int | None
    spare: int | None
    sentence: Message | None


NOTHING = Near(None, None, None, None, None, None)
