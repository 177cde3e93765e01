"""Somebody quicker than her network: whatever was pressed while an answer was on its way counts too, in the order it was pressed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.ballots import Approval, BallotStyle, Points, Ranking
from app.database import make_engine
from app.main import create_app
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live
from tests.voting.poll import OpenPoll

STYLES: dict[str, BallotStyle] = {"approval": Approval(max_choices=4), "points": Points(total=10), "ranking": Ranking(max_places=4)}
SLOW = {"offline": False, "latency": 700, "downloadThroughput": 50_000, "uploadThroughput": 20_000}


@pytest.fixture
def poll(live: Live, style: str) -> Iterator[OpenPoll]:
    engine, now = make_engine(live.environment["DATABASE_URL"]), datetime.now(UTC)
    yield OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, style=STYLES[style])
    engine.dispose()


@pytest.fixture
def booth(browser: Browser, live: Live, poll: OpenPoll) -> Iterator[Page]:
    """The booth on a phone whose answers take most of a second."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{live.url}/editions/rennes-2027/vote?lang=fr", wait_until="networkidle")
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    yield page
    context.close()


def press(page: Page, *buttons: str) -> None:
    """Press them one after the other, without waiting for anything."""
    page.evaluate("all => all.forEach((one) => document.querySelector(one).click())", list(buttons))


def carried(review: Page) -> set[str]:
    """The three choices that the review page is about to send."""
    choices = review.locator("#send input[name=choice]")
    expect(choices).to_have_count(3)
    return set(choices.evaluate_all("all => all.map((one) => one.value)"))


@pytest.mark.parametrize("style", ["approval"])
def test_three_projects_added_in_a_row_are_three_choices(booth: Page, poll: OpenPoll) -> None:
    press(booth, *(f"button[name=add][value={id}]" for id in poll.ids[:3]), "#onward button")
    expect(booth.locator("h1")).to_have_text("Vérifier et envoyer mon vote")
    assert carried(booth) == set(poll.ids[:3])


@pytest.mark.parametrize("style", ["approval"])
def test_a_project_pressed_twice_is_one_choice(booth: Page, poll: OpenPoll) -> None:
    add = f"button[name=add][value={poll.ids[0]}]"
    press(booth, add, add, f"button[name=add][value={poll.ids[1]}]")
    expect(booth.locator("#basket")).to_contain_text("2 projets choisis sur 4")


@pytest.mark.parametrize("style", ["approval"])
def test_what_was_pressed_while_the_network_was_gone_is_not_counted_behind_her_back(booth: Page, poll: OpenPoll) -> None:
    booth.route("**/vote", lambda route: route.abort(), times=1)
    press(booth, *(f"button[name=add][value={id}]" for id in poll.ids[:2]))
    expect(booth.locator("#status")).to_be_visible()
    press(booth, f"button[name=add][value={poll.ids[2]}]")
    booth.locator(f"button[name=remove][value={poll.ids[2]}]").wait_for()
    assert "1 projet choisi sur 4" in booth.locator("#basket").inner_text()


@pytest.mark.parametrize("style", ["ranking"])
def test_places_are_moved_in_the_order_of_the_presses(booth: Page, poll: OpenPoll) -> None:
    first, second, third = poll.ids[:3]
    press(booth, *(f"button[name=add][value={id}]" for id in (first, second, third)))
    booth.locator(f"button[name=up][value={third}]").wait_for()
    press(booth, *[f"button[name=up][value={third}]"] * 2, f"button[name=down][value={first}]", "#onward button")
    expect(booth.locator("h1")).to_have_text("Vérifier et envoyer mon vote")
    assert carried(booth) == {f"{id}:{place}" for place, id in enumerate((third, second, first), 1)}


@pytest.mark.parametrize("style", ["points"])
def test_the_running_count_is_that_of_the_last_field(booth: Page, poll: OpenPoll) -> None:
    for id, points in zip(poll.ids[:4], ("1", "2", "3", "4"), strict=True):
        booth.locator(f"#f-mark-{id}").fill(points)
        booth.locator(f"#f-mark-{id}").dispatch_event("change")
    expect(booth.locator("#basket")).to_contain_text("10 points donnés sur 10")
