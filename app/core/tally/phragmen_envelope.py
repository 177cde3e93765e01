"""The smallest larger envelope with which each loser of Phragmén's rule would have won, found by counting again."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.tally.outcome import Action
from app.core.tally.phragmen_ground import Ground
from app.core.tally.phragmen_run import Run, Runner
from app.core.tally.rule import TallyRule

MOST_RUNS = 2000
"""The most runs made in search of larger envelopes; fewer for large elections, so that all together walk MOST_MARKS marks."""

MOST_MARKS = 2_000_000


class Recount:
    """The count of one election, and the counts that would have been with other envelopes.

    `standing` are the places of all projects with enough votes; those that cost no more than the whole envelope take part.
    """

    def __init__(self, rule: TallyRule, ground: Ground, standing: list[int], *, stop: bool) -> None:
        self.ground, self.standing, self.stop = ground, standing, stop
        self._rule, self._budget = rule, ground.election.budget_cents
        self._runner = self._fresh(self._budget)
        self.run = self._runner.run()

    def again(self, first: Mapping[int, str]) -> Run:
        """The same count, some ties falling otherwise."""
        return self._fresh(self._budget).run(first)

    def larger(self) -> dict[str, int]:
        """For each losing project the smallest sufficient increase of the envelope, in cents, where one was found.

        Between two envelopes at which a turn changes nothing does, so they grow from one such change to the next. Where the first
        miss stops the count, the order of turns does not depend on the envelope while no dearer project enters: one run tells all.
        A tie that only a draw can part ends the search.
        """
        lost = {self.ground.election.ids[place] for place in self.standing}.difference(self.run.bought)
        found: dict[str, int] = {}
        envelope: int | None = self._budget
        for _ in range(max(3, min(MOST_RUNS, MOST_MARKS // max(len(self.ground.project), 1)))):
            if envelope is None or not lost:
                break
            enters = min((cost for place in self.standing if (cost := self.ground.cost[place]) > envelope), default=None)
            run, wins = self._with(envelope)
            if run.unparted or any(len(turn.equal.groups) < len(turn.equal.flat) for turn in run.turns):
                break
            for id in lost.intersection(wins):
                if enters is None or wins[id] < enters:
                    found[id] = wins[id] - self._budget
            lost.difference_update(found)
            misses = [] if self.stop else [turn for turn in run.turns if turn.action is Action.TOO_DEAR]
            gaps = [envelope + self.ground.cost[self.ground.place[turn.project]] - turn.left_before_cents for turn in misses]
            envelope = min([*gaps, *([] if enters is None else [enters])], default=None)
        return found

    def _fresh(self, highest_cost_cents: int, budget_cents: int | None = None) -> Runner:
        among = [place for place in self.standing if self.ground.cost[place] <= highest_cost_cents]
        budget = highest_cost_cents if budget_cents is None else budget_cents
        return Runner(self._rule, self.ground, among, budget, stop=self.stop)

    def _with(self, envelope: int) -> tuple[Run, dict[str, int]]:
        """A run with this envelope, and the envelope that each purchase asks for among the projects that take part now."""
        if not self.stop:
            run = self.run if envelope == self._budget else self._fresh(envelope).run()
            return run, dict.fromkeys(run.bought, envelope)
        endless = envelope + sum(self.ground.cost)
        if envelope > self._budget:
            run = self._fresh(envelope, endless).run()
        else:
            # What the count itself did is not done again.
            run = self._runner.onward(endless - envelope, self.run) if self.run.stopped else self.run
            endless = endless if self.run.stopped else envelope
        bought = [turn for turn in run.turns if turn.action is Action.BOUGHT]
        return run, {turn.project: max(envelope, endless - turn.left_after_cents) for turn in bought}
