"""What all tally rules share: a floor of votes, awards per carrier, and the order in which ties are broken."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from typing import Annotated

from pydantic import Field, field_validator

from app.core.envelope import Rule
from app.core.messages import say
from app.core.sentences import wrong
from app.core.tally.election import Election, Project
from app.core.tally.outcome import Outcome
from app.core.tally.ties import Criterion

Count = Annotated[int, Field(strict=True, ge=0, le=10**9)]


class TallyRule(Rule):
    """Base of every rule that chooses projects. `min_votes` 1 means that a project nobody chose never wins.

    `max_per_carrier` limits the awards of each carrier, projects without a carrier apart; None is no limit.
    """

    kind: str
    min_votes: Count = 1
    max_per_carrier: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    tie_break: Annotated[tuple[Criterion, ...], Field(max_length=4)] = ("cheaper", "draw")

    @field_validator("tie_break")
    @classmethod
    def _each_once(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        if len(set(criteria)) < len(criteria):
            raise wrong(say("Name each way of breaking a tie once only."))
        return criteria

    @abstractmethod
    def count(self, election: Election) -> Outcome:
        """Choose the winners of this election and say why."""


class Awards:
    """The awards given so far to each carrier, against the limit."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._given: Counter[str] = Counter()

    def full(self, project: Project) -> bool:
        """Whether the carrier of this project has had all its awards."""
        return self._limit is not None and project.carrier is not None and self._given[project.carrier] >= self._limit

    def give(self, project: Project) -> None:
        """Count one award."""
        if project.carrier is not None:
            self._given[project.carrier] += 1

    def room_for_all(self, projects: list[Project]) -> bool:
        """Whether all of these could still be awarded together."""
        wanted = Counter(project.carrier for project in projects if project.carrier is not None)
        return self._limit is None or all(self._given[carrier] + many <= self._limit for carrier, many in wanted.items())
