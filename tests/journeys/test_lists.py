"""What stands in a row of a list answers to the mouse: no link of the row lies over another one, nor over a button."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.database import make_engine
from app.demo.sign_ins import PASSWORD as DEMO_PASSWORD
from app.main import create_app
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live
from tests.journeys.steps import Walk

COVERED = """() => [...document.querySelectorAll(".tasks a, .tasks button")].filter((one) => {
  one.scrollIntoView({block: "center"});
  const box = one.getClientRects()[0];
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top?.closest("a, button") !== one;
}).map((one) => one.innerText)"""
SOUND = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.mark.parametrize("path", ["/staff", "/staff/people"])
def test_each_link_and_button_of_a_row_can_be_pressed(city: str, browser: Browser, path: str) -> None:
    page = browser.new_context(locale="fr-FR").new_page()
    walk = Walk(page, city)
    walk.sign_in("admin@demo.example", DEMO_PASSWORD)
    walk.open(path)
    assert page.locator(".tasks a, .tasks button").count() > 3
    assert page.evaluate(COVERED) == []
    page.context.close()


def test_a_document_is_opened_changed_and_deleted_with_the_mouse(live: Live, browser: Browser, tmp_path: Path) -> None:
    engine = make_engine(live.environment["DATABASE_URL"])
    cast = Cast(engine, Clock(datetime.now(UTC)), create_app(engine))
    claire = cast.person()
    draft = cast.draft(claire)
    (tmp_path / "devis.pdf").write_bytes(SOUND)
    page: Page = browser.new_context(locale="fr-FR", java_script_enabled=False).new_page()
    walk = Walk(page, live.url)
    page.set_default_timeout(20_000)
    walk.sign_in(claire.email, PASSWORD)
    walk.open(f"/files/{draft.public_id}/documents")
    page.set_input_files("input[name=file]", tmp_path / "devis.pdf")
    walk.press("Joindre cette pièce")
    with page.expect_download() as download:
        page.get_by_role("link", name="devis.pdf", exact=True).click()
    assert download.value.suggested_filename == "devis.pdf"
    page.get_by_role("link", name="Modifier sa description").click()
    page.go_back()
    page.get_by_role("button", name="Supprimer").click()
    expect(page.locator("main")).to_contain_text("Aucune pièce pour l’instant")
    page.context.close()
    engine.dispose()
