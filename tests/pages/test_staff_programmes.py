"""Programmes and new editions in the back office."""

from fastapi.testclient import TestClient

from app.core.permissions import Role
from tests.cast import Cast

GOOD = {"name_fr": "Rennes solidaire", "slug": "rennes", "commune": "35238", "commune_search": "rennes", "zone": "Europe/Paris"}


def test_a_commune_is_found_without_a_script_and_everything_typed_stays(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official())
    page = client.post("/staff/programmes", data={"name_fr": "Mon programme", "commune_search": "rennes", "action": "find"})
    assert page.status_code == 200
    assert 'value="35238"' in page.text
    assert 'value="Mon programme"' in page.text


def test_a_wrong_programme_gets_a_sentence_at_each_field_and_keeps_what_was_typed(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official())
    page = client.post("/staff/programmes", data=GOOD | {"slug": "Rennes !", "commune": "", "zone": "Mars/Olympus", "tagline_fr": "1 €"})
    assert page.status_code == 422
    for name in ("slug", "commune", "zone"):
        assert f'href="#f-{name}"' in page.text
    assert 'value="Rennes !"' in page.text
    assert 'value="1 €"' in page.text


def test_a_field_of_nobody_is_refused(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official())
    assert client.post("/staff/programmes", data=GOOD | {"id": "7"}).status_code == 422


def test_an_address_used_twice_is_told_at_its_field(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official())
    assert client.post("/staff/programmes", data=GOOD).headers["location"] == "/staff/programmes/rennes?done=created"
    again = client.post("/staff/programmes", data=GOOD)
    assert again.status_code == 422
    assert 'href="#f-slug"' in again.text


def test_the_zone_stays_once_an_edition_has_dates(client: TestClient, cast: Cast) -> None:
    cast.edition()
    cast.sign_in(client, cast.official())
    sent = {name: value for name, value in GOOD.items() if name != "slug"}
    assert client.post("/staff/programmes/rennes-solidarite", data=sent).status_code == 303
    refused = client.post("/staff/programmes/rennes-solidarite", data=sent | {"zone": "Pacific/Tahiti"})
    assert refused.status_code == 422
    assert "ne peut plus changer" in refused.text


def test_a_new_edition_starts_from_the_ready_made_rules_a_copy_or_nothing(client: TestClient, cast: Cast) -> None:
    cast.edition()
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    where = "/staff/programmes/rennes-solidarite/editions"
    assert client.get(f"{where}/new").status_code == 200
    for slug, start in (("a", "preset"), ("b", "copy:rennes-2027"), ("c", "empty")):
        made = client.post(where, data={"name_fr": "Nouvelle", "slug": slug, "start": start})
        assert made.headers["location"] == f"/staff/editions/{slug}?done=created"
    assert client.post(where, data={"name_fr": "X", "slug": "d", "start": "copy:unknown"}).status_code == 422
    assert "22 règles" in client.get("/staff/editions/a").text
    assert "15 octobre 2027" in client.get("/staff/editions/b").text


def test_only_an_administrator_sets_up_programmes(client: TestClient, cast: Cast) -> None:
    cast.programme()
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    assert client.get("/staff/programmes").status_code == 200
    assert client.get("/staff/programmes/new").status_code == 403
    assert client.post("/staff/programmes", data=GOOD).status_code == 403


def test_a_carrier_and_a_visitor_stay_outside(client: TestClient, cast: Cast) -> None:
    cast.edition()
    assert client.get("/staff/programmes").headers["location"].startswith("/sign-in")
    cast.sign_in(client, cast.person())
    assert client.get("/staff/programmes").status_code == 403
    assert client.get("/staff/editions/rennes-2027").status_code == 403


def test_names_written_by_the_staff_are_escaped_in_the_back_office(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official())
    client.post("/staff/programmes", data=GOOD | {"name_fr": "<script>alert(1)</script>", "operator": '"><img src=x>'})
    for path in ("/staff/programmes", "/staff/programmes/rennes", "/staff/programmes/rennes/editions/new"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
