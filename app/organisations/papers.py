"""Papers of an organisation: handed in once, valid for all its files until a day, kept as older versions when replaced."""

import hashlib
from collections.abc import Collection
from datetime import date, timedelta

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing
from app.ledger import service as ledger
from app.organisations.forms import PAPER_LABELS, PaperForm
from app.organisations.members import hold
from app.organisations.models import Organisation, Paper, PaperContent
from app.organisations.service import check_member
from app.unit import Work
from app.uploads import look_at, refused

SOON = timedelta(days=45)
"""How long before its last day a paper is said to run out soon."""
NO_PAPER = say("There is no document at this address, or it is not for you.")


def hand_in(work: Work, organisation: Organisation, form: PaperForm, name: str, content: bytes, *, by: Person) -> Paper:
    """Keep a document for all files; the one of the same kind becomes an older version.

    Raises Refused for who may not, Invalid at "file" for what is no sound document or stands there already, at "dated_on" for
    a day to come.
    """
    check_member(work, organisation, "keep_papers", by)
    if form.dated_on is None or form.dated_on > work.now.date():
        raise Invalid({"dated_on": say("This day is still to come.")})
    upload = look_at(name, content)
    digest = hashlib.sha256(upload.content).hexdigest()
    hold(work, organisation)
    former = next((one for one in current(work, [organisation.id]) if one.kind == form.kind), None)
    if former is not None and (former.sha256, former.dated_on, former.valid_until) == (digest, form.dated_on, form.valid_until):
        raise refused(say("This document stands here already, with the same dates."))
    if former is not None:
        _set_aside(work, former)
    made = Paper(
        public_id=work.code(26),
        organisation_id=organisation.id or 0,
        kind=form.kind.value,
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.content),
        sha256=digest,
        dated_on=form.dated_on,
        valid_until=form.valid_until,
        added_at=work.now,
        added_by_id=by.id,
    )
    work.db.add(made)
    work.db.flush()
    work.db.add(PaperContent(paper_id=made.id or 0, content=upload.content))
    ledger.record(work, "organisation:hand-in-paper", organisation.slug, f"{made.kind} {digest}", by=by.id)
    return made


def set_aside(work: Work, organisation: Organisation, public_id: str, *, by: Person) -> None:
    """Count a document no more; it stays among the older versions. Raises Missing for no document of theirs."""
    check_member(work, organisation, "keep_papers", by)
    hold(work, organisation)
    paper = paper_of(work, organisation, public_id)
    if paper.replaced_at is None:
        _set_aside(work, paper)
        ledger.record(work, "organisation:set-paper-aside", organisation.slug, f"{paper.kind} {paper.sha256}", by=by.id)


def current(work: Work, organisations: Collection[int | None]) -> list[Paper]:
    """The documents of these organisations that were not replaced, without their bytes, in one statement."""
    held = select(Paper).where(col(Paper.organisation_id).in_(organisations), col(Paper.replaced_at).is_(None))
    return list(work.db.exec(held.order_by(col(Paper.organisation_id), col(Paper.kind))))


def all_of(work: Work, organisation: Organisation) -> list[Paper]:
    """Every document of an organisation, older versions too, the latest first."""
    return list(work.db.exec(select(Paper).where(Paper.organisation_id == organisation.id).order_by(col(Paper.id).desc())))


def paper_of(work: Work, organisation: Organisation, public_id: str) -> Paper:
    """A document of this organisation. Raises Missing for another's, as if it did not exist."""
    found = work.db.exec(select(Paper).where(Paper.public_id == public_id, Paper.organisation_id == organisation.id)).first()
    if found is None:
        raise Missing(NO_PAPER)
    return found


def content_of(work: Work, paper: Paper) -> bytes:
    """The bytes of a document."""
    return work.db.get_one(PaperContent, paper.id).content


def is_valid(paper: Paper, on: date) -> bool:
    """Whether a document counts on a day: not replaced, and its last day not past."""
    return paper.replaced_at is None and (paper.valid_until is None or on <= paper.valid_until)


def runs_out_soon(paper: Paper, on: date) -> bool:
    """Whether a document still counts, but not for long."""
    return is_valid(paper, on) and paper.valid_until is not None and paper.valid_until - on <= SOON


def label_of(paper: Paper) -> Message:
    """The kind of a document in words."""
    return PAPER_LABELS[paper.kind]


def _set_aside(work: Work, paper: Paper) -> None:
    paper.replaced_at = work.now
    work.db.add(paper)
    work.db.flush()
