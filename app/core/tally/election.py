"""What is counted: projects with their exact costs, all ballots, and the envelope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from app.core.tally.profile import Kind, Profile


@dataclass(frozen=True)
class Project:
    """A project on the ballot. `cost_cents` is exact, in the smallest unit of the currency; `carrier` tells who would receive it.

    What guarantees look at, None or "" where it plays no part: `scope` (city, or the ballot paper it stands on), `district`, `theme`,
    `country`, `site` (projects of one site exclude each other), `tags` (such as "youth" or "priority_area"), `filed` (the place in the
    order of filing, the oldest first), and `least_cents`, the smallest partial grant its carrier would accept.
    """

    id: str
    cost_cents: int
    carrier: str | None = None
    scope: str = ""
    district: str = ""
    theme: str = ""
    country: str = ""
    site: str = ""
    tags: frozenset[str] = frozenset()
    filed: int | None = None
    least_cents: int | None = None


@dataclass(frozen=True)
class Election:
    """All that a rule may know. The order of projects and of ballots never decides anything.

    `profile` holds the ballots (a mapping of sets of ids to numbers of ballots is read as approval; the empty set holds the blank
    ones). The public draw enters as `draw` (ids, first drawn first) or as `seed` (a text known only after closing: ids fall in the
    order of sha256("seed|id")); with neither, a tie left to the draw stays open.
    Raises ValueError on a project listed twice, an unknown choice, a negative amount or an empty pile of ballots.
    """

    projects: tuple[Project, ...]
    profile: Profile
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
        given: Any = self.profile
        if isinstance(given, Mapping):
            object.__setattr__(self, "profile", Profile.of_sets(tuple(by_id), given))
        if self.profile.size != len(by_id):
            raise ValueError("the ballots are about another number of projects")
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
        """An election by approval from single ballots; a project named twice on one ballot counts once."""
        field = tuple(projects)
        piles = Counter(frozenset(ballot) for ballot in ballots)
        return cls(field, Profile.of_sets([one.id for one in field], piles), budget_cents, currency, draw, seed)

    @classmethod
    def marked(
        cls, projects: Iterable[Project], ballots: Iterable[Mapping[str, int]], budget_cents: int, kind: Kind, **other: Any
    ) -> Election:
        """An election whose ballots give values: points, places, grades, for or against, stars (see Profile)."""
        field = tuple(projects)
        unit = other.pop("unit", 1)
        return cls(field, Profile.of_marks([one.id for one in field], ballots, kind, unit), budget_cents, **other)

    def project(self, id: str) -> Project:
        """The project of this id. Raises KeyError if there is none."""
        return self._by_id[id]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids in the order of `projects`, which is that of the profile's indices."""
        return tuple(self._by_id)

    @cached_property
    def ballots(self) -> Mapping[frozenset[str], int]:
        """How many ballots support exactly these projects. For small elections and tests: engines walk the profile."""
        own, piles = self.profile.supported(), Counter[frozenset[str]]()
        for index, many in enumerate(own.many.tolist()):
            piles[frozenset(self.ids[place] for place in own.project[own.start[index] : own.start[index + 1]])] += many
        return piles

    @cached_property
    def votes(self) -> Mapping[str, int]:
        """For each project the number of ballots that support it."""
        return dict(zip(self.ids, self.profile.votes().tolist(), strict=True))

    @property
    def blank(self) -> int:
        """The number of ballots that name no project."""
        return self.profile.blank

    @property
    def valid(self) -> int:
        """The number of ballots that name at least one project."""
        return self.profile.total - self.profile.blank

    def lot(self, id: str) -> tuple[int, str] | None:
        """The place of this project in the public draw, smaller first; None if the draw says nothing of it (yet)."""
        if id in self.draw:
            return self.draw.index(id), ""
        return (0, sha256(f"{self.seed}|{id}".encode()).hexdigest()) if self.seed and not self.draw else None
