"""The whole file on paper: a tagged PDF in the reader's language, that calls nowhere; the same as a page where none can be made."""

import re
import zlib

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import select

from app import printing
from app.core.permissions import Role
from app.core.problems import Conflict
from app.organisations.models import Organisation
from app.proposals.models import BudgetLine
from app.proposals.partner_letter import hash_of
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock, skip_or_fail
from tests.pages.test_partner import opened, signature
from tests.proposals.partners import invited
from tests.review.test_publication import SHOWN, refused

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TARGETS = ("http://127.0.0.1:1/a.png", "http://169.254.169.254/latest", "file:///etc/passwd", "http://[::1]/x", "http://2130706433/")


@pytest.fixture
def path(client: TestClient, cast: Cast) -> str:
    """A submitted file of Claire's, whose partner signed; she is signed in."""
    claire = cast.person()
    proposal = cast.draft(claire, project={"description": " ".join(f"![x]({one}) <img src='{one}'>" for one in TARGETS)})
    secret = invited(cast, proposal, language="es")
    client.post(f"/partner/{secret}/signature", data=signature(opened(client, secret), statement="Gracias", statement_language="es"))
    cast.sign_in(client, claire)
    file = f"/files/{proposal.public_id}"
    client.post(f"{file}/documents", data={"kind": "statutes"}, files={"file": ("statuts.pdf", PDF)})
    assert client.post(f"{file}/submission").status_code == 303
    return file


def test_the_paper_holds_every_page_the_budget_the_documents_and_the_partner(client: TestClient, cast: Cast, path: str) -> None:
    text = client.get(f"{path}/file.html").text
    for said in (
        "Un forage solaire pour trois villages", "Ker Teranga Rennes", "Pompe et réservoir", "Région Bretagne", "Bénévoles", "Sénégal",
        "Gracias", "Nosotros, Comité", "Ana Quispe, Presidenta", "statuts.pdf", "Un compte d’entretien à la mutuelle.", "Déposé",
    ):  # fmt: skip
        assert said in text, said
    assert "Message(" not in text
    assert "<dd><ul>" in text, "lists are lists"
    assert len(re.findall(r"\b[0-9a-f]{64}\b", text)) == 2
    letter = "\n\n".join(re.findall(r'<p dir="auto">((?:Nosotros|El proyecto|Nuestra|Conocemos|Aceptamos)[^<]+)</p>', text))
    assert hash_of(letter) in text, "anyone can compute the fingerprint of the letter again"
    assert "<img" not in text


def test_the_paper_holds_what_people_put_their_name_to_the_papers_kept_and_each_rate(client: TestClient, path: str, cast: Cast) -> None:
    with work(cast.engine, now=cast.clock.now) as unit:
        line = unit.db.exec(select(BudgetLine).where(BudgetLine.side == "charge")).all()[0]
        slug = unit.db.exec(select(Organisation.slug)).one()
        line.currency, line.foreign_millis, line.rate, line.rate_source = "XOF", 2_295_849_500, "655.957", "BCE"
        line.rate_on = cast.clock.now.date()
    papers = {"kind": "bank_details", "dated_on": "2026-01-05"}
    assert client.post(f"/organisations/{slug}/documents", data=papers, files={"file": ("rib.pdf", PDF)}).status_code == 303
    text = client.get(f"{path}/file.html").text
    for said in ("Version du texte", "Intérêts", "rib.pdf", "BCE"):
        assert said in text, said
    assert not re.search(r"ans</dt><dd>[^/]*Pas encore de réponse", text), "groups of people of whom nothing is said are left out"


def test_it_is_a_tagged_pdf_in_the_language_of_the_reader(client: TestClient, path: str) -> None:
    if not printing.can_print():
        skip_or_fail("no Pango here")
    for language in ("fr", "en"):
        client.cookies.set("language", language)
        answer = client.get(f"{path}/file.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
        said = answer.content + b"".join(zlib.decompressobj().decompress(one) for one in packed if one[:1] == b"x")
        assert f"/Lang ({language})".encode() in said
        assert b"pdfuaid:part" in said
        assert b"/URI (http://127.0.0.1:1" not in said
        client.cookies.delete("language")


def test_where_no_pdf_can_be_made_the_page_to_print_is_offered(client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> bytes:
        raise Conflict(printing.NO_PDF)

    monkeypatch.setattr(printing, "pdf", missing)
    answer = client.get(f"{path}/file.pdf")
    assert answer.status_code == 409
    assert f'href="{path}/file.html"' in answer.text
    assert "Pango" in answer.text


def test_it_takes_as_many_statements_for_many_documents_as_for_one(client: TestClient, cast: Cast, engine: Engine, path: str) -> None:
    def counted() -> int:
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", note := lambda *args: statements.append(args[2]))
        client.get(f"{path}/file.html")
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    first = counted()
    assert first < 40


def test_a_decision_is_on_paper_from_its_instant_and_not_before(client: TestClient, cast: Cast, clock: Clock) -> None:
    edition, claire, officer = cast.edition(), cast.person(), cast.official(Role.CASE_OFFICER)
    with work(cast.engine, now=clock.now) as unit:
        public_id = refused(unit, edition, officer, claire.id).public_id
    cast.sign_in(client, claire)
    paper = f"/files/{public_id}/file.html"
    before = client.get(paper).text
    assert "Irrecevable" not in before
    assert "aide d&#39;urgence" not in before
    clock.now = SHOWN
    cast.sign_in(client, claire)
    after = client.get(paper).text
    assert "· Irrecevable" in after, "the head of the paper says what its history says"
    assert "aide d&#39;urgence" in after
