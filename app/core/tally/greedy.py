"""Greedy: the best project first, then the next, as long as the money lasts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby
from typing import Literal

from app.core.tally.election import Election, Project
from app.core.tally.greedy_margins import fewest, least_increase, places_to_win
from app.core.tally.greedy_walk import Walk
from app.core.tally.outcome import Action, Outcome, Row, Status, Step
from app.core.tally.reasons import below_minimum, greedy_reason, nearest, waits_for_draw
from app.core.tally.rule import TallyRule
from app.core.tally.ties import TieBreaker


class Greedy(TallyRule):
    """Projects in order of their score, each taken if it still fits the money that is left.

    `utility`: "votes" puts most votes first, "votes_per_cost" most votes for each unit of money. `on_miss`: a project
    that does not fit is skipped, or stops the count. Projects below `min_votes` take no part.
    In the rows, `missing_votes` leaves all other votes and the envelope as they are, `missing_cents` all votes; where an
    open tie would decide, it counts against the project, and a larger envelope is not looked for. Both are exact: one vote
    or one cent less is not enough.
    """

    kind: Literal["greedy"] = "greedy"
    utility: Literal["votes", "votes_per_cost"] = "votes"
    on_miss: Literal["skip", "stop"] = "skip"

    def count(self, election: Election) -> Outcome:
        """Choose the winners; time O(m²) for m projects, for the reasons of the losers."""
        votes = election.votes
        standing = [project.id for project in election.projects if votes[project.id] >= self.min_votes]
        breaker = TieBreaker(self.tie_break, election, votes)
        walk = Walk(election, self.max_per_carrier, stop=self.on_miss == "stop")
        scores = {id: self._score(election, id, votes) for id in standing}
        for _, equal in groupby(sorted(standing, key=scores.__getitem__), scores.__getitem__):
            walk.meet(breaker.arrange(equal))
        return Outcome(
            selected=tuple(step.project for step in walk.steps if step.action is Action.BOUGHT),
            rows=self._rows(election, walk),
            steps=tuple(walk.steps),
            ties=tuple(walk.ties),
            budget_cents=election.budget_cents,
            spent_cents=election.budget_cents - walk.left,
            currency=election.currency,
            valid=election.valid,
            blank=election.blank,
            needs_draw=walk.needs_draw,
        )

    def _score(self, election: Election, id: str, votes: Mapping[str, int]) -> tuple[int, Fraction]:
        """A key that sorts the best score first; a project that costs nothing has endless votes per cost."""
        cost = election.project(id).cost_cents
        if self.utility == "votes":
            return 1, Fraction(-votes[id])
        return (1, Fraction(-votes[id], cost)) if cost else (0 if votes[id] else 1, Fraction(0))

    def _rows(self, election: Election, walk: Walk) -> tuple[Row, ...]:
        steps = {step.project: step for step in walk.steps}
        below = sorted({project.id for project in election.projects} - set(walk.order), key=lambda id: (-election.votes[id], id))
        return tuple(self._row(election, id, rank, steps.get(id), walk) for rank, id in enumerate([*walk.order, *below], 1))

    def _row(self, election: Election, id: str, rank: int, step: Step | None, walk: Walk) -> Row:
        project, votes = election.project(id), election.votes[id]
        if step and step.action is Action.BOUGHT:
            reason = greedy_reason(step, project, votes, election.currency)
            return Row(id, rank, votes, project.cost_cents, Status.WON, reason, step.left_before_cents, step.left_after_cents)
        if step is None and id in walk.order:
            return Row(id, rank, votes, project.cost_cents, Status.OPEN, waits_for_draw(walk.needs_draw))
        reason = greedy_reason(step, project, votes, election.currency) if step else below_minimum(votes, self.min_votes)
        before, after = (step.left_before_cents, step.left_after_cents) if step else (None, None)
        more_votes, more_cents = (None, None) if walk.needs_draw else self._margins(election, project, walk)
        near = None if walk.needs_draw else nearest(more_votes, more_cents, election.currency)
        return Row(id, rank, votes, project.cost_cents, Status.LOST, reason, before, after, more_votes, more_cents, near)

    def _margins(self, election: Election, project: Project, walk: Walk) -> tuple[int | None, int | None]:
        stop, rivals = self.on_miss == "stop", [id for id in walk.order if id != project.id]
        field = [election.project(id) for id in rivals]
        places = places_to_win(project, field, election.budget_cents, self.max_per_carrier, stop=stop)
        scores = [self._score(election, id, election.votes) for id in rivals]

        def wins(more: int) -> bool:
            votes = {**election.votes, project.id: election.votes[project.id] + more}
            return votes[project.id] >= self.min_votes and self._place(election, project.id, votes, rivals, scores) < places

        more_votes = fewest(wins, self._most(election, project, field))
        if project.id not in walk.order or not walk.parted:
            return more_votes, None
        ahead = field[: walk.order.index(project.id)]
        return more_votes, least_increase(project, ahead, election.budget_cents, self.max_per_carrier, stop=stop)

    def _most(self, election: Election, project: Project, field: list[Project]) -> int:
        """As many further votes as put this project first, or surely into the field."""
        if self.utility == "votes":
            best = max((election.votes[other.id] for other in field), default=0)
        else:
            best = max((election.votes[other.id] * project.cost_cents // max(other.cost_cents, 1) for other in field), default=0)
        return max(best, self.min_votes) + 1 - election.votes[project.id]

    def _place(self, election: Election, id: str, votes: Mapping[str, int], rivals: list[str], scores: list[tuple[int, Fraction]]) -> int:
        """The place of this project among its rivals with these votes; behind all from whom nothing parts it."""
        score, breaker = self._score(election, id, votes), TieBreaker(self.tie_break, election, votes)
        first, last = bisect_left(scores, score), bisect_right(scores, score)
        return next((place for place in range(last, first, -1) if breaker.arrange((id, rivals[place - 1])).groups[0] != (id,)), first)
