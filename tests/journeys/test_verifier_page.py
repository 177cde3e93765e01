"""The second verifier: a page without any network that believes honest bundles, refuses the others, and counts as the platform does."""

import base64
import io
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, Route, expect

from app.core.tally import rule_from
from app.core.transparency import leaf_hash, tracking_code
from app.core.verification import Bundle, Published, read_receipt, verify, write_zip
from app.http.safety import POLICY
from app.pages.verifier import zipped
from app.settings import ROOT
from tests.cast import Cast
from tests.conftest import Clock
from tests.core.attackers import resigned, summed
from tests.core.attacks import ATTACKS, target
from tests.core.bundle_maker import honest, wrapped
from tests.core.bundles import Poll, sealed
from tests.exchange.held import Held
from tests.exchange.held import checked as checked_by_python
from tests.exchange.test_marked_bundles import VOTES, filled
from tests.journeys.conftest import axe
from tests.journeys.counted_twice import COUNT, cases
from tests.voting.soaking import tell, wanted

AGREE = wanted("agree", 60)
FLIPS = wanted("page_flips", 15)
SITE = "http://city.example"
CHECK = """async ([zip, receipt]) => {
  try {
    const { checks } = await verifyBundle(Uint8Array.from(atob(zip), (sign) => sign.charCodeAt(0)), receipt);
    const said = (one, language) => one.sentences.map((sentence) => sentence[language]);
    return Object.fromEntries(checks.map((one) => [one.id, [one.holds, said(one, "en"), said(one, "fr")]]));
  } catch (fault) {
    if (!fault.says) throw fault;
    return fault.says.en;
  }
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody unpacked the zip of the verifier."""
    place = tmp_path_factory.mktemp("verifier")
    with ZipFile(io.BytesIO(zipped())) as archive:
        archive.extractall(place)
    return place


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, folder: Path, language: str) -> Iterator[Page]:
    """The page opened from a disk, without any network. Any error of the page, and any request but for its files, fails the test."""
    dark = "dark" if language == "en" else "light"
    context = browser.new_context(offline=True, locale=f"{language}-FR", viewport={"width": 360, "height": 740}, color_scheme=dark)  # type: ignore[arg-type]
    opened, faults = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: faults.append(request.url) if not request.url.startswith("file:") else None)
    opened.goto((folder / "quotepart-verifier/index.html").as_uri())
    opened.wait_for_url("**/static/verify/index.html")
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def checker(browser: Browser) -> Iterator[Page]:
    """The scripts of the page, as they lie in the project."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto((ROOT / "static/verify/index.html").as_uri())
    yield opened
    context.close()


def checked(checker: Page, files: dict[str, bytes] | bytes, receipt: str = "") -> Any:
    """Check -> (holds, sentences in English, in French); or the sentence that says why this is no bundle."""
    data = files if isinstance(files, bytes) else write_zip(files)
    return checker.evaluate(CHECK, [base64.b64encode(data).decode(), receipt])


def held(found: Any) -> dict[str, bool | None]:
    return {id: one[0] for id, one in found.items()}


def by_python(files: dict[str, bytes], receipt: str = "") -> dict[str, bool | None]:
    verdict = verify(Bundle.of(files), read_receipt(receipt) if receipt else None)
    return {check.id: check.holds for check in verdict.checks}


@pytest.mark.parametrize("many", [pytest.param(AGREE, id="elections")])
def test_the_page_counts_as_the_platform_does(checker: Page, many: int) -> None:
    dice = Random(55)
    counted = [one for _ in range(many) for one in cases(dice)]
    for (told, outcome), found in zip(counted, checker.evaluate(COUNT, [told for told, _ in counted]), strict=True):
        assert found == [list(outcome.selected), list(outcome.needs_draw), outcome.valid, outcome.blank], told
    tell(f"{many} elections counted by two programs under {len(counted)} rules, the same winners in the same order")
    assert {told["rule"]["kind"] for told, _ in counted} == {"greedy", "equal_shares"}
    assert any(outcome.needs_draw for _, outcome in counted)


def test_honest_bundles_pass_each_check_that_can_be_made(checker: Page) -> None:
    for seed in range(12):
        poll = honest(seed, few=seed % 6 == 5)
        receipt = json.dumps(poll.receipt(seed % len(poll.entries))) if poll.entries else ""
        found = checked(checker, poll.bundle(), receipt)
        assert held(found) == by_python(poll.bundle(), receipt), seed
        assert False not in held(found).values()
        assert all(english and french for _, english, french in found.values())


def test_each_attack_is_refused_by_its_check(checker: Page) -> None:
    missed = []
    for attack, refused_by, options in ATTACKS:
        found = held(checked(checker, attack(target(options))))
        if found[refused_by] is not False:
            missed.append((attack.__name__, refused_by, found))
    assert missed == []


def test_one_ballot_is_not_replaced_twice(checker: Page) -> None:
    """Whoever holds the secret of a ballot replaces it once: two others in its place would count two votes of one voter."""
    poll = target({"change": True, "discreet": False})
    earlier, later = next((index, line.replaced_by) for index, line in enumerate(poll.ballots) if line.replaced_by is not None)
    proof = json.loads(poll.entries[later])["proof"]
    again = wrapped(poll, sealed(poll, [], "again"), "again", replaces=leaf_hash(poll.entries[earlier]).hex(), proof=proof)
    entries, lines = (*poll.entries, again), (*poll.ballots, Published(choices=()))
    files = replace(poll, entries=entries, ends=(len(entries),), lines=lines).bundle()
    assert by_python(files)["V8"] is False
    assert "is replaced twice" in " ".join(checked(checker, files)["V8"][1])


def test_no_flipped_bit_is_missed(checker: Page) -> None:
    dice, poll = Random(7), target({"change": False, "discreet": False})
    files = poll.bundle()
    for number in range(FLIPS):
        name = dice.choice(sorted(files))
        data = bytearray(files[name])
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        changed = files | {name: bytes(data)}
        changed = summed(poll, changed, key="somebody") if number % 2 and not name.startswith("SHA256") else changed
        assert False in held(checked(checker, changed)).values(), (number, name)


def test_a_receipt_is_kept_or_broken_or_no_receipt_at_all(checker: Page) -> None:
    poll = next(one for one in (honest(seed, change=False, discreet=False) for seed in range(500)) if not one.witness_keys)
    receipt, code = poll.receipt(3), tracking_code(poll.receipt(3)["leaf"])

    def told(receipt: str, files: dict[str, bytes] | None = None) -> tuple[bool | None, str]:
        holds, sentences, _ = checked(checker, files or poll.bundle(), receipt)["V12"]
        return holds, " ".join(sentences)

    assert told("") == (None, "No receipt was given.")
    for given in (json.dumps(receipt), code, f"{code[:4]} {code[4:8].upper()}-{code[8:]}"):
        holds, words = told(given)
        assert holds
        assert "at place 4" in words, "people count from one"
    assert f"Promised was {receipt['merge_by']} at the latest" in told(json.dumps(receipt))[1]
    assert "Promised was" not in told(code)[1], "a code promises nothing"
    without = resigned(poll, poll.entries[:3] + poll.entries[4:])
    assert "evidence against the city" in told(json.dumps(receipt), without)[1]
    assert "proves nothing" in told(code, without)[1]
    assert "proves nothing" in told(json.dumps(receipt | {"merge_by": "2027-01-01T00:00Z"}))[1]
    assert "another election" in told(json.dumps(honest(499, change=False, discreet=False).receipt(0)))[1]
    assert "Only the receipt that was given does not pass" in checker.evaluate("() => say('receipt_fails').en")
    assert [told(given)[0] for given in ("abc", "{}", json.dumps(receipt | {"leaf": "x"}))] == [False] * 3


@pytest.mark.parametrize("rule", [rule_from("phragmen"), rule_from("greedy", limits=({"kind": "max_per", "key": "theme", "most": 1},))])
def test_a_count_that_the_page_does_not_know_is_not_checked_and_says_so(checker: Page, rule: Any) -> None:
    made = honest(1, change=False, discreet=False)
    defined = dict(made.definition) | {"rule": rule.model_dump(mode="json")}
    poll = replace(made, definition=defined, lines=made.ballots)
    holds, sentences, _ = checked(checker, poll.bundle())["V11"]
    assert holds is None
    assert "is not checked here" in " ".join(sentences)


def zip_of(files: dict[str, bytes], method: int, place: str = "") -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(place + name, data)
    return made.getvalue()


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_zips_are_read_as_programs_write_them(checker: Page, method: int) -> None:
    files = honest(2).bundle()
    for place in ("", "bundle/"):
        assert False not in held(checked(checker, zip_of(files, method, place))).values()


def test_what_is_no_bundle_is_told_in_a_sentence(checker: Page) -> None:
    files = honest(2).bundle()
    whole = zip_of(files, ZIP_DEFLATED)
    assert "not a zip file" in checked(checker, b"PK nothing")
    assert "not a zip file" in checked(checker, whole[: len(whole) // 2])
    for gone in files:
        found = checked(checker, zip_of({name: data for name, data in files.items() if name != gone}, ZIP_STORED))
        assert any(holds is False and gone in " ".join(said) and "missing" in " ".join(said) for holds, said, _ in found.values()), gone
    assert "no such file" in checked(checker, zip_of(files | {"virus.exe": b""}, ZIP_STORED))
    assert "side by side" in checked(checker, zip_of(files | {"a/b.json": b""}, ZIP_STORED))
    at = whole.index(b"definition.json") + 200
    damaged = checked(checker, whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
    assert "damaged" in damaged if isinstance(damaged, str) else False in held(damaged).values()


WORDS = {
    "fr": ("Vérifier", "Tout ce qui peut être vérifié est juste.", "Ce dossier est refusé. Ce qui ne tient pas\u00a0: V6."),
    "en": ("Check", "Everything that can be checked holds.", "This bundle is refused. What does not hold: V6."),
}
OTHER = {"fr": ("English", "Check an election", "en"), "en": ("Français", "Vérifier un scrutin", "fr")}


def ask(page: Page, button: str, files: dict[str, bytes]) -> None:
    page.set_input_files("#bundle", {"name": "bundle.zip", "mimeType": "application/zip", "buffer": write_zip(files)})
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#report")).to_be_visible()


def tampered(poll: Poll) -> dict[str, bytes]:
    return next(attack for attack, _, _ in ATTACKS if attack.__name__ == "other_choices")(poll)


def test_from_a_disk_without_any_network(page: Page, language: str) -> None:
    (check, good, bad), (other, title, then) = WORDS[language], OTHER[language]
    poll = target({"change": False, "discreet": False})
    ask(page, check, poll.bundle())
    expect(page.locator("#verdict")).to_have_text(good)
    assert axe(page) == []
    ask(page, check, tampered(poll))
    expect(page.locator("#verdict")).to_have_text(bad)
    expect(page.locator("#checks > .fails")).to_have_count(1)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name=other).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == then
    page.set_input_files("#bundle", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"nothing"})
    page.locator("button.primary").click()
    expect(page.locator("#status")).to_contain_text("zip")
    expect(page.locator("#report")).to_be_hidden()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_site_serves_the_same_page_under_its_strict_policy(browser: Browser, client: TestClient) -> None:
    context = browser.new_context(locale="fr-FR")
    page, faults = context.new_page(), list[str]()
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        got = client.get(path)
        assert got.status_code == 200
        assert got.headers["content-security-policy"] == POLICY
        kind = mimetypes.guess_type(path)[0] or got.headers["content-type"]
        route.fulfill(body=got.content, headers={"content-security-policy": POLICY, "content-type": kind})

    page.route("**/*", answer)
    page.goto(f"{SITE}/verify")
    ask(page, "Vérifier", target({"change": False, "discreet": False}).bundle())
    expect(page.locator("#verdict")).to_have_text(WORDS["fr"][1])
    assert page.get_by_role("link", name="Télécharger cette page").get_attribute("href") == "/verify/verifier.zip"
    assert page.get_by_role("link", name="Retour au site").get_attribute("href") == "/"
    context.close()
    assert faults == []
    zip = client.get("/verify/verifier.zip")
    assert zip.headers["content-type"] == "application/zip"
    with ZipFile(io.BytesIO(zip.content)) as archive:
        assert archive.read("quotepart-verifier/static/verify/index.html") == client.get("/verify").content


@pytest.mark.parametrize("kind", list(VOTES))
def test_ballots_of_every_kind_are_judged_alike_by_both_verifiers(kind: str, checker: Page, cast: Cast, clock: Clock) -> None:
    vote = Held(cast, clock.now, 45, *VOTES[kind], lambda dice, ids: filled(kind, dice, ids))
    vote.finish()
    code = vote.receipts[0].tracking_code
    theirs = checker.evaluate(CHECK, [base64.b64encode(vote.zip()).decode(), code])
    ours = {one.id: one.holds for one in checked_by_python(vote.zip(), code).checks}
    for id, (holds, english, _) in theirs.items():
        assert holds == ours[id] or (id == "V11" and holds is None and kind in ("points", "grades")), (id, english)
    assert "unknown" not in str(theirs["V7"])
