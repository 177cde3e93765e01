"""Reading the roll: how many people, which batches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, func, select

from app.editions.models import Edition
from app.electorate.models import CodeBatch, RollLine, VotingCode
from app.unit import Work


@dataclass(frozen=True)
class ListedBatch:
    """A batch with the number of its codes that were voided."""

    batch: CodeBatch
    voided: int
    made: int


def roll_size(work: Work, edition: Edition) -> dict[str, int]:
    """How many lines the roll has by origin (list, email, code, desk), without those of codes that were cancelled."""
    void = select(VotingCode.roll_line_id).where(VotingCode.edition_id == edition.id, col(VotingCode.voided_on).is_not(None))
    rows = select(RollLine.origin, func.count()).where(RollLine.edition_id == edition.id, col(RollLine.id).not_in(void))
    return dict(work.db.exec(rows.group_by(RollLine.origin)).all())


def batches(work: Work, edition: Edition) -> list[ListedBatch]:
    """The batches of printed codes, the newest first."""
    rows = (
        select(CodeBatch, func.count(col(VotingCode.voided_on)), func.count(col(VotingCode.id)))
        .join(VotingCode, col(VotingCode.batch_id) == col(CodeBatch.id))
        .where(CodeBatch.edition_id == edition.id)
        .group_by(*CodeBatch.__table__.columns)  # type: ignore[attr-defined]
        .order_by(col(CodeBatch.number).desc())
    )
    return [ListedBatch(batch, voided, made) for batch, voided, made in work.db.exec(rows)]


def voided_codes(work: Work, edition: Edition) -> list[tuple[CodeBatch, VotingCode]]:
    """The codes that were voided, with their batch."""
    rows = (
        select(CodeBatch, VotingCode)
        .join(VotingCode, col(VotingCode.batch_id) == col(CodeBatch.id))
        .where(VotingCode.edition_id == edition.id, col(VotingCode.voided_on).is_not(None))
        .order_by(col(CodeBatch.number), col(VotingCode.serial))
    )
    return list(work.db.exec(rows))
