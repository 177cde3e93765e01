"""The ballot paper of an edition: all that the booth and the box need to know of it, read in one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column, Integer, Select, Text, and_, bindparam, cast, func, literal_column, select
from sqlmodel import SQLModel

from app.core.ballots import AnyStyle, Slate, read_style
from app.core.calendar import PhaseKind, Stage
from app.core.messages import Localised
from app.core.problems import Missing, Problem
from app.core.transparency import tracking_code
from app.database import Frozen
from app.editions.models import Edition, Phase, Programme
from app.editions.queries import NO_EDITION
from app.polls.models import Candidate, Poll
from app.unit import AtCore
from app.voting.box import cast_ballots
from app.voting.casting import Proviso
from app.voting.models import Box
from app.voting.service import NO_RECEIPT, Receipt, leaf_range

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class BallotPaper:
    """What is voted on, how and when. Without dates nothing opens; without a style the poll is not fixed, without a hash not frozen yet.

    With an `opening_key` (X25519) ballots can be sealed in the browser: to this key, for the definition with this `election_hash` (both
    64 hexadecimal letters), each filled up to `ballot_bytes`; with `change_of_vote` a later ballot may replace an earlier one.
    Papers are compared as objects: one that changed is another one, so what was drawn from it can be remembered by it.
    """

    edition_id: int
    slug: str
    name: Localised
    zone: str
    opens: datetime | None
    closes: datetime | None
    style: AnyStyle | None
    candidates: tuple[Candidate, ...]
    slate: Slate
    opening_key: str = ""
    election_hash: str = ""
    ballot_bytes: int = 0
    change_of_vote: bool = False
    merge_by: str = ""

    def stage(self, now: datetime) -> Stage | None:
        """Where the vote stands; None while it has no dates, or would be open but is not frozen."""
        if self.opens is None or self.closes is None:
            return None
        if now >= self.closes:
            return Stage.after
        if now < self.opens:
            return Stage.before
        return Stage.open if self.style is not None and self.election_hash else None

    def known(self, choices: Iterable[str]) -> tuple[str, ...]:
        """The entries of a ballot that stand on this paper and can be read, each project once, in the order they were made."""
        style, entries = self.style, dict[str, str]()
        for choice in choices:
            for id in style.named((choice,)) & self.slate.costs.keys() if style and style.marks_in((choice,)) is not None else ():
                entries[id] = choice
        return tuple(entries.values())

    def chosen(self, choices: Iterable[str]) -> list[Candidate]:
        """The candidates that a ballot names: a ranking by place, others in the order they were named."""
        if self.style is None:
            return []
        marks = self.style.marks_in(self.known(choices)) or {}
        by_id = {candidate.id: candidate for candidate in self.candidates}
        return [by_id[id] for id in (sorted(marks, key=marks.__getitem__) if self.style.profile_kind == "ranking" else marks)]


# The statements are built once, and hand out the JSON columns as they lie: `_read` remembers what it made of the same text.
_ROWS = (Edition, Programme, Phase, Poll, Box)
_editions, _programmes, _phases, _polls, _boxes = (SQLModel.metadata.tables[str(model.__tablename__)].c for model in _ROWS)
_FROZEN = (_editions.name, _editions.envelope, _polls.style, _polls.candidates)
_PAPERS: Select[*tuple[Any, ...]] = (
    select(
        _editions.id, _editions.slug, _programmes.zone, _programmes.currency, _phases.opens_at, _phases.closes_at,
        _boxes.public_key, _boxes.election_hash, _boxes.ballot_bytes, _boxes.changeable, _boxes.merge_by,
        _polls.fixed_at.is_not(None).label("fixed"), *(cast(column, Text) for column in _FROZEN),
    )
    .join_from(Edition, Programme, _programmes.id == _editions.programme_id)
    .outerjoin(Phase, and_(_phases.edition_id == _editions.id, _phases.kind == PhaseKind.voting.value))
    .outerjoin(Poll, _polls.edition_id == _editions.id)
    .outerjoin(Box, _boxes.edition_id == _editions.id)
    .where(_editions.published_at.is_not(None))
)  # fmt: skip
_IS_AT = _editions.slug == bindparam("slug")
_BY_SLUG = _PAPERS.where(_IS_AT)
_BY_ID = _PAPERS.where(_editions.id == bindparam("edition"))
# On PostgreSQL each row bears the number of the transaction that wrote it (`xmin`): of the five rows together, the paper's version.
_VERSION = func.concat_ws("/", *(cast(literal_column(f"{model.__tablename__}.xmin"), Text) for model in _ROWS))
_WITH_VERSION = _BY_SLUG.add_columns(_VERSION)
_BY_ID_WITH_VERSION = _BY_ID.add_columns(_VERSION)
_STILL = _BY_SLUG.with_only_columns(_VERSION).scalar_subquery() == bindparam("version", type_=Text)
_BALLOT = (cast_ballots.c.leaf_hash, cast_ballots.c.entry.is_(None))
# The one row is written into the statement, not given as a value: a plan made for any number of rows would be held for dear on a
# full box, and PostgreSQL would plan anew at every receipt, which takes longer than all the rest.
_BY_BALLOT = (
    _PAPERS.add_columns(*_BALLOT)
    .join(cast_ballots, cast_ballots.c.edition_id == _editions.id)
    .where(cast_ballots.c.leaf_hash.between(bindparam("first"), bindparam("last"))).limit(literal_column("1", Integer))
)  # fmt: skip
_BY_BALLOT_SHORT = _BY_BALLOT.with_only_columns(_editions.id, _VERSION, *_BALLOT)


_KNOWN: dict[str, tuple[BallotPaper, Proviso]] = {}
"""The paper at each address as this process last read it, and what holds as long as it is still the one."""


def paper_at(work: AtCore, slug: str) -> BallotPaper:
    """The paper of the edition at an address. Raises Missing, for an unpublished edition too."""
    return _found(work.core.execute(_BY_SLUG, {"slug": slug}).first())


def with_paper(work: AtCore, slug: str, put_in: Callable[[BallotPaper, Proviso | None], T]) -> T:
    """What casting a ballot on the paper at an address gives.

    On PostgreSQL it is first tried with the paper this process remembers, under the proviso that it is still the one: that saves
    a journey to the database. Whatever speaks against it is told only after the paper was read afresh.
    """
    if work.core.dialect.name != "postgresql":
        return put_in(paper_at(work, slug), None)
    if (known := _KNOWN.get(slug)) is not None:
        try:
            return put_in(*known)
        except Problem:
            _KNOWN.pop(slug, None)
    row = work.core.execute(_WITH_VERSION, {"slug": slug}).first()
    paper = _found(row and row[:-1])
    if row is not None and paper.opens is not None and paper.style is not None:
        _KNOWN[slug] = paper, Proviso(_STILL, {"slug": slug, "version": row[-1]})
    return put_in(paper, None)


def paper_of(work: AtCore, edition_id: int) -> BallotPaper:
    """The paper of an edition. Raises Missing, for an unpublished edition too."""
    return _found(work.core.execute(_BY_ID, {"edition": edition_id}).first())


def paper_holding(work: AtCore, typed: str) -> tuple[Receipt, BallotPaper]:
    """The receipt that a tracking code stands for, however it was typed, and the paper that its ballot was cast on.

    Raises Missing for a code of no ballot.
    """
    if work.core.dialect.name == "postgresql":
        return _paper_holding(work, leaf_range(typed))
    row = work.core.execute(_BY_BALLOT, leaf_range(typed)).first()
    if row is None:
        raise Missing(NO_RECEIPT)
    paper, (leaf, logged) = _found(row[:-2]), row[-2:]
    return _receipt(leaf, logged, paper), paper


_LAST: dict[int, tuple[str, BallotPaper]] = {}
"""The paper of each edition as this process last read it, with its version."""


def _paper_holding(work: AtCore, codes: dict[str, str]) -> tuple[Receipt, BallotPaper]:
    """The same on PostgreSQL: as long as the paper's version is the one last read, its long columns are not asked for again."""
    row = work.core.execute(_BY_BALLOT_SHORT, codes).first()
    if row is None:
        raise Missing(NO_RECEIPT)
    edition_id, version, leaf, logged = row
    known, paper = _LAST.get(edition_id, ("", None))
    if paper is None or known != version:
        read = work.core.execute(_BY_ID_WITH_VERSION, {"edition": edition_id}).first()
        paper = _found(read and read[:-1])
        _LAST[edition_id] = (str(read[-1]) if read else ""), paper
    return _receipt(leaf, logged, paper), paper


def _receipt(leaf: str, logged: bool, paper: BallotPaper) -> Receipt:
    return Receipt(paper.edition_id, tracking_code(leaf), leaf, bool(logged))


def _found(row: Sequence[Any] | None) -> BallotPaper:
    if row is None:
        raise Missing(NO_EDITION)
    return _read(*row)


@lru_cache(maxsize=64)
def _read(
    edition_id: int, slug: str, zone: str, currency: str, opens: datetime | None, closes: datetime | None, key: bytes | None,
    election_hash: str | None, size: int | None, changeable: bool | None, merge_by: str | None, fixed: bool, *frozen: str | None,
) -> BallotPaper:  # fmt: skip
    """The paper these columns make. A pure function of all that was just read, so remembering it can never be out of date."""
    name, envelope, style, candidates = (_value(column, text) for column, text in zip(_FROZEN, frozen, strict=True))
    listed = tuple(candidates) if fixed else ()
    return BallotPaper(
        edition_id=edition_id, slug=slug, name=name, zone=zone, opens=opens, closes=closes, style=read_style(style) if fixed else None,
        candidates=listed,
        slate=Slate({one.id: one.cost_cents for one in listed}, envelope.amount().cents if envelope else 0, currency),
        opening_key=bytes(key).hex() if key else "", election_hash=election_hash or "", ballot_bytes=size or 0,
        change_of_vote=bool(changeable), merge_by=merge_by or "",
    )  # fmt: skip


def _value(column: Column[Any], text: str | None) -> Any:
    """The value of a frozen column from its stored text; JSON has a null of its own."""
    kind, held = column.type, json.loads(text or "null")
    return held if held is None or not isinstance(kind, Frozen) else kind.adapter.validate_python(held)
