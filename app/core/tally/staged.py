"""A count in stages: sub-envelopes, districts before the city, earmarked shares, cost bands, the best of each district before the rest."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, field_validator

from app.core.envelope.exact import exact
from app.core.messages import say
from app.core.money import share_out
from app.core.sentences import wrong
from app.core.tally.election import Election
from app.core.tally.limits import AnyLimit, Gate, MaxPer, MinVotes, needed_votes
from app.core.tally.outcome import Outcome
from app.core.tally.overflow import Queue, queue_of
from app.core.tally.progress import Told, part_told, untold
from app.core.tally.rule import Count, Counting
from app.core.tally.stage import Stage
from app.core.tally.staged_report import report
from app.core.tally.staged_run import Run


class Staged(Counting):
    """Stages one after another; what won in one no longer stands in the next, what lost may stand again.

    Fixed amounts are set aside first, in the order of the stages, then shares of the whole envelope; stages with neither live on
    the rest, each on all that is there when its turn comes, and on what earlier stages pass on. No cent is lost or invented: what
    all stages spend and keep and what remains of the rest make the envelope. An envelope too small for what is set aside
    is given out in the order of the stages. Each stage counts the ballots as if they named only the projects that stand in it.

    `min_votes`, `max_per_carrier` and `limits` hold over all stages together, beside those of each stage's own rule.
    "The k best of each district, then the best of all" is a stage with a limit of k for each district before one without.
    The counts of one stage follow one another in the order of its parts, and an earlier one may use up such a limit.
    In the rows of losers, `reason` tells of the last stage in which the project stood; how near it came is told for the stage in which
    the fewest votes were missing, the envelope being that of this part, and all that happened before it staying the same. The votes
    that a winner could have done without are those without which it would still have won in that stage.
    """

    kind: Literal["staged"] = "staged"
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=50)]
    min_votes: Count = 0
    max_per_carrier: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    limits: Annotated[tuple[AnyLimit, ...], Field(max_length=50)] = ()

    @field_validator("stages")
    @classmethod
    def _named_once(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        keys = [stage.key for stage in stages]
        for key in keys:
            if keys.count(key) > 1:
                raise wrong(say("The stage “%(key)s” is given twice.", key=key))
        if sum((exact(stage.share) for stage in stages if stage.share is not None), Fraction(0)) > 1:
            raise wrong(say("The shares of the stages add up to more than the whole envelope."))
        return stages

    def count(self, election: Election) -> Outcome:
        """Count every stage; the time is that of the counts it is made of."""
        return self.count_aloud(election, untold)

    def count_aloud(self, election: Election, told: Told) -> Outcome:
        """The same, told stage by stage."""
        return report(self._run(election, told), election)

    def set_aside(self, budget_cents: int) -> Mapping[str, int]:
        """For each stage with money of its own its cents; together at most the whole. Shares are parted by largest remainder."""
        shares = {stage.key: exact(stage.share) for stage in self.stages if stage.share is not None}
        rest = 1 - sum(shares.values(), Fraction(0))
        parted = dict(zip(shares, share_out(budget_cents, [*shares.values(), rest]), strict=False))
        amounts, left = {}, budget_cents
        for due in ({one.key: one.cents for one in self.stages if one.cents is not None}, parted):
            for key, cents in due.items():
                amounts[key] = min(cents, left)
                left -= amounts[key]
        return amounts

    def gate(self) -> Gate:
        """A fresh gate with the limits that hold over all stages."""
        own = () if self.max_per_carrier is None else (MaxPer(key="carrier", most=self.max_per_carrier),)
        return Gate(own + tuple(limit for limit in self.limits if not isinstance(limit, MinVotes)))

    def needed(self, election: Election) -> Mapping[str, int]:
        """For each project how many votes it needs to stand in any stage."""
        return needed_votes((limit for limit in self.limits if isinstance(limit, MinVotes)), self.min_votes, election)

    def with_queue(self, election: Election, told: Told = untold) -> tuple[Outcome, Queue, int]:
        """The outcome; the losers whom money alone kept out of the last stage in which they stood, stage by stage; the rest in cents."""
        run = self._run(election, told)
        waiting: list[tuple[str, ...]] = []
        for counted in run.counted:
            for group in queue_of(counted.stage.rule, counted.election, counted.outcome):
                last = tuple(id for id in group if run.last[id] is counted and not run.gate.full(election.project(id)))
                waiting += [last] if last else []
        return report(run, election), waiting, run.rest

    def _run(self, election: Election, told: Told) -> Run:
        run = Run(election, self.gate(), self.needed(election), self.set_aside(election.budget_cents))
        for place, stage in enumerate(self.stages):
            run.meet(stage, part_told(told, place, len(self.stages)))
        return run
