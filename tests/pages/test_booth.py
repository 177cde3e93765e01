"""The booth, without script: every press is a POST that gives the page again; the ballot is in the form and nowhere else."""

import gzip
import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from app.core.ballots import Knapsack
from app.settings import ROOT
from app.unit import work
from app.voting.models import CastBallot, SpentCredential
from app.voting.service import spend
from tests.cast import Cast
from tests.conftest import Clock
from tests.statements import counted
from tests.voting.poll import SEED, OpenPoll, all_rows

VOTE, BALLOT = "/editions/rennes-2027/vote", "/editions/rennes-2027/ballot"


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return clock


@pytest.fixture
def poll(cast: Cast, clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now)


def text(answer: Response) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text))).replace("\u202f", " ").replace("\u00a0", " ")


def carried(answer: Response, form: str = "ballot") -> list[str]:
    """The choices that a form of the page carries."""
    inside = answer.text.partition(f'id="{form}"')[2].partition("<ul")[0].partition("</form>")[0]
    return re.findall(r'name="choice" value="([^"]+)"', inside)


def boxed(engine: Engine) -> tuple[int, int]:
    with work(engine, writing=False) as unit:
        return len(all_rows(unit, CastBallot)), len(all_rows(unit, SpentCredential))


def test_the_booth_says_the_rule_in_one_line_and_lists_every_project(client: TestClient, poll: OpenPoll) -> None:
    page = client.get(VOTE, params={"lang": "fr"})
    assert page.status_code == 200
    assert "Choisissez 3 à 6 projets." in text(page)
    assert "Les projets qui ont le plus de voix l’emportent, tant que l’enveloppe le permet." in text(page)
    assert page.text.count('name="add"') == len(poll.ids)
    assert "set-cookie" not in page.headers


def test_the_order_is_drawn_and_stays_with_the_form(client: TestClient, poll: OpenPoll) -> None:
    orders = {tuple(re.findall(r'id="p-([^"]+)"', client.get(VOTE, params={"order": order}).text)) for order in range(6)}
    assert len(orders) > 1
    kept = client.post(VOTE, data={"order": "5", "add": poll.ids[0]})
    assert re.findall(r'id="p-([^"]+)"', kept.text) == re.findall(r'id="p-([^"]+)"', client.get(VOTE, params={"order": 5}).text)
    another = client.post(VOTE, data={"order": "5", "choice": poll.ids[0], "shuffle": "1"})
    assert 'name="order" value="5"' not in another.text
    assert carried(another) == [poll.ids[0]]


def test_adding_and_removing_only_changes_the_form(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    first, second = poll.ids[:2]
    page = client.post(VOTE, data={"order": "1", "choice": first, "add": second})
    assert carried(page) == carried(page, "onward") == [first, second]
    assert "2 projets choisis sur 6" in text(page)
    again = client.post(VOTE, data={"order": "1", "choice": [first, second], "add": second})
    assert carried(again) == [first, second]
    less = client.post(VOTE, data={"order": "1", "choice": [first, second], "remove": first})
    assert carried(less) == [second]
    assert boxed(engine) == (0, 0)


def test_no_seventh_project_fits_and_the_page_says_why(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(VOTE, data={"choice": poll.ids[:6], "add": poll.ids[6]})
    assert carried(page) == poll.ids[:6]
    assert "Vous avez déjà fait vos 6 choix." in text(page)
    assert page.text.count('aria-disabled="true"') == 2


def test_what_costs_too_much_says_by_how_much(client: TestClient, cast: Cast, clock: Clock) -> None:
    poll = OpenPoll(cast, clock.now, style=Knapsack(budget=30_000_00))
    page = client.post(VOTE, data={"choice": [], "add": poll.ids[0]})
    assert "Répartissez 30 000 €" in text(page)
    left = 30_000_00 - poll.candidates[0].cost_cents
    dear = next(one for one in poll.candidates[1:] if one.cost_cents > left)
    over = f"{(dear.cost_cents - left) // 100:,}".replace(",", " ")
    assert f"{over} €" in text(page).partition(dear.title)[2]


def test_htmx_gets_the_booth_alone_with_the_sentence_to_say(client: TestClient, poll: OpenPoll) -> None:
    part = client.post(VOTE, data={"add": poll.ids[0]}, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<section id="booth" data-said="')
    assert "<html" not in part.text
    assert "HX-Request" in part.headers["vary"].split(", ")


def test_what_is_not_on_the_ballot_falls_out_of_the_form(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(VOTE, data={"order": "999", "choice": ["p99", "<script>", poll.ids[0], poll.ids[0]], "seed": "<b>", "lang": "xx"})
    assert carried(page) == [poll.ids[0]]
    assert "<script>" not in page.text


def test_the_language_of_the_ballot_goes_with_whoever_leaves_it(client: TestClient, poll: OpenPoll) -> None:
    """The booth looks at no cookie and leaves none: the address says in which language the next page is to speak."""
    page = client.post(VOTE, data={"lang": "fr", "speak": "ar"}).text
    for address in (f"/projects/{poll.ids[0]}", "/editions/rennes-2027"):
        assert f'href="{address}?lang=ar"' in page
        assert 'dir="rtl"' in client.get(address, params={"lang": "ar"}, headers={"Accept-Language": "fr"}).text[:300]
        assert 'dir="ltr"' in client.get(address, params={"lang": "xx"}, headers={"Accept-Language": "fr"}).text[:300]
    assert 'lang="es"' in client.get(VOTE, params={"lang": "xx"}, headers={"Accept-Language": "es"}).text[:300]


def test_the_language_changes_and_the_choices_stay(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(VOTE, data={"lang": "fr", "speak": "en", "choice": poll.ids[:2]})
    assert '<html lang="en"' in page.text
    assert carried(page) == poll.ids[:2]


def test_the_review_asks_for_the_key_beside_the_ballot_and_never_with_it(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(VOTE + "/review", data={"lang": "fr", "choice": poll.ids[:3]})
    assert page.status_code == 200
    assert 'src="/editions/rennes-2027/identification?lang=fr"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert re.search(r'name="seed" value="[A-Za-z0-9_-]{26}"', page.text)
    assert carried(page, "send") == poll.ids[:3]
    assert client.get(VOTE + "/review").headers["location"] == VOTE


def test_the_review_keeps_the_seed_it_was_given(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(VOTE + "/review", data={"choice": poll.ids[:3], "seed": SEED})
    assert page.text.count(f'value="{SEED}"') == 2


def test_too_few_choices_are_told_and_cannot_be_sent(client: TestClient, poll: OpenPoll) -> None:
    page = client.post(VOTE + "/review", data={"lang": "fr", "choice": poll.ids[:2]})
    assert page.status_code == 422
    assert "Choisissez au moins 3 projets ; vous en avez choisi 2." in text(page)
    assert 'id="send"' not in page.text


def test_a_blank_vote_is_said_plainly_and_allowed(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    assert "Votre vote est blanc" in text(client.post(VOTE + "/review", data={"lang": "fr"}))
    assert client.post(BALLOT, data=poll.form(choices=[])).status_code == 303
    assert boxed(engine) == (1, 1)


def test_a_key_brought_along_is_carried_to_the_last_form(client: TestClient, poll: OpenPoll) -> None:
    booth = client.post(VOTE, data={"lang": "fr", "credential": poll.key().upper()})
    assert booth.text.count(f'name="credential" value="{poll.key()}"') == 2
    review = client.post(VOTE + "/review", data={"credential": poll.key(), "choice": poll.ids[:3]})
    assert f'value="{poll.key()}"' in review.text
    assert "<iframe" not in review.text


def test_a_vote_leads_to_its_receipt_which_stays_the_same(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    sent = client.post(BALLOT, data=poll.form())
    assert sent.status_code == 303
    assert re.fullmatch(r"/receipts/[0-9a-z]{16}\?lang=fr", sent.headers["location"])
    assert client.post(BALLOT, data=poll.form()).headers["location"] == sent.headers["location"]
    page = client.get(sent.headers["location"])
    assert "Votre vote est enregistré" in text(page)
    assert client.get(sent.headers["location"]).text == page.text
    assert not any(title in unescape(page.text) for title in (one.title for one in poll.candidates))
    assert boxed(engine) == (1, 1)
    assert not {"set-cookie"} & (set(sent.headers) | set(page.headers))


def test_the_receipt_is_a_page_of_5_kilobytes_with_its_qr_at_its_own_address(client: TestClient, poll: OpenPoll) -> None:
    address = client.post(BALLOT, data=poll.form()).headers["location"]
    page = client.get(address)
    assert len(page.content) <= 5_000
    drawing = client.get(address.partition("?")[0] + "/qr.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.startswith("<svg")
    assert client.get("/receipts/0000000000000000").status_code == 404
    assert client.get("/receipts/0000000000000000/qr.svg").status_code == 404


def test_the_first_vote_stands(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    client.post(BALLOT, data=poll.form())
    second = client.post(BALLOT, data=poll.form(choices=poll.ids[3:6]))
    assert second.status_code == 409
    assert "Le premier vote compte" in text(second)
    assert poll.candidates[3].title in unescape(second.text)
    assert unescape(second.text).count("au guichet de la Ville") == 1, "what to do is said once"
    assert boxed(engine) == (1, 1)


def test_a_key_spent_elsewhere_says_how_and_promises_no_receipt(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    for how, heading in (("paper", "Le premier vote compte"), ("void", "Cette clé ne peut pas être utilisée")):
        number = len(how)
        with work(engine) as unit:
            spend(unit, poll.id, poll.key(number), how, "2026-11-21")
        page = client.post(BALLOT, data=poll.form(number))
        assert page.status_code == 409
        assert f"<h1>{heading}</h1>" in page.text
        assert "code de suivi" not in text(page)
    assert boxed(engine)[0] == 0


def test_the_browser_may_show_the_ballot_again_on_back_but_never_a_key(client: TestClient, poll: OpenPoll) -> None:
    for path in (VOTE, VOTE + "/review"):
        assert client.post(path, data={"choice": poll.ids[:3]}).headers["cache-control"] == "private, no-cache"
        assert client.post(path, data={"choice": poll.ids[:3], "credential": poll.key()}).headers["cache-control"] == "no-store"
    assert client.post(BALLOT, data=poll.form(choices=["x"])).headers["cache-control"] == "no-store"


def test_a_wrong_key_loses_none_of_the_choices(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    page = client.post(BALLOT, data=poll.form() | {"credential": "ab cd"})
    assert page.status_code == 422
    assert "Cette clé de vote n’est pas de ce vote" in text(page)
    assert carried(page, "send") == poll.ids[:3]
    assert f'value="{SEED}"' in page.text
    assert boxed(engine) == (0, 0)


def test_one_second_late_is_refused_and_the_choices_stay(client: TestClient, poll: OpenPoll, clock: Clock, engine: Engine) -> None:
    clock.now = poll.closes + timedelta(seconds=1)
    for path, form in ((BALLOT, poll.form()), (VOTE, {"choice": poll.ids[:3]}), (VOTE + "/review", {"choice": poll.ids[:3]})):
        page = client.post(path, data=form | {"lang": "fr"})
        assert page.status_code == 403, path
        assert "Le vote a été clos le" in text(page)
        assert all(one.title in unescape(page.text) for one in poll.candidates[:3])
    assert boxed(engine) == (0, 0)


@pytest.mark.parametrize("key", ["", "ab"])
def test_a_vote_that_is_over_is_said_to_be_over_whatever_the_key(client: TestClient, poll: OpenPoll, clock: Clock, key: str) -> None:
    for instant, said in ((poll.closes + timedelta(seconds=1), "Le vote a été clos le"), (poll.opens - timedelta(days=1), "ouvre le")):
        clock.now = instant
        page = client.post(BALLOT, data=poll.form() | {"credential": key, "lang": "fr"})
        assert page.status_code == 403
        assert said in text(page)
        assert "Envoyer mon vote" not in page.text


def test_before_and_after_the_vote_the_page_says_when(client: TestClient, poll: OpenPoll, clock: Clock) -> None:
    clock.now = poll.opens - timedelta(seconds=1)
    assert "Le vote n’a pas commencé" in text(client.get(VOTE, params={"lang": "fr"}))
    clock.now = poll.closes
    over = client.get(VOTE, params={"lang": "fr"})
    assert "Le vote est terminé" in text(over)
    assert 'href="/editions/rennes-2027/results?lang=fr"' in over.text


def test_a_vote_that_nobody_fixed_does_not_open(client: TestClient, cast: Cast, clock: Clock, engine: Engine) -> None:
    from_yesterday = (clock.now - timedelta(days=1), clock.now + timedelta(days=1))
    cast.edition(phases=dict.fromkeys(("submission", "completion", "review", "appeal", "campaign")) | {"voting": from_yesterday})
    assert "Le vote n’est pas prêt" in text(client.get(VOTE, params={"lang": "fr"}))
    for path in (VOTE, VOTE + "/review"):
        assert client.post(path, data={"choice": "x"}).status_code == 200
    assert client.post(BALLOT, data={"seed": SEED, "credential": "ab"}).status_code in (200, 403)
    assert boxed(engine) == (0, 0)


def test_an_edition_that_is_not_there_has_no_booth(client: TestClient, poll: OpenPoll) -> None:
    for answer in (client.get("/editions/none/vote"), client.post("/editions/none/vote"), client.post("/editions/none/ballot")):
        assert answer.status_code == 404


def test_the_booth_takes_few_statements_and_few_bytes(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    with counted(engine) as statements:
        page = client.post(VOTE, data={"add": poll.ids[0]})
    assert len(statements) <= 8
    styles = [(ROOT / "static" / name).read_bytes() for name in ("app.css", "parts.css")]
    assert sum(len(gzip.compress(part)) for part in (page.content, *styles)) <= 30_000
