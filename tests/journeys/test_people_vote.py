"""Aminata on a patchy network without script, Karim at a keyboard with a screen reader, Léo with a code from his teacher."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from app.core.forms import read
from app.core.permissions import Role
from app.database import make_engine
from app.electorate import batches
from app.electorate.forms import CodeBatchForm
from app.main import create_app
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live
from tests.journeys.steps import back
from tests.journeys.test_vote import choose, counts
from tests.voting.poll import OpenPoll

VOTE = "/editions/rennes-2027/vote?lang=fr"


@pytest.fixture
def poll(live: Live) -> Iterator[OpenPoll]:
    """A vote that is open now, in the installation that runs."""
    engine, now = make_engine(live.environment["DATABASE_URL"]), datetime.now(UTC)
    yield OpenPoll(Cast(engine, Clock(now), create_app(engine)), now)
    engine.dispose()


def cut(page: Page, button: str) -> None:
    """Press a button while the network is gone, then find it again and press Back."""
    page.context.set_offline(True)
    with suppress(Error):
        page.get_by_role("button", name=button).first.click(timeout=4_000)
        page.wait_for_timeout(300)
    page.context.set_offline(False)
    back(page)


def test_aminata_loses_the_network_twice_and_no_choice(browser: Browser, live: Live, poll: OpenPoll) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{live.url}{VOTE}")
    for _ in range(3):
        page.locator("button[name=add]").first.click()
    chosen = [one.get_attribute("value") for one in page.locator("#onward input[name=choice]").all()]
    assert len(chosen) == 3
    cut(page, "Relire et voter")
    expect(page.locator("#onward input[name=choice]")).to_have_count(3)
    page.get_by_role("button", name="Relire et voter").click()
    page.locator("#f-credential").fill(poll.key())
    cut(page, "Envoyer mon vote")
    still = [one.get_attribute("value") or "" for one in page.locator("#send input[name=choice]").all()]
    assert sorted(still) == sorted(filter(None, chosen))
    if not page.locator("#f-credential").input_value():
        page.locator("#f-credential").fill(poll.key())
    page.get_by_role("button", name="Envoyer mon vote").click()
    page.wait_for_url("**/receipts/*")
    assert page.locator("h1").inner_text() == "Votre vote est enregistré"
    assert counts(poll) == (1, 1)
    context.close()


def test_a_press_without_network_says_so_and_keeps_what_was_chosen(browser: Browser, live: Live, poll: OpenPoll) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{live.url}{VOTE}")
    page.locator("button[name=add]").first.click()
    page.locator("#onward input[name=choice]").first.wait_for(state="attached")
    context.set_offline(True)
    page.locator("button[name=add]").first.click()
    expect(page.locator("#status")).to_contain_text("Rien n’est perdu")
    context.set_offline(False)
    page.locator("button[name=add]").first.click()
    expect(page.locator("#onward input[name=choice]")).to_have_count(2)
    context.close()


class Keys:
    """One person at a keyboard, who hears what has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def heard(self) -> str:
        """The words of what has the focus."""
        return str(
            self.page.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()")
        )

    def to(self, words: str, most: int = 200) -> None:
        """Press Tab until the focus stands on something with these words."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if re.search(words, self.heard()):
                return
        raise AssertionError(f"the keyboard never reaches “{words}”")

    def to_field(self, id: str, most: int = 200) -> None:
        """Press Tab until the focus stands in a field."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.id") == id:
                return
        raise AssertionError(f"the keyboard never reaches {id}")


def check_outline(page: Page) -> None:
    """What a screen reader finds its way by: one first heading, no level left out, landmarks, one region that speaks, named controls."""
    levels = [int(one) for one in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName[1])")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert page.get_by_role("main").count() == 1
    assert page.locator("[role=status], [role=alert], [aria-live]").count() == 1
    tree = page.locator("body").aria_snapshot()
    assert not re.search(r"- (button|link|textbox|checkbox|radio)\s*(\[|$)", tree, re.MULTILINE), "a control without a name"


def check_zoomed(page: Page) -> None:
    """Nothing is wider than the screen, and nothing lies over what has the focus."""
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), page.url
    assert page.evaluate(
        """() => {
            const one = document.activeElement, box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
            return one === document.body || one.contains(top) || Boolean(top && top.contains(one));
        }"""
    ), page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("screen", [(1280, 720), (320, 256)], ids=["plain", "at 400 %"])
def test_karim_votes_by_keyboard_and_hears_each_change_once(
    browser: Browser, live: Live, poll: OpenPoll, screen: tuple[int, int]
) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": screen[0], "height": screen[1]})
    page = context.new_page()
    keys = Keys(page)
    page.goto(f"{live.url}{VOTE}")
    check_outline(page)
    for number in range(1, 4):
        keys.to("^Ajouter")
        project = page.evaluate("document.activeElement.value")
        page.keyboard.press("Enter")
        expect(page.locator("#onward input[name=choice]")).to_have_count(number)
        expect(page.locator("#status")).to_contain_text(re.compile(r"ajouté|projet"))
        assert page.evaluate("document.activeElement.value") == project, "the focus stays where it was"
        assert keys.heard().startswith("Retirer")
        check_zoomed(page)
    check_outline(page)
    keys.to("^Relire et voter")
    check_zoomed(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/vote/review**")
    check_outline(page)
    keys.to_field("f-credential")
    check_zoomed(page)
    page.keyboard.type(poll.key())
    keys.to("^Envoyer mon vote")
    check_zoomed(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts/*")
    check_outline(page)
    check_zoomed(page)
    assert page.locator("h1").inner_text() == "Votre vote est enregistré"
    context.close()


def test_leo_votes_with_the_printed_code_of_his_teacher(visitor: Page, live: Live, poll: OpenPoll) -> None:
    engine = make_engine(live.environment["DATABASE_URL"])
    cast = Cast(engine, Clock(datetime.now(UTC)), create_app(engine))
    teacher = cast.person("maitresse@example.org", "Mme Rouault", [Role.DESK_AGENT])
    with work(engine) as unit:
        edition, form = unit.db.merge(poll.edition), read(CodeBatchForm, {"label": "École Jean-Zay", "size": 1})
        code = batches.make_batch(unit, edition, form, by=teacher, seconded=True)[1][0]
    choose(visitor, live, "fr")
    frame = visitor.frame_locator("iframe")
    frame.locator("#by-code summary").click()
    frame.locator("#f-printed").fill(f" {code.upper()} ")
    frame.get_by_role("button", name="Utiliser ce code").click()
    frame.locator("#credential").wait_for(state="attached")
    key = re.sub(r"\s", "", frame.locator("#credential").text_content() or "")
    visitor.wait_for_timeout(300)
    if not visitor.locator("#f-credential").input_value():
        visitor.locator("#f-credential").fill(key)
    visitor.get_by_role("button", name="Envoyer mon vote").click()
    visitor.wait_for_url("**/receipts/*")
    assert counts(poll) == (1, 1)
    engine.dispose()
