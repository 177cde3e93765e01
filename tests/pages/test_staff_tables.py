"""Tables at the city's desk: sent, read by the worker, applied as shown, or not at all; and as files for everyone."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from app import worker
from app.core.permissions import Role
from app.exchange.sheets.columns import COLUMNS, Kind
from app.exchange.sheets.models import TableImport
from app.organisations.models import Organisation
from app.proposals.models import Proposal
from app.settings import ROOT
from app.unit import work
from tests.cast import Cast
from tests.exchange.tables import ORGANISATION, PROJECT, as_csv, rows_in
from tests.review.city import City


def send(client: TestClient, content: bytes, kind: str = "projects", **more: str) -> Response:
    data = {"edition": "rennes-2027", "kind": kind, "encoding": "utf-8"} | more
    return client.post("/staff/tables/files", data=data, files={"file": ("tableau.csv", content, "text/csv")})


@pytest.fixture
def officer(client: TestClient, cast: Cast) -> None:
    cast.edition()
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))


def applied(client: TestClient, cast: Cast, content: bytes, kind: str) -> str:
    path = send(client, content, kind).headers["location"]
    waiting = client.get(path).text
    assert "Traitement en cours" in waiting
    assert 'name="digest"' not in waiting
    worker.run_all(cast.engine)
    page = client.get(path).text
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert client.post(f"{path}/application", data={"digest": digest}).status_code == 303
    worker.run_all(cast.engine)
    return path


def test_a_table_is_sent_read_and_applied(client: TestClient, cast: Cast, officer: None) -> None:
    applied(client, cast, as_csv([ORGANISATION]), "organisations")
    path = applied(client, cast, as_csv([PROJECT]), "projects")
    assert "Appliqué" in client.get(path).text
    with work(cast.engine) as unit:
        assert unit.db.exec(select(Proposal.title)).all() == ["Un puits"]
        assert [one.content for one in unit.db.exec(select(TableImport))] == [b"", b""]
    assert client.post(f"{path}/application", data={"digest": "x"}).status_code == 409


def test_what_each_row_would_do_is_read_before_it_is_done(client: TestClient, cast: Cast, officer: None) -> None:
    applied(client, cast, as_csv([ORGANISATION]), "organisations")
    path = send(client, as_csv([PROJECT])).headers["location"]
    worker.run_all(cast.engine)
    page = client.get(path).text
    assert "Ce que feraient les lignes" in page
    assert ("Un puits" in page, "Nouveau" in page) == (True, True)
    path = applied(client, cast, as_csv([PROJECT]), "projects")
    assert "Ce que feraient les lignes" not in client.get(path).text
    with work(cast.engine) as unit:
        assert [one.report["planned"] for one in unit.db.exec(select(TableImport).where(TableImport.stage == "applied"))] == [[], []]
    path = send(client, as_csv([PROJECT | {"title": "Deux puits <b>"}])).headers["location"]
    worker.run_all(cast.engine)
    page = client.get(path).text
    assert '<del dir="auto">Un puits</del>' in page
    assert '<ins dir="auto">Deux puits &lt;b&gt;</ins>' in page
    assert "Titre" in page


def test_a_table_with_faults_names_them_and_cannot_be_applied(client: TestClient, cast: Cast, officer: None) -> None:
    path = send(client, as_csv([PROJECT])).headers["location"]
    worker.run_all(cast.engine)
    page = client.get(path).text
    assert "carrier_siret" in page
    assert 'name="digest"' not in page
    report = rows_in(client.get(f"{path}/report.csv").content)
    assert [(one["row"], one["column"]) for one in report] == [("2", "carrier_siret")]
    assert client.get(f"{path}/report.csv?variant=french").content.startswith(b"\xef\xbb\xbf")
    assert client.post(f"{path}/application", data={"digest": ""}).status_code == 409


def test_what_changed_meanwhile_stops_the_whole_table(client: TestClient, cast: Cast, officer: None) -> None:
    path = send(client, as_csv([ORGANISATION]), "organisations").headers["location"]
    worker.run_all(cast.engine)
    digest = client.get(path).text.split('name="digest" value="')[1].split('"')[0]
    cast.organisation(cast.person("x@example.org", "X"), siret=ORGANISATION["siret"])
    client.post(f"{path}/application", data={"digest": digest})
    worker.run_all(cast.engine)
    with work(cast.engine) as unit:
        assert unit.db.exec(select(TableImport.stage)).all() == ["stale"]
        assert unit.db.exec(select(Organisation.name)).all() == ["Ker Teranga Rennes"]
    assert "Rien n’a été appliqué" in client.get(path).text


def test_what_is_no_table_is_said_at_the_field(client: TestClient, cast: Cast, officer: None) -> None:
    for content in (b"", b"a\x00b", b"\xd0\xcf\x11\xe0 old"):
        answer = send(client, content, encoding="cp1252")
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text or "file" in answer.text
        assert '<option value="cp1252" selected' in answer.text
    assert send(client, b"a", kind="secrets").status_code == 422
    assert client.post("/staff/tables/files", data={"edition": "rennes-2027", "kind": "projects"}).status_code == 422
    assert (
        client.post("/staff/tables/files", content=b"x", headers={"content-length": "22000000", "content-type": "text/plain"}).status_code
        == 413
    )


def test_a_latin_1_table_is_read_when_asked_for(client: TestClient, cast: Cast, officer: None) -> None:
    content = as_csv([ORGANISATION | {"name": "Éléphants"}]).decode().encode("cp1252")
    path = send(client, content, "organisations").headers["location"]
    worker.run_all(cast.engine)
    assert "UTF-8" in client.get(path).text
    applied(client, cast, as_csv([ORGANISATION | {"name": "Éléphants"}]), "organisations")
    path = send(client, content, "organisations", encoding="cp1252").headers["location"]
    worker.run_all(cast.engine)
    assert "1 ligne dit" in client.get(path).text


def test_who_only_reads_files_takes_tables_out_and_brings_none_in(client: TestClient, cast: Cast) -> None:
    City(cast, cast.edition()).file("P01")
    cast.sign_in(client, cast.official(Role.OBSERVER, email="o@example.org"))
    page = client.get("/staff/tables").text
    assert "tables/projects.xlsx" in page
    assert 'type="file"' not in page
    rows = rows_in(client.get("/staff/editions/rennes-2027/tables/projects.csv").content)
    assert [row["state"] for row in rows] == ["submitted"]
    french = client.get("/staff/editions/rennes-2027/tables/projects.csv?variant=french")
    assert "," in rows_in(french.content, ";")[0]["total_cost"] or rows_in(french.content, ";")[0]["total_cost"].isdigit()
    assert client.get("/staff/editions/rennes-2027/tables/organisations.xlsx").content.startswith(b"PK")


def test_everyone_has_public_projects_and_public_columns_only(client: TestClient, cast: Cast) -> None:
    city = City(cast, cast.edition())
    hidden, shown = city.file("P02"), city.decided("P01")
    rows = rows_in(client.get("/editions/rennes-2027/tables/projects.csv").content)
    assert [row["id"] for row in rows] == [shown] != [hidden]
    private = {"reference", "carrier_siret", "carrier_rna", "latitude", "longitude", "place", "partner_name", "beneficiaries", "charges"}
    assert private.isdisjoint(rows[0])
    carriers = rows_in(client.get("/editions/rennes-2027/tables/organisations.csv").content)
    assert len(carriers) == 1
    assert {"members", "rna", "district", "founded_on"}.isdisjoint(carriers[0])
    assert client.get("/editions/rennes-2027/tables/projects.xlsx").content.startswith(b"PK")
    assert client.get("/editions/rennes-2027/tables/people.csv").status_code in (404, 422)


def test_every_column_is_told_in_the_documentation() -> None:
    text = (ROOT / "docs/tables.md").read_text()
    assert [column.code for kind in Kind for column in COLUMNS[kind] if f"`{column.code}`" not in text] == []
