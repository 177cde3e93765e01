"""Pages around an organisation: its papers for those who may read them, its public page for everyone, the sponsor's page (N12)."""

import re

from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.core.permissions import Role
from app.organisations.models import Organisation
from app.proposals.models import Proposal
from app.unit import work
from tests.cast import Cast
from tests.proposals.test_documents import PDF
from tests.statements import counted

SENT = {"kind": "bank_details", "dated_on": "2026-11-02", "valid_until": "2027-11-02"}


def hand_in(client: TestClient, slug: str, **values: str) -> str:
    """Hand a paper in by the form; the address at which it is read."""
    answer = client.post(f"/organisations/{slug}/documents", data=SENT | values, files={"file": ("rib été.pdf", PDF, "application/pdf")})
    assert answer.status_code == 303, answer.text
    found = re.search(rf'href="(/organisations/{slug}/documents/\w+)"', client.get(f"/organisations/{slug}/documents").text)
    assert found is not None
    return found[1]


def test_a_paper_is_handed_back_to_its_members_alone_and_kept_by_no_cache(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    address = hand_in(client, slug)
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    client.cookies.clear()
    assert client.get(address).headers["location"].startswith("/sign-in")
    other = cast.person("other@example.org", "Autre")
    theirs = cast.organisation(other, name="Autre association").slug
    for person in (other, cast.official(*Role)):
        cast.sign_in(client, person)
        assert client.get(address).status_code == 404
        assert client.get(address.replace(slug, theirs)).status_code == 404
        assert client.post(f"{address}/retirement").status_code == 404


def test_a_form_of_a_paper_tells_every_fault_and_keeps_what_was_typed(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    answer = client.post(f"/organisations/{slug}/documents", data=SENT | {"dated_on": "31/02/2026"}, files={})
    assert answer.status_code == 422
    assert 'href="#f-dated_on"' in answer.text
    assert 'href="#f-file"' in answer.text
    assert 'href="#f-dated_on">Date du document\u00a0: ' in answer.text, "the list of problems names the field"
    assert 'value="2027-11-02"' in answer.text
    backwards = client.post(f"/organisations/{slug}/documents", data=SENT | {"valid_until": "2020-01-01"}, files={"file": ("a.pdf", PDF)})
    assert backwards.status_code == 422
    assert "précède la date du document" in backwards.text


def test_a_file_shows_the_papers_that_count_for_it_and_warns_of_those_that_do_not(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    draft, slug = cast.draft(claire).public_id, cast.organisation(claire).slug
    cast.sign_in(client, claire)
    hand_in(client, slug)
    hand_in(client, slug, kind="statutes", dated_on="2020-01-02", valid_until="2021-01-02")
    shown = client.get(f"/files/{draft}/documents").text
    assert "RIB" in shown
    assert shown.count("il ne compte pas") == 1
    assert "n’est plus valable" in client.get(f"/organisations/{slug}/desk").text


def test_the_public_page_tells_the_fate_of_every_public_project_and_nobodys_name(client: TestClient, cast: Cast, engine: Engine) -> None:
    claire = cast.person()
    organisation = cast.organisation(claire, led_by_diaspora=True)
    drafted, first = cast.draft(claire), cast.submitted(claire, project={"title": "Un puits déjà jugé"})
    with work(engine) as unit:
        unit.db.get_one(Proposal, first.id).state = "not_selected"
    with counted(engine) as statements:
        page = client.get(f"/organisations/{organisation.slug}").text
    assert len(statements) <= 6
    assert "Un puits déjà jugé" in page
    assert f"/projects/{first.public_id}" in page
    assert drafted.public_id not in page
    assert "diaspora" in page
    for personal in (claire.email, claire.display_name, "/members", "/documents"):
        assert personal not in page


def test_the_desk_is_read_in_few_statements_however_many_files(client: TestClient, cast: Cast, engine: Engine) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    cast.draft(claire)
    cast.sign_in(client, claire)
    seen = []
    for _ in range(2):
        with counted(engine) as statements:
            assert client.get(f"/organisations/{slug}/desk").status_code == 200
        seen.append(len(statements))
        cast.draft(claire)
    assert seen[0] == seen[1] <= 19


def test_a_collectives_file_before_its_sponsor_without_script(client: TestClient, cast: Cast, engine: Engine) -> None:
    claire, ana = cast.person(), cast.person("ana@example.org", "Ana")
    cast.organisation(claire, name="Porteuse")
    cast.organisation(ana, kind="collective", name="Graines", sponsor_name="Porteuse", republican_commitment_on=None)
    public_id = cast.draft(ana).public_id
    address = f"/sponsorships/{public_id}"
    cast.sign_in(client, claire)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/validation", data={"accepts": "yes"}).status_code == 404
    cast.sign_in(client, ana)
    assert client.post(f"/files/{public_id}/sponsor-request").status_code == 303
    assert client.get(address).status_code == 404
    cast.sign_in(client, claire)
    shown = client.get(address).text
    fields = dict(re.findall(r'name="(seen|version)" value="([^"]+)"', shown))
    assert client.post(f"{address}/validation", data=fields).status_code == 422
    assert client.post(f"{address}/refusal", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/validation", data=fields | {"accepts": "yes"}).status_code == 303
    assert "Validé tel qu’il est" in client.get(address).text
    cast.sign_in(client, ana)
    assert client.post(f"/files/{public_id}/feedback", data={"feedback": "autre", "seen": "1"}).status_code == 303
    assert "Modifié depuis sa validation" in client.get(f"/files/{public_id}/commitments").text
    assert client.post(f"/files/{public_id}/submission").status_code == 303
    with work(engine) as unit:
        assert unit.db.exec(select(Organisation).where(Organisation.name == "Graines")).one().sponsor_id is not None


def test_interests_are_shown_to_reviewers_and_on_the_sheet(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    draft = cast.draft(claire).public_id
    cast.sign_in(client, claire)
    nothing = client.post(f"/files/{draft}/interests", data={"interests": "some", "what": ""})
    assert nothing.status_code == 422
    assert 'href="#f-what"' in nothing.text
    told = {"interests": "some", "what": "Notre secrétaire travaille à la direction <b>des finances</b>."}
    assert client.post(f"/files/{draft}/interests", data=told).status_code == 303
    assert client.post(f"/files/{draft}/submission").status_code == 303
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    for address in (f"/staff/reviews/{draft}", f"/projects/{draft}"):
        shown = client.get(address).text
        assert "Notre secrétaire travaille" in shown, address
        assert "<b>des finances" not in shown
