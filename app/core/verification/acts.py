"""The civic acts of an edition in their own log: the hash of each stays, the text may be erased."""

from __future__ import annotations

from app.core.messages import say, say_count
from app.core.transparency import leaf_hash
from app.core.verification.bundle import Bundle, Malformed, compact
from app.core.verification.checks import Findings
from app.core.verification.shapes import expect, shaped, unhex

ACTS = "acts.jsonl"
TEXT = (str, type(None))


def act_entry(salt: str, text: str) -> bytes:
    """The entry of a civic act: `salt` is 16 random bytes in hexadecimal letters, so that nobody can guess an erased text."""
    return compact({"salt": salt, "text": text})[:-1]


def read_acts(bundle: Bundle, found: Findings) -> list[bytes]:
    """The leaves of acts.jsonl; a text that is still there must be the one that was hashed. Raises Malformed."""
    leaves, erased = list[bytes](), 0
    for number, row in bundle.rows(ACTS):
        expect(shaped(row, {"index": int, "hash": str, "salt": TEXT, "text": TEXT}), ACTS, number)
        expect(row["index"] == number - 1 and (row["salt"] is None) == (row["text"] is None), ACTS, number)
        try:
            leaf = unhex(row["hash"], 32)
        except ValueError:
            raise Malformed(ACTS, number, say("the hash is not 64 hexadecimal letters.")) from None
        if row["text"] is None:
            erased += 1
        elif leaf_hash(act_entry(row["salt"], row["text"])) != leaf:
            found.fault(say("Civic act %(act)d is not the one whose hash was signed.", act=number - 1))
        leaves.append(leaf)
    if erased:
        found.note(say_count("The text of %(count)d civic act was erased.", "The texts of %(count)d civic acts were erased.", erased))
    return leaves
