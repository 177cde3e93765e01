"""Greedy: the best project first, then the next, as long as the money lasts."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Literal

from pydantic import Field

from app.core.tally.election import Election
from app.core.tally.greedy_envelope import Terms
from app.core.tally.greedy_report import Report
from app.core.tally.greedy_score import Scores, Utility
from app.core.tally.greedy_walk import Walk
from app.core.tally.outcome import Action, Outcome
from app.core.tally.rule import TallyRule
from app.core.tally.scores import PLAIN, Scale
from app.core.tally.ties import TieBreaker


class Greedy(TallyRule):
    """Projects in order of their score, each taken if it still fits the money that is left.

    `utility`: "votes" puts most votes first, "votes_per_cost" most votes for each unit of money, "points" and "points_per_cost"
    most points, as the ballots and the published `scale` give them. `on_miss`: a project that does not fit is skipped, or stops the
    count. `winners`: no more than so many win; None is no limit. Projects with too few votes, or where points rank with fewer
    than `min_points` (whole points; 0 keeps out what more voters are against than for), take no part.

    In the rows, `missing_votes` leaves the votes of all others and the envelope as they are, `missing_points`, where points rank, also
    all numbers of votes (a project without a vote gets one), `missing_cents` all votes and the votes needed; `winning_cost_cents`
    changes this project's cost alone. Each is exact: one vote, one point, one cent less is not enough. An open tie that would decide
    counts against the project; where one is open, a larger envelope is not looked for, nor `spare_votes`, which says how many of its
    votes a winner could have done without. Time O(m log m) for m projects beside counting the ballots; the reasons O(m²), quick ones.
    """

    kind: Literal["greedy"] = "greedy"
    utility: Utility = "votes"
    on_miss: Literal["skip", "stop"] = "skip"
    winners: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    min_points: Annotated[int, Field(strict=True, ge=0, le=10**9)] = 0
    scale: Scale = PLAIN

    def count(self, election: Election) -> Outcome:
        """Choose the winners. Raises ValueError where the ballots do not give points that the scale can read."""
        scores = Scores.of(election, self.utility, self.scale)
        costs = {project.id: project.cost_cents for project in election.projects}
        shown = {id: scores.shown(amount, costs[id], election.profile.unit) for id, amount in scores.amounts.items()}
        walk = Walk(election, self, stop=self.on_miss == "stop", winners=self.winners, scores=shown)
        breaker = TieBreaker(self.tie_break, election, scores.votes)
        keys = {id: scores.key(scores.amounts[id], costs[id]) for id in self._standing(election, scores)}
        for _, equal in groupby(sorted(keys, key=keys.__getitem__), keys.__getitem__):
            walk.meet(breaker.arrange(equal))
        terms = Terms(self.gate, self.on_miss == "stop", self.winners)
        return Outcome(
            selected=tuple(step.project for step in walk.steps if step.action is Action.BOUGHT),
            rows=Report(self, election, scores, walk, terms, self.min_points * election.profile.unit).rows(),
            steps=tuple(walk.steps),
            ties=tuple(walk.ties),
            budget_cents=election.budget_cents,
            spent_cents=election.budget_cents - walk.left,
            currency=election.currency,
            valid=election.valid,
            blank=election.blank,
            needs_draw=walk.needs_draw,
        )

    def _standing(self, election: Election, scores: Scores) -> list[str]:
        needed, points = self.needed(election), scores.points
        standing = [id for id in election.ids if scores.votes[id] >= needed[id]]
        if points is None:
            return standing
        return [id for id in standing if points[id] >= self.min_points * election.profile.unit]
