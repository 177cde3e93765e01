"""The public log for everyone, by page and by program: what was frozen, heads, acts, proofs, and the signatures of witnesses."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app import keyring
from app.core.transparency import Head, Note, cosign, digest, sign, verify_consistency, verify_inclusion
from app.ledger.acts import acts_of, erase_text
from app.polls import sequencing
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.exchange.held import Held
from tests.pages.test_booth import text

PAGE, API = "/editions/rennes-2027/log", "/api/v1/editions/rennes-2027"
WITNESS, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (7, 8))
NAMED = f"journal.example {WITNESS.public_key().public_bytes_raw().hex()}"


@pytest.fixture
def held(cast: Cast, clock: Clock, engine: Engine) -> Held:
    """75 ballots of which some are in the log, under several heads, with a witness named."""
    made = Held(cast, clock.now, 75, witnesses=NAMED)
    with work(engine, now=made.now) as unit:
        sequencing.log_acts(unit)
    return made


def newest(client: TestClient, which: str = "log") -> tuple[Note, Head]:
    answer = client.get(f"{API}/{which}/head")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/plain")
    note = Note.read(answer.text)
    return note, Head.read(note.text)


def steps(answer: Any) -> list[bytes]:
    return [base64.b64decode(one) for one in answer.json()["proof"]]


def test_the_definition_is_given_in_the_bytes_that_were_hashed(client: TestClient, held: Held) -> None:
    answer = client.get(f"{API}/definition")
    assert answer.headers["content-type"] == "application/json"
    assert digest(json.loads(answer.content)) == newest(client)[1].election_hash
    assert json.loads(answer.content)["witnesses"][0]["name"] == "journal.example"


def test_a_head_is_signed_and_continues_the_one_before(client: TestClient, held: Held) -> None:
    note, head = newest(client)
    assert note.signed_by("127.0.0.1:8000/editions/rennes-2027", keyring.log_public())
    sizes = sorted({int(row) for row in (line for line in client.get(f"{PAGE}/heads.txt").text.splitlines()) if row.isdigit()})
    assert len(sizes) > 1
    assert sizes[-1] == head.size
    proof = steps(client.get(f"{API}/log/consistency", params={"before": sizes[0], "after": head.size}))
    older = next(one for one in client.get(f"{PAGE}/heads.txt").text.split("\n127.0.0.1") if f"\n{sizes[0]}\n" in one)
    root = base64.b64decode(older.split("\n")[2])
    assert verify_consistency(sizes[0], root, head.size, head.root, proof)
    assert client.get(f"{API}/log/consistency", params={"before": 0, "after": head.size}).json() == {"proof": []}


@pytest.mark.parametrize(("before", "after"), [(9, 3), (0, 10**6), (5, 10**9)])
def test_a_size_that_never_was_is_refused_in_a_sentence(client: TestClient, held: Held, before: int, after: int) -> None:
    answer = client.get(f"{API}/log/consistency", params={"before": before, "after": after})
    assert answer.status_code == 422
    assert "taille" in answer.json()["detail"]


def test_a_leaf_is_proven_and_what_is_not_there_is_missing(client: TestClient, held: Held) -> None:
    _, head = newest(client)
    proven = 0
    for receipt in held.receipts:
        answer = client.get(f"{API}/log/inclusion", params={"leaf": receipt.leaf_hash, "size": head.size})
        if answer.status_code == 200:
            proven += 1
            assert verify_inclusion(bytes.fromhex(receipt.leaf_hash), answer.json()["index"], head.size, steps(answer), head.root)
    assert proven == head.size
    assert client.get(f"{API}/log/inclusion", params={"leaf": "0" * 64, "size": head.size}).status_code == 404
    assert client.get(f"{API}/log/inclusion", params={"leaf": "x", "size": head.size}).status_code == 422


def test_a_witness_named_at_the_freeze_is_heard_and_nobody_else(client: TestClient, held: Held) -> None:
    note, head = newest(client)
    good = cosign(note, "journal.example", WITNESS, 1_800_000_000)
    other = sign(Head(head.origin, head.size, bytes(32), head.election_hash, head.minute).text, head.origin, STRANGER)
    refused = {
        "no note": "pas la tête signée",
        str(cosign(note, "journal.example", STRANGER, 1)): "signature de ce témoin n’est pas valable",
        str(cosign(note, "blog.example", WITNESS, 1)): "Aucun des témoins nommés",
        str(cosign(other, "journal.example", WITNESS, 1)): "n’a pas signé cette tête",
        str(cosign(newest(client, "acts")[0], "journal.example", WITNESS, 1)): "autre journal",
        "x" * 30_000: "pas la tête signée",
    }
    for body, sentence in refused.items():
        answer = client.post(f"{API}/log/cosignatures", content=body.encode(), headers={"Content-Type": "text/plain"})
        assert answer.status_code == 422, body
        assert sentence in answer.json()["detail"]
    assert newest(client)[0] == note
    both = Note(good.text, (*good.signatures, *cosign(note, "journal.example", STRANGER, 2).signatures[1:]))
    for _ in range(2):
        assert client.post(f"{API}/log/cosignatures", content=str(both).encode()).status_code == 204
    assert newest(client)[0] == good, "of two lines of one name only the one that holds is kept"
    assert "journal.example" in text(client.get(PAGE)).partition("Signée (UTC)")[2].partition("Témoins")[0]


def test_the_page_shows_what_was_frozen_the_heads_and_the_acts(client: TestClient, held: Held, engine: Engine) -> None:
    page = client.get(PAGE)
    _, head = newest(client)
    for part in (head.election_hash, head.root.hex(), "journal.example", "Deux membres du bureau ont gelé le vote", "19 novembre 2026"):
        assert part in text(page) or part in page.text, part
    assert "set-cookie" not in page.headers
    with work(engine, now=held.now) as unit:
        act = acts_of(unit, held.poll.id)[0]
        erase_text(unit, act)
    again = text(client.get(PAGE))
    assert "Le texte a été effacé" in again
    assert act.hash in again
    assert PAGE in client.get("/editions/rennes-2027").text
    assert "Public log" in client.get(f"{PAGE}?lang=en").text
    for language, asked in (("en", "en"), ("de", "de"), ("fr%40falc", "fr%40falc")):
        assert f'href="/verify?lang={asked}"' in client.get(f"{PAGE}?lang={language}").text


def test_a_code_is_looked_up_without_any_address_that_bears_it(client: TestClient, held: Held, clock: Clock) -> None:
    _, head = newest(client)
    said = {"Oui, votre bulletin est dans le journal": 0, "pas encore dans le journal": 0}
    for receipt in held.receipts:
        page = client.post(PAGE, data={"code": receipt.tracking_code, "lang": "fr"})
        assert page.status_code == 200
        for sentence in said:
            said[sentence] += sentence in text(page)
        if "Oui, votre" in text(page):
            assert head.root.hex() in page.text
            assert receipt.leaf_hash in page.text
    assert sum(said.values()) == len(held.receipts)
    assert all(said.values())
    wrong = client.post(PAGE, data={"code": "0" * 16})
    assert wrong.status_code == 422
    assert "Aucun bulletin ne porte ce code" in text(wrong)
    address = f"https://ville.example/receipts/{held.receipts[0].tracking_code}?lang=fr"
    assert client.post(PAGE, data={"code": address, "lang": "fr"}).status_code == 200, "the address of a receipt ends in its code"
    empty = client.post(PAGE, data={"code": " ", "lang": "fr"})
    assert empty.status_code == 422
    assert "Remplissez ce champ" in text(empty)


def test_a_vote_that_is_not_frozen_has_no_log(client: TestClient, cast: Cast) -> None:
    cast.edition()
    for path in (PAGE, f"{API}/log/head", f"{API}/definition"):
        assert client.get(path).status_code == 404
    assert client.get("/editions/none/log").status_code == 404
    assert PAGE not in client.get("/editions/rennes-2027").text


def test_with_few_ballots_no_page_and_no_file_shows_more_than_totals(client: TestClient, cast: Cast, clock: Clock) -> None:
    held = Held(cast, clock.now, 9)
    held.finish()
    clock.now = held.poll.closes + timedelta(days=1)
    edition = "/editions/rennes-2027"
    page = client.get(f"{edition}/results")
    assert "Seuls les totaux sont publiés" in text(page)
    assert 'data-label="Voix"' not in page.text
    assert page.text.count("data-label") == 0
    for path in ("election.pb", "ballots.csv", "results/other-rules", "results/other-rules.json", "results/other-rules.csv"):
        answer = client.get(f"{edition}/{path}")
        assert answer.status_code == 404, path
        assert "Moins de 20 bulletins" in text(answer)
    for answer in (client.get(f"{edition}/results.json"), client.get(f"{API}/results")):
        told = answer.json()
        assert (told["projects"], told["steps"], told["ties"], told["voters"]) == ([], [], [], None)
        assert told["ballots"]["valid"] + told["ballots"]["blank"] == 9
        assert "Moins de 20 bulletins" in told["notes"][0]["fr"]
    assert client.get(f"{API}/results/comparison").status_code == 404
    rows = client.get(f"{edition}/projects.csv").text.splitlines()
    assert all(row.split(",")[0] == "" for row in rows[1:])
    bundle = client.get(f"{edition}/results/bundle.zip")
    assert (bundle.status_code, bundle.headers["content-type"]) == (200, "application/zip")


def test_there_is_no_bundle_before_the_publication(client: TestClient, held: Held) -> None:
    assert client.get("/editions/rennes-2027/results/bundle.zip").status_code == 404


def test_the_page_says_what_its_own_words_mean(client: TestClient, held: Held) -> None:
    page = client.get(f"{PAGE}?lang=fr").text
    for word in ("Bulletin scellé", "Le bureau", "Empreinte", "Tête signée"):
        assert f"<dt>{word}</dt>" in page
