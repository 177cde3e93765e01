"""The first screen of the city desk."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.jobs import Job
from app.unit import work
from tests.cast import Cast
from tests.review.city import City


def test_files_that_wait_come_first_with_their_date(client: TestClient, cast: Cast) -> None:
    city = City(cast, cast.edition())
    city.file("P01")
    cast.sign_in(client, city.officer)
    page = client.get("/staff").text
    assert "Un forage solaire pour trois villages du Matam" in page
    assert "avant le " in page


def test_late_files_are_said_to_be_late(client: TestClient, cast: Cast) -> None:
    city = City(cast, cast.edition(cast.clock.now - timedelta(days=170)))
    city.file("P01")
    cast.sign_in(client, city.officer)
    assert "En retard depuis le" in client.get("/staff").text


def test_tasks_that_keep_failing_are_told(client: TestClient, cast: Cast) -> None:
    with work(cast.engine, now=cast.clock.now) as unit:
        unit.db.add(Job(kind="mail:send", run_at=unit.now, attempts=3))
    cast.sign_in(client, cast.official())
    assert "1 tâche de fond échoue à répétition" in client.get("/staff").text


def test_an_edition_without_some_phase_is_told(client: TestClient, cast: Cast) -> None:
    cast.edition(phases={"review": None})
    cast.sign_in(client, cast.official())
    assert "il manque des dates" in client.get("/staff").text


def test_before_anything_exists_the_desk_says_what_to_do(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official())
    page = client.get("/staff").text
    assert "Aucune édition pour l’instant" in page
    assert 'href="/staff/programmes"' in page


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_the_rooms_it_may_enter_and_they_open(client: TestClient, cast: Cast, role: Role) -> None:
    person = cast.official(role)
    cast.sign_in(client, person)
    page = client.get("/staff")
    assert page.status_code == 200
    assert ("/staff/reviews" in page.text) == person.may("see_files")
    assert ("/staff/people" in page.text) == person.may("grant_roles")
