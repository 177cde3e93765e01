"""Where so few ballots were cast that only totals are published, no number of votes stands in an e-mail or on the city's own page."""

from __future__ import annotations

import re
from html import unescape

from fastapi.testclient import TestClient
from sqlmodel import select

from app.notifications.models import OutgoingMail
from app.organisations.models import Membership
from app.proposals.models import Proposal
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.exchange.held import Held

PAGE = "/staff/editions/rennes-2027/results"
A_NUMBER_OF_VOTES = re.compile(r"\b\d+ (voix|votes?|bulletins? de plus)\b")


def vote(cast: Cast, clock: Clock, many: int) -> Held:
    """A vote of `many` ballots with its result, the carrier of each project having somebody who writes."""
    held = Held(cast, clock.now, many)
    somebody = cast.person("carrier@example.org", "Carole Porteuse")
    with work(cast.engine, now=clock.now) as unit:
        for carrier in {one.organisation_id for one in unit.db.exec(select(Proposal))}:
            if unit.db.get(Membership, (carrier, somebody.id)) is None:
                unit.db.add(Membership(organisation_id=carrier, account_id=somebody.id, role="writer", since=unit.now))
    held.finish()
    clock.now = held.poll.closes
    return held


def told(held: Held) -> list[str]:
    with work(held.cast.engine, writing=False) as unit:
        return [one.body_text for one in unit.db.exec(select(OutgoingMail)) if one.name.startswith("result-")]


def page(client: TestClient, cast: Cast) -> str:
    cast.sign_in(client, cast.official())
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", client.get(PAGE).text)).replace("\u202f", " "))


def test_carriers_and_the_city_read_no_number_of_votes(client: TestClient, cast: Cast, clock: Clock) -> None:
    held = vote(cast, clock, 12)
    mails, shown = told(held), page(client, cast)
    assert len(mails) == len(held.poll.ids)
    for text in (*mails, shown):
        assert "Moins de 20 bulletins" in text
        assert not A_NUMBER_OF_VOTES.search(text), A_NUMBER_OF_VOTES.search(text)
    assert "Bulletins dans l’urne 12" in shown
    assert "Voix" not in shown


def test_with_enough_ballots_both_say_how_many(client: TestClient, cast: Cast, clock: Clock) -> None:
    held = vote(cast, clock, 24)
    assert any(A_NUMBER_OF_VOTES.search(text) for text in told(held))
    assert "Voix" in page(client, cast)


def test_everyone_reads_what_becomes_of_each_winner_and_not_who_won_first(client: TestClient, cast: Cast, clock: Clock) -> None:
    vote(cast, clock, 12)
    address = "/editions/rennes-2027/results"
    shown, winners = unescape(client.get(address).text), client.get(f"{address}.json").json()["selected"]
    assert shown.count("Arrivé en tête") == len(winners) > 1
    assert winners == sorted(winners)
    drawn, listed = (re.findall(r"/projects/(\w+)\"", part) for part in shown.split('id="winners"')[:2])
    assert drawn == listed
