"""A witness signs what continues what it saw, and refuses every shape of fork."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.transparency import EMPTY, Head, Note, consistency_proof, leaf_hash, root_of, sign
from app.core.transparency.witnessing import Refusal, Watched, judge, needs_proof

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
HASH = "ab" * 32
LOG = Watched("ville.example/editions/2027", KEY.public_key(), HASH)
ACTS = Watched("ville.example/editions/2027/acts", KEY.public_key(), HASH, before_freeze=True)

entries = st.lists(st.integers(0, 255).map(lambda number: leaf_hash(bytes([number]))), max_size=40)


def note(leaves: list[bytes], *, election_hash: str = HASH, origin: str = LOG.origin, key: Ed25519PrivateKey = KEY) -> Note:
    return sign(Head(origin, len(leaves), root_of(leaves), election_hash, "2026-11-21T20:15Z").text, origin, key)


def proof(before: list[bytes], after: list[bytes]) -> list[bytes]:
    return consistency_proof(len(before), after) if 0 < len(before) <= len(after) else []


@given(entries, st.data())
def test_what_continues_is_signed(leaves: list[bytes], data: st.DataObject) -> None:
    before = leaves[: data.draw(st.integers(0, len(leaves)))]
    verdict = judge(LOG, note(before), note(leaves), proof(before, leaves))
    assert verdict.cosigns
    assert (needs_proof(note(before), note(leaves)) is not None) == (0 < len(before) < len(leaves))


@given(entries)
def test_the_first_head_is_signed_and_the_same_again_too(leaves: list[bytes]) -> None:
    assert judge(LOG, None, note(leaves), []).cosigns
    assert judge(LOG, note(leaves), note(leaves), []).cosigns


@given(entries, entries, st.data())
def test_no_other_history_is_signed_whatever_the_proof(before: list[bytes], after: list[bytes], data: st.DataObject) -> None:
    """Forks of every shape: an entry changed, dropped, added before, put elsewhere, with honest, stolen or invented proofs."""
    assume(before and before != after[: len(before)])
    honest = before + data.draw(entries)
    given_proof = data.draw(
        st.one_of(
            st.just(proof(before, after)),
            st.just(proof(before, honest)),
            st.lists(st.binary(min_size=32, max_size=32), max_size=8),
            st.lists(st.binary(max_size=40), max_size=3),
        )
    )
    verdict = judge(LOG, note(before), note(after), given_proof)
    assert verdict.refusal is (Refusal.ROLLBACK if len(after) < len(before) else Refusal.FORK)
    assert verdict.refusal.is_evidence


@given(st.lists(st.integers(0, 255).map(lambda number: leaf_hash(bytes([number]))), min_size=2, max_size=40), st.data())
def test_one_change_in_what_was_signed_is_a_fork(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    changed = list(leaves)
    shape = data.draw(st.sampled_from(["changed", "dropped", "inserted", "swapped"]))
    place = data.draw(st.integers(0, size - 1))
    if shape == "changed":
        changed[place] = bytes(32)
    elif shape == "dropped":
        del changed[place]
        changed += [bytes(32)]
    elif shape == "inserted":
        changed.insert(place, bytes(32))
    else:
        changed[0], changed[place] = changed[place], changed[0]
    assume(changed[:size] != leaves[:size])
    verdict = judge(LOG, note(leaves[:size]), note(changed), proof(leaves[:size], changed))
    assert verdict.refusal is Refusal.FORK


@given(entries, st.data())
def test_a_shorter_log_is_a_rollback_even_when_it_is_an_honest_beginning(leaves: list[bytes], data: st.DataObject) -> None:
    assume(leaves)
    before = leaves[: data.draw(st.integers(0, len(leaves) - 1))]
    assert judge(LOG, note(leaves), note(before), proof(before, leaves)).refusal is Refusal.ROLLBACK


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (note([EMPTY], key=OTHER), Refusal.SIGNATURE),
        (note([EMPTY], origin="ville.example/editions/2026"), Refusal.ORIGIN),
        (note([EMPTY], origin=ACTS.origin), Refusal.ORIGIN),
        (note([EMPTY], election_hash="cd" * 32), Refusal.ELECTION),
        (note([EMPTY], election_hash=""), Refusal.ELECTION),
        (sign("a\n", LOG.origin, KEY), Refusal.FORM),
        (sign(Head(LOG.origin, 0, bytes(32), HASH, "2026-11-21T20:15Z").text, LOG.origin, KEY), Refusal.FORM),
        (Note(note([EMPTY]).text, ()), Refusal.SIGNATURE),
        (Note(note([EMPTY]).text.replace("20:15", "20:16"), note([EMPTY]).signatures), Refusal.SIGNATURE),
    ],
)
def test_what_is_not_of_this_log_is_refused(wrong: Note, refusal: Refusal) -> None:
    for seen in (None, note([EMPTY])):
        verdict = judge(LOG, seen, wrong, [])
        assert (verdict.refusal, verdict.cosigns) == (refusal, False)
        assert str(verdict.sentence).endswith(".")


@pytest.mark.parametrize("seen", [sign("a\n", LOG.origin, KEY), note([EMPTY], key=OTHER), note([EMPTY], origin=ACTS.origin)])
def test_a_memory_that_was_tampered_with_signs_nothing(seen: Note) -> None:
    assert judge(LOG, seen, note([EMPTY]), []).refusal is Refusal.FORM


def test_the_log_of_acts_begins_before_the_freeze_and_never_goes_back() -> None:
    def act(size: int, election_hash: str) -> Note:
        return note([EMPTY] * size, election_hash=election_hash, origin=ACTS.origin)

    grow = consistency_proof(1, [EMPTY] * 2)
    assert judge(ACTS, None, act(1, ""), []).cosigns
    assert judge(ACTS, act(1, ""), act(2, ""), grow).cosigns
    assert judge(ACTS, act(1, ""), act(2, HASH), grow).cosigns
    assert judge(ACTS, act(1, HASH), act(2, ""), grow).refusal is Refusal.ELECTION
    assert judge(ACTS, act(1, ""), act(2, "cd" * 32), grow).refusal is Refusal.ELECTION


def test_only_what_the_log_signed_is_evidence() -> None:
    assert {refusal for refusal in Refusal if refusal.is_evidence} == {Refusal.ELECTION, Refusal.ROLLBACK, Refusal.FORK}
    assert replace(LOG, before_freeze=True) != LOG
