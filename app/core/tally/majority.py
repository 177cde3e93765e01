"""Majority judgment: each voter grades projects in words, and the projects with the best majority grades win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from app.core.ballots.grade_names import GradeNames
from app.core.messages import Message
from app.core.tally.election import Election, Project
from app.core.tally.greedy_envelope import Terms, larger_envelope
from app.core.tally.greedy_walk import Walk
from app.core.tally.limits import MinVotes
from app.core.tally.majority_margins import GradeMargins
from app.core.tally.majority_order import Ungraded, apart, grade_counts, majority_grade, majority_key
from app.core.tally.majority_reasons import judged, majority_nearest, majority_reason, told_apart, too_few_judged
from app.core.tally.outcome import Action, Outcome, Row, Status, Step
from app.core.tally.reasons import waits_for_draw
from app.core.tally.rule import TallyRule
from app.core.tally.ties import TieBreaker

Counts: TypeAlias = Mapping[str, tuple[int, ...]]


class MajorityJudgment(TallyRule):
    """Projects in order of their majority value, each taken if it fits the money that is left, up to `winners` (None: no such limit).

    `grades` names the grades from the best to the worst, for the sentences; None numbers them from 0, the worst. `ungraded`: what a
    ballot leaves out counts as the "worst" grade, so that all projects have as many grades as there are ballots that are not blank; or
    it is "ignored", and each project has its own grades only, where `min_votes` keeps out those that few people judged. `on_miss`: a
    project that does not fit is skipped, or stops the count. A vote, for `min_votes` and ties, is a ballot that grades the project.
    A project that nobody judged never wins. In the rows, `grades` counts each grade as above, the worst first, `points` is the
    majority grade as a number, and `parted` says why the project before it with the same majority grade came first.

    `missing_votes` is the smallest number of voters with which the project wins once they give it the best grade instead of what they
    gave: those who thought least of it, where ungraded is worst those without a grade first, else as many of these as it lacks to
    `min_votes`. `spare_votes` is the largest number of voters, those who thought best of it, who could have given it the worst grade.
    `winning_cost_cents` and `missing_cents` leave all ballots as they are. All else stays the same, and an open tie counts against the
    project. A larger envelope is not looked for where votes needed depend on it, or a tie stays open, or the project had too few votes.
    Source: Balinski and Laraki, PNAS 2007, and "Majority Judgment", MIT Press 2011; see `majority_order`.
    """

    kind: Literal["majority_judgment"] = "majority_judgment"
    grades: GradeNames | None = None
    ungraded: Ungraded = "worst"
    winners: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    on_miss: Literal["skip", "stop"] = "skip"

    def count(self, election: Election) -> Outcome:
        """Choose the winners. Time O(k + m²) for k grades given and m projects. Raises ValueError on ballots without grades."""
        table = grade_counts(election.profile, None if self.grades is None else len(self.grades), self.ungraded).tolist()
        counts: dict[str, tuple[int, ...]] = {id: tuple(row) for id, row in zip(election.ids, table, strict=True)}
        needed = {id: max(votes, 1) for id, votes in self.needed(election).items()}
        keys = {id: majority_key(counts[id]) for id in election.ids if election.votes[id] >= needed[id]}
        breaker = TieBreaker(self.tie_break, election, election.votes)
        walk = Walk(election, self, stop=self.on_miss == "stop", winners=self.winners)
        for _, equal in groupby(sorted(keys, key=keys.__getitem__, reverse=True), keys.__getitem__):
            walk.meet(breaker.arrange(equal))
        return Outcome(
            selected=tuple(step.project for step in walk.steps if step.action is Action.BOUGHT),
            rows=self._rows(election, walk, counts, needed),
            steps=tuple(walk.steps),
            ties=tuple(walk.ties),
            budget_cents=election.budget_cents,
            spent_cents=election.budget_cents - walk.left,
            currency=election.currency,
            valid=election.valid,
            blank=election.blank,
            needs_draw=walk.needs_draw,
        )

    def _rows(self, election: Election, walk: Walk, counts: Counts, needed: Mapping[str, int]) -> tuple[Row, ...]:
        below = sorted(counts.keys() - set(walk.order), key=lambda id: (-election.votes[id], id))
        turns = {step.project: step for step in walk.steps}
        margins = GradeMargins(self, election, walk, counts, needed, self.ungraded)
        rows = []
        for rank, id in enumerate([*walk.order, *below], 1):
            row = self._row(election, walk, id, counts[id], turns.get(id), needed[id])
            row = row if walk.needs_draw else self._with_margins(election, walk, row, margins)
            parted = self._parting(counts, walk.order[rank - 2], id) if 1 < rank <= len(walk.order) else None
            rows.append(replace(row, rank=rank, parted=parted))
        return tuple(rows)

    def _row(self, election: Election, walk: Walk, id: str, counts: Sequence[int], turn: Step | None, needed: int) -> Row:
        project, votes, verdict = election.project(id), election.votes[id], judged(counts, self.grades or ())
        row = Row(id, 0, votes, project.cost_cents, Status.LOST, verdict, points=majority_grade(counts), grades=tuple(counts))
        if turn is None and votes < needed:
            return replace(row, reason=too_few_judged(votes, needed))
        if turn is None:
            return replace(row, status=Status.OPEN, reason=waits_for_draw(walk.needs_draw))
        ended_by = Action.STOPPED if walk.ended is None else walk.steps[walk.ended].action
        reason = majority_reason(verdict, turn, project, votes, election.currency, ended_by=ended_by, bar=walk.bars.get(id))
        status = Status.WON if turn.action is Action.BOUGHT else Status.LOST
        before, after = turn.left_before_cents, turn.left_after_cents
        return replace(row, status=status, reason=reason, left_before_cents=before, left_after_cents=after)

    def _with_margins(self, election: Election, walk: Walk, row: Row, margins: GradeMargins) -> Row:
        project = election.project(row.project)
        if row.status is Status.WON:
            return replace(row, spare_votes=margins.spare_votes(project) if walk.parted else None)
        votes, cents = margins.missing_votes(project), self._missing_cents(election, walk, project)
        cost = margins.winning_cost(project)
        near = majority_nearest(votes, cents, cost, election.currency)
        return replace(row, missing_votes=votes, missing_cents=cents, winning_cost_cents=cost, nearest=near)

    def _missing_cents(self, election: Election, walk: Walk, project: Project) -> int | None:
        by_envelope = any(isinstance(limit, MinVotes) and limit.per_cost for limit in self.limits)
        if by_envelope or not walk.parted or project.id not in walk.order:
            return None
        ahead = [election.project(id) for id in walk.order[: walk.order.index(project.id)]]
        terms = Terms(self.gate, self.on_miss == "stop", self.winners)
        enough = larger_envelope(project, ahead, election.budget_cents, terms)
        return None if enough is None else enough - election.budget_cents

    def _parting(self, counts: Counts, before: str, id: str) -> Message | None:
        """Why the project just before this one stands there, where both have the same majority grade."""
        parting = apart(counts[before], counts[id]) if majority_grade(counts[before]) == majority_grade(counts[id]) else None
        return None if parting is None else told_apart(before, parting, self.grades or (), len(counts[id]) - 1)
