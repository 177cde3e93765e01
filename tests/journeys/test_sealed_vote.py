"""A vote in a real browser, sealed there or on arrival as the page says, then changed; what was sent is opened and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from app.core.credentials import normalised
from app.database import make_engine
from app.main import create_app
from app.unit import work
from app.voting.closing import close_box
from app.voting.tallying import profile
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live, axe
from tests.journeys.test_vote import choose
from tests.voting.poll import OpenPoll

WHERE = {"script": "Votre bulletin est scellé ici, dans votre navigateur", "no script": "par l’ordinateur de la Ville, à son arrivée"}


@pytest.fixture(params=["yes", ""], ids=["changeable", "final"])
def poll(request: pytest.FixtureRequest, live: Live) -> Iterator[OpenPoll]:
    engine, now = make_engine(live.environment["DATABASE_URL"]), datetime.now(UTC)
    yield OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, safekeeping={"change_of_vote": request.param})
    engine.dispose()


@pytest.fixture(params=["script", "no script"])
def voter(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str, list[Request]]]:
    context = browser.new_context(java_script_enabled=request.param == "script", viewport={"width": 360, "height": 740}, locale="fr-FR")
    sent: list[Request] = []
    context.on("request", lambda request: sent.append(request))
    yield context.new_page(), request.param, sent
    context.close()


def chosen_on(page: Page) -> list[str]:
    return sorted(page.locator("#send input[name=choice]").evaluate_all("all => all.map(one => one.value)"))


def counted(poll: OpenPoll) -> dict[frozenset[str], int]:
    """Close, merge and open the box, as after the vote."""
    with work(poll.engine, now=poll.closes + timedelta(hours=1)) as unit:
        close_box(unit, poll.id)
        poll.merge_and_open(unit)
        return dict(profile(unit, poll.id).ballots)


def test_a_ballot_is_sealed_where_the_page_says_and_counts_as_it_was_filled(
    voter: tuple[Page, str, list[Request]], live: Live, poll: OpenPoll
) -> None:
    page, script, sent = voter
    choose(page, live, "fr")
    choices = chosen_on(page)
    assert len(choices) == 3
    expect(page.locator("#sealed-where")).to_contain_text(WHERE[script])
    page.locator("#f-credential").fill(poll.key())
    page.get_by_role("button", name="Envoyer mon vote").click()
    expect(page.locator("h1")).to_have_text("Votre vote est enregistré")
    form = posted(sent, "/ballot")
    if script == "script":
        assert set(form) == {"credential", "sealed", "lang", "order"} | ({"change"} if changeable(poll) else set())
        assert not any(id in str(form) for id in poll.ids), "no choice leaves the browser in clear"
        assert axe(page) == []
    else:
        assert sorted(form["choice"]) == choices
        assert "sealed" not in form
    assert page.evaluate("document.documentElement.scrollWidth <= 360") if script == "script" else True
    assert counted(poll) == {frozenset(choices): 1}


def posted(sent: list[Request], ending: str) -> dict[str, list[str]]:
    return next(parse_qs(one.post_data or "") for one in sent if one.method == "POST" and one.url.endswith(ending))


def changeable(poll: OpenPoll) -> bool:
    return poll.facts.changeable


@pytest.mark.parametrize("poll", ["yes"], indirect=True)
def test_a_vote_is_changed_with_the_two_codes_of_its_receipt(voter: tuple[Page, str, list[Request]], live: Live, poll: OpenPoll) -> None:
    page, script, sent = voter
    choose(page, live, "fr")
    page.locator("#f-credential").fill(poll.key())
    page.get_by_role("button", name="Envoyer mon vote").click()
    expect(page.locator(".tracking")).to_have_count(2)
    tracking, code = page.locator(".tracking").all_inner_texts()
    choose(page, live, "fr", projects=4)
    choices = chosen_on(page)
    page.get_by_text("J’ai déjà voté et je veux modifier mon vote").click()
    page.locator("#f-tracking_code").fill(tracking.upper())
    page.locator("#f-change_code").fill(code)
    if script == "script":
        assert axe(page) == []
    page.get_by_role("button", name="Modifier mon vote").click()
    expect(page.locator("h1")).to_have_text("Votre vote est enregistré")
    form = posted(sent, "/ballot-change")
    assert ("sealed" in form) == (script == "script")
    assert "credential" not in form
    assert page.locator(".tracking").all_inner_texts() not in ([tracking, code], [])
    assert not any(normalised(code) in re.sub(r"[\s%+-]", "", one.url) for one in sent)
    assert counted(poll) == {frozenset(choices): 1}
