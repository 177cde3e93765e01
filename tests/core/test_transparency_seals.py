"""Sealing: as the standard says, the same from the same seed, and broken by any change."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.core.transparency import Broken, Sealed, agreed, pad, seal, unpad, unseal, unseal_with
from app.core.transparency.seals import derive

PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
SEED, INFO = b"s" * 32, b"election"


def test_the_key_pair_of_the_standard_is_derived_from_its_material() -> None:
    # RFC 9180, appendix A.1.1: ikmE and skEm.
    material = bytes.fromhex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234")
    assert derive(material).private_bytes_raw().hex() == "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"


@given(st.binary(max_size=300), st.binary(max_size=64), st.binary(min_size=32, max_size=32))
def test_another_implementation_of_the_standard_opens_what_is_sealed(plain: bytes, info: bytes, seed: bytes) -> None:
    sealed = seal(plain, PUBLIC, info, seed)
    assert SUITE.decrypt(sealed.raw, PRIVATE, info) == plain
    assert unseal(Sealed.read(sealed.raw), PRIVATE, info) == plain


@given(st.binary(max_size=300), st.binary(max_size=64))
def test_what_another_implementation_seals_is_opened(plain: bytes, info: bytes) -> None:
    assert unseal(Sealed.read(SUITE.encrypt(plain, PRIVATE.public_key(), info)), PRIVATE, info) == plain


def test_a_resend_is_byte_identical_and_other_choices_share_nothing_with_it() -> None:
    first = seal(b"a", PUBLIC, INFO, SEED)
    assert first == seal(b"a", PUBLIC, INFO, SEED)
    for other in (seal(b"b", PUBLIC, INFO, SEED), seal(b"a", PUBLIC, b"other", SEED), seal(b"a", PUBLIC, INFO, b"t" * 32)):
        assert other.enc != first.enc


@given(st.integers(0, 8 * 64 - 1))
def test_any_change_of_a_bit_breaks_the_seal(bit: int) -> None:
    raw = bytearray(seal(b"0123456789abcdef", PUBLIC, INFO, SEED).raw)
    raw[bit // 8] ^= 1 << bit % 8
    # The top bit of an X25519 key is ignored by the standard: the key is the same, but not the bytes that were agreed on.
    with pytest.raises(Broken):
        unseal(Sealed.read(bytes(raw)), PRIVATE, INFO)


def test_a_seal_is_for_one_key_and_one_election() -> None:
    sealed = seal(b"a", PUBLIC, INFO, SEED)
    for key, info in ((X25519PrivateKey.from_private_bytes(b"o" * 32), INFO), (PRIVATE, b"other")):
        with pytest.raises(Broken):
            unseal(sealed, key, info)


def test_one_ballot_can_be_opened_without_the_key_and_opens_no_other() -> None:
    one, two = seal(b"a", PUBLIC, INFO, SEED), seal(b"b", PUBLIC, INFO, SEED)
    opening = agreed(one, PRIVATE)
    assert unseal_with(one, opening, PUBLIC, INFO) == b"a"
    with pytest.raises(Broken):
        unseal_with(two, opening, PUBLIC, INFO)


@pytest.mark.parametrize("raw", [b"", b"x" * 47, bytes(48), b"\xff" * 80])
def test_bytes_that_were_never_sealed_are_refused(raw: bytes) -> None:
    with pytest.raises(Broken):
        unseal(Sealed.read(raw), PRIVATE, INFO)


@given(st.binary(max_size=63))
def test_every_ballot_has_one_size_and_comes_back_whole(text: bytes) -> None:
    assert len(pad(text, 64)) == 64
    assert unpad(pad(text, 64)) == text


def test_what_cannot_be_padded_or_was_not_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        pad(b"x" * 64, 64)
    for wrong in (b"", b"abc", b"ab\x80\x01"):
        with pytest.raises(Broken):
            unpad(wrong)
    with pytest.raises(ValueError, match="32 bytes"):
        seal(b"a", PUBLIC, INFO, b"short")
