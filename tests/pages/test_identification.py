"""Identification beside the ballot: two ways in, one key out, no cookie, no choice, works without script."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from app.core.forms import read
from app.core.permissions import Role
from app.editions.models import Edition
from app.electorate import batches, tries
from app.electorate.forms import CodeBatchForm
from app.electorate.models import EmailProof, RollLine
from app.unit import work
from app.voting import service as voting
from app.voting.models import Box
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import AMINATA, DAY, edition_with_projects, mailed_code, open_vote

PAGE = "/editions/rennes-2027/identification"


def ticket_in(client: TestClient, asked: Response) -> str:
    """The ticket of the page to which a declaration leads."""
    assert asked.status_code == 303, asked.text
    page = client.get(asked.headers["location"])
    assert page.status_code == 200
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert ticket
    return ticket[1]


def identify(client: TestClient, cast: Cast, lang: str = "fr", **other: str) -> str:
    """Through declaration and six digits to the last page."""
    asked = client.post(PAGE, data=AMINATA | {"lang": lang} | other)
    sent = {"lang": lang, "ticket": ticket_in(client, asked)}
    with work(cast.engine) as unit:
        code = mailed_code(unit)
    answer = client.post(f"{PAGE}/code", data=sent | {"code": f" {code[:3]} {code[3:]} "})
    assert answer.status_code == 200
    return answer.text


def key_in(text: str) -> str:
    found = re.search(r'<output id="credential"[^>]*data-key="([0-9a-f]{64})"', text)
    assert found, text
    return found[1]


def printed_code(cast: Cast) -> str:
    agent = cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])
    with work(cast.engine, now=cast.clock.now) as unit:
        edition = unit.db.exec(select(Edition)).one()
        return batches.make_batch(unit, edition, read(CodeBatchForm, {"label": "Bibliothèque", "size": 1}), by=agent, seconded=True)[1][0]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_from_a_declaration_to_the_key_and_the_same_key_again(client: TestClient, cast: Cast, lang: str) -> None:
    open_vote(cast)
    first = identify(client, cast, lang)
    assert {"fr": "Votre clé de vote", "en": "Your voting key"}[lang] in first
    assert key_in(first) == key_in(identify(client, cast, lang))


def test_no_page_of_identification_reads_or_sets_a_cookie_and_all_may_stand_in_our_own_frame(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    cast.sign_in(client, cast.person())
    client.cookies.set("language", "en")
    ways = client.get(f"{PAGE}?lang=fr")
    assert 'lang="fr"' in ways.text
    assert "Claire Le Goff" not in ways.text
    asked, refused = client.post(PAGE, data=AMINATA | {"lang": "fr"}), client.post(f"{PAGE}/printed", data={"printed": "z", "lang": "fr"})
    code = client.get(asked.headers["location"])
    assert "set-cookie" not in asked.headers
    for answer in (ways, code, refused):
        assert "set-cookie" not in answer.headers
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert 'lang="fr"' in answer.text
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


def test_a_printed_code_gives_a_key_and_a_wrong_one_a_sentence_with_all_that_was_typed(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    code = printed_code(cast)
    key = key_in(client.post(f"{PAGE}/printed", data={"lang": "fr", "printed": code.upper()}).text)
    assert key == key_in(client.post(f"{PAGE}/printed", data={"lang": "fr", "printed": f"{code[:4]} {code[4:]}"}).text)
    wrong = client.post(f"{PAGE}/printed", data={"lang": "fr", "printed": "abcd <b>"})
    assert wrong.status_code == 422
    assert "Ce code ne peut pas être utilisé" in wrong.text
    assert "abcd &lt;b&gt;" in wrong.text


def test_who_does_not_live_here_is_told_so_and_nothing_is_stored(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    answer = client.post(PAGE, data={**AMINATA, "lang": "fr", "resident": ""})
    assert answer.status_code == 422
    assert "Seules les personnes qui habitent la ville peuvent voter" in answer.text
    assert "3 rue de Brest" in answer.text
    with work(cast.engine) as unit:
        assert not unit.db.exec(select(EmailProof)).all() + unit.db.exec(select(RollLine)).all()


@pytest.mark.parametrize("typed", ["", "12", "1234567"])
def test_what_is_not_six_digits_is_said_so_and_costs_no_try(client: TestClient, cast: Cast, typed: str) -> None:
    open_vote(cast)
    asked = client.post(PAGE, data=AMINATA | {"lang": "fr"})
    ticket = ticket_in(client, asked)
    with work(cast.engine) as unit:
        code = mailed_code(unit)
    for _ in range(7):
        again = client.post(f"{PAGE}/code", data={"lang": "fr", "ticket": ticket, "code": typed}, follow_redirects=True)
        assert "Cet essai n’a pas été compté" in again.text
    assert "Essais restants" not in again.text
    assert key_in(client.post(f"{PAGE}/code", data={"lang": "fr", "ticket": ticket, "code": code}).text)


def test_an_empty_printed_code_is_a_field_to_fill_in_and_no_wrong_code(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    answer = client.post(f"{PAGE}/printed", data={"lang": "fr", "printed": " "})
    assert answer.status_code == 422
    assert "Remplissez ce champ" in answer.text
    assert "Ce code ne peut pas" not in answer.text


def test_a_wrong_code_counts_down_and_the_right_one_still_works(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    ticket = ticket_in(client, client.post(PAGE, data=AMINATA | {"lang": "fr"}))
    with work(cast.engine) as unit:
        code = mailed_code(unit)
    wrong = "111111" if code != "111111" else "222222"
    sent = {"lang": "fr", "ticket": ticket}
    answer = client.post(f"{PAGE}/code", data=sent | {"code": wrong})
    assert answer.status_code == 303
    assert re.search(r"Essais restants\s: 4", html.unescape(client.get(answer.headers["location"]).text))
    assert key_in(client.post(f"{PAGE}/code", data=sent | {"code": code}).text)
    for _ in range(3):
        last = client.post(f"{PAGE}/code", data=sent | {"code": wrong})
    assert last.status_code == 404
    assert "n’est plus valable" in last.text


def test_back_asks_nobody_to_declare_twice_and_the_address_says_nothing_of_the_person(client: TestClient, cast: Cast) -> None:
    """Every page before the key is read by its address; that address holds a ticket, the page not even the whole e-mail address."""
    open_vote(cast)
    address = client.post(PAGE, data=AMINATA | {"lang": "fr"}).headers["location"]
    page = client.get(address)
    assert set(parse_qs(urlsplit(address).query)) == {"lang", "ticket"}
    assert "a…@example.org" in page.text
    said = address + page.text
    assert not any(word in said for word in ("Aminata", "aminata@", "Diallo", "1992", "rue de Brest"))
    with work(cast.engine) as unit:
        assert len(unit.db.exec(select(EmailProof)).all()) == 1
        assert mailed_code(unit) not in said
    assert client.get(address).text == page.text
    assert client.get(f"{PAGE}/code?ticket=unknown&lang=fr").status_code == 404


def test_too_many_declarations_are_told_when_to_come_back(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    for _ in range(tries.DECLARE["account"].tries):
        assert client.post(PAGE, data=AMINATA | {"lang": "fr"}).status_code == 303
    refused = client.post(PAGE, data=AMINATA | {"lang": "fr"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600


@pytest.mark.parametrize(("how", "said"), [("online", "Vous avez déjà voté en ligne"), ("paper", "Un bulletin papier vous a été remis")])
def test_who_has_voted_is_told_through_which_channel(client: TestClient, cast: Cast, how: str, said: str) -> None:
    edition = open_vote(cast)
    key = key_in(identify(client, cast))
    with work(cast.engine) as unit:
        voting.spend(unit, edition.id or 0, key, how, "2026-11-21")
    text = identify(client, cast)
    assert said in text
    assert "id=\"credential\"" not in text


@pytest.mark.parametrize("allowed", [True, False])
def test_who_has_voted_online_is_told_how_to_change_where_that_is_allowed(client: TestClient, cast: Cast, allowed: bool) -> None:
    edition = open_vote(cast)
    key = key_in(identify(client, cast))
    with work(cast.engine) as unit:
        unit.db.get_one(Box, edition.id).changeable = allowed
        voting.spend(unit, edition.id or 0, key, "online", "2026-11-21")
    told = identify(client, cast)
    assert ("servez-vous des deux codes de votre reçu" in told, "Votre premier vote compte" in told) == (allowed, not allowed)


def test_before_after_and_without_a_poll_no_key_is_given(client: TestClient, cast: Cast, clock: Clock) -> None:
    edition_with_projects(cast)
    assert "Le vote n’est pas encore préparé" in client.get(PAGE).text
    assert client.post(PAGE, data=AMINATA | {"lang": "fr"}).status_code == 403
    clock.now -= 5 * DAY
    assert "Le vote ouvre le" in client.get(PAGE).text
    clock.now += 50 * DAY
    assert "Le vote s’est terminé le" in client.get(PAGE).text
    assert client.get("/editions/autre/identification").status_code == 404


def test_the_last_page_can_open_the_ballot_with_the_key_and_nothing_else(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    text = identify(client, cast)
    form = re.search(r'<form method="post" action="/editions/rennes-2027/vote".*?</form>', text, re.S)
    assert form
    assert re.findall(r'name="([^"]+)"', form[0]) == ["lang", "credential"]


@pytest.mark.parametrize("how", ["online", "paper", "void"])
def test_whoever_did_not_vote_themselves_is_told_whom_to_tell(client: TestClient, cast: Cast, how: str) -> None:
    edition = open_vote(cast)
    key = key_in(identify(client, cast))
    with work(cast.engine) as unit:
        voting.spend(unit, edition.id or 0, key, how, "2026-11-21")
    told = html.unescape(identify(client, cast))
    assert ("Si vous n’avez pas voté vous-même, dites-le au guichet de la Ville" in told) == (how != "void")
