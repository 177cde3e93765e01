"""The first screen of the city desk."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.editions.models import Edition
from app.jobs import Job
from app.ledger import motions
from app.polls import opening, sequencing, vetoing
from app.review.models import Ground
from app.unit import work
from tests.bureau import members
from tests.cast import Cast
from tests.polls.stage import open_vote
from tests.polls.test_vetoing import on_ballot
from tests.review.city import City


def test_files_that_wait_come_first_with_their_date(client: TestClient, cast: Cast) -> None:
    city = City(cast, cast.edition())
    city.file("P01")
    cast.sign_in(client, city.officer)
    page = client.get("/staff").text
    assert "Un forage solaire pour trois villages du Matam" in page
    assert "avant le " in page


def test_who_decides_nothing_is_not_told_to_decide(client: TestClient, cast: Cast) -> None:
    city = City(cast, cast.edition())
    cast.sign_in(client, city.officer)
    assert "<h2>Dossiers à décider</h2>" in client.get("/staff").text
    cast.sign_in(client, cast.official(Role.OBSERVER, email="observer@example.org"))
    page = client.get("/staff").text
    assert "<h2>Dossiers en attente de décision</h2>" in page
    assert "Dossiers à décider" not in page


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


def test_what_waits_for_my_confirmation_stands_first_and_leads_there(client: TestClient, cast: Cast) -> None:
    """An opening that one member of the bureau proposed: the other finds it, the one who proposed it and a reviewer do not."""
    edition, (first, second) = open_vote(cast), members(cast)
    after = cast.clock.now + timedelta(days=40)
    with work(cast.engine, now=after) as unit:
        held = unit.db.get_one(Edition, edition.id)
        sequencing.tend(unit, held)
        motion = opening.propose_opening(unit, held, by=first).public_id
    words, address = "En attente de votre confirmation", f'href="/staff/editions/{edition.slug}/box/motions/{motion}"'
    for person, listed in ((second, True), (first, False), (cast.person("r@example.org", "R", [Role.REVIEWER]), False)):
        cast.sign_in(client, person)
        page = client.get("/staff").text
        assert (words in page, address in page) == (listed, listed), person.display_name
    cast.sign_in(client, second)
    assert "Proposé par Hélène Riou" in client.get("/staff").text
    assert client.get(f"/staff/editions/{edition.slug}/box/motions/{motion}").status_code == 200


def test_a_publication_to_confirm_leads_to_the_page_of_the_results(client: TestClient, cast: Cast) -> None:
    edition = open_vote(cast)
    first, second = (cast.person(f"{name}@example.org", name, [Role.PUBLISHER]) for name in ("pauline", "quentin"))
    with work(cast.engine, now=cast.clock.now) as unit:
        motions.propose(unit, edition.id or 0, "publication", {"count": 1, "reserve": 0}, by=first.id)
    cast.sign_in(client, second)
    assert f'href="/staff/editions/{edition.slug}/results#publication"' in client.get("/staff").text
    with work(cast.engine, now=cast.clock.now) as unit:
        motions.withdraw(unit, motions.waiting(unit, edition.id or 0)[0], by=first.id)
    assert "En attente de votre confirmation" not in client.get("/staff").text


def test_a_veto_to_confirm_leads_to_the_page_of_the_vetoes(client: TestClient, cast: Cast) -> None:
    edition = cast.edition()
    first, second = (cast.person(f"{name}@example.org", name, [Role.PUBLISHER]) for name in ("pauline", "quentin"))
    with work(cast.engine, now=cast.clock.now) as unit:
        project = on_ballot(unit, unit.db.get_one(Edition, edition.id)).public_id
        form = vetoing.VetoForm(project=project, ground=Ground.FRAUD_PROVEN, reason="Jugement du 3 mars.")
        vetoing.propose_veto(unit, unit.db.get_one(Edition, edition.id), form, by=first)
    for person, listed in ((first, False), (second, True)):
        cast.sign_in(client, person)
        page = client.get("/staff").text
        assert ("En attente de votre confirmation" in page) is listed
        assert (f'href="/staff/editions/{edition.slug}/vetoes"' in page) is listed
