"""Points, places, grades, for and against, stars, filled in and sent in a browser: by keyboard, with script and without, at 320 px."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.core.ballots import Approval, BallotStyle, ForAgainst, Grades, Points, Ranking, Star
from app.database import make_engine
from app.main import create_app
from app.unit import work
from app.voting.models import CastBallot
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live, axe
from tests.voting.poll import OpenPoll, all_rows

STYLES: dict[str, BallotStyle] = {
    "points": Points(total=10, min_projects=2), "ranking": Ranking(max_places=3), "grades": Grades(),
    "for_against": ForAgainst(max_for=2, max_against=1), "star": Star(choice=Approval(max_choices=3)),
}  # fmt: skip
COUNTED = {
    "points": "10 points donnés sur 10", "ranking": "2 projets classés sur 3", "grades": "2 projets jugés",
    "for_against": "1 pour, 1 contre", "star": "1 étoile sur 1",
}  # fmt: skip


@pytest.fixture(params=list(STYLES))
def poll(request: pytest.FixtureRequest, live: Live) -> Iterator[OpenPoll]:
    engine, now = make_engine(live.environment["DATABASE_URL"]), datetime.now(UTC)
    yield OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, style=STYLES[request.param])
    engine.dispose()


def press(page: Page, selector: str) -> None:
    """Reach a control and press it as a keyboard does."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def fill_in(page: Page, poll: OpenPoll) -> None:
    first, second = poll.ids[:2]
    match poll.style:
        case Points():
            for id, points in ((first, "7"), (second, "3")):
                page.locator(f"#f-mark-{id}").focus()
                page.keyboard.type(points)
                page.keyboard.press("Tab")
        case Grades():
            for id, grade in ((first, "3"), (second, "0")):
                page.locator(f"[name=mark-{id}][value='{grade}']").focus()
                page.keyboard.press("Space")
        case ForAgainst():
            for id, mark in ((first, "1"), (second, "-1")):
                page.locator(f"[name=mark-{id}][value='{mark}']").focus()
                page.keyboard.press("Space")
        case Ranking():
            for name, id in (("add", first), ("add", second), ("up", second)):
                press(page, f"button[name={name}][value={id}]")
                page.locator(f"#p-{id} .badge").first.wait_for()
        case _:
            press(page, f"button[name=add][value={first}]")
            page.locator(f"button[name=star][value={first}]").wait_for()
            press(page, f"button[name=star][value={first}]")
            page.locator(f"button[name=unstar][value={first}]").wait_for()


def too_wide(page: Page) -> list[str]:
    """What reaches over the edge of the screen, if the page can be scrolled sideways at all."""
    if page.evaluate("document.documentElement.scrollWidth") <= 320:
        return []
    return [
        "too wide",
        *page.evaluate("""() => [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > 321)
      .map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 30)}`).slice(0, 8)"""),
    ]


def outside(page: Page) -> list[str]:
    """Fields and buttons that stand outside the card of their project, where the next card lies over them."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll("#booth .card :is(input, button)")]
      .filter((one) => one.getBoundingClientRect().bottom > one.closest(".card").getBoundingClientRect().bottom)
      .map((one) => `${one.name} ${one.value}`)""")
    )


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("QUOTEPART_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_marked_ballot_is_filled_in_by_keyboard_and_sent(
    request: pytest.FixtureRequest, visitor: Page, live: Live, poll: OpenPoll
) -> None:
    visitor.set_viewport_size({"width": 320, "height": 700})
    visitor.goto(f"{live.url}/editions/rennes-2027/vote?lang=fr")
    picture(visitor, f"{poll.style.kind}-empty")
    assert too_wide(visitor) == []
    assert outside(visitor) == []
    if request.node.callspec.params["visitor"] == "script":  # axe-core itself needs scripts; the page without them is the same
        assert axe(visitor) == []
    fill_in(visitor, poll)
    picture(visitor, f"{poll.style.kind}-320")
    expect(visitor.locator("body")).not_to_contain_text("Il y a un problème")
    press(visitor, "button:has-text('Relire et voter')")
    expect(visitor.locator("h1")).to_have_text("Vérifier et envoyer mon vote")
    expect(visitor.locator("body")).to_contain_text(COUNTED[poll.style.kind])
    assert too_wide(visitor) == []
    picture(visitor, f"{poll.style.kind}-review")
    visitor.locator("#f-credential").fill(poll.key())
    press(visitor, "button:has-text('Envoyer mon vote')")
    expect(visitor.locator("h1")).to_have_text("Votre vote est enregistré")
    with work(poll.engine, writing=False) as unit:
        assert len(all_rows(unit, CastBallot)) == 1
