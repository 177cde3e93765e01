"""A vote that is refused on a phone, sealed there or not: what was chosen stands on the answer, and is sent from there, without "Back"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.core.calendar import PhaseKind
from app.database import make_engine
from app.editions.models import Phase
from app.main import create_app
from app.unit import work
from app.voting.models import CastBallot
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import Live
from tests.journeys.test_vote import choose
from tests.voting.poll import OpenPoll, all_rows

SEND, SENT = "Envoyer mon vote", "Votre vote est enregistré"


@pytest.fixture(params=["final", "changeable"])
def poll(request: pytest.FixtureRequest, live: Live) -> Iterator[OpenPoll]:
    engine, now = make_engine(live.environment["DATABASE_URL"]), datetime.now(UTC)
    safekeeping = {"change_of_vote": "yes" if request.param == "changeable" else ""}
    yield OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, safekeeping=safekeeping)
    engine.dispose()


def listed(page: Page) -> list[str]:
    page.locator("#send button[type=submit]").wait_for()  # it stands below the table
    return page.locator("#mine tbody th").all_inner_texts()


def lists(page: Page, titles: list[str]) -> None:
    """The heading stands before the table is read to its end: so the table is waited for."""
    expect(page.locator("#mine tbody th")).to_have_text(titles)


def seed_and_choices(page: Page, form: str) -> list[str]:
    fields = page.locator(f"{form} input[name=choice], {form} input[name=seed]")
    return sorted(str(fields.nth(at).get_attribute("value")) for at in range(fields.count()))


def sent_with(page: Page, key: str) -> None:
    page.locator("#f-credential").fill(key)
    page.get_by_role("button", name=SEND).click()
    page.wait_for_load_state()


def test_a_wrong_key_is_corrected_on_the_page_that_refused_it(visitor: Page, live: Live, poll: OpenPoll) -> None:
    choose(visitor, live, "fr")
    titles, held = listed(visitor), seed_and_choices(visitor, "#send")
    assert len(titles) == 3
    sent_with(visitor, "no key at all")
    expect(visitor.locator(".error-summary")).to_contain_text("n’est pas de ce vote")
    lists(visitor, titles)
    visitor.wait_for_load_state()
    assert seed_and_choices(visitor, "#send") == seed_and_choices(visitor, "#change") == held
    expect(visitor.locator("#f-credential")).to_have_value("nokeyatall")
    expect(visitor.locator("body")).not_to_contain_text("Votre vote est blanc")
    visitor.get_by_role("button", name="Modifier mes choix").click()
    expect(visitor.locator("#onward input[name=choice]")).to_have_count(3)
    visitor.get_by_role("button", name="Relire et voter").click()
    lists(visitor, titles)
    visitor.wait_for_load_state()
    assert seed_and_choices(visitor, "#send") == held
    sent_with(visitor, "still no key")
    sent_with(visitor, poll.key())
    expect(visitor.locator("h1")).to_have_text(SENT)
    changeable = poll.facts.changeable
    expect(visitor.get_by_text("Ce vote est définitif\u00a0: il ne peut plus être modifié.")).to_have_count(0 if changeable else 1)
    with work(poll.engine, writing=False) as unit:
        (only,) = all_rows(unit, CastBallot)
        assert only.leaf_hash, "sent once, from the page that refused it"
    if visitor.evaluate("typeof sessionStorage") != "undefined":
        assert visitor.evaluate("sessionStorage.length") == 0, "with the receipt the tab forgets the ballot"


def test_a_used_key_shows_the_choices_and_how_to_change(visitor: Page, live: Live, poll: OpenPoll) -> None:
    with work(poll.engine) as unit:
        poll.cast(unit, choices=poll.ids[3:7])
    choose(visitor, live, "fr")
    titles = listed(visitor)
    sent_with(visitor, poll.key())
    heading = "Vous avez déjà voté" if poll.facts.changeable else "Le premier vote compte"
    expect(visitor.locator("h1")).to_have_text(heading)
    lists(visitor, titles)
    again = visitor.get_by_role("button", name="Modifier mon vote pour ces choix")
    expect(again).to_have_count(1 if poll.facts.changeable else 0)
    if poll.facts.changeable:
        again.click()
        expect(visitor.locator("#replace input[name=choice]")).to_have_count(3)
        lists(visitor, titles)


def test_a_vote_that_closed_meanwhile_leaves_the_choices_to_read(visitor: Page, live: Live, poll: OpenPoll) -> None:
    choose(visitor, live, "fr")
    titles = listed(visitor)
    with work(poll.engine) as unit:
        over = datetime.now(UTC) - timedelta(seconds=1)
        unit.core.execute(update(Phase).where(Phase.edition_id == poll.id, Phase.kind == PhaseKind.voting).values(closes_at=over))
    sent_with(visitor, poll.key())
    expect(visitor.locator("h1")).to_have_text("Le vote n’est pas ouvert")
    lists(visitor, titles)


def test_a_seal_that_is_none_is_refused_and_the_ballot_sent_again(visitor: Page, live: Live, poll: OpenPoll) -> None:
    visitor.route("**/ballot", lambda route: route.continue_(post_data=(route.request.post_data or "").replace("sealed=", "sealed=A")))
    choose(visitor, live, "fr")
    titles = listed(visitor)
    sent_with(visitor, poll.key())
    if visitor.locator("h1").inner_text() == SENT:
        return  # without script nothing was sealed, so nothing could be broken
    expect(visitor.locator(".error-summary")).to_contain_text("n’a pas été scellé pour ce vote")
    lists(visitor, titles)
    visitor.unroute("**/ballot")
    sent_with(visitor, poll.key())
    expect(visitor.locator("h1")).to_have_text(SENT)
