"""What all tally rules share: one way in, one way out; and what the rules that take projects one by one have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, field_validator

from app.core.envelope import Rule
from app.core.messages import say
from app.core.sentences import wrong
from app.core.tally.election import Election
from app.core.tally.limits import AnyLimit, Gate, MaxPer, MinVotes, needed_votes
from app.core.tally.outcome import Outcome
from app.core.tally.progress import Told
from app.core.tally.ties import Criterion

Count = Annotated[int, Field(strict=True, ge=0, le=10**9)]


class Counting(Rule):
    """Base of everything that chooses projects, rules made of other rules too."""

    kind: str

    @abstractmethod
    def count(self, election: Election) -> Outcome:
        """Choose the winners of this election and say why."""

    def count_aloud(self, election: Election, told: Told) -> Outcome:
        """The same count, which says on the way how far it is; the outcome is the same whoever listens."""
        told(say("Counting the ballots"), None)
        return self.count(election)


class TallyRule(Counting):
    """Base of every rule that takes projects one by one. `min_votes` 1 means that a project nobody chose never wins.

    `max_per_carrier` limits the awards of each carrier, projects without a carrier apart; None is no limit. `limits` holds any
    further limit (see `core.tally.limits`).
    """

    min_votes: Count = 1
    max_per_carrier: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    limits: Annotated[tuple[AnyLimit, ...], Field(max_length=50)] = ()
    tie_break: Annotated[tuple[Criterion, ...], Field(max_length=5)] = ("cheaper", "draw")

    @field_validator("tie_break")
    @classmethod
    def _each_once(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        if len(set(criteria)) < len(criteria):
            raise wrong(say("Name each way of breaking a tie once only."))
        return criteria

    def gate(self) -> Gate:
        """A fresh gate with the limits of this rule on what is taken."""
        own = () if self.max_per_carrier is None else (MaxPer(key="carrier", most=self.max_per_carrier),)
        return Gate(own + tuple(limit for limit in self.limits if not isinstance(limit, MinVotes)))

    def needed(self, election: Election) -> Mapping[str, int]:
        """For each project how many votes it needs to take part."""
        return needed_votes((limit for limit in self.limits if isinstance(limit, MinVotes)), self.min_votes, election)
