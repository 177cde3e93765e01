"""Pages of organisations: the question asked first, every answer kept, members only among members."""

import pytest
from fastapi.testclient import TestClient

from tests.cast import Cast

ASSOCIATION = {"kind": "association", "name": "Ker Teranga", "siret": "00009001900019", "rna": "W353990001", "commune": "35238"}


def test_a_collective_is_never_asked_for_a_number_of_its_own(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.person())
    first = client.get("/organisations/new").text
    assert "SIRET" not in first
    second = client.get("/organisations/new?kind=collective").text
    assert 'name="siret"' not in second
    assert 'name="rna"' not in second


def test_a_kind_that_does_not_exist_is_a_422(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.person())
    assert client.get("/organisations/new?kind=company").status_code == 422


def test_a_wrong_number_is_told_and_everything_typed_kept(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.person())
    answer = client.post("/organisations", data=ASSOCIATION | {"siret": "00009001900018"})
    assert answer.status_code == 422
    assert "00009001900018" in answer.text
    assert 'href="#f-siret"' in answer.text
    assert "Ker Teranga" in answer.text


@pytest.mark.parametrize("field", ["id", "slug", "pending_reports", "sponsor_id", "created_at"])
def test_a_field_that_the_form_has_not_is_refused(client: TestClient, cast: Cast, field: str) -> None:
    cast.sign_in(client, cast.person())
    assert client.post("/organisations", data=ASSOCIATION | {field: "1"}).status_code == 422


def test_everyone_reads_the_public_page_and_only_members_the_members(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    public = client.get(f"/organisations/{slug}")
    assert public.status_code == 200
    assert "claire@example.org" not in public.text
    cast.sign_in(client, claire)
    assert "claire@example.org" not in client.get(f"/organisations/{slug}").text
    assert "claire@example.org" in client.get(f"/organisations/{slug}/members").text
    assert client.get("/organisations/nobody").status_code == 404


def test_a_stranger_changes_nothing(client: TestClient, cast: Cast) -> None:
    slug = cast.organisation(cast.person()).slug
    cast.sign_in(client, cast.person("leo@example.org", "Léo"))
    assert client.get(f"/organisations/{slug}/edit").status_code == 404
    assert client.post(f"/organisations/{slug}", data=ASSOCIATION).status_code == 404
    assert client.get(f"/organisations/{slug}/desk").status_code == 404
    assert client.post(f"/organisations/{slug}/members/1/removal").status_code == 404


def test_what_is_written_of_an_organisation_is_never_markup(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    slug = cast.organisation(claire, name="<img src=x onerror=alert(1)>").slug
    cast.sign_in(client, claire)
    inner = [f"/organisations/{slug}/{page}" for page in ("edit", "desk", "members", "documents")]
    for address in (f"/organisations/{slug}", *inner, "/files"):
        assert "<img src=x" not in client.get(address).text


def test_an_organisation_is_changed_by_its_own_form(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    assert client.get(f"/organisations/{slug}/edit").status_code == 200
    assert client.post(f"/organisations/{slug}", data=ASSOCIATION | {"name": "Nouveau nom"}).status_code == 303
    assert "Nouveau nom" in client.get(f"/organisations/{slug}").text


def test_a_seat_is_typed_by_its_name_and_homonyms_are_told_apart(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.person())
    named = client.post("/organisations", data=ASSOCIATION | {"commune": "cesson sevigne"})
    address = named.headers["location"].partition("?")[0].removesuffix("/desk")
    assert "Cesson-Sévigné" in client.get(address).text
    assert 'value="Cesson-Sévigné"' in client.get(f"{address}/edit").text
    several = client.post(address, data=ASSOCIATION | {"commune": "Saint-Denis", "members": "beaucoup"})
    assert several.status_code == 422
    assert "93066 (93)" in several.text
    assert "Nombre d’adhérent·es\u00a0: " in several.text
    assert "Aucune commune n’a ce nom" in client.post(address, data=ASSOCIATION | {"commune": "99999"}).text
