"""From the edition's page to a receipt on a phone, with and without script; and what the requests on the way say of the voter."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from playwright.sync_api import TimeoutError as PatienceOver

from app.database import make_engine
from app.electorate.models import EmailProof
from app.main import create_app
from app.unit import work
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live, axe
from tests.journeys.steps import back
from tests.voting.poll import OpenPoll, all_rows

NAME, EMAIL, ADDRESS = "Nolwenn Kervella", "nolwenn@example.org", "3 rue Saint-Malo"
WORDS = {
    "fr": ("Voter maintenant", "Relire et voter", "Envoyer mon vote", "Votre vote est enregistré"),
    "en": ("Vote now", "Check and vote", "Send my vote", "Your vote is recorded"),
}


@pytest.fixture
def poll(live: Live) -> Iterator[OpenPoll]:
    """A vote that is open now, in the installation that runs."""
    engine, now = make_engine(live.environment["DATABASE_URL"]), datetime.now(UTC)
    yield OpenPoll(Cast(engine, Clock(now), create_app(engine)), now)
    engine.dispose()


@pytest.fixture(params=["fr script", "fr no script", "en script", "en no script"])
def resident(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str, list[Request]]]:
    """Somebody with a phone, her language, and every request her browser sends."""
    language, _, script = request.param.partition(" ")
    context = browser.new_context(
        java_script_enabled=script == "script", viewport={"width": 360, "height": 740}, locale="fr-FR" if language == "fr" else "en-GB"
    )
    sent: list[Request] = []
    context.on("request", lambda request: sent.append(request))
    yield context.new_page(), language, sent
    context.close()


def counts(poll: OpenPoll) -> tuple[int, int]:
    with work(poll.engine, writing=False) as unit:
        return len(all_rows(unit, CastBallot)), len(all_rows(unit, SpentCredential))


def choose(page: Page, live: Live, language: str, projects: int = 3) -> None:
    """From the edition's page to the review page with so many projects."""
    enter, check, _, _ = WORDS[language]
    page.goto(f"{live.url}/editions/rennes-2027")
    page.get_by_role("link", name=enter).click()
    for number in range(1, projects + 1):
        page.locator("button[name=add]").first.click()
        page.locator("#onward input[name=choice]").nth(number - 1).wait_for(state="attached")
    page.get_by_role("button", name=check).click()
    page.locator("#send").wait_for()
    page.wait_for_load_state()


def identify(page: Page, live: Live) -> str:
    """Declare oneself in the frame, type the code that came by e-mail, and get the voting key."""
    frame = page.frame_locator("iframe")
    frame.locator("#f-name").fill(NAME)
    frame.locator("#f-birth_date").fill("1984-05-17")
    frame.locator("#f-address").fill(ADDRESS)
    frame.locator("#f-email").fill(EMAIL)
    frame.locator("label[for=f-resident]").click()
    frame.locator("#by-mail button[type=submit]").click()
    frame.locator("#f-code").wait_for()
    body = live.mailbox.wait_for(EMAIL).get_body(("plain",))
    assert body is not None
    digits = re.search(r"\b(\d{3})\s?(\d{3})\b", body.get_content())
    assert digits
    frame.locator("#f-code").fill("".join(digits.groups()))
    frame.locator("button[type=submit]").first.click()
    frame.locator("#credential").wait_for(state="attached")
    return re.sub(r"\s", "", frame.locator("#credential").text_content() or "")


def test_a_resident_votes_on_a_phone_and_no_request_says_who_chose_what(
    resident: tuple[Page, str, list[Request]], live: Live, poll: OpenPoll
) -> None:
    page, language, sent = resident
    choose(page, live, language)
    key = identify(page, live)
    field = page.locator("#f-credential")
    page.wait_for_timeout(300)
    if not field.input_value():
        field.fill(key)
    assert field.input_value() == key
    page.get_by_role("button", name=WORDS[language][2]).click()
    page.wait_for_url("**/receipts/*")
    assert page.locator("h1").inner_text() == WORDS[language][3]
    receipt = page.locator(".tracking").inner_text()
    page.reload()
    assert page.locator(".tracking").inner_text() == receipt
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    assert counts(poll) == (1, 1)
    check_requests(sent, poll)


def check_requests(sent: list[Request], poll: OpenPoll) -> None:
    """On the way of the ballot: no cookie, no name, no e-mail. On the way of the person: no choice. Nowhere a choice in an address."""
    pages = [request for request in sent if "/static/" not in request.url]
    ballot = [request for request in pages if re.search(r"/vote(/review)?(\?|$)|/ballot$|/receipts/", request.url)]
    person = [request for request in pages if "/identification" in request.url]
    assert len(ballot) >= 6
    assert len(person) >= 3
    for request in ballot:
        said = request.url + str(request.all_headers()) + (request.post_data or "")
        assert "cookie" not in {name.lower() for name in request.all_headers()}
        assert not any(word in said for word in (*NAME.split(), EMAIL, "nolwenn%40", ADDRESS.split()[2], "1984"))
        fields = set(parse_qs(request.post_data or ""))
        assert fields <= {"lang", "order", "choice", "add", "seed", "credential", "sealed"}
        assert "sealed" not in fields or not {"choice", "seed"} & fields, "what the browser sealed goes alone"
    for request in person:
        said = request.url + str(request.all_headers()) + (request.post_data or "")
        assert not any(choice in said for choice in poll.ids)
    assert not any(choice in request.url for request in sent for choice in poll.ids if "/projects/" not in request.url)


@pytest.fixture
def ready(visitor: Page, live: Live, poll: OpenPoll) -> Page:
    """Somebody in front of the last button, with a key."""
    choose(visitor, live, "fr")
    visitor.locator("#f-credential").fill(poll.key())
    return visitor


def test_a_double_click_casts_one_ballot(ready: Page, poll: OpenPoll) -> None:
    """T34."""
    ready.get_by_role("button", name="Envoyer mon vote").dblclick()
    ready.wait_for_url("**/receipts/*")
    assert counts(poll) == (1, 1)


def test_back_and_send_again_gives_the_same_receipt(ready: Page, poll: OpenPoll) -> None:
    """T34: the page left behind still holds the same ballot with the same seed."""
    ready.get_by_role("button", name="Envoyer mon vote").click()
    ready.wait_for_url("**/receipts/*")
    receipt = ready.locator(".tracking").inner_text()
    back(ready)
    if not ready.locator("#f-credential").input_value():
        ready.locator("#f-credential").fill(poll.key())
    ready.get_by_role("button", name="Envoyer mon vote").click()
    ready.wait_for_url("**/receipts/*")
    assert ready.locator(".tracking").inner_text() == receipt
    assert counts(poll) == (1, 1)


def test_back_leads_through_the_booth_step_by_step_without_script(browser: Browser, live: Live, poll: OpenPoll) -> None:
    """A browser shows no error page instead of the ballot, and asks nobody to send a form twice."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    choose(page, live, "fr")
    for chosen in (3, 2, 1):
        back(page)
        expect(page.locator("#onward input[name=choice]")).to_have_count(chosen)
    context.close()


def test_back_in_the_frame_beside_the_ballot_asks_nobody_to_declare_twice(browser: Browser, live: Live, poll: OpenPoll) -> None:
    """From the key back to the code, and from there to the form: each page is read by its address, and no second e-mail leaves."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    choose(page, live, "fr")
    identify(page, live)
    frame = page.frame_locator("iframe")
    for before in ("#f-code", "#f-email"):
        with suppress(PatienceOver):  # the tool waits for the page itself to change; "Back" changes the frame alone
            page.go_back(timeout=4_000)
        expect(frame.locator(before)).to_be_visible()
    with work(poll.engine, writing=False) as unit:
        assert len(all_rows(unit, EmailProof)) == 1
    context.close()


def test_going_back_to_the_booth_finds_the_choices_again(browser: Browser, live: Live, poll: OpenPoll) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    choose(page, live, "fr")
    page.goto(f"{live.url}/editions/rennes-2027/vote?lang=fr")
    page.locator("#onward input[name=choice]").nth(2).wait_for(state="attached")
    assert page.locator("#status").inner_text() == ""
    context.close()


def test_a_second_tab_with_other_choices_is_told_that_the_first_vote_stands(ready: Page, live: Live, poll: OpenPoll) -> None:
    """T34: two tabs with one key."""
    second = ready.context.new_page()
    choose(second, live, "fr", projects=4)
    second.locator("#f-credential").fill(poll.key())
    ready.get_by_role("button", name="Envoyer mon vote").click()
    ready.wait_for_url("**/receipts/*")
    second.get_by_role("button", name="Envoyer mon vote").click()
    second.get_by_role("heading", name="Le premier vote compte").wait_for()
    assert counts(poll) == (1, 1)


def test_axe_finds_nothing_in_the_booth(browser: Browser, live: Live, poll: OpenPoll) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{live.url}/editions/rennes-2027/vote?lang=fr")
    assert axe(page) == []
    page.locator("button[name=add]").first.click()
    page.get_by_role("button", name="Retirer").first.wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Relire et voter").click()
    expect(page.get_by_text("Choisissez au moins 3 projets")).to_be_visible()
    assert axe(page) == []
    page = context.new_page()
    choose(page, live, "fr")
    page.locator("#f-credential").fill(poll.key())
    page.get_by_role("button", name="Envoyer mon vote").click()
    page.wait_for_url("**/receipts/*")
    assert axe(page) == []
    context.close()
