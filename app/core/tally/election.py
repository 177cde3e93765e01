"""What is counted: projects with their exact costs, ballots as sets of choices, and the envelope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True)
class Project:
    """A project on the ballot. `cost_cents` is exact, in the smallest unit of the currency; `carrier` tells who would receive it."""

    id: str
    cost_cents: int
    carrier: str | None = None


@dataclass(frozen=True)
class Election:
    """All that a rule may know. The order of projects and of ballots never decides anything.

    `ballots` maps each set of chosen ids to the number of ballots that chose exactly these; the empty set holds
    the blank ballots. The public draw enters as `draw` (ids, first drawn first) or as `seed` (a text known only
    after closing: ids fall in the order of sha256("seed|id")); with neither, a tie left to the draw stays open.
    Raises ValueError on a project listed twice, an unknown choice, a negative amount or an empty pile of ballots.
    """

    projects: tuple[Project, ...]
    ballots: Mapping[frozenset[str], int]
    budget_cents: int
    currency: str = "EUR"
    draw: tuple[str, ...] = ()
    seed: str = ""
    _by_id: Mapping[str, Project] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {project.id: project for project in self.projects}
        if len(by_id) != len(self.projects):
            raise ValueError("a project is listed twice")
        if self.budget_cents < 0 or any(project.cost_cents < 0 for project in self.projects):
            raise ValueError("an amount is negative")
        if unknown := sorted({choice for ballot in self.ballots for choice in ballot} - by_id.keys()):
            raise ValueError(f"a ballot names projects that do not stand: {', '.join(unknown)}")
        if any(many < 1 for many in self.ballots.values()):
            raise ValueError("a pile of ballots is empty")
        object.__setattr__(self, "_by_id", by_id)

    @classmethod
    def of(
        cls,
        projects: Iterable[Project],
        ballots: Iterable[Iterable[str]],
        budget_cents: int,
        currency: str = "EUR",
        *,
        draw: tuple[str, ...] = (),
        seed: str = "",
    ) -> Election:
        """An election from single ballots; a project named twice on one ballot counts once."""
        return cls(tuple(projects), Counter(frozenset(ballot) for ballot in ballots), budget_cents, currency, draw, seed)

    def project(self, id: str) -> Project:
        """The project of this id. Raises KeyError if there is none."""
        return self._by_id[id]

    @cached_property
    def votes(self) -> Mapping[str, int]:
        """For each project the number of ballots that name it."""
        votes = dict.fromkeys(self._by_id, 0)
        for ballot, many in self.ballots.items():
            for choice in ballot:
                votes[choice] += many
        return votes

    @property
    def blank(self) -> int:
        """The number of ballots that name no project."""
        return self.ballots.get(frozenset(), 0)

    @property
    def valid(self) -> int:
        """The number of ballots that name at least one project."""
        return sum(self.ballots.values()) - self.blank

    def lot(self, id: str) -> tuple[int, str] | None:
        """The place of this project in the public draw, smaller first; None if the draw says nothing of it (yet)."""
        if id in self.draw:
            return self.draw.index(id), ""
        return (0, sha256(f"{self.seed}|{id}".encode()).hexdigest()) if self.seed and not self.draw else None
