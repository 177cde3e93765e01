"""Batches of printed voting codes: made, shown once, voided and replaced. Only keyed hashes are kept."""

from __future__ import annotations

from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.messages import say
from app.core.problems import Conflict, Missing
from app.editions.models import Edition
from app.electorate.codes import CODE_LENGTH, code_hash, registrar_key
from app.electorate.forms import CodeBatchForm
from app.electorate.models import CodeBatch, RollLine, VotingCode
from app.electorate.register import check_change
from app.electorate.service import today
from app.ledger import service as ledger
from app.unit import Work

NO_CODE = say("There is no such code in this edition.")


def make_batch(work: Work, edition: Edition, form: CodeBatchForm, *, by: Person, seconded: bool = False) -> tuple[CodeBatch, list[str]]:
    """A new batch and its codes in order (16 letters each), which nobody will see again. Each has a line that holds no person.

    Raises Refused without the permission "make_codes", and alone once the register is frozen.
    """
    check_change(work, edition, "make_codes", by=by, seconded=seconded)
    last = work.db.exec(select(func.max(CodeBatch.number)).where(CodeBatch.edition_id == edition.id)).one() or 0
    batch = CodeBatch(
        edition_id=edition.id or 0, number=last + 1, label=form.label, size=form.size, made_on=today(work, edition), made_by_id=by.id
    )
    work.db.add(batch)
    work.db.flush()
    codes = [_write_code(work, edition, batch, serial) for serial in range(1, form.size + 1)]
    ledger.record(work, "codes:make", f"{edition.slug}/batch-{batch.number}", f"{form.size}, {form.label}", by=by.id)
    return batch, codes


def find_code(work: Work, edition: Edition, batch: int, serial: int) -> tuple[VotingCode, RollLine]:
    """A code by the two numbers printed on its letter, with its line. Raises Missing."""
    found = work.db.exec(
        select(VotingCode, RollLine)
        .join(CodeBatch, col(CodeBatch.id) == col(VotingCode.batch_id))
        .join(RollLine, col(RollLine.id) == col(VotingCode.roll_line_id))
        .where(VotingCode.edition_id == edition.id, CodeBatch.number == batch, VotingCode.serial == serial)
        .with_for_update()
    ).first()
    if found is None:
        raise Missing(NO_CODE)
    return found[0], found[1]


def label_of(work: Work, edition: Edition, batch: int) -> str:
    """Whom the letters of a batch are for, "" where nothing was said."""
    asked = select(CodeBatch.label).where(CodeBatch.edition_id == edition.id, CodeBatch.number == batch)
    return work.db.exec(asked).first() or ""


def void_code(work: Work, edition: Edition, code: VotingCode, reason: str, *, by: Person, seconded: bool = False) -> None:
    """Make a code worthless. The caller has made sure that it was not used. Raises Refused, Conflict if it is void already."""
    check_change(work, edition, "make_codes", by=by, seconded=seconded)
    if code.voided_on is not None:
        raise Conflict(say("This code is void already, since %(day)s.", day=code.voided_on))
    code.voided_on, code.void_reason = today(work, edition), reason
    work.db.add(code)
    ledger.record(work, "code:void", f"{edition.slug}/code-{code.batch_id}-{code.serial}", reason, by=by.id)


def replace_code(work: Work, edition: Edition, code: VotingCode, *, by: Person, seconded: bool = False) -> tuple[int, str]:
    """The serial and the letters of a new code in the batch of a void one. Raises Refused, Conflict if it was replaced already."""
    check_change(work, edition, "make_codes", by=by, seconded=seconded)
    if code.replaced_by_id is not None:
        raise Conflict(say("This code was replaced already."))
    batch = work.db.get_one(CodeBatch, code.batch_id)
    serial = work.db.exec(select(func.max(VotingCode.serial)).where(VotingCode.batch_id == batch.id)).one() + 1
    letters = _write_code(work, edition, batch, serial)
    work.db.flush()
    made = work.db.exec(select(VotingCode).where(VotingCode.batch_id == batch.id, VotingCode.serial == serial)).one()
    code.replaced_by_id = made.id
    work.db.add(code)
    return serial, letters


def _write_code(work: Work, edition: Edition, batch: CodeBatch, serial: int) -> str:
    letters = work.code(CODE_LENGTH)
    line = RollLine(public_id=work.code(26), edition_id=edition.id or 0, origin="code", added_on=batch.made_on)
    work.db.add(line)
    work.db.flush()
    kept = code_hash(registrar_key(work, edition), letters) or ""
    code = VotingCode(edition_id=edition.id or 0, batch_id=batch.id or 0, serial=serial, code_hash=kept, roll_line_id=line.id or 0)
    work.db.add(code)
    return letters
