"""A vote by Phragmén with a minimum in percent: set up, read by everyone, voted in, closed, counted and published, all through pages."""

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from app.core.credentials import issue
from app.core.formats import read_election, rule_of
from app.core.permissions import Role
from app.core.tally import Phragmen, read_rule
from app.core.tally.limits import MinVotes
from app.editions.models import Edition
from app.electorate.codes import registrar_key
from app.exchange.declared import election_of
from app.ledger.motions import waiting
from app.polls.models import Poll
from app.unit import work
from app.voting import service as voting
from tests.bureau import close_and_open, freeze
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import FORM, edition_with_projects

DESK = "/staff/editions/rennes-2027"
POLL, EDITION = "/staff/editions/rennes-2027/poll", "/editions/rennes-2027"
RULE = {"rule": "phragmen_stop", "min_percent": "50", "min_choices": "1", "max_choices": "3", "max_per_carrier": "", "tie_second": "older"}
BALLOTS = ("AB", "AB", "A", "AC", "BD", "D", "") * 3
"""A has 12 votes, B 9, C 3, D 6: half of 21 ballots are 11 votes, so A alone reaches the minimum."""


def words(answer: Response) -> str:
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text))).replace("\u202f", " ").replace("\xa0", " ")


def vote(client: TestClient, cast: Cast, edition: Edition) -> dict[str, str]:
    """Cast all ballots in the booth; id on the ballot by letter."""
    with work(cast.engine, writing=False) as unit:
        poll = unit.db.exec(select(Poll)).one()
        ids = dict(zip("ABCD", (one.id for one in poll.candidates), strict=True))
        box = voting.box_of(unit, edition.id or 0)
        assert box is not None
        keys = [issue(registrar_key(unit, edition), box.key, str(edition.id), f"line{number}") for number, _ in enumerate(BALLOTS)]
    for number, (key, ballot) in enumerate(zip(keys, BALLOTS, strict=True)):
        form = {"lang": "fr", "seed": f"{number}" * 26, "choice": [ids[one] for one in ballot], "credential": key}
        assert client.post(f"{EDITION}/ballot", data=form).status_code == 303
    return ids


def test_from_the_set_up_to_the_published_result(client: TestClient, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    edition = edition_with_projects(cast)
    today = clock.now
    clock.now = today - timedelta(days=2)
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    assert client.post(POLL, data=FORM | RULE).status_code == 303
    for page in (client.get(POLL), client.get(EDITION)):
        assert "dès que ceux qui l’ont choisi peuvent le payer ensemble" in words(page)
        assert "Un projet doit avoir la voix de 50 % des bulletins." in words(page)
        assert "le plus petit montant d’abord, puis le dossier le plus ancien d’abord, puis le tirage au sort public" in words(page)

    freeze(cast, edition, at=today - timedelta(days=1.5))
    clock.now = today
    client.cookies.clear()
    assert f'href="{EDITION}?lang=fr#count"' in client.get(f"{EDITION}/vote").text
    ids = vote(client, cast, edition)

    clock.now = today + timedelta(days=21)
    close_and_open(cast, edition, at=clock.now)
    cast.sign_in(client, cast.official(Role.BUREAU_MEMBER, Role.PUBLISHER, email="bureau@example.org"))
    assert client.post("/staff/editions/rennes-2027/counts").status_code == 303
    assert client.post(f"{DESK}/result-publication", data={"count": "1"}).status_code == 303
    with work(cast.engine, writing=False) as unit:
        (motion,) = waiting(unit, edition.id or 0, "publication")
    cast.sign_in(client, cast.official(Role.PUBLISHER, email="second@example.org"))
    assert client.post(f"{DESK}/result-publication", data={"motion": motion.public_id}).status_code == 303

    client.cookies.clear()
    result = words(client.get(f"{EDITION}/results"))
    assert "Un projet doit avoir la voix de 50 % des bulletins." in result
    assert client.get(f"{EDITION}/results.json").json()["selected"] == [ids["A"]]
    file = read_election(client.get(f"{EDITION}/election.pb").content, name="election.pb")
    rule = read_rule(rule_of(file))
    assert rule == Phragmen(limits=(MinVotes(percent="50"),), tie_break=("cheaper", "older", "draw"))
    assert rule.count(election_of(file, rule)).selected == (ids["A"],)
