"""Every attack on a bundle is refused, by the check that is meant to refuse it (T10 of docs/security.md)."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.core.verification import Bundle, Verdict, read_receipt, verify
from app.core.verification.bundle import SIGNATURE, SUMS
from app.settings import ROOT
from tests.core.attackers import resigned, summed
from tests.core.attacks import ATTACKS, CHANGE, DISCREET, OPEN, target
from tests.core.attacks_on_log import drop_and_sign_again
from tests.core.bundle_maker import honest, turnout
from tests.core.bundles import Poll
from tests.voting.soaking import tell, wanted

FLIPS = wanted("flips", 50)
ORDER = [f"V{number}" for number in range(1, 14)]


@cache
def victim(change: bool, discreet: bool) -> Poll:
    return target({"change": change, "discreet": discreet})


@cache
def attacked(number: int) -> Verdict:
    attack, _, options = ATTACKS[number]
    poll = victim(**options)
    files = attack(poll)
    assert files != poll.bundle()
    return verify(Bundle.of(files))


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[one[0].__name__ for one in ATTACKS])
def test_each_attack_is_refused_by_its_check(number: int) -> None:
    _, refused_by, _ = ATTACKS[number]
    verdict = attacked(number)
    failed = [check.id for check in verdict.checks if check.holds is False]
    assert not verdict.holds
    assert refused_by in failed, (failed, [str(sentence) for check in verdict.checks for sentence in check.sentences])
    assert refused_by == "V1" or verdict.check("V1").holds, "the attacker signs the sums"


def faults_in_the_code() -> dict[str, str]:
    """Every sentence that tells a fault, with the file it stands in."""
    found = {}
    for path in sorted((ROOT / "app" / "core" / "verification").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("fault", "expect"):
                said = [one for one in ast.walk(call) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "say"]
                found |= {one.args[0].value: path.name for one in said[:1] if isinstance(one.args[0], ast.Constant)}
    return found


def test_every_fault_that_can_be_told_is_drawn_out_by_an_attack() -> None:
    told = {sentence.text for number in range(len(ATTACKS)) for check in attacked(number).checks for sentence in check.sentences}
    never = {(name, text) for text, name in faults_in_the_code().items() if text not in told and name != "receipt.py"}
    assert never == {
        ("result.py", "The frozen rule cannot count these ballots (%(reason)s)."),  # no rule that a booth can be frozen with
        ("turnout.py", "Residents put themselves on the roll, which this election does not allow."),  # tested below
    }


def test_residents_on_the_roll_by_their_own_word_only_where_that_was_announced() -> None:
    """The definition must say so before the vote, or its hash would be another one: a second election is made for it."""
    poll = honest(1, **OPEN)
    closed = replace(poll, definition=dict(poll.definition) | {"declarations": False}, lines=poll.ballots)
    assert "which this election does not allow" in str(verify(Bundle.of(closed.bundle())).check("V9").sentences[0])


@pytest.mark.parametrize("options", [OPEN, CHANGE, DISCREET], ids=["open", "change", "discreet"])
def test_the_elections_that_are_attacked_are_honest_themselves(options: dict[str, bool]) -> None:
    verdict = verify(Bundle.of(victim(**options).bundle()))
    assert [check.id for check in verdict.checks if check.holds is False] == []


def test_there_are_thirty_attacks_and_every_check_refuses_some() -> None:
    assert len(ATTACKS) >= 30
    assert {one[1] for one in ATTACKS} == set(ORDER) - {"V12"}, "V12 is about receipts and tested with the honest bundles"


def flipped(files: dict[str, bytes], dice: Random) -> tuple[str, dict[str, bytes]]:
    """One bit of one file turned over."""
    name = dice.choice(sorted(files))
    data = bytearray(files[name])
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return name, files | {name: bytes(data)}


def test_no_flipped_bit_is_missed() -> None:
    """Half of the attackers make the sums anew and sign them with a key of their own."""
    dice, missed = Random(20261201), []
    for number in range(FLIPS):
        poll = victim(**(OPEN, CHANGE, DISCREET)[number % 3])
        name, files = flipped(poll.bundle(), dice)
        if number % 2 and name not in (SUMS, SIGNATURE):
            files = summed(poll, files, key="somebody")
        if verify(Bundle.of(files)).holds:
            missed.append((number, name))
    assert missed == []
    tell(f"T10: {FLIPS} flipped bits, all refused")


MEANT = ("definition.json", "log.jsonl", "ballots.jsonl", "opening.json", "paper_lots.csv")


def means_the_same(name: str, before: bytes, after: bytes) -> bool:
    """The numbers that the bureau itself wrote on lots and papers, and the bits of an X25519 key that say nothing (RFC 7748, section 5)."""
    if name == "paper_lots.csv":
        return [row.split(b",")[2:] for row in before.splitlines()] == [row.split(b",")[2:] for row in after.splitlines()]
    if name == "opening.json":
        keys = [X25519PrivateKey.from_private_bytes(bytes.fromhex(json.loads(text)["key"])).public_key() for text in (before, after)]
        return keys[0] == keys[1]
    return False


def test_a_bit_flipped_by_the_city_itself_is_refused_where_it_means_something() -> None:
    """The log key signs the sums anew: what is frozen, logged, opened or typed in still cannot be changed by one bit."""
    dice, missed, poll = Random(4), [], victim(**OPEN)
    honest_files = poll.bundle()
    for number in range(FLIPS):
        name, files = flipped({name: honest_files[name] for name in MEANT}, dice)
        if verify(Bundle.of(summed(poll, honest_files | files))).holds and not means_the_same(name, honest_files[name], files[name]):
            missed.append((number, name, files[name]))
    assert missed == []


def test_a_log_signed_again_without_one_ballot_is_found_by_that_ballots_receipt() -> None:
    """No witness, the turnout and the result made to fit: nothing but a receipt shows that a ballot is gone."""
    poll = next(one for one in (honest(seed, **OPEN) for seed in range(500)) if not one.witness_keys)
    files = resigned(poll, poll.entries[1:], turnout=turnout(len(poll.entries) - 1, len(poll.paper)))
    assert verify(Bundle.of(files)).holds
    verdict = verify(Bundle.of(files), read_receipt(json.dumps(poll.receipt(0))))
    assert [check.id for check in verdict.checks if check.holds is False] == ["V12"]
    assert "evidence against the city" in str(verdict.check("V12").sentences[0])


def test_a_receipt_of_another_election_is_told_from_a_missing_ballot() -> None:
    poll = victim(**OPEN)
    foreign = honest(499, **OPEN).receipt(0)
    check = verify(Bundle.of(poll.bundle()), read_receipt(json.dumps(foreign))).check("V12")
    assert check.holds is False
    assert "another election" in str(check.sentences[0])


def test_two_forks_cannot_both_have_most_witnesses() -> None:
    verdict = verify(Bundle.of(drop_and_sign_again(victim(**OPEN))))
    assert "Only 0 of 2 witnesses" in str(verdict.check("V3").sentences[0])
