"""A whole vote by its pages alone, in French: two members of the bureau freeze it, a resident votes, the clock closes it, the bureau
opens it with its shares, counts and publishes; what anyone downloads is accepted by the verifier and shows the resident's ballot.

The clock is the test's, so the server runs in this process, and the worker is run by hand.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from app.core.credentials import issue
from app.core.permissions import Role
from app.core.verification import read_zip, verify
from app.editions.models import Edition
from app.electorate.codes import registrar_key
from app.electorate.models import RollLine
from app.notifications.models import OutgoingMail
from app.polls.ballot_paper import paper_at
from app.unit import work
from app.voting import service as voting
from app.worker import plan_rounds, run_all
from tests.bureau import SAFEKEEPING, members, shares
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock
from tests.journeys.conftest import axe, free_port
from tests.journeys.steps import Walk
from tests.polls.unfrozen import unfrozen_vote

HERE, BOX = "/editions/rennes-2027", "/staff/editions/rennes-2027/box"
NOLWENN = {"name": "Nolwenn Kervella", "birth_date": "1984-05-17", "address": "3 rue Saint-Malo", "email": "n@example.org"}
OTHERS = 21
"""Residents beside the one at the browser: enough that more than totals are published."""


@dataclass
class City:
    """The installation, its clock, and a browser for each person."""

    url: str
    engine: Engine
    clock: Clock
    cast: Cast
    browser: Browser

    def person(self, script: bool = True) -> Page:
        """Somebody at a browser of their own."""
        context = self.browser.new_context(locale="fr-FR", java_script_enabled=script, viewport={"width": 360, "height": 740})
        return context.new_page()

    def official(self, email: str) -> Walk:
        walk = Walk(self.person(), self.url)
        walk.sign_in(email, PASSWORD)
        return walk


@pytest.fixture
def city(engine: Engine, clock: Clock, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    monkeypatch.setattr("app.unit.clock", lambda: clock.now)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(cast.app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        pass
    yield City(f"http://127.0.0.1:{port}", engine, clock, cast, browser)
    for context in list(browser.contexts):
        context.close()
    server.should_exit = True
    thread.join()


def frozen(city: City, edition: Edition, first: Walk, second: Walk) -> None:
    first.open(f"{BOX}/freeze")
    first.fill(**SAFEKEEPING)
    first.choose(publication="open")
    first.press("Proposer le gel")
    first.reads("Il faut une seconde personne")
    second.open("/staff")
    second.page.get_by_role("link", name="Geler le vote").click()
    second.press("Confirmer : Geler le vote")
    second.reads("Proposé par Hélène Riou, confirmé par Ibrahim Sow")


def vote(city: City) -> tuple[str, list[str]]:
    """The resident votes on a phone; the tracking code and the titles chosen."""
    page = city.person()
    page.goto(f"{city.url}{HERE}/vote?lang=fr")
    for number in range(1, 4):
        page.locator("button[name=add]").first.click()
        page.locator("#onward input[name=choice]").nth(number - 1).wait_for(state="attached")
    page.get_by_role("button", name="Relire et voter").click()
    page.locator("#send").wait_for()
    page.wait_for_load_state()
    titles = page.locator("#mine tbody th").all_inner_texts()
    frame = page.frame_locator("iframe")
    for name, value in NOLWENN.items():
        frame.locator(f"#f-{name}").fill(value)
    frame.locator("label[for=f-resident]").click()
    frame.locator("#by-mail button[type=submit]").click()
    frame.locator("#f-code").wait_for()
    with work(city.engine, writing=False) as unit:
        (mail,) = [one for one in unit.db.exec(select(OutgoingMail)) if one.name == "voting-code"]
    digits = re.search(r"\b(\d{3})\s?(\d{3})\b", mail.body_text)
    assert digits
    frame.locator("#f-code").fill("".join(digits.groups()))
    frame.locator("button[type=submit]").first.click()
    frame.locator("#credential").wait_for(state="attached")
    expect(page.locator("#f-credential")).not_to_have_value("")
    page.get_by_role("button", name="Envoyer mon vote").click()
    expect(page.locator("h1")).to_have_text("Votre vote est enregistré")
    return page.locator(".tracking").inner_text(), titles


def others_vote(city: City, edition: Edition) -> None:
    with work(city.engine) as unit:
        paper, box = paper_at(unit, "rennes-2027"), voting.box_of(unit, edition.id or 0)
        assert box is not None
        assert paper.style is not None
        assert paper.opens is not None
        assert paper.closes is not None
        for number in range(OTHERS):
            line = RollLine(public_id=f"line{number}", edition_id=paper.edition_id, origin="email", added_on=unit.now.date())
            unit.db.add(line)
            key = issue(registrar_key(unit, edition), box.key, str(edition.id), f"line{number}")
            slip = voting.Slip([one.id for one in paper.candidates[:3]], f"{number:026d}")
            dates = {"opens": paper.opens, "closes": paper.closes}
            voting.cast(unit, paper.edition_id, key, slip, style=paper.style, candidates=paper.slate, **dates)


def opened(first: Walk, second: Walk) -> None:
    first.open(BOX)
    first.press("Proposer d’ouvrir l’urne")
    second.open("/staff")
    second.page.get_by_role("link", name="Ouvrir l’urne").click()
    second.fill(share_1=shares()[0], share_2="un mot de trop")
    second.press("Confirmer : Ouvrir l’urne")
    expect(second.page.locator(".error-summary")).to_be_visible()
    expect(second.page.locator("[name=share_1]")).to_have_value(shares()[0])
    second.fill(share_2="", share_3=shares()[2])
    second.press("Confirmer : Ouvrir l’urne")
    second.reads("Dépouillez les bulletins.")


def published(city: City, first: Walk) -> None:
    first.open("/staff/editions/rennes-2027/results")
    first.press("Dépouiller les bulletins")
    first.reads("Deux personnes chargées de publier peuvent maintenant publier")
    pauline, quentin = city.official("pauline@example.org"), city.official("quentin@example.org")
    pauline.open("/staff/editions/rennes-2027/results")
    pauline.press("Proposer de publier le résultat")
    quentin.open("/staff")
    quentin.page.get_by_role("link", name="Publier le résultat").click()
    quentin.press("Confirmer et publier le résultat")
    quentin.reads("Résultat publié")


def test_from_the_freeze_to_a_bundle_that_anyone_checks(city: City, tmp_path: Path) -> None:
    edition = unfrozen_vote(city.cast)
    members(city.cast)
    city.cast.person("quentin@example.org", "Quentin Prat", [Role.PUBLISHER])
    first, second = city.official("helene@ville.example.org"), city.official("ibrahim@ville.example.org")
    frozen(city, edition, first, second)
    plan_rounds(city.engine)
    city.clock.now += timedelta(days=6)
    run_all(city.engine)
    code, titles = vote(city)
    others_vote(city, edition)
    city.clock.now += timedelta(days=11)
    run_all(city.engine)
    first, second = city.official("helene@ville.example.org"), city.official("ibrahim@ville.example.org")
    opened(first, second)
    published(city, first)
    run_all(city.engine)
    resident = city.person()
    resident.goto(f"{city.url}{HERE}/results")
    with resident.expect_download() as download:
        resident.locator(f"a[href$='{HERE}/results/bundle.zip']").first.click()
    content = Path(download.value.path()).read_bytes()
    verdict = verify(read_zip(io.BytesIO(content)), code.replace(" ", "").replace("-", ""))
    assert verdict.holds, [str(text) for one in verdict.checks for text in one.sentences if one.holds is False]
    resident.goto(f"{city.url}{HERE}/log")
    resident.locator("[name=code]").fill(code)
    resident.locator("main form button").first.click()
    expect(resident.locator("main")).to_contain_text(f"sur {OTHERS + 1}")
    assert len(titles) == 3
    assert axe(resident) == []
