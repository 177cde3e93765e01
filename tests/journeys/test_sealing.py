"""A ballot sealed in the browser is byte for byte the one Python seals, and its choices are in nothing that the browser sends."""

import base64
import hashlib
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, Route, expect

from app.core.transparency import Sealed, canonical, pad, seal, unpad, unseal
from app.pages import booth
from app.polls.ballot_paper import BallotPaper, paper_at
from app.settings import ROOT
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import SEED, OpenPoll

PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
HASH, SIZE = hashlib.sha256(b"definition").hexdigest(), 400
SITE = "http://city.example"
"""Not https and not this machine: the browser keeps its own cryptography from such a page."""


def plain_ballot(choices: list[str], size: int) -> bytes:
    return pad(canonical({"choices": sorted(choices)}), size)


def seed_of(text: str) -> bytes:
    return hashlib.sha256(b"quotepart-seed/1" + text.encode("ascii")).digest()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


@pytest.fixture(params=["its own cryptography", "no cryptography of its own"])
def sealing(request: pytest.FixtureRequest, page: Page) -> Page:
    """A page that holds the two scripts and nothing else."""
    where = "https://city.example/" if request.param == "its own cryptography" else SITE + "/"
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html"))
    page.goto(where)
    for script in ("vendor/seal.min.js", "seal.js"):
        page.add_script_tag(path=ROOT / "static" / script)
    assert page.evaluate("typeof crypto.subtle") == ("object" if where.startswith("https") else "undefined")
    return page


def drawn_ballot(dice: Random) -> dict[str, Any]:
    signs = 'abcdefghjkmnpqrstvwxyz0123456789-_éŒ\U0001f333\uff5e"\\\n'
    ids = {"".join(dice.choices(signs, k=dice.randint(1, 12))) for _ in range(dice.randint(0, 8))}
    private = X25519PrivateKey.from_private_bytes(dice.randbytes(32))
    return {
        "choices": dice.sample(sorted(ids), len(ids)),
        "seed": "".join(dice.choices("abcXYZ019_-", k=dice.randint(22, 64))),
        "definitionHash": dice.randbytes(32).hex(),
        "openingKey": private.public_key().public_bytes_raw().hex(),
        "ballotBytes": dice.randint(600, 1500),
    }


def test_the_bytes_are_those_that_python_seals(sealing: Page) -> None:
    dice = Random(3)
    ballots = [drawn_ballot(dice) for _ in range(300)]
    for given, found in zip(ballots, sealing.evaluate("all => all.map(sealBallot)", ballots), strict=True):
        plain = plain_ballot(given["choices"], given["ballotBytes"])
        sealed = seal(plain, bytes.fromhex(given["openingKey"]), bytes.fromhex(given["definitionHash"]), seed_of(given["seed"]))
        assert base64.b64decode(found) == sealed.raw


def test_the_same_seed_gives_the_same_bytes_and_the_holder_of_the_key_opens_them(sealing: Page) -> None:
    given = drawn_ballot(Random(4)) | {"openingKey": PUBLIC.hex()}
    first, again = sealing.evaluate("one => [sealBallot(one), sealBallot(one)]", given)
    other = sealing.evaluate("one => sealBallot(one)", given | {"seed": "another-seed-of-22-chars"})
    assert first == again != other
    opened = unseal(Sealed.read(base64.b64decode(first)), PRIVATE, bytes.fromhex(given["definitionHash"]))
    assert unpad(opened) == canonical({"choices": sorted(given["choices"])})


@pytest.mark.parametrize("wrong", [{"ballotBytes": 14}, {"openingKey": "00" * 32}, {"openingKey": "zz" * 32}, {"definitionHash": "00"}])
def test_what_cannot_be_sealed_is_not(sealing: Page, wrong: dict[str, Any]) -> None:
    given = {"choices": [], "seed": SEED, "definitionHash": HASH, "openingKey": PUBLIC.hex(), "ballotBytes": SIZE}
    assert sealing.evaluate("one => { try { return sealBallot(one) } catch { return '' } }", given)
    assert sealing.evaluate("one => { try { return sealBallot(one) } catch { return '' } }", given | wrong) == ""


class Review:
    """The review page as it is served, with its scripts and its policy, and what the browser then sends."""

    def __init__(self, page: Page, client: TestClient, poll: OpenPoll, *, broken: bool = False) -> None:
        self.page, self.client, self.broken = page, client, broken
        self.posted: list[dict[str, list[str]]] = []
        self.chosen = sorted(poll.ids[:3], reverse=True)
        self.key = poll.key()
        page.route("**/*", self.answer)
        page.goto(f"{SITE}/review")

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/review":
            form = {"choice": self.chosen, "seed": SEED, "lang": "fr", "order": "5", "credential": self.key}
            got = self.client.post("/editions/rennes-2027/vote/review", data=form)
            assert got.status_code == 200
            route.fulfill(body=got.text, headers=dict(got.headers) | {"content-encoding": "identity"})
        elif path.startswith("/static/") and not (self.broken and path.endswith("seal.min.js")):
            file = ROOT / path.removeprefix("/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0] or "text/plain")
        elif path.endswith("/ballot"):
            self.posted.append(parse_qs(route.request.post_data or ""))
            route.fulfill(body="<!doctype html><title>Box</title>", content_type="text/html")
        else:
            route.fulfill(status=404, body="")

    def send(self) -> dict[str, list[str]]:
        self.page.get_by_role("button", name="Envoyer mon vote").click()
        expect(self.page).to_have_title("Box")
        return self.posted[-1]


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    def with_key(*given: Any) -> BallotPaper:
        paper = replace(paper_at(*given), opening_key=PUBLIC.hex(), election_hash=HASH, ballot_bytes=SIZE)
        return replace(paper, change_of_vote=bool(getattr(request, "param", False)))

    monkeypatch.setattr(booth, "paper_at", with_key)


@pytest.fixture
def poll(cast: Cast, clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now)


def opened(raw: str) -> Any:
    return json.loads(unpad(unseal(Sealed.read(base64.b64decode(raw)), PRIVATE, bytes.fromhex(HASH))))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("keyed")
def test_the_choices_never_leave_the_browser_in_clear(page: Page, client: TestClient, poll: OpenPoll) -> None:
    review = Review(page, client, poll)
    expect(page.locator("#sealed-where")).to_contain_text("scellé ici, dans votre navigateur")
    sent = review.send()
    assert set(sent) == {"credential", "sealed", "lang", "order"}
    assert opened(sent["sealed"][0]) == {"choices": sorted(review.chosen)}
    page.go_back()
    assert review.send() == sent


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("keyed", [True], indirect=True)
@pytest.mark.usefixtures("keyed")
def test_a_ballot_that_can_be_changed_is_sent_with_the_secret_that_may_replace_it(page: Page, client: TestClient, poll: OpenPoll) -> None:
    sent = Review(page, client, poll).send()
    assert opened(sent["sealed"][0]) == {"choices": sorted(poll.ids[:3])}
    assert sent["change"] == [hashlib.sha256(b"quotepart-change/1" + SEED.encode()).digest()[:16].hex()]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("keyed")
def test_a_browser_that_cannot_seal_says_so_and_leaves_the_form_as_it_is(page: Page, client: TestClient, poll: OpenPoll) -> None:
    review = Review(page, client, poll, broken=True)
    expect(page.locator("#sealed-where")).to_contain_text("à son arrivée")
    sent = review.send()
    assert (set(sent["choice"]), sent["seed"]) == (set(review.chosen), [SEED])
    assert "sealed" not in sent
