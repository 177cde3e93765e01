"""The home page and the short pages about the site, for everyone."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.core.messages import Localised
from app.rendering import render
from tests.calendars import usual_calendar
from tests.cast import Cast

NARROW, NO_BREAK = "\u202f", "\u00a0"


def test_before_the_first_edition_the_home_page_says_what_is_to_come(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "La première édition se prépare" in page.text
    assert 'href="/sign-in"' in page.text


def test_the_home_page_says_how_much_and_why_that_much(client: TestClient, cast: Cast) -> None:
    cast.edition()
    text = client.get("/").text.replace(NARROW, " ").replace(NO_BREAK, " ")
    assert "230 890 habitants (population municipale 2023, INSEE) × 1,00 € = 230 890 €" in text
    assert "/editions/rennes-2027/rules" in text


def test_while_submission_is_open_the_call_is_to_submit(client: TestClient, cast: Cast) -> None:
    cast.edition()
    text = client.get("/").text
    assert "Déposer un projet" in text
    assert "31 janvier 2027 inclus" in text


def test_during_the_vote_the_vote_comes_first_and_the_next_edition_stands_beside(client: TestClient, cast: Cast) -> None:
    now = cast.clock.now
    dates = usual_calendar(now)
    windows = {window.kind.value: (window.opens, window.closes) for window in dates.windows}
    cast.edition(slug="rennes-2028", name=Localised(fr="Édition 2028"))
    earlier = usual_calendar(windows["submission"][0].replace(year=now.year - 1))
    voting = {window.kind.value: (window.opens, window.closes) for window in earlier.windows}
    cast.edition(phases=voting | {"voting": (now.replace(day=1), windows["submission"][1]), "count": None, "council": None})
    text = client.get("/").text
    assert "Le vote est ouvert" in text
    assert "Édition 2028" in text


@pytest.mark.parametrize("path", ["/how-it-works", "/privacy", "/accessibility", "/source", "/rules"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_about_the_site_stand_in_both_languages(client: TestClient, path: str, language: str) -> None:
    page = client.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_the_rules_link_leads_to_the_edition_that_matters_now(client: TestClient, cast: Cast) -> None:
    cast.edition()
    assert client.get("/rules").headers["location"] == "/editions/rennes-2027/rules"


@pytest.mark.parametrize("path", ["/", "/editions", "/editions/rennes-2027", "/editions/rennes-2027/rules"])
def test_a_public_page_asks_the_database_eight_times_at_most(client: TestClient, cast: Cast, path: str) -> None:
    cast.edition()
    cast.edition(slug="rennes-2026")
    asked: list[str] = []
    event.listen(cast.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert client.get(path).status_code == 200
    assert len([one for one in asked if one.startswith("SELECT") and "change_counter" not in one]) <= 8


def test_a_page_value_that_hides_a_function_of_the_templates_is_refused() -> None:
    with pytest.raises(TypeError, match="number"):
        render("home/source.html", {"number": 2}, language="fr")
