"""The accessibility statement says what its file says, and no degree is claimed that nobody found."""

from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from app.accessibility import FILE, Audit, Degree, Statement, read_statement, statement
from app.rendering import LANGUAGES, base_of

AUDIT = {"auditor": "Cabinet Braille & Cie", "made_on": date(2027, 1, 31), "reference": "RGAA 4.1.2", "rate": 87, "pages": ["/"]}
WRITTEN = {"written_on": date(2027, 2, 10)}


def test_the_file_of_this_site_is_sound_and_claims_nothing() -> None:
    found = read_statement(FILE)
    assert found.degree is Degree.NOT_ASSESSED
    assert found.audit is None
    assert found.tested


@pytest.mark.parametrize("degree", ["none", "partial", "full"])
def test_a_claim_without_an_audit_is_refused(degree: str) -> None:
    with pytest.raises(ValidationError, match="no claim without an auditor and a date"):
        Statement.model_validate({"degree": degree} | WRITTEN)


@pytest.mark.parametrize("missing", list(AUDIT))
def test_an_audit_without_date_auditor_or_anything_else_is_refused(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        Audit.model_validate({name: value for name, value in AUDIT.items() if name != missing})
    with pytest.raises(ValidationError):
        Audit.model_validate(AUDIT | {"auditor": ""})


@pytest.mark.parametrize(("rate", "degree"), [(49, "none"), (50, "partial"), (99, "partial"), (100, "full")])
def test_the_degree_is_that_of_the_rate(rate: int, degree: str) -> None:
    for claimed in ("none", "partial", "full"):
        sent = {"degree": claimed, "audit": AUDIT | {"rate": rate}} | WRITTEN
        if claimed == degree:
            assert Statement.model_validate(sent).degree == degree
        else:
            with pytest.raises(ValidationError, match="the degree is"):
                Statement.model_validate(sent)


def test_a_statement_older_than_its_audit_and_a_misspelt_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="older than its audit"):
        Statement.model_validate({"degree": "partial", "audit": AUDIT, "written_on": date(2026, 1, 1)})
    (tmp_path / "a.toml").write_text('degree = "not_assessed"\nwriten_on = 2026-11-28\n')
    with pytest.raises(ValidationError, match="writen_on"):
        read_statement(tmp_path / "a.toml")


def test_the_page_and_the_foot_of_every_page_say_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client.get("/accessibility").text
    assert page.count("Accessibilité\u00a0: non évaluée") >= 2
    for words in ("Défenseur des droits", "axe-core", "Aucune n’est invoquée", "28 novembre 2026"):
        assert words in page
    audited = Statement.model_validate({"degree": "partial", "audit": AUDIT, "contact": {"email": "a11y@ville.example"}} | WRITTEN)
    monkeypatch.setattr("app.pages.home.statement", lambda: audited)
    monkeypatch.setattr("app.rendering.statement", lambda: audited)
    page = client.get("/accessibility?done=saved").text
    assert page.count("partiellement conforme") >= 2
    assert "Cabinet Braille &amp; Cie" in page
    assert "mailto:a11y@ville.example" in page
    assert "non évaluée" not in page


def test_it_is_read_once() -> None:
    assert statement() is statement()


def test_the_statement_that_comes_with_the_product_speaks_every_language() -> None:
    told = read_statement(FILE)
    for text in (*told.tested, *told.known):
        assert {base_of(language) for language in LANGUAGES} <= set(text)
