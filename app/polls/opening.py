"""Opening the box: one member of the bureau proposes it over the final head, another confirms it, and enough shares make the key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.accounts.people import Person
from app.core.ballots import AnyStyle, Slate
from app.core.messages import Value, say
from app.core.problems import Conflict, Refused
from app.core.transparency import Note
from app.core.transparency.shares import combine
from app.editions.models import Edition
from app.ledger import acts, motions
from app.ledger import service as ledger
from app.ledger.log import newest_head
from app.ledger.models import Log, Motion
from app.polls.definition import origin_of
from app.polls.freezing import freeze_of
from app.polls.models import Freeze
from app.polls.permitted import check
from app.polls.queries import fixed_poll, slate, style_of
from app.unit import Work
from app.voting import paper
from app.voting.merging import final_log
from app.voting.models import Opening
from app.voting.opening import Mode, ReadLog, open_ballots

OPENING = "opening"


def opening_of(work: Work, edition: Edition) -> Opening | None:
    """The opening of an edition's box, None before."""
    return work.db.get(Opening, edition.id)


def propose_opening(work: Work, edition: Edition, *, by: Person) -> Motion:
    """Propose to open the box as its final head stands.

    Raises Refused (no permission, not frozen, a lot of paper ballots is still open), Conflict (opened already, the log is not complete).
    """
    check(by, "open_box")
    _frozen(work, edition)
    _paper_is_in(work, edition)
    if opening_of(work, edition) is not None:
        raise Conflict(say("This box is opened already, and nothing was changed. It opens once, and all of it: go on to the count."))
    motion = motions.propose(work, edition.id or 0, OPENING, _final_head(work, final_log(work, edition.id or 0)), by=by.id)
    ledger.record(work, "poll:propose_opening", edition.slug, by=by.id)
    return motion


def confirm_opening(
    work: Work, edition: Edition, motion: Motion, shares: Sequence[str], *, by: Person, names: Sequence[Value] = ()
) -> Opening:
    """Open the box with these shares of its key, over exactly the head that was proposed; `names` are what sentences call each share.

    The key is whole only inside this call. Raises Refused (no permission, the same person), Conflict (over, opened already) and
    Invalid at each share (`share_1` …) or for all together.
    """
    return open_with(work, edition, motion, key_of(work, edition, shares, by=by, names=names), by=by)


def key_of(work: Work, edition: Edition, shares: Sequence[str], *, by: Person, names: Sequence[Value] = ()) -> X25519PrivateKey:
    """The opening key that these shares make. Raises Refused (no permission, not frozen) and Invalid as `confirm_opening` does."""
    check(by, "open_box")
    return combine(shares, json.loads(_frozen(work, edition).definition)["keys"]["opening"], names)


def check_opening(work: Work, edition: Edition, motion: Motion, *, by: Person) -> None:
    """Whether this person could open the box now, over the head that was proposed. Raises what `confirm_opening` raises but for shares."""
    check(by, "open_box")
    _paper_is_in(work, edition)
    _same_head(work, edition, dict(motions.may_second(work, motion, OPENING, by=by.id).payload))


def open_with(
    work: Work, edition: Edition, motion: Motion, key: X25519PrivateKey, *, by: Person, read: ReadLog | None = None
) -> Opening:  # fmt: skip
    """`confirm_opening` with the key, and with the log as it was unsealed before (`read`), if it was."""
    check_opening(work, edition, motion, by=by)
    head = motions.second(work, motion, OPENING, by=by.id)
    style, candidates, mode = how_read(work, edition)
    made = open_ballots(work, edition.id or 0, key, style=style, candidates=candidates, mode=mode, read=read)
    origin, text = f"{origin_of(edition)}/acts", f"opening {head['size']} {head['root']}"
    acts.announce(work, edition.id or 0, OPENING, text, day=work.now.date().isoformat(), origin=origin)
    ledger.record(work, "poll:open_box", edition.slug, text, by=by.id)
    return made


def how_read(work: Work, edition: Edition) -> tuple[AnyStyle, Slate, Mode]:
    """By which style and projects the ballots of a frozen vote are read, and how they are published."""
    poll = fixed_poll(work, edition)
    return style_of(poll), slate(work, edition, poll), Mode(json.loads(_frozen(work, edition).definition)["publication"])


def _same_head(work: Work, edition: Edition, proposed: dict[str, Any]) -> None:
    if proposed != _final_head(work, final_log(work, edition.id or 0)):
        raise Conflict(say("The log is not the one this was proposed for. Nothing was opened. Keep both heads and look for the reason."))


def _frozen(work: Work, edition: Edition) -> Freeze:
    frozen = freeze_of(work, edition)
    if frozen is None:
        raise Refused(say("This vote was never frozen, so no ballot could be cast in it and there is nothing to open."))
    return frozen


def _paper_is_in(work: Work, edition: Edition) -> None:
    """Once the box is opened no paper ballot could be entered any more."""
    if waiting := [lot.number for lot in paper.lots(work, edition.id or 0) if not lot.closed]:
        raise Refused(say("These lots of paper ballots are still open: %(lots)s. Enter their ballots and close them.", lots=tuple(waiting)))


def _final_head(work: Work, log: Log) -> dict[str, object]:
    head = newest_head(work, log)
    return {"size": log.size, "root": Note.read(head.note).text.split("\n")[2] if head else ""}
