"""Paper ballots: entered one by one in a numbered lot, into the same box and for the same count."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Boolean, delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Missing
from app.database import side_of
from app.unit import Work
from app.voting.box import facts_of, is_opened, lock
from app.voting.models import Ballot, PaperLot
from app.voting.sealing import sealed_here


class NullReason(StrEnum):
    """Why a paper ballot counts for nothing. A blank ballot is not null: it is valid and counted apart."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    OVER_BUDGET = "over_budget"
    UNKNOWN_MARK = "unknown_mark"
    SIGN = "sign"
    SEVERAL = "several"
    UNREADABLE = "unreadable"
    FORM = "form"
    OTHER = "other"


NULL_LABELS: dict[NullReason, Message] = {
    NullReason.TOO_FEW: say("Too few projects"),
    NullReason.TOO_MANY: say("Too many projects"),
    NullReason.OVER_BUDGET: say("More money than allowed"),
    NullReason.UNKNOWN_MARK: say("A mark that is no project of the ballot"),
    NullReason.SIGN: say("A name or a sign of recognition"),
    NullReason.SEVERAL: say("Several ballots in one envelope"),
    NullReason.UNREADABLE: say("Cannot be read"),
    NullReason.FORM: say("Not filled in as the rules of the ballot say"),
    NullReason.OTHER: say("Another reason"),
}
LOT_CLOSED = say("This lot is closed. Open another one to enter more ballots.")


def lots(work: Work, edition_id: int) -> list[PaperLot]:
    """The lots of an edition, by number."""
    return list(work.db.exec(select(PaperLot).where(PaperLot.edition_id == edition_id).order_by(col(PaperLot.number))))


def open_lot(work: Work, edition_id: int, station: str, number: int | None = None) -> PaperLot:
    """A new lot; without a number, the next one. Raises Conflict where the number is taken."""
    last = work.db.exec(select(func.max(PaperLot.number)).where(PaperLot.edition_id == edition_id)).one()
    lot = PaperLot(edition_id=edition_id, number=number or (last or 0) + 1, station=station)
    _add(work, lot, say("There is already a lot with this number. Open the page again."))
    return lot


def enter_paper(work: Work, lot: PaperLot, serial: int, choices: Sequence[str], null_reason: str | None) -> None:
    """Enter one paper ballot: the projects marked (ids; none for a blank one), and the reason if it is null.

    It is sealed like any other until the box is opened. Whether the marks fit the ballot style is for the caller to say: a null ballot
    keeps what was marked. Raises Refused before the freeze, Conflict (lot closed, box opened, serial already entered) and Invalid (a reason
    that does not exist).
    """
    if null_reason is not None and null_reason not in list(NullReason):
        raise Invalid({"null_reason": say("Choose one of the answers offered.")})
    lock(work, lot.edition_id)
    if is_opened(work, lot.edition_id):
        raise Conflict(say("The box is opened: no ballot can be entered any more."))
    if lot.closed:
        raise Conflict(LOT_CLOSED)
    cast = sealed_here(facts_of(work, lot.edition_id), choices, work.token())
    ballot = Ballot(
        leaf_hash=cast.leaf, edition_id=lot.edition_id, channel="paper", content=cast.entry, lot_id=lot.id, serial=serial,
        null_reason=null_reason,
    )  # fmt: skip
    _add(work, ballot, say("Ballot %(serial)d of this lot is already entered.", serial=serial))


def take_out(work: Work, lot: PaperLot, serial: int) -> None:
    """Take a paper ballot out of its lot, for it to be entered anew: only while the lot is open and the box is not opened.

    What it held is not read. Raises Conflict (lot closed, box opened) and Missing (nothing is entered under this number).
    """
    lock(work, lot.edition_id)
    if is_opened(work, lot.edition_id):
        raise Conflict(say("The box is opened: no ballot can be taken out any more."))
    if lot.closed:
        raise Conflict(say("This lot is closed. Nothing can be taken out of it any more."))
    if side_of(work.core) is None:
        still_open = select(PaperLot.id).where(PaperLot.id == lot.id, col(PaperLot.closed).is_(False))
        mine = col(Ballot.lot_id).in_(still_open), col(Ballot.serial) == serial, col(Ballot.channel) == "paper"
        found = bool(work.core.execute(delete(Ballot).where(*mine)).rowcount)
    else:
        # The side of the desk may delete no ballot; the owner of the box does, and looks at the lot itself.
        found = bool(work.core.execute(select(func.box.take_out_paper(lot.id, serial, type_=Boolean))).scalar_one())
    if not found:
        raise Missing(say("Ballot %(serial)d of this lot is not entered.", serial=serial))


def entered(work: Work, lot_id: int) -> list[int]:
    """The serials entered in a lot, in order; never what the ballots hold."""
    return [serial for serial in work.db.exec(select(Ballot.serial).where(Ballot.lot_id == lot_id).order_by(col(Ballot.serial))) if serial]


def close_lot(work: Work, lot: PaperLot) -> None:
    """Close a lot: nothing can be added to it any more. Raises Missing for a lot never opened."""
    if lot.id is None:
        raise Missing(say("There is no such lot."))
    lot.closed = True
    work.db.add(lot)
    work.db.flush()


def _add(work: Work, row: PaperLot | Ballot, taken: Message) -> None:
    try:
        with work.db.begin_nested():
            work.db.add(row)
            work.db.flush()
    except IntegrityError:
        raise Conflict(taken) from None
