"""V12: a receipt is a signed promise that a ballot is in the log; only a receipt that is signed is evidence when it is not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.credentials import CROCKFORD, normalised, readable
from app.core.messages import Message, say
from app.core.transparency import Head, Promise, is_signed, tracking_code
from app.core.transparency.promises import KIND
from app.core.verification.ballots import Published
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.shapes import shaped, unbase64, unhex

CODE_LETTERS, CODE_BYTES = 16, 10
WHY: dict[str, Message] = {
    "unreadable": say("it does not open to a ballot of this election"),
    "unknown": say("it names a project that does not stand"),
    "form": say("its choices break the rules of the ballot"),
}
WRONG = say("This is neither a receipt file nor a tracking code of 16 letters.")


class NoReceipt(ValueError):
    """What was given is no receipt; the sentence says what one is."""

    message = WRONG


@dataclass(frozen=True)
class Receipt:
    """A promise with its signature (base 64)."""

    promise: Promise
    signature: str


def read_receipt(text: str) -> Receipt | str:
    """The receipt in the text of a file, or the tracking code in what somebody typed. Raises NoReceipt."""
    code = normalised(text.strip())
    if len(code) == CODE_LETTERS and set(code) <= set(CROCKFORD):
        return code
    try:
        value = json.loads(text)
        keys = ("kind", "election_hash", "leaf", "merge_by", "signature")
        if not isinstance(value, dict) or not shaped(value, dict.fromkeys(keys, str)) or value["kind"] != KIND:
            raise NoReceipt(str(WRONG))
        unhex(value["leaf"], 32), unhex(value["election_hash"], 32), unbase64(value["signature"])
        return Receipt(Promise(value["election_hash"], value["leaf"], value["merge_by"]), value["signature"])
    except (ValueError, RecursionError):
        raise NoReceipt(str(WRONG)) from None


def check_receipt(
    receipt: Receipt | str,
    definition: Definition,
    hash: str,
    leaves: Mapping[bytes, int] | None,
    found: Findings,
    heads: Sequence[Head] = (),
) -> int | None:
    """V12: the index of the ballot in the log, if it is there. `leaves` None: the log was withheld.

    When it first stood in one of the signed `heads` is told beside what was promised. It is no fault to be later: an extension of the
    vote moves the promise too.
    """
    if isinstance(receipt, str):
        return _code(receipt, leaves, found)
    if receipt.promise.election_hash != hash:
        found.fault(
            say("This receipt is of another election, or of another definition of it: %(hash)s.", hash=receipt.promise.election_hash)
        )
        return None
    if not is_signed(receipt.promise, receipt.signature, Ed25519PublicKey.from_public_bytes(bytes.fromhex(definition.keys.receipt))):
        found.fault(say("This receipt is not signed with the key of this election: anybody could have written it, and it proves nothing."))
        return None
    if leaves is None:
        found.unchecked(
            say("The receipt is signed by the city. Whether its ballot is in the log cannot be seen here, for the log is withheld.")
        )
        return None
    index = leaves.get(bytes.fromhex(receipt.promise.leaf))
    if index is None:
        found.fault(_evidence(receipt))
    else:
        found.note(say("The receipt is signed by the city, and its ballot stands in the log at place %(place)d.", place=index + 1))
        if (first := next((head for head in heads if head.size > index), None)) is not None:
            found.note(
                say(
                    "A head signed %(minute)s has it for the first time. Promised was %(promised)s at the latest, later by as much if the "
                    "vote was extended.",
                    minute=first.minute,
                    promised=receipt.promise.merge_by,
                )
            )
    return index


def _evidence(receipt: Receipt) -> Message:
    return say(
        "This receipt is signed with the key of this election: it promises that ballot %(code)s would be in the log by %(minute)s, and it "
        "is not there. This is evidence against the city. Keep the receipt file and this bundle, and show both to a witness or to a judge.",
        code=readable(receipt.promise.tracking_code),
        minute=receipt.promise.merge_by,
    )


def _code(code: str, leaves: Mapping[bytes, int] | None, found: Findings) -> int | None:
    if leaves is None:
        found.unchecked(say("Whether the ballot of this code is in the log cannot be seen here, for the log is withheld."))
        return None
    for leaf, index in leaves.items():
        if tracking_code(leaf[:CODE_BYTES].hex()) == code:
            found.note(say("The ballot with the code %(code)s stands in the log at place %(place)d.", code=readable(code), place=index + 1))
            return index
    found.fault(
        say(
            "No ballot in the log has the code %(code)s. A code alone proves nothing, for anybody can write one: check that it is typed as "
            "on the receipt, then use the receipt file, which the city signed.",
            code=readable(code),
        )
    )
    return None


def tell_ballot(line: Published, definition: Definition, found: Findings) -> None:
    """What the city published of this ballot, so that its voter can compare."""
    if line.replaced_by is not None:
        found.note(
            say("It was replaced by the ballot at place %(place)d, with the proof that this was its own voter.", place=line.replaced_by + 1)
        )
    elif line.invalid is not None:
        found.note(say("It counts for nothing: %(reason)s.", reason=WHY[line.invalid]))
    elif not line.choices:
        found.note(say("It was counted as a blank ballot."))
    else:
        found.note(say("It was counted for: %(titles)s.", titles=told(line.choices, definition)))


def told(entries: Sequence[str], definition: Definition) -> tuple[Message | str, ...]:
    """The projects of a ballot by their titles, each with what it was given where a choice is not all."""
    titles, style = {one.id: one.title for one in definition.projects}, definition.style
    marks = style.marks_in(entries)
    if marks is None:
        return tuple(titles.get(entry, entry) for entry in entries)
    words = {id: style.mark_words(mark) for id, mark in marks.items()}
    return tuple(
        titles.get(id, id) if said is None else say("%(title)s (%(mark)s)", title=titles.get(id, id), mark=said)
        for id, said in words.items()
    )
