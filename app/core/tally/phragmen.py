"""Phragmén's sequential rule: voters are given money at the same pace, and what they can pay for first is bought first."""

from __future__ import annotations

from typing import Literal

from app.core.tally.election import Election
from app.core.tally.outcome import Outcome, Step
from app.core.tally.phragmen_envelope import Recount
from app.core.tally.phragmen_ground import Ground
from app.core.tally.phragmen_report import rows, ties
from app.core.tally.rule import TallyRule


class Phragmen(TallyRule):
    """Each voter's load grows as what this voter supports is bought; next comes what leaves its supporters the lowest load.

    All supporters of a bought project then bear that same load, the `price` of its step (exact cents). In other words: each voter is
    given money at the same pace, and as soon as the supporters of a project hold its cost together, it is bought and they hold nothing.
    `on_miss`: the first project whose turn comes and that does not fit the money left stops the count, or is skipped. What asks for
    more than the whole envelope, or has no vote at all, takes no part. Only which projects a ballot supports is looked at.

    In the rows, `missing_votes` is the smallest number of further ballots naming only this project, `winning_cost_cents` changes its
    cost alone, `missing_cents` the envelope alone, the votes needed staying what they are; each is exact. With "skip" larger envelopes
    are looked for by counting again, so in large elections not far: then None is possible where one would do. `support`, where the
    count stopped, is the part of its cost that its supporters held. `spare_votes` is not looked for: it depends on whose votes they are.
    An open tie that would decide counts against the project, and no larger envelope is looked for. Sources: see `phragmen_run`.
    """

    kind: Literal["phragmen"] = "phragmen"
    on_miss: Literal["stop", "skip"] = "stop"

    def count(self, election: Election) -> Outcome:
        """Choose the winners; beside the index of the ballots each turn walks the supporters of a few projects."""
        ground, needed = Ground(election), self.needed(election)
        standing = [place for place, id in enumerate(election.ids) if ground.votes[place] >= max(needed[id], 1)]
        recount = Recount(self, ground, standing, stop=self.on_miss == "stop")
        run = recount.run
        return Outcome(
            selected=run.bought,
            rows=rows(self, recount),
            steps=tuple(
                Step(turn.project, turn.action, turn.left_before_cents, turn.left_after_cents, price=turn.level) for turn in run.turns
            ),
            ties=ties(recount),
            budget_cents=election.budget_cents,
            spent_cents=sum(election.project(id).cost_cents for id in run.bought),
            currency=election.currency,
            valid=election.valid,
            blank=election.blank,
            needs_draw=run.unparted,
        )
