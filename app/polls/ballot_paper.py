"""The ballot paper of an edition: all that the booth and the box need to know of it, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam
from sqlalchemy import select as select_rows
from sqlmodel import col

from app.core.ballots import AnyStyle, Slate, read_style
from app.core.calendar import PhaseKind, Stage
from app.core.messages import Localised
from app.core.problems import Missing
from app.editions.models import Edition, Phase, Programme
from app.editions.queries import NO_EDITION
from app.polls.models import Candidate, Poll
from app.unit import Work


@dataclass(frozen=True)
class BallotPaper:
    """What is voted on, how and when. Without dates nothing opens; without a style the poll is not fixed yet."""

    edition_id: int
    slug: str
    name: Localised
    zone: str
    opens: datetime | None
    closes: datetime | None
    style: AnyStyle | None
    candidates: tuple[Candidate, ...]
    slate: Slate

    def stage(self, now: datetime) -> Stage | None:
        """Where the vote stands; None while it has no dates, or would be open but is not fixed."""
        if self.opens is None or self.closes is None:
            return None
        if now >= self.closes:
            return Stage.after
        if now < self.opens:
            return Stage.before
        return Stage.open if self.style is not None else None

    def known(self, choices: Iterable[str]) -> tuple[str, ...]:
        """The choices that stand on this paper, each once, in the order they were made."""
        return tuple(dict.fromkeys(choice for choice in choices if choice in self.slate.costs))

    def chosen(self, choices: Iterable[str]) -> list[Candidate]:
        """The candidates that are chosen, in the order they were."""
        by_id = {candidate.id: candidate for candidate in self.candidates}
        return [by_id[choice] for choice in self.known(choices)]


@cache
def _papers() -> Select[*tuple[Any, ...]]:
    papers: Select[*tuple[Any, ...]] = (
        select_rows(
            col(Edition.id), col(Edition.slug), col(Edition.name), col(Edition.envelope), col(Programme.zone), col(Programme.currency),
            col(Phase.opens_at), col(Phase.closes_at), col(Poll.style), col(Poll.candidates), col(Poll.fixed_at),
        )
        .join(Programme, col(Programme.id) == col(Edition.programme_id))
        .outerjoin(Phase, and_(col(Phase.edition_id) == col(Edition.id), col(Phase.kind) == PhaseKind.voting.value))
        .outerjoin(Poll, col(Poll.edition_id) == col(Edition.id))
        .where(col(Edition.published_at).is_not(None))
    )  # fmt: skip
    return papers


@cache
def _by_slug() -> Select[*tuple[Any, ...]]:
    return _papers().where(col(Edition.slug) == bindparam("slug"))


def paper_at(work: Work, slug: str) -> BallotPaper:
    """The paper of the edition at an address. Raises Missing, for an unpublished edition too."""
    return _read(work.db.execute(_by_slug(), {"slug": slug}).first())


def paper_of(work: Work, edition_id: int) -> BallotPaper:
    """The paper of an edition. Raises Missing, for an unpublished edition too."""
    return _read(work.db.execute(_papers().where(col(Edition.id) == edition_id)).first())


def _read(row: Row[Any] | None) -> BallotPaper:
    if row is None:
        raise Missing(NO_EDITION)
    fixed = row.fixed_at is not None
    candidates = tuple(row.candidates) if fixed else ()
    envelope = row.envelope.amount().cents if row.envelope else 0
    return BallotPaper(
        edition_id=row.id, slug=row.slug, name=row.name, zone=row.zone, opens=row.opens_at, closes=row.closes_at,
        style=read_style(row.style) if fixed else None, candidates=candidates,
        slate=Slate({candidate.id: candidate.cost_cents for candidate in candidates}, envelope, row.currency),
    )  # fmt: skip
