"""Sealing a ballot to the edition's public key: the same seed gives the same bytes, so a resend can be recognised and nothing else can.

HPKE in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM (RFC 9180). The ephemeral key is derived from the voter's
seed by DeriveKeyPair instead of being drawn, which the standard foresees (section 7.1.3) as long as the seed is never used twice for
different ballots: the seed is hashed together with what it seals, so that other choices give another key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
HPKE_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0001))
KEY_BYTES, TAG_BYTES = 32, 16
SEED_BYTES = 32


class Broken(ValueError):
    """These bytes were not sealed to this key for this election, or they were changed."""


@dataclass(frozen=True)
class Sealed:
    """A sealed ballot: the ephemeral public key (32 bytes) and the cipher text with its tag."""

    enc: bytes
    text: bytes

    @property
    def raw(self) -> bytes:
        """Both in one row of bytes."""
        return self.enc + self.text

    @classmethod
    def read(cls, raw: bytes) -> Sealed:
        """Split such a row. Raises Broken if it is too short."""
        if len(raw) < KEY_BYTES + TAG_BYTES:
            raise Broken("too short for a sealed ballot")
        return cls(raw[:KEY_BYTES], raw[KEY_BYTES:])


def seal(plain: bytes, public: bytes, info: bytes, seed: bytes) -> Sealed:
    """Seal `plain` to a public key (32 bytes) for the election whose hash is `info`. Equal arguments give equal bytes.

    Raises ValueError where the seed is not 32 bytes or the key is none.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    private = derive(hashlib.sha256(seed + hashlib.sha256(info + plain).digest()).digest())
    enc = private.public_key().public_bytes_raw()
    shared = _shared(private.exchange(X25519PublicKey.from_public_bytes(public)), enc, public)
    key, nonce = _schedule(shared, info)
    return Sealed(enc, AESGCM(key).encrypt(nonce, plain, b""))


def unseal(sealed: Sealed, private: X25519PrivateKey, info: bytes) -> bytes:
    """What was sealed. Raises Broken."""
    public = private.public_key().public_bytes_raw()
    try:
        return unseal_with(sealed, private.exchange(X25519PublicKey.from_public_bytes(sealed.enc)), public, info)
    except ValueError:
        raise Broken("not sealed to this key") from None


def agreed(sealed: Sealed, private: X25519PrivateKey) -> bytes:
    """The opening of this one ballot: with it `unseal_with` opens it, and no other. Raises Broken."""
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(sealed.enc))
    except ValueError:
        raise Broken("not sealed to this key") from None


def unseal_with(sealed: Sealed, opening: bytes, public: bytes, info: bytes) -> bytes:
    """What was sealed, by the opening of this ballot alone. Raises Broken."""
    key, nonce = _schedule(_shared(opening, sealed.enc, public), info)
    try:
        return AESGCM(key).decrypt(nonce, sealed.text, b"")
    except InvalidTag:
        raise Broken("not sealed to this key for this election") from None


def derive(seed: bytes) -> X25519PrivateKey:
    """DeriveKeyPair of RFC 9180 section 7.1.3 for X25519."""
    material = _extract(b"", b"dkp_prk", seed, KEM_SUITE)
    return X25519PrivateKey.from_private_bytes(_expand(material, b"sk", b"", 32, KEM_SUITE))


def pad(text: bytes, size: int) -> bytes:
    """Fill up to `size` bytes: a byte 0x80, then zeros (ISO/IEC 7816-4). Raises ValueError where the text does not fit."""
    if len(text) >= size:
        raise ValueError("the ballot is larger than any ballot of this election can be")
    return text + b"\x80" + bytes(size - len(text) - 1)


def unpad(padded: bytes) -> bytes:
    """The text in padded bytes. Raises Broken where they were not padded like this."""
    text, mark, zeros = padded.rpartition(b"\x80")
    if not mark or zeros.strip(b"\x00"):
        raise Broken("not padded as every ballot is")
    return text


def _shared(secret: bytes, enc: bytes, public: bytes) -> bytes:
    return _expand(_extract(b"", b"eae_prk", secret, KEM_SUITE), b"shared_secret", enc + public, 32, KEM_SUITE)


def _schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    context = b"\x00" + _extract(b"", b"psk_id_hash", b"", HPKE_SUITE) + _extract(b"", b"info_hash", info, HPKE_SUITE)
    secret = _extract(shared, b"secret", b"", HPKE_SUITE)
    return _expand(secret, b"key", context, 16, HPKE_SUITE), _expand(secret, b"base_nonce", context, 12, HPKE_SUITE)


def _extract(salt: bytes, label: bytes, material: bytes, suite: bytes) -> bytes:
    return hmac.new(salt or bytes(32), b"HPKE-v1" + suite + label + material, hashlib.sha256).digest()


def _expand(material: bytes, label: bytes, info: bytes, length: int, suite: bytes) -> bytes:
    # One block of HKDF-Expand (RFC 5869) is 32 bytes, and nothing here asks for more.
    whole = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.new(material, whole + b"\x01", hashlib.sha256).digest()[:length]
