"""The people, the programme and the three editions of the demonstration, made through the same verbs as a real city's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import select

from app.accounts import passwords, sessions
from app.accounts.models import Account, StaffRole
from app.accounts.people import Person
from app.core.calendar import Calendar, PhaseKind, Window
from app.core.permissions import Role
from app.demo.dates import ZONE, Move
from app.demo.sign_ins import EVERYONE, PASSWORD, STAFF
from app.editions import service as editions
from app.editions.forms.programme import Change, EditionForm, ListsForm, ProgrammeForm, Publish, TextsForm
from app.editions.models import Choice, Edition, Programme
from app.editions.presets import REDIRECTS, THEMES
from app.unit import Work, work

DATA = Path(__file__).parent / "data" / "rennes.json"
DAY_BEFORE = timedelta(hours=15)
PHASES = {"admissibility": PhaseKind.completion}
"""Where the data names a phase otherwise than the calendar."""
INTRODUCTION_FR = (
    "Un euro par habitant·e pour des projets de solidarité internationale, portés par des associations et des collectifs de Rennes "
    "avec leurs partenaires sur place. Toutes les personnes qui habitent Rennes peuvent voter, sans condition d’âge ni de nationalité. "
    "Le conseil municipal décide ensuite des subventions."
)
INTRODUCTION_EN = (
    "One euro per inhabitant for international solidarity projects, carried by associations and collectives of Rennes with their "
    "partners on the spot. Everyone who lives in Rennes may vote, whatever their age or nationality. "
    "The city council then decides on the grants."
)


@cache
def data() -> dict[str, Any]:
    """The demonstration as it stands in its file, with its own dates."""
    loaded: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return loaded


class Town:
    """The demonstration being made: opens units of work at the instants of the story, and knows who acts."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.people: dict[str, Person] = {}

    @contextmanager
    def at(self, instant: datetime) -> Iterator[Work]:
        """A unit of work at an instant of the past."""
        with work(self.engine, now=instant) as unit:
            yield unit

    def officers(self, role: Role) -> tuple[Person, Person]:
        """Two of the city's people with a role, for an act that takes two."""
        first, second, *_ = (self.people[person.email] for person in STAFF if person.role is role)
        return first, second

    def officer(self, role: Role) -> Person:
        """The first of the city's people with a role."""
        return self.people[next(person.email for person in STAFF if person.role is role)]


def at_noon(move: Move, day: str, hour: int = 12) -> datetime:
    """A day of the data, moved, at a full hour of the edition's zone."""
    return datetime.combine(move.day(day), time(hour), ZoneInfo(ZONE))


def make_people(town: Town, instant: datetime) -> None:
    """Every sign-in of the demonstration. One hash serves all: the password is on the page anyway."""
    kept = passwords.hash_password(PASSWORD)
    with town.at(instant) as unit:
        for person in EVERYONE:
            account = Account(email=person.email, display_name=person.name, password_hash=kept, confirmed_at=instant, created_at=instant)
            unit.db.add(account)
            unit.db.flush()
            if person.role is not None:
                unit.db.add(StaffRole(account_id=account.id or 0, role=person.role.value, granted_at=instant))
                unit.db.flush()
            town.people[person.email] = sessions.person_of(unit, account)


def make_programme(town: Town, instant: datetime) -> None:
    """The programme, named and set up by the administrator."""
    given = data()["programme"]
    with town.at(instant) as unit:
        form = ProgrammeForm(
            slug=given["slug"],
            name_fr=given["name"],
            name_en="Rennes in international solidarity",
            tagline_fr=given["baseline"],
            tagline_en="€1 per inhabitant for projects chosen by the residents",
            operator=f"{given['operator']['name']} · {given['operator']['animation']}",
            commune=data()["territory"]["commune"],
            zone=ZONE,
        )
        editions.create_programme(unit, form, by=town.officer(Role.ADMINISTRATOR))


def calendar(move: Move) -> Calendar:
    """The calendar of an edition: the data's, moved."""
    windows = [
        Window(
            kind=PHASES.get(phase["key"]) or PhaseKind(phase["key"]),
            opens=move.instant(phase["from"]),
            closes=move.instant(phase["to"], end=True),
        )
        for phase in data()["programme"]["phases"]
    ]
    return Calendar(zone=ZONE, windows=tuple(windows))


def make_edition(town: Town, move: Move, year: int) -> str:
    """One edition, set up and published the day before its submissions open. Returns its address."""
    slug = f"{data()['programme']['slug']}-{year}"
    dates = calendar(move)
    opens = dates.window(PhaseKind.submission)
    admin, publisher = town.officer(Role.ADMINISTRATOR), town.officer(Role.PUBLISHER)
    with town.at((opens.opens if opens else dates.windows[0].opens) - DAY_BEFORE) as unit:
        programme = unit.db.exec(select(Programme)).one()
        form = EditionForm(name_fr=f"Édition {year}", name_en=f"{year} edition", slug=slug, start="preset")
        edition = editions.create_edition(unit, programme, form, by=admin)
        texts = {"introduction_fr": INTRODUCTION_FR, "introduction_en": INTRODUCTION_EN}
        editions.save_texts(
            unit, edition, TextsForm(revision=edition.revision, name_fr=f"Édition {year}", name_en=f"{year} edition", **texts), by=admin
        )
        lists = ListsForm(revision=edition.revision, themes=THEMES, districts=_districts(), redirects=REDIRECTS)
        editions.save_lists(unit, edition, lists, by=admin)
        editions.save_calendar(unit, edition, dates, Change(revision=edition.revision), by=admin)
        editions.publish(unit, edition, Publish(revision=edition.revision), by=publisher)
    return slug


def _districts() -> tuple[Choice, ...]:
    return tuple(Choice(key=one["code"].lower(), label={"fr": one["name"]}) for one in data()["territory"]["districts"])


def edition_at(unit: Work, slug: str) -> Edition:
    """The edition at an address."""
    return unit.db.exec(select(Edition).where(Edition.slug == slug)).one()
