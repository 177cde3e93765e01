"""The verbs of programmes and editions, on both databases."""

from datetime import datetime

import pytest
from sqlmodel import select

from app.accounts.models import Account
from app.accounts.people import Person
from app.core.calendar import Calendar
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.editions import queries, service
from app.editions.forms.programme import Change, EditionForm, ProgrammeForm, Publish, TextsForm
from app.editions.models import Edition, Programme
from app.ledger.models import Entry
from app.unit import Work
from tests.calendars import usual_calendar


def person(unit: Work, *roles: Role) -> Person:
    account = Account(email=f"{len(roles)}{unit.token(5)}@example.org", display_name="Sophie Martin", created_at=unit.now)
    unit.db.add(account)
    unit.db.flush()
    return Person(id=account.id or 0, display_name=account.display_name, email=account.email, roles=frozenset(roles))


def programme(unit: Work, by: Person, commune: str = "35238") -> Programme:
    return service.create_programme(unit, read(ProgrammeForm, {"name_fr": "Rennes", "slug": f"p-{commune}", "commune": commune}), by=by)


def edition(unit: Work, by: Person, start: str = "preset") -> Edition:
    form = read(EditionForm, {"name_fr": "Édition", "slug": "e-1", "start": start})
    return service.create_edition(unit, programme(unit, by), form, by=by)


def test_an_edition_from_nothing_to_public_takes_each_part_in_turn(unit: Work) -> None:
    by = person(unit, Role.ADMINISTRATOR)
    made = edition(unit, by)
    lacking = service.missing_parts(made, queries.calendar_of(unit, made))
    assert set(lacking) == {"texts", "calendar"}
    service.save_texts(unit, made, read(TextsForm, {"name_fr": "É", "introduction_fr": "Bonjour", "revision": 1}), by=by)
    service.save_calendar(unit, made, usual_calendar(unit.now), Change(revision=2), by=by)
    service.publish(unit, made, Publish(revision=3), by=by)
    assert queries.current_edition(unit) is made
    events = unit.db.exec(select(Entry.event, Entry.subject).order_by(Entry.id)).all()
    assert [event for event, _ in events] == ["programme:create", "edition:create", "edition:edit", "edition:edit", "edition:publish"]
    assert events[3][1] == "e-1/calendar"


def test_the_ready_made_rules_give_the_golden_envelope(unit: Work) -> None:
    made = edition(unit, person(unit, Role.ADMINISTRATOR))
    assert made.envelope is not None
    assert made.envelope.amount().cents == 23_089_000
    assert len(made.rulebook.rules) == 22


def test_a_commune_without_a_figure_cannot_use_the_ready_made_envelope(unit: Work) -> None:
    by = person(unit, Role.ADMINISTRATOR)
    home = programme(unit, by, commune="55039")
    with pytest.raises(Invalid) as refused:
        service.create_edition(unit, home, read(EditionForm, {"name_fr": "É", "slug": "e", "start": "preset"}), by=by)
    assert "no population" in str(refused.value.errors["start"])


def test_the_ready_made_rules_follow_the_commune(unit: Work) -> None:
    by = person(unit, Role.ADMINISTRATOR)
    home = programme(unit, by, commune="29019")
    made = service.create_edition(unit, home, read(EditionForm, {"name_fr": "É", "slug": "e", "start": "preset"}), by=by)
    assert made.rulebook.rule("carrier_seat").communes == ("29019",)
    assert "Rennes" not in str([rule.wording for rule in made.rulebook.rules])


def test_a_copy_moves_every_date_by_one_year_at_the_same_local_hour(unit: Work) -> None:
    by = person(unit, Role.ADMINISTRATOR)
    made = edition(unit, by)
    service.save_calendar(unit, made, usual_calendar(unit.now), Change(revision=1), by=by)
    form = read(EditionForm, {"name_fr": "É2", "slug": "e-2", "start": "copy:e-1"})
    copied = service.create_edition(unit, queries.programme_of(unit, made), form, by=by)
    old, new = queries.calendar_of(unit, made), queries.calendar_of(unit, copied)
    assert len(new.windows) == len(old.windows)
    assert new.check() == {}
    assert new.window("submission").opens.isoformat() == "2027-10-14T22:00:00+00:00"
    assert copied.rulebook == made.rulebook


def test_the_last_day_of_february_stays_a_last_day_of_february() -> None:
    start, end = datetime.fromisoformat("2028-02-29T09:00:00+01:00"), datetime.fromisoformat("2028-03-15T09:00:00+01:00")
    calendar = Calendar(zone="Europe/Paris", windows=({"kind": "submission", "opens": start, "closes": end},))
    moved = service.a_year_later(calendar)[0]
    assert moved.opens.isoformat() == "2029-02-28T08:00:00+00:00"


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.REVIEWER, Role.OBSERVER, Role.MODERATOR])
def test_other_roles_are_refused_with_the_roles_that_can(unit: Work, role: Role) -> None:
    made = edition(unit, person(unit, Role.ADMINISTRATOR))
    with pytest.raises(Refused) as refused:
        service.save_texts(unit, made, read(TextsForm, {"name_fr": "X", "revision": 1}), by=person(unit, role))
    assert "Case officer" in str(refused.value.message)


def test_the_second_of_two_savers_is_told_who_was_first(unit: Work) -> None:
    by = person(unit, Role.ADMINISTRATOR)
    made = edition(unit, by)
    service.save_texts(unit, made, read(TextsForm, {"name_fr": "Premier", "revision": 1}), by=by)
    with pytest.raises(Conflict) as told:
        service.save_texts(unit, made, read(TextsForm, {"name_fr": "Second", "revision": 1}), by=by)
    assert "Sophie Martin" in str(told.value.message)
    assert made.name["fr"] == "Premier"


def test_a_published_edition_keeps_submission_and_vote(unit: Work) -> None:
    by = person(unit, Role.ADMINISTRATOR)
    made = edition(unit, by)
    service.save_texts(unit, made, read(TextsForm, {"name_fr": "É", "introduction_fr": "B", "revision": 1}), by=by)
    service.save_calendar(unit, made, usual_calendar(unit.now), Change(revision=2), by=by)
    service.publish(unit, made, Publish(revision=3), by=by)
    with pytest.raises(Invalid):
        service.save_calendar(unit, made, usual_calendar(unit.now, voting=None), Change(revision=4, reason="Parce que."), by=by)
    service.save_calendar(unit, made, usual_calendar(unit.now, appeal=None), Change(revision=4, reason="Parce que."), by=by)
    assert [change.reason for change in queries.changes_of(unit, made)] == ["Parce que."]
