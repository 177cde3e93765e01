"""The bundle that the site publishes is accepted by the verifier, in every mode; and no tampered one is."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine

from app.core.verification import read_receipt, write_zip
from app.pages.receipts import signature_of
from app.polls.ballot_paper import paper_holding
from app.unit import work
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
