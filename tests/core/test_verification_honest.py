"""Honest bundles always pass, whatever the election; what cannot be checked is said, and why."""

from __future__ import annotations

import io
import json
from random import Random
from zipfile import ZipFile

import pytest

from app.core.transparency import Head, Note, tracking_code
from app.core.verification import Bundle, Malformed, read_receipt, read_zip, verify, write_zip
from tests.core.bundle_maker import honest
from tests.voting.soaking import tell, wanted

HONEST = wanted("bundles", 100)
EVERYTHING = tuple(f"V{number}" for number in range(1, 14))


def test_honest_bundles_always_pass() -> None:
    kinds = set()
    for seed in range(HONEST):
        poll = honest(seed, few=seed % 10 == 9)
        receipt = read_receipt(json.dumps(poll.receipt(seed % len(poll.entries)))) if poll.entries else None
        verdict = verify(read_zip(write_zip(poll.bundle())), receipt)
        assert verdict.holds, (seed, [(check.id, list(map(str, check.sentences))) for check in verdict.checks if check.holds is False])
        assert tuple(check.id for check in verdict.checks) == EVERYTHING
        kinds.add(
            (poll.definition["change_of_vote"], poll.definition["publication"], poll.definition["style"]["kind"], poll.material().few)
        )
    tell(f"T10: {HONEST} honest bundles, all pass")
    assert len(kinds) > 8, "the maker makes every kind of election"


def test_an_open_election_without_changes_can_be_checked_to_the_last_line() -> None:
    poll = honest(1, change=False, discreet=False)
    verdict = verify(Bundle.of(poll.bundle()), read_receipt(json.dumps(poll.receipt(3))))
    assert [check.id for check in verdict.checks if check.holds is not True] == []
    assert not verdict.partly


def test_a_bundle_is_the_same_bytes_each_time() -> None:
    assert write_zip(honest(4).bundle()) == write_zip(honest(4).bundle())


def test_discreet_publication_says_what_only_the_bureau_can_check() -> None:
    verdict = verify(Bundle.of(honest(2, discreet=True).bundle()))
    assert verdict.holds
    assert verdict.partly
    assert verdict.check("V6").holds is None
    assert "only the bureau" in str(verdict.check("V6").sentences[0])


def test_few_ballots_are_not_shown_and_nobody_can_count_them_again() -> None:
    poll = honest(9, few=True, least=20, change=False)
    files = poll.bundle()
    verdict = verify(Bundle.of(files))
    assert verdict.holds
    assert [check.id for check in verdict.checks if check.holds is None] == ["V4", "V5", "V6", "V7", "V8", "V11", "V12", "V13"]
    assert files["ballots.jsonl"] == b'{"withheld":"few"}\n'
    assert "result.pb" not in files
    assert "projects" not in json.loads(files["result.json"])


def test_with_changes_of_vote_no_replaced_ballot_is_opened() -> None:
    poll = honest(5, change=True, discreet=False)
    files = poll.bundle()
    opened = {one["index"] for one in json.loads(files["opening.json"])["openings"]}
    replaced = {index for index, line in enumerate(poll.ballots) if line.replaced_by is not None}
    assert replaced
    assert opened == set(range(len(poll.entries))) - replaced


def test_a_receipt_is_found_by_its_file_and_by_its_code() -> None:
    poll = honest(1, change=False, discreet=False)
    receipt = poll.receipt(7)
    code = tracking_code(receipt["leaf"])
    typed = f" {code[:4].upper()}-{code[4:8]} {code[8:]}\n"
    for given in (json.dumps(receipt), typed):
        check = verify(Bundle.of(poll.bundle()), read_receipt(given)).check("V12")
        assert check.holds
        assert "place 8" in str(check.sentences[0])
    told = verify(Bundle.of(poll.bundle()), read_receipt(json.dumps(receipt))).check("V12").sentences
    heads = (Head.read(Note.read(json.loads(line)["note"]).text) for line in poll.bundle()["sths.jsonl"].decode().splitlines())
    first = next(head.minute for head in heads if head.size > 7)
    assert [str(one) for one in told if "first time" in str(one)] == [
        f"A head signed {first} has it for the first time. Promised was {receipt['merge_by']} at the latest, later by as much if the "
        "vote was extended."
    ]


def test_a_signed_receipt_whose_ballot_is_missing_is_evidence_against_the_city() -> None:
    poll = honest(1, change=False)
    verdict = verify(Bundle.of(poll.bundle()), read_receipt(json.dumps(poll.promised("12" * 32))))
    assert verdict.check("V12").holds is False
    assert "evidence against the city" in str(verdict.check("V12").sentences[0])
    assert [check.id for check in verdict.checks if check.holds is False] == ["V12"]


def test_a_receipt_that_the_city_did_not_sign_is_evidence_of_nothing() -> None:
    poll = honest(1, change=False)
    forged = poll.promised("12" * 32) | {"signature": poll.receipt(0)["signature"]}
    said = str(verify(Bundle.of(poll.bundle()), read_receipt(json.dumps(forged))).check("V12").sentences[0])
    assert "proves nothing" in said
    assert "evidence" not in said


def test_a_code_that_is_nowhere_says_that_a_code_alone_proves_nothing() -> None:
    check = verify(Bundle.of(honest(1, change=False).bundle()), read_receipt("0123456789abcdef")).check("V12")
    assert check.holds is False
    assert "A code alone proves nothing" in str(check.sentences[0])


@pytest.mark.parametrize("given", ["", "{", "[]", "0123", '{"kind": "quotepart-receipt/1"}', "u" * 16, "[" * 100_000])
def test_what_is_no_receipt_is_told(given: str) -> None:
    with pytest.raises(ValueError, match="neither a receipt file nor a tracking code"):
        read_receipt(given)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return made.getvalue()


def test_a_zip_may_hold_its_files_in_one_folder() -> None:
    files = honest(1).bundle()
    assert verify(read_zip(zipped(**{f"bundle-2026/{name}": data for name, data in files.items()}))).holds


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no zip at all", "not a zip file"),
        (zipped(notes=b""), "a bundle holds no such file"),
        (zipped(**{"a/definition.json": b"", "b/log.jsonl": b""}), "side by side"),
        (zipped(**{"../definition.json": b"", "log.jsonl": b""}), "side by side"),
        (zipped(**{"log.jsonl": bytes(2_000_000)}), "more than 1 MB"),
    ],
)
def test_a_zip_that_is_no_bundle_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_zip(data, most=1_000_000)


@pytest.mark.parametrize("name", sorted(honest(1, change=False, discreet=False).bundle()))
def test_a_file_that_is_missing_is_named_and_nothing_breaks(name: str) -> None:
    files = honest(1, change=False, discreet=False).bundle()
    del files[name]
    verdict = verify(Bundle.of(files))
    assert not verdict.holds
    assert any(name in str(sentence) for check in verdict.checks for sentence in check.sentences)


@pytest.mark.parametrize(
    "junk", [b"", b"\n", b"{}\n", b"[]\n", b"\xff\xfe", b"null", b'{"index":0}\n', b"[" * 100_000, b'{"withheld":"few"}\n']
)
def test_junk_in_any_file_is_told_with_its_name_and_never_breaks_the_verifier(junk: bytes) -> None:
    poll = honest(1, change=False, discreet=False)
    honest_files = poll.bundle()
    for name in honest_files:
        verdict = verify(Bundle.of(honest_files | {name: junk}), read_receipt(json.dumps(poll.receipt(0))))
        assert not verdict.holds, name


STRANGE = [None, True, -1, 5, 10**30, "x", "\ud800", [], [[]], [1], {}, {"kind": "seed", "value": ""}, 1.5]
DOCUMENTS = ("definition.json", "opening.json", "turnout.json", "result.json")


@pytest.mark.parametrize("change", [False, True])
def test_no_strange_value_in_any_document_breaks_the_verifier(change: bool) -> None:
    files, dice = honest(3, change=change, discreet=False).bundle(), Random(7)
    places = [(name, key) for name in DOCUMENTS for key in json.loads(files[name])]
    for name, key in dice.choices(places, k=wanted("strange", 60)):
        value = json.loads(files[name]) | {key: dice.choice(STRANGE)}
        verdict = verify(Bundle.of(files | {name: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()}))
        assert not verdict.holds, (name, key)
        assert all(str(sentence) for check in verdict.checks for sentence in check.sentences)
