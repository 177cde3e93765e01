"""Where in the world the projects of an edition are: countries with their outlines, and the projects in each."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlmodel import col, select

from app.core.money import Money
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.editions.reference import DATA
from app.proposals.lifecycle import state_at
from app.proposals.models import Proposal
from app.review.public import STATES_SHOWN, Shown
from app.unit import Work

WIDTH, HEIGHT = 1000, 420
"""The size of the drawing: 180° W to 180° E, 84° N to 67° S, equirectangular."""


@dataclass(frozen=True)
class Outline:
    """A country on the drawing: the path of its outlines ("" for islands too small to be drawn) and where its number stands."""

    iso2: str
    x: float
    y: float
    path: str


@dataclass(frozen=True)
class Placed:
    """A project as the list beside the map tells it."""

    public_id: str
    number: int
    title: str
    language: str
    requested: Money | None


@dataclass(frozen=True)
class Country:
    """A country with projects, the first by number first."""

    iso2: str
    projects: tuple[Placed, ...]


@cache
def outlines() -> Sequence[Outline]:
    """Every country (Natural Earth, see editions/data/README.md)."""
    with (DATA / "world.csv").open(encoding="utf-8", newline="") as table:
        return tuple(Outline(row["iso2"], float(row["x"]), float(row["y"]), row["path"]) for row in csv.DictReader(table))


def countries_with_projects(work: Work, edition: Edition) -> tuple[Country, ...]:
    """The countries of the accepted projects of an edition, most projects first."""
    states = [state.value for state in STATES_SHOWN[Shown.ACCEPTED]]
    fields = (Proposal.country, Proposal.public_id, Proposal.number, Proposal.title, Proposal.language, Proposal.requested_cents)
    wanted = select(*fields).where(Proposal.edition_id == edition.id, state_at(work.now).in_(states)).order_by(col(Proposal.number))  # type: ignore[call-overload]
    currency = programme_of(work, edition).currency
    found: dict[str, list[Placed]] = {}
    for iso2, public_id, number, title, language, cents in work.db.exec(wanted):
        if iso2:
            asked = None if cents is None else Money(cents, currency)
            found.setdefault(iso2, []).append(Placed(public_id, number or 0, title, language, asked))
    return tuple(Country(iso2, tuple(placed)) for iso2, placed in sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))
