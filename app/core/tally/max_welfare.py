"""Maximum welfare: the projects that fit the envelope and together are worth most to the voters. For comparison only."""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from app.core.tally.election import Election
from app.core.tally.max_welfare_reasons import belongs, left_out, note_of
from app.core.tally.max_welfare_solve import Problem, best_choice
from app.core.tally.outcome import Action, Outcome, Row, Status, Step
from app.core.tally.reasons import below_minimum
from app.core.tally.room import votes_needed
from app.core.tally.rule import TallyRule
from app.core.tally.scores import PLAIN, Scale, score


class MaxWelfare(TallyRule):
    """The choice with the highest total within the envelope and the limits; it gives no group of voters a part of its own.

    `utility` says what a project is worth: its cost for each vote ("cost"), 1 for each vote ("cardinality"), or the points that
    ballots give it by the `scale` ("points"; "borda" scales rankings k - 1 to 0). What is worth nothing is not taken.
    Other choices may have the same total: a note says whether there are. Of several the one is kept that takes more of the projects
    with most worth for their cost, then by `tie_break`, what only a draw could part by id. Margins are not looked for. The optimum is
    proposed by HiGHS and proved in whole numbers; where the proof would take too long a note says so.
    """

    kind: Literal["max_welfare"] = "max_welfare"
    utility: Literal["cost", "cardinality", "points", "borda"] = "cost"
    scale: Scale = PLAIN

    def worths(self, election: Election) -> dict[str, int]:
        """What each project adds to the total: cents times votes, votes, or points in units of the profile."""
        if self.utility in ("points", "borda"):
            scale = Scale(ranking="borda") if self.utility == "borda" else self.scale
            return dict(zip(election.ids, score(election.profile, scale).tolist(), strict=True))
        by_cost = self.utility == "cost"
        return {one.id: election.votes[one.id] * (one.cost_cents if by_cost else 1) for one in election.projects}

    def count(self, election: Election) -> Outcome:
        """Choose the projects. Raises ValueError where the ballots do not give points that the scale can read."""
        worths, needed = self.worths(election), self.needed(election)
        standing = [one for one in election.projects if worths[one.id] > 0 and election.votes[one.id] >= needed[one.id]]
        choice = best_choice(Problem.of(self, election, standing, worths))
        chosen = sorted(choice.ids, key=lambda id: (-worths[id], id))
        costs = (-election.project(id).cost_cents for id in chosen)
        left = list(accumulate(costs, initial=election.budget_cents))
        steps = tuple(Step(id, Action.BOUGHT, left[place], left[place + 1]) for place, id in enumerate(chosen))
        total = sum(worths[id] for id in chosen)
        return Outcome(
            selected=tuple(chosen),
            rows=self._rows(election, steps, worths),
            steps=steps,
            ties=(),
            budget_cents=election.budget_cents,
            spent_cents=election.budget_cents - left[-1],
            currency=election.currency,
            valid=election.valid,
            blank=election.blank,
            notes=note_of(self.utility, total, choice, election),
        )

    def _rows(self, election: Election, steps: tuple[Step, ...], worths: dict[str, int]) -> tuple[Row, ...]:
        taken = {step.project: step for step in steps}
        rest = sorted(set(election.ids).difference(taken), key=lambda id: (-worths[id], id))
        told = []
        for rank, id in enumerate([*taken, *rest], 1):
            project, votes, step = election.project(id), election.votes[id], taken.get(id)
            needed = votes_needed(self, election, project)
            reason = belongs(votes) if step else below_minimum(votes, needed) if votes < needed else left_out(votes)
            before, after = (step.left_before_cents, step.left_after_cents) if step else (None, None)
            points = worths[id] if self.utility in ("points", "borda") else None
            status = Status.WON if step else Status.LOST
            told.append(Row(id, rank, votes, project.cost_cents, status, reason, before, after, points=points))
        return tuple(told)
