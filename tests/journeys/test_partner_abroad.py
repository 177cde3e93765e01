"""A partner abroad, in a browser of its own and in Spanish: it reads, signs, adds a photo; the carrier and the residents see it."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from app.database import make_engine
from app.main import create_app
from app.proposals.models import Proposal
from app.unit import work
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock
from tests.journeys.conftest import AXE, Live

VIOLATIONS = "async () => (await axe.run()).violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ')}`)"


def test_a_partner_abroad_signs_in_spanish(live: Live, browser: Browser, tmp_path: Path) -> None:
    engine = make_engine(live.environment["DATABASE_URL"])
    cast = Cast(engine, Clock(datetime.now(UTC)), create_app(engine))
    proposal = cast.draft(cast.person(), partner={"partner_letter": "no", "partner_role": "Suivi du chantier"})

    carrier = browser.new_context(locale="fr-FR").new_page()
    carrier.goto(f"{live.url}/sign-in")
    carrier.fill("input[name=email]", "claire@example.org")
    carrier.fill("input[name=password]", PASSWORD)
    carrier.keyboard.press("Enter")
    carrier.wait_for_url(re.compile(r"/(account|files)"))
    carrier.goto(f"{live.url}/files/{proposal.public_id}/partner")
    carrier.get_by_role("link", name="La page du partenaire").click()
    carrier.get_by_label("À qui vous écrivez").fill("Ana Quispe")
    carrier.get_by_label("Adresse électronique du partenaire").fill("ana@example.org")
    carrier.locator("#main").get_by_text("Español", exact=True).click()
    carrier.get_by_role("button", name="Envoyer le lien").click()
    expect(carrier.get_by_text("Envoyé", exact=True)).to_be_visible()

    mail = live.mailbox.wait_for("ana@example.org", "le designa como socio")
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(rf"{live.url}/partner/\w+", body.get_content())
    assert link is not None

    abroad = browser.new_context(locale="es-BO", viewport={"width": 360, "height": 740}, java_script_enabled=True)
    partner = abroad.new_page()
    partner.goto(link[0])
    partner.get_by_role("button", name="Leer el proyecto").click()
    expect(partner.get_by_role("heading", name="Confirme su participación")).to_be_visible()
    partner.evaluate(AXE)
    assert partner.evaluate(VIOLATIONS) == []
    assert partner.evaluate("document.documentElement.scrollWidth") <= 360
    partner.get_by_role("button", name="Firmar la carta").click()
    expect(partner.get_by_role("alert")).to_contain_text("Su nombre: Rellene este campo.")
    partner.get_by_label("Su nombre").fill("Ana Quispe")
    partner.get_by_label("Su cargo").fill("Presidenta")
    partner.get_by_label("Sus propias palabras").fill("Caminamos dos horas por el agua.")
    partner.get_by_text("He leído esta carta").click()
    partner.get_by_role("button", name="Firmar la carta").click()
    expect(partner.get_by_role("heading", name="Usted firmó la carta")).to_be_visible()

    photo = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(photo, "JPEG")
    (tmp_path / "pozo.jpg").write_bytes(photo.getvalue())
    partner.set_input_files("input[name=file]", tmp_path / "pozo.jpg")
    partner.get_by_label("Qué muestra la imagen").fill("Dos mujeres sacan agua")
    partner.get_by_text("No se reconoce a nadie").click()
    partner.get_by_role("button", name="Enviar esta foto").click()
    expect(partner.get_by_role("listitem").filter(has_text="Dos mujeres sacan agua")).to_be_visible()
    assert abroad.cookies() == []

    live.mailbox.wait_for("claire@example.org", "a signé la lettre")
    carrier.reload()
    expect(carrier.get_by_text("Lettre signée", exact=True)).to_be_visible()
    with work(engine) as unit:
        unit.db.get_one(Proposal, proposal.id).state = "admissible"
    resident = browser.new_context(locale="fr-FR").new_page()
    resident.goto(f"{live.url}/projects/{proposal.public_id}")
    resident.get_by_alt_text("Dos mujeres sacan agua").scroll_into_view_if_needed()
    expect(resident.get_by_alt_text("Dos mujeres sacan agua")).to_have_js_property("naturalWidth", 60)
    expect(resident.locator("#partner [lang=es]")).to_contain_text("Caminamos dos horas")
    engine.dispose()
