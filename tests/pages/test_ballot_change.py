"""Changing a vote: two codes and no key, the receipt itself as the answer, every refusal at its field."""

import base64
import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from app.core.credentials import normalised
from app.core.transparency import change_secret, from_letters
from app.unit import work
from app.voting.closing import close_box
from app.voting.models import CastBallot, SpentCredential
from app.voting.tallying import profile
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages.test_booth import text
from tests.voting.poll import SEED, OpenPoll, all_rows

EDITION = "/editions/rennes-2027"
BALLOT, CHANGE, REVIEW = (f"{EDITION}/{name}" for name in ("ballot", "ballot-change", "vote/review"))


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return clock


@pytest.fixture
def poll(cast: Cast, clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now, safekeeping={"change_of_vote": "yes"})


def codes(page: Response) -> dict[str, str]:
    """What a receipt says to keep."""
    assert page.status_code == 200, text(page)
    tracking, change = re.findall(r'class="tracking" dir="ltr">([^<]+)<', page.text)
    return {"tracking_code": tracking, "change_code": change}


def changing(poll: OpenPoll, held: dict[str, str], choices: list[str] | None = None, **more: str) -> dict[str, object]:
    """What the form of a change sends."""
    return {"lang": "fr", "seed": SEED, "choice": poll.ids[3:6] if choices is None else choices, **held, **more}


def in_the_box(engine: Engine) -> tuple[int, int]:
    with work(engine, writing=False) as unit:
        return len(all_rows(unit, CastBallot)), len(all_rows(unit, SpentCredential))


def test_the_vote_is_answered_by_its_receipt_with_the_change_code_and_no_address_bears_it(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(BALLOT, data=poll.form())
    held = codes(page)
    assert from_letters(normalised(held["change_code"])) == change_secret(SEED).hex()
    assert normalised(held["change_code"]) not in page.text.replace(held["change_code"], "")
    assert client.post(BALLOT, data=poll.form()).text == page.text
    assert len(page.content) <= 5_000
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    later = client.get(f"/receipts/{normalised(held['tracking_code'])}?lang=fr")
    assert "Code de modification" not in later.text
    assert held["tracking_code"] in later.text


def test_the_last_ballot_counts_and_the_first_stays_sealed(client: TestClient, poll: OpenPoll, engine: Engine, clock: Clock) -> None:
    first = codes(client.post(BALLOT, data=poll.form()))
    page = client.post(CHANGE, data=changing(poll, first))
    second = codes(page)
    assert client.post(CHANGE, data=changing(poll, first)).text == page.text
    third = codes(client.post(CHANGE, data=changing(poll, second, poll.ids[5:8])))
    assert len({one["change_code"] for one in (first, second, third)}) == 3, "the secret of a ballot replaced is public"
    assert in_the_box(engine) == (3, 1)
    clock.now = poll.closes
    with work(engine, now=clock.now) as unit:
        close_box(unit, poll.id)
        poll.merge_and_open(unit)
        assert profile(unit, poll.id).ballots == {frozenset(poll.ids[5:8]): 1}


def test_a_ballot_sealed_in_the_browser_is_changed_too(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    first = codes(client.post(BALLOT, data=poll.form()))
    made = base64.b64encode(poll.sealed("another-seed-of-26-letters", poll.ids[3:6]).entry).decode()
    raw = re.search(rb'"sealed":"([^"]+)"', base64.b64decode(made))
    assert raw is not None
    sealed = {"sealed": raw[1].decode(), "change": "ab" * 16, "lang": "fr"}
    same = {**sealed, "change": change_secret(SEED).hex()}
    refused = client.post(CHANGE, data=first | same)
    assert refused.status_code == 422, "nobody may reuse the secret that becomes public"
    assert codes(client.post(CHANGE, data=first | sealed))
    assert in_the_box(engine) == (2, 1)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"tracking_code": "0" * 16}, "tracking_code", "Aucun bulletin ne porte ce code"),
        ({"tracking_code": "?"}, "tracking_code", "Aucun bulletin ne porte ce code"),
        ({"change_code": "0" * 26}, "change_code", "Ce code de modification n’est pas celui de ce bulletin"),
        ({"change_code": "abc"}, "change_code", "Un code de modification a 26 lettres et chiffres"),
    ],
)
def test_a_wrong_code_is_told_at_its_field_and_the_choices_stay(
    client: TestClient, poll: OpenPoll, engine: Engine, wrong: dict[str, str], field: str, sentence: str
) -> None:
    first = codes(client.post(BALLOT, data=poll.form()))
    page = client.post(CHANGE, data=changing(poll, first | wrong))
    assert page.status_code == 422
    assert sentence in unescape(page.text.partition(f'id="f-{field}-error"')[2].partition("<input")[0])
    assert '<details class="fold" open>' in page.text
    assert page.text.count(f'name="choice" value="{poll.ids[3]}"') == 3
    assert f'value="{(first | wrong)["change_code"]}"' in page.text
    assert in_the_box(engine) == (1, 1)


def test_a_ballot_replaced_already_is_told_so(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    first = codes(client.post(BALLOT, data=poll.form()))
    codes(client.post(CHANGE, data=changing(poll, first)))
    page = client.post(CHANGE, data=changing(poll, first, poll.ids[:4]))
    assert page.status_code == 422
    assert "Ce bulletin a déjà été remplacé" in text(page)
    assert in_the_box(engine) == (2, 1)


def test_after_the_closing_nothing_is_changed_and_the_choices_can_be_read(
    client: TestClient, poll: OpenPoll, engine: Engine, clock: Clock
) -> None:
    first = codes(client.post(BALLOT, data=poll.form()))
    clock.now = poll.closes + timedelta(seconds=1)
    page = client.post(CHANGE, data=changing(poll, first))
    assert page.status_code == 403
    assert poll.candidates[3].title in text(page)
    assert in_the_box(engine) == (1, 1)


def test_where_votes_cannot_be_changed_there_is_no_form_and_no_way(client: TestClient, cast: Cast, clock: Clock, engine: Engine) -> None:
    poll = OpenPoll(cast, clock.now)
    given = client.post(BALLOT, data=poll.form())
    assert given.status_code == 303
    assert "ballot-change" not in client.post(REVIEW, data=poll.form()).text
    page = client.post(CHANGE, data=changing(poll, {"tracking_code": given.headers["location"][10:26], "change_code": "0" * 26}))
    assert page.status_code == 422
    assert "Dans cette édition, un vote ne peut pas être modifié" in text(page)
    assert in_the_box(engine) == (1, 1)


def test_a_program_that_casts_is_told_the_change_code_too(client: TestClient, poll: OpenPoll) -> None:
    ballot = {"credential": poll.key(), "choices": poll.ids[:3], "seed": SEED}
    told = client.post("/api/v1/editions/rennes-2027/ballot", json=ballot).json()
    assert from_letters(told["change_code"]) == change_secret(SEED).hex()
    assert codes(client.post(CHANGE, data=changing(poll, {name: told[name] for name in ("tracking_code", "change_code")})))


def test_a_reload_by_the_address_leads_back_to_the_booth(client: TestClient, poll: OpenPoll) -> None:
    for path in (BALLOT, CHANGE):
        assert client.get(path).headers["location"] == f"{EDITION}/vote"
    assert client.post("/editions/none/ballot-change").status_code == 404


def test_whoever_has_voted_is_told_how_to_change_and_never_that_it_cannot_be(client: TestClient, poll: OpenPoll) -> None:
    final = "ne peut plus être modifié"
    receipt = client.post(BALLOT, data=poll.form())
    again = client.get(f"/receipts/{normalised(codes(receipt)['tracking_code'])}?lang=fr")
    assert "votre code de modification vous permettent de remplacer ce bulletin" in text(again)
    second = client.post(BALLOT, data=poll.form(choices=poll.ids[2:6]))
    assert second.status_code == 409
    assert "il y faut les deux codes de son reçu" in text(second)
    assert "Modifier mon vote pour ces choix" in text(second)
    booth = client.post(REVIEW, data=poll.form())
    for page in (receipt, again, second, booth):
        assert final not in text(page)
        assert "premier vote compte" not in text(page)


def test_where_votes_are_final_every_page_says_so(client: TestClient, cast: Cast, clock: Clock) -> None:
    poll = OpenPoll(cast, clock.now)
    receipt = client.get(client.post(BALLOT, data=poll.form()).headers["location"])
    assert "Ce vote est définitif" in text(receipt)
    assert "un vote ne peut plus être modifié" in text(client.post(REVIEW, data=poll.form()))
    second = text(client.post(BALLOT, data=poll.form(choices=poll.ids[2:6])))
    assert "Le premier vote compte" in second
    assert "Modifier mon vote" not in second
    clock.now = poll.closes
    assert "Ce vote est définitif" not in text(client.get(receipt.request.url)), "after the vote nothing of the kind needs saying"


def test_a_sealed_ballot_that_is_refused_is_never_called_blank_or_too_short(client: TestClient, poll: OpenPoll) -> None:
    """The choices are in the browser: the answer can be sent from again, and says where they are."""
    sealed = base64.b64encode(b"no seal").decode()
    form = {"lang": "fr", "order": "1", "sealed": sealed, "change": "0" * 32}
    for credential in (poll.key(), "nokey"):
        page = client.post(BALLOT, data=form | {"credential": credential})
        assert page.status_code == 422
        assert 'id="send"' in page.text
        assert f'value="{credential}"' in page.text
        assert 'data-kept-for="rennes-2027"' in page.text
        assert "Votre vote est blanc" not in text(page)
        assert "Choisissez au moins" not in text(page)
