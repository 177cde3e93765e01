"""Canonical JSON, signed heads, cosignatures and receipts."""

from __future__ import annotations

import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.core.transparency import (
    Head,
    Note,
    Promise,
    canonical,
    cosign,
    digest,
    is_signed,
    leaf_beginning,
    sign,
    sign_promise,
    tracking_code,
    witnesses_of,
)

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
HEAD = Head("vote.example/solidarite-2026", 128, bytes(range(32)), "ab" * 32, "2026-11-21T20:15Z")
PROMISE = Promise("ab" * 32, "0123456789abcdef" * 4, "2026-12-01T20:15Z")


def test_canonical_json_is_written_in_one_way_only() -> None:
    # The example of RFC 8785, section 3.2.2, without its floating-point numbers.
    assert canonical({"\u20ac": "Euro Sign", "\r": "Carriage Return", "1": "One", "\u00f6": "o"}).decode() == (
        '{"\\r":"Carriage Return","1":"One","\u00f6":"o","\u20ac":"Euro Sign"}'
    )
    assert digest({"b": 1, "a": [True, None]}) == digest({"a": [True, None], "b": 1})


@pytest.mark.parametrize("wrong", [1.5, {"a": [0.1]}, {"a": 2**60}, {1: "a"}, {"a": object()}])
def test_what_has_no_single_way_of_writing_is_refused(wrong: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical(wrong)


def test_a_signed_head_is_read_back_and_belongs_to_its_key_alone() -> None:
    note = Note.read(str(sign(HEAD.text, "vote.example", KEY)))
    assert Head.read(note.text) == HEAD
    assert note.signed_by("vote.example", KEY.public_key())
    assert not note.signed_by("vote.example", OTHER.public_key())
    assert not note.signed_by("other.example", KEY.public_key())


def test_a_head_with_one_letter_changed_is_not_signed() -> None:
    text = str(sign(HEAD.text, "vote.example", KEY)).replace("\n128\n", "\n129\n")
    assert not Note.read(text).signed_by("vote.example", KEY.public_key())


def test_a_witness_signs_the_head_and_the_time() -> None:
    note = cosign(sign(HEAD.text, "vote.example", KEY), "journal.example", OTHER, 1_795_000_000)
    assert note.signed_by("vote.example", KEY.public_key())
    assert Note.read(str(note)).cosigned_by("journal.example", OTHER.public_key()) == 1_795_000_000
    assert witnesses_of(note, {"journal.example": OTHER.public_key(), "absent.example": KEY.public_key()}) == ["journal.example"]
    forged = Note(note.text.replace("128", "127"), note.signatures)
    assert forged.cosigned_by("journal.example", OTHER.public_key()) is None


@pytest.mark.parametrize("wrong", ["", "a\n", "a\n\n", "a\n\n- b c\n", "a\n\n\u2014 b AAAA\n", "a\n\n\u2014 b ?\n"])
def test_what_is_no_signed_note_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"note|signature"):
        Note.read(wrong)


@given(st.text(max_size=200))
def test_any_text_is_read_as_a_head_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert Head.read(text).text == text


def test_a_receipt_is_the_same_each_time_and_only_ours() -> None:
    signature = sign_promise(PROMISE, KEY)
    assert signature == sign_promise(PROMISE, KEY)
    assert is_signed(PROMISE, signature, KEY.public_key())
    assert not is_signed(PROMISE, signature, OTHER.public_key())
    assert not is_signed(Promise("ab" * 32, "1" + PROMISE.leaf[1:], PROMISE.merge_by), signature, KEY.public_key())
    for wrong in ("", "?", "AAAA"):
        assert not is_signed(PROMISE, wrong, KEY.public_key())


def test_a_tracking_code_stands_for_the_beginning_of_its_leaf() -> None:
    assert len(PROMISE.tracking_code) == 16
    assert PROMISE.tracking_code == tracking_code(PROMISE.leaf)
    assert PROMISE.leaf.startswith(leaf_beginning(PROMISE.tracking_code))
    for wrong in ("", "0" * 15, "u" * 16, "É" * 16):
        with pytest.raises(ValueError, match="sixteen letters"):
            leaf_beginning(wrong)
