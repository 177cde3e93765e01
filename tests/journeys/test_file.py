"""A carrier's file in a real browser: all of it by keyboard alone; two writers on one page; lines added without script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.permissions import MemberRole
from app.database import make_engine
from app.main import create_app
from app.organisations.models import Membership
from app.unit import work
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live, axe
from tests.journeys.steps import Walk

FOCUSED = "() => { const it = document.activeElement; return [it.name, it.value, it.innerText, it.type, it.tagName].map(one => one || '') }"


class Keys:
    """One person at a keyboard, without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str = "", words: str = "") -> None:
        """Press Tab until the focus stands in the field of this name, or on the link or button with these words."""
        for _ in range(220):
            found, _, text, kind, tag = self.page.evaluate(FOCUSED)
            if (name and found == name and kind != "hidden") or (words and words in text and tag in ("A", "BUTTON", "SUMMARY")):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never reaches {name or words} on {self.page.url}")

    def write(self, **answers: str) -> None:
        """Type into fields, in the order of the page."""
        for name, text in answers.items():
            self.to(name.replace("__", "-"))
            self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Choose in a list or among radio buttons with the arrow keys."""
        self.to(name)
        if self.page.evaluate(FOCUSED)[3] == "radio":
            self.page.keyboard.press("Space")
        for _ in range(260):
            if self.page.evaluate(FOCUSED)[1] == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not among the choices of {name}")

    def press(self, words: str) -> None:
        """Go to a link or button with these words and press Enter."""
        self.to(words=words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def cast(live: Live) -> Cast:
    engine = make_engine(live.environment["DATABASE_URL"])
    return Cast(engine, Clock(datetime.now(UTC)), create_app(engine))


def test_a_whole_file_is_filled_and_submitted_by_keyboard_alone(live: Live, cast: Cast, browser: Browser) -> None:
    claire = cast.person()
    cast.organisation(claire)
    cast.edition()
    page = browser.new_context(locale="fr-FR").new_page()
    page.set_default_timeout(10_000)
    Walk(page, live.url).sign_in(claire.email, PASSWORD)
    page.goto(live.url + "/files")
    keys, following = Keys(page), "Enregistrer et continuer"
    keys.press("Commencer un dossier")
    keys.press("Le projet en quelques mots")
    keys.write(title="Un forage solaire", summary="Un forage pour trois villages.", description="Le puits tarit dès mars.")
    keys.press(following)
    keys.write(need="L’eau manque.", origin="L’assemblée des villages.")
    keys.press(following)
    keys.write(beneficiaries="30", women_0_14="10", men_0_14="20")
    keys.press(following)
    keys.choose("country", "SN")
    keys.write(place="Matam")
    keys.to("place_guarded")
    page.keyboard.press("Space")
    keys.write(public_place="Vallée du fleuve")
    keys.press(following)
    keys.write(partner_name="Comité de l’eau")
    keys.choose("partner_letter", "yes")
    keys.press(following)
    keys.write(starts_on="10102027", duration_months="18")
    keys.press(following)
    keys.write(objectives="De l’eau.", activities__0__label="Forage", activities__0__month="2", activities__0__months="3")
    keys.press("Ajouter une ligne")
    keys.write(activities__2__label="Bilan", activities__2__month="18")
    keys.press(following)
    keys.choose("theme", "infrastructure")
    keys.choose("nature", "development")
    keys.choose("main_sdg", "6")
    keys.press(following)
    keys.choose("gender_equality", "1")
    keys.write(gender_equality_reason="Parité au comité.")
    keys.press(following)
    keys.write(indicators__0__label="Temps", indicators__0__unit="min", indicators__0__baseline="150", indicators__0__target="25")
    keys.press(following)
    keys.write(risks__0__what="Nappe profonde")
    keys.choose("risks-0-likelihood", "low")
    keys.write(risks__0__answer="Étude d’abord")
    keys.press(following)
    keys.write(requested="12000")
    keys.choose("charges-0-account", "60")
    keys.write(charges__0__label="Pompe", charges__0__amount="16500")
    keys.choose("charges-1-account", "625")
    keys.write(charges__1__label="Mission")
    keys.to(words="Payé dans une autre devise")
    page.keyboard.press("Enter")
    keys.write(charges__1__currency="XOF", charges__1__foreign_millis="2295849,5", charges__1__rate="655,957")
    keys.write(charges__1__rate_on="10102026", charges__1__rate_source="BCE")
    keys.choose("products-0-account", "758")
    keys.write(products__0__label="Dons", products__0__amount="8000")
    keys.press("Recalculer")
    expect(page.locator("#balance")).to_contain_text("Le budget est équilibré")
    expect(page.locator("#balance")).to_contain_text("3 500")
    keys.press(following)
    keys.write(feedback="Une exposition.", feedback_on="05052028", feedback_place="École du Blosne")
    keys.press(following)
    keys.write(sustainability="Le comité.")
    keys.press(following)
    keys.to("declared")
    for _ in range(page.locator("[name=declared]").count()):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    keys.press("Enregistrer et revenir à la liste")
    expect(page.locator("#meter")).to_contain_text("9 pages obligatoires complètes sur 10")
    keys.press("Engagements")
    keys.to("accepts")
    page.keyboard.press("Space")
    keys.press("Souscrire pour cette demande")
    keys.choose("interests", "none")
    keys.press("Enregistrer")
    keys.press("Retour à la liste des pages")
    expect(page.locator("#meter")).to_contain_text("10 pages obligatoires complètes sur 10")
    keys.press("Vérifier et déposer")
    keys.press("Déposer ce projet")
    expect(page.locator("main")).to_contain_text("Déposé")
    page.context.close()


def test_two_writers_on_one_page_see_both_versions(live: Live, cast: Cast, browser: Browser) -> None:
    claire, leo = cast.person(), cast.person("leo@example.org", "Léo")
    draft = cast.draft(claire, complete=False)
    with work(cast.engine) as unit:
        unit.db.add(Membership(organisation_id=draft.organisation_id, account_id=leo.id, role=MemberRole.WRITER, since=unit.now))
    walks = []
    for person in (claire, leo):
        walks.append(Walk(browser.new_context(locale="fr-FR", java_script_enabled=False).new_page(), live.url))
        walks[-1].sign_in(person.email, PASSWORD)
        walks[-1].open(f"/files/{draft.public_id}/risks")
    first, second = walks
    first.fill(**{"risks-0-what": "Nappe trop profonde", "risks-0-answer": "Étude"})
    first.press("Ajouter une ligne")
    first.fill(**{"risks-2-what": "Pluies"})
    first.press("Enregistrer et continuer")
    second.fill(**{"risks-0-what": "Prix de la pompe"})
    second.press("Enregistrer et continuer")
    for words in ("Nappe trop profonde", "Pluies", "Prix de la pompe"):
        second.reads(words)
    second.press("Garder la mienne")
    second.open(f"/files/{draft.public_id}/risks")
    expect(second.page.locator("[name='risks-0-what']")).to_have_value("Prix de la pompe")
    for walk in walks:
        walk.page.context.close()


def test_the_pages_of_a_file_have_no_barrier(live: Live, cast: Cast, browser: Browser) -> None:
    claire = cast.person()
    draft = cast.draft(claire)
    walk = Walk(browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}).new_page(), live.url)
    walk.sign_in(claire.email, PASSWORD)
    for name in ("", "/beneficiaries", "/place", "/activities", "/markers", "/indicators", "/risks", "/budget", "/submission", "/preview"):
        walk.open(f"/files/{draft.public_id}{name}")
        assert axe(walk.page) == [], name
        assert walk.page.evaluate("document.documentElement.scrollWidth") <= 360, name
    walk.page.context.close()
