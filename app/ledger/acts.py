"""Public acts: what the city did that everybody may check was said then, and not altered since."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import col, select

from app.core.transparency import canonical, leaf_hash
from app.ledger.log import append_hashes, hold, log_of, open_log, sign_head
from app.ledger.models import LogHead, PublicAct
from app.unit import Work

HEX = "0123456789abcdef"


def entry_of(salt: str, text: str) -> bytes:
    """The bytes whose hash is the leaf of an act: without the salt nobody could check a guess of an erased text."""
    return canonical({"salt": salt, "text": text})


def announce(work: Work, edition_id: int, event: str, text: str, *, day: str, origin: str) -> PublicAct:
    """Note an act in the transaction that does it; the worker brings it to the log. `day` is an ISO date, `origin` names the log."""
    open_log(work, edition_id, "acts", origin)
    salt = work.token(32, HEX)
    made = PublicAct(edition_id=edition_id, event=event, day=day, salt=salt, text=text, hash=leaf_hash(entry_of(salt, text)).hex())
    work.db.add(made)
    work.db.flush()
    return made


def log_waiting(work: Work, edition_id: int, key: Ed25519PrivateKey) -> LogHead | None:
    """Bring the acts that wait into the log, in their order, and sign its head; None if nothing was to be done."""
    log = log_of(work, edition_id, "acts")
    if log is None:
        return None
    log = hold(work, log)
    wanted = select(PublicAct).where(PublicAct.edition_id == edition_id, col(PublicAct.place).is_(None)).order_by(col(PublicAct.id))
    waiting = list(work.db.exec(wanted))
    if not waiting:
        return None
    for place, act in enumerate(waiting, log.size):
        act.place = place
        work.db.add(act)
    append_hashes(work, log, [act.hash for act in waiting])
    return sign_head(work, log, key)


def acts_of(work: Work, edition_id: int) -> list[PublicAct]:
    """Every public act of an edition, the oldest first."""
    return list(work.db.exec(select(PublicAct).where(PublicAct.edition_id == edition_id).order_by(col(PublicAct.id))))


def erase_text(work: Work, act: PublicAct) -> None:
    """Forget what an act said (a name in it, for instance); that something was said, and its hash, stay."""
    act.salt = act.text = None
    work.db.add(act)
    work.db.flush()
