"""The bundle that the site publishes is accepted by the verifier, in every mode; and no tampered one is."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select
from typer.testing import CliRunner

from app.cli import main
from app.core.verification import read_receipt, write_zip
from app.core.verification.paper import REASONS
from app.jobs import Job
from app.pages.receipts import signature_of
from app.polls.ballot_paper import paper_holding
from app.results.bundles import BUNDLE_JOB
from app.settings import ROOT, settings
from app.unit import work
from app.voting.paper import NullReason
from app.worker import LONG
from tests.cast import Cast
from tests.conftest import Clock
from tests.exchange.held import Held, checked, faults


def members(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def held_of(verdict: object) -> set[bool | None]:
    return {one.holds for one in verdict.checks}  # type: ignore[attr-defined]


@pytest.mark.usefixtures("app")
def test_the_bundle_of_a_vote_with_paper_holds_and_so_does_a_receipt(cast: Cast, clock: Clock, engine: Engine) -> None:
    held = Held(cast, clock.now, 60)
    held.paper((held.poll.ids[:3], None), (held.poll.ids[:2], "too_few"), ([], "sign"), ([], None), (held.poll.ids[:3], "form"))
    held.finish()
    with work(engine, writing=False) as unit:
        receipt, paper = paper_holding(unit, held.receipts[0].tracking_code)
    told = (
        f'{{"kind":"quotepart-receipt/1","election_hash":"{paper.election_hash}","leaf":"{receipt.leaf_hash}",'
        f'"merge_by":"{paper.merge_by}","signature":"{signature_of(receipt, paper)}"}}'
    )
    verdict = checked(held.zip(), read_receipt(told))
    assert faults(verdict) == {}
    assert held_of(verdict) == {True}
    assert len(members(held.zip())["sths.jsonl"].splitlines()) > 1
    paper_reasons = {row.rsplit(b",", 1)[1] for row in members(held.zip())["paper_lots.csv"].splitlines()[1:]}
    assert paper_reasons == {b"", b"too_few", b"sign", b"form"}, "each reason is published as it was given"


def test_every_reason_of_a_null_ballot_on_paper_is_known_to_both_verifiers() -> None:
    assert set(REASONS) == {one.value for one in NullReason}
    listed = re.search(r"PAPER_REASONS = (\[.*\]);", (ROOT / "static" / "verify" / "ballots.js").read_text())
    assert listed
    assert tuple(json.loads(listed[1])) == REASONS
    documented = (ROOT / "docs" / "bundle.md").read_text().partition("## paper_lots.csv")[2].partition("\n## ")[0]
    assert [one for one in REASONS if f"`{one}`" not in documented] == []


def test_replaced_ballots_stay_sealed_in_the_bundle(cast: Cast, clock: Clock) -> None:
    held = Held(cast, clock.now, 45, change_of_vote="yes")
    for number in (0, 44, 0):
        held.change(number, held.poll.ids[:3])
    held.finish()
    verdict = checked(held.zip(), held.receipts[0].tracking_code)
    assert faults(verdict) == {}
    assert b'"key"' not in members(held.zip())["opening.json"]
    assert members(held.zip())["ballots.jsonl"].count(b"replaced_by") == 3


def test_a_discreet_bundle_holds_and_shows_no_order(cast: Cast, clock: Clock) -> None:
    held = Held(cast, clock.now, 30, publication="discreet")
    held.finish()
    verdict = checked(held.zip())
    assert faults(verdict) == {}
    assert None in held_of(verdict)
    assert b"index" not in members(held.zip())["ballots.jsonl"]


def test_few_ballots_give_totals_alone(cast: Cast, clock: Clock) -> None:
    held = Held(cast, clock.now, 12)
    held.finish()
    verdict = checked(held.zip())
    assert faults(verdict) == {}
    files = members(held.zip())
    assert "result.pb" not in files
    assert {files[name] for name in ("log.jsonl", "ballots.jsonl", "opening.json")} == {b'{"withheld":"few"}\n'}


def test_a_tampered_bundle_is_refused(cast: Cast, clock: Clock) -> None:
    held = Held(cast, clock.now, 30)
    held.finish()
    files = members(held.zip())
    for name in files:
        changed = files | {name: files[name].replace(b"1", b"2", 1) if b"1" in files[name] else files[name] + b"\n"}
        assert not checked(write_zip(changed)).holds, name


def test_the_worker_makes_the_bundle_and_the_page_says_that_it_will_come(cast: Cast, clock: Clock, client: TestClient) -> None:
    held = Held(cast, clock.now, 21)
    held.finish(bundled=False)
    address = "/editions/rennes-2027/results"
    assert client.get(f"{address}/bundle.zip").status_code == 404
    assert "bundle.zip, est en cours" in client.get(address).text.replace("\u00a0", " ")
    cast.sign_in(client, cast.official())
    assert "Actualiser" in client.get(f"/staff{address}").text
    client.cookies.clear()
    with work(cast.engine, now=held.poll.closes + timedelta(hours=2)) as unit:
        waiting = unit.db.exec(select(Job).where(Job.kind == BUNDLE_JOB)).one()
        told: list[str] = []
        LONG[waiting.kind](unit, waiting.payload, lambda doing, _: told.append(doing.text))
    assert told == ["The log, the ballots and the result are gathered", "The file is packed and signed"]
    assert f'href="{address}/bundle.zip"' in client.get(address).text
    assert 'href="/verify?lang=de"' in client.get(f"{address}?lang=de").text
    answer = client.get(f"{address}/bundle.zip")
    assert faults(checked(answer.content)) == {}
    assert 'filename="rennes-2027-bundle.zip"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_command_writes_the_bundle_that_the_verifier_accepts(
    cast: Cast, clock: Clock, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(cast, clock.now, 21)
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    settings.cache_clear()
    file = tmp_path / "b.zip"
    early = CliRunner().invoke(main, ["bundle", "rennes-2027", "--out", str(file)])
    assert (early.exit_code, file.exists()) == (1, False)
    assert "There is no bundle of this vote yet" in early.output
    held.finish(bundled=False)
    assert CliRunner().invoke(main, ["bundle", "rennes-2027", "--out", str(tmp_path)]).exit_code == 1
    assert CliRunner().invoke(main, ["bundle", "rennes-2027", "--out", str(file)]).exit_code == 0
    assert CliRunner().invoke(main, ["verify", str(file), "--receipt", held.receipts[3].tracking_code]).exit_code == 0
    settings.cache_clear()
