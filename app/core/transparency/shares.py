"""The opening key: made once, split at once into k-of-n shares of printable words, and whole again only when k holders meet.

Shares are those of SLIP-0039 (SatoshiLabs, 2017; Shamir 1979 over GF(256)), one group, without passphrase: any k give the key, and
k - 1 say nothing about it. The key is an X25519 private key of 32 bytes, 33 words a share.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics  # type: ignore[import-untyped]

from app.core.credentials import readable
from app.core.messages import Message, Value, say, say_count
from app.core.problems import Invalid
from app.core.transparency.promises import tracking_code
from app.core.transparency.share_words import faults, words_of

MOST_SHARES = 16
NOT_TOGETHER = say(
    "These shares are of different keys, and they do not tell which of them is wrong, so nothing was opened. "
    "Look for the shares of this vote and type them again."
)
NOT_ONE_KEY = say(
    "These shares do not give one key: at least one is of another set, although it looks like the others. Nothing was opened."
)


@dataclass(frozen=True)
class SplitKey:
    """An opening key in shares: its public key (64 hexadecimal letters), how many shares open, and the words of each."""

    public: str
    threshold: int
    shares: tuple[tuple[str, ...], ...]


def make_split_key(threshold: int, shares: int, *, alone: bool = False) -> SplitKey:
    """A new opening key in shares; nothing keeps it whole. Raises Invalid as `split` does."""
    return split(X25519PrivateKey.generate(), threshold, shares, alone=alone)


def split(private: X25519PrivateKey, threshold: int, shares: int, *, alone: bool = False) -> SplitKey:
    """The key in `shares` shares of which `threshold` open. Raises Invalid where the numbers allow no safe split.

    `alone` allows one share that opens by itself: for trying out, as whoever holds it can open the box alone.
    The dice of the splitting are those of the operating system, thrown by the library.
    """
    _check_numbers(threshold, shares, alone=alone)
    secret = private.private_bytes_raw()
    (made,) = generate_mnemonics(1, [(threshold, shares)], secret, b"", extendable=True, iteration_exponent=0)
    key = SplitKey(private.public_key().public_bytes_raw().hex(), threshold, tuple(tuple(text.split()) for text in made))
    # What is about to be given to people is read back first: a share that does not open is found out too late.
    combine([" ".join(words) for words in key.shares], key.public)
    return key


def combine(texts: Sequence[str], public: str | None = None, names: Sequence[Value] = ()) -> X25519PrivateKey:
    """The key that these shares give together, k or more of them; every one of them takes part in the check.

    `public` (64 hexadecimal letters) is the key they must open; `names` are what sentences call each share, "Share 1" and so on
    by default. Raises Invalid: "share_1", "share_2" … for what is wrong with one share, "" for what is wrong with all together.
    """
    shares = together(texts, names)
    needed = shares[0].member_threshold
    if len(shares) < needed:
        raise _whole(
            say_count(
                "%(count)d share is here, and %(needed)d are needed.",
                "%(count)d shares are here, and %(needed)d are needed.",
                len(shares),
                needed=needed,
            )
        )
    starts = range(len(shares)) if len(shares) > needed else range(1)
    found = {_recovered([*shares, *shares][start : start + needed]) for start in starts}
    if len(found) != 1:
        raise _whole(NOT_ONE_KEY)
    private = X25519PrivateKey.from_private_bytes(found.pop())
    if public is not None and private.public_key().public_bytes_raw().hex() != public.strip().lower():
        raise _whole(
            say(
                "These shares fit together, but they make another key than the one asked for, so nothing was opened. "
                "Look for the shares of this vote and type them again."
            )
        )
    return private


def together(texts: Sequence[str], names: Sequence[Value] = ()) -> list[Share]:
    """The shares in these texts, each whole and all of one set; there may be fewer than the key needs. Raises Invalid as `combine` does."""
    if not texts:
        raise _whole(say("No share was given."))
    called = [*names, *(say("Share %(number)d", number=number) for number in range(len(names) + 1, len(texts) + 1))]
    words = [words_of(text) for text in texts]
    wrong = {number: faults(one, called[number - 1]) for number, one in enumerate(words, 1)}
    _raise({number: _joined(found) for number, found in wrong.items() if found})
    shares = [_share(" ".join(one), called[place]) for place, one in enumerate(words)]
    _check_set(shares, called)
    return shares


def fingerprint(public: str) -> str:
    """Sixteen letters that stand for a public key, to be compared by eye: the first 80 bits of its SHA-256 in Crockford's base 32."""
    return readable(tracking_code(hashlib.sha256(bytes.fromhex(public)).hexdigest()))


def _check_numbers(threshold: int, shares: int, *, alone: bool) -> None:
    if threshold < 2 and not alone:
        raise _whole(say("One share must never open the box alone: let at least 2 shares be needed."))
    if threshold < 1:
        raise _whole(say("At least one share must be needed."))
    if threshold > shares:
        raise _whole(say("%(needed)d shares cannot be needed where there are only %(shares)d.", needed=threshold, shares=shares))
    if shares > MOST_SHARES:
        raise _whole(say("A key has at most %(most)d shares.", most=MOST_SHARES))
    if threshold == 1 and shares > 1:
        raise _whole(say("A key that one share opens has one share only."))


def _share(text: str, name: Value) -> Share:
    try:
        return Share.from_mnemonic(text)
    except MnemonicError:
        raise _whole(say("%(share)s is a share of something else than an opening key.", share=name)) from None


def _check_set(shares: Sequence[Share], names: Sequence[Value]) -> None:
    """Refuse a share of another set than most are of, and the same share twice."""
    usual, many = Counter(share.group_parameters() for share in shares).most_common(1)[0]
    if many < len(shares) and 2 * many <= len(shares):
        raise _whole(NOT_TOGETHER)
    strangers = [number for number, share in enumerate(shares, 1) if share.group_parameters() != usual]
    _raise(
        {
            number: say("%(share)s is of another set than the others: it belongs to another key.", share=names[number - 1])
            for number in strangers
        }
    )
    seen: dict[int, int] = {}
    for place, share in enumerate(shares):
        before = seen.setdefault(share.index, place)
        if before != place and shares[before] != share:
            raise _whole(NOT_ONE_KEY)
        if before != place:
            _raise({place + 1: say("%(first)s and %(second)s are the same share.", first=names[before], second=names[place])})


def _recovered(shares: Sequence[Share]) -> bytes:
    try:
        return bytes(combine_mnemonics([share.mnemonic() for share in shares]))
    except MnemonicError:
        raise _whole(NOT_ONE_KEY) from None


def _joined(sentences: Sequence[Message]) -> Message:
    first, *others = sentences
    for other in others:
        first = say("%(first)s %(then)s", first=first, then=other)
    return first


def _raise(errors: dict[int, Message]) -> None:
    if errors:
        raise Invalid({f"share_{number}": sentence for number, sentence in errors.items()})


def _whole(sentence: Message) -> Invalid:
    return Invalid({"": sentence})
