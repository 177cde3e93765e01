"""The completion of a file: what was asked, until when, and what the carrier changed since."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from app.core.eligibility import Section
from app.core.messages import Message, say, say_count
from app.editions.models import Edition
from app.proposals.models import Document, Proposal, SectionRevision
from app.proposals.queries import documents_of
from app.proposals.sections import BY_SECTION, DOCUMENT_KINDS, LABELS, shown
from app.proposals.service import answers
from app.review.models import CompletionRequest, Decision
from app.review.queries import Case
from app.unit import Work

DASH = re.compile(r"^\s*[-–—•*]\s+")


def items_in(text: str) -> list[str]:
    """What is asked, one thing on each line; a dash before it is left out."""
    return [item for line in text.splitlines() if (item := DASH.sub("", line).strip())]


def keep_request(work: Work, case: Case, decision: Decision) -> CompletionRequest:
    """Keep what is asked, and how the file stands when it is asked."""
    newest = select(col(SectionRevision.section), func.max(col(SectionRevision.number)))
    newest = newest.where(SectionRevision.proposal_id == case.proposal.id).group_by(col(SectionRevision.section))
    kept = CompletionRequest(
        decision_id=decision.id or 0,
        items=items_in(decision.reason),
        revisions={row[0]: row[1] for row in work.db.execute(newest)},
        documents=[{"public_id": one.public_id, "kind": one.kind, "name": one.name, "sha256": one.sha256} for one in case.documents],
    )
    work.db.add(kept)
    work.db.flush()
    return kept


@dataclass(frozen=True)
class Asked:
    """The last request for completion of a file."""

    request: CompletionRequest
    decision: Decision

    @property
    def items(self) -> list[str]:
        """What is asked, one thing each."""
        return self.request.items


def asked_of(work: Work, proposal: Proposal) -> Asked | None:
    """The last request for completion, None if there was none."""
    wanted = select(CompletionRequest, Decision).join(Decision, col(Decision.id) == col(CompletionRequest.decision_id))
    found = work.db.exec(wanted.where(Decision.proposal_id == proposal.id).order_by(col(Decision.id).desc())).first()
    return Asked(*found) if found else None


def time_left(until: datetime, now: datetime) -> Message:
    """How long the carrier still has, in words: whole days, then whole hours; never more than is left."""
    if until <= now:
        return say("The time is over.")
    hours = int((until - now).total_seconds() // 3600)
    if hours < 24:
        return say_count("%(count)d hour left", "%(count)d hours left", hours) if hours else say("Less than one hour left")
    return say_count("%(count)d day left", "%(count)d days left", hours // 24)


@dataclass(frozen=True)
class Change:
    """One thing that changed: the field, and what people read of it before and after; lines of a list that went and came."""

    label: Message
    before: Any = None
    after: Any = None
    gone: Sequence[Any] = ()
    came: Sequence[Any] = ()
    altered: Sequence[tuple[Any, Any]] = ()

    @property
    def lines(self) -> bool:
        """Whether it is a list, told line by line."""
        return bool(self.gone or self.came or self.altered)


@dataclass(frozen=True)
class Changed:
    """A page of the file with what changed on it."""

    title: Message
    changes: list[Change]


def changes_since(work: Work, edition: Edition, proposal: Proposal, asked: Asked) -> list[Changed]:
    """What the carrier changed since a request, page by page, in the order of the file; documents last."""
    before = _before(work, proposal, asked.request.revisions)
    found = []
    for name, page in BY_SECTION.items():
        if page.form is None:
            continue
        held = before.get(name, {})
        if changes := _compared(held, answers(work, proposal, Section(name)), edition):
            found.append(Changed(page.title, changes))
    if joined := _documents(asked.request.documents, documents_of(work, proposal)):
        found.append(Changed(say("Documents"), [joined]))
    return found


def _before(work: Work, proposal: Proposal, revisions: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What each page held when completion was asked: its revision of then; a page never saved since holds what it held."""
    saved = work.db.exec(select(SectionRevision).where(SectionRevision.proposal_id == proposal.id)).all()
    touched = {one.section for one in saved if one.number > revisions.get(one.section, 0)}
    then = {one.section: one.answers for one in saved if one.number == revisions.get(one.section, 0)}
    return {
        name: then.get(name, {}) if name in touched else answers(work, proposal, Section(name))
        for name, page in BY_SECTION.items() if page.form is not None
    }  # fmt: skip


def _compared(before: Mapping[str, Any], after: Mapping[str, Any], edition: Edition) -> list[Change]:
    """The fields of a page whose answers differ."""
    differs = [name for name in after if before.get(name) != after[name] and (before.get(name) or after[name])]
    old, new = (dict(shown({name: held.get(name) for name in differs}, edition)) for held in (before, after))
    return [_change(name, before.get(name), after[name], old[name], new[name]) for name in differs]


def _change(name: str, before: Any, after: Any, old: Any, new: Any) -> Change:
    if not isinstance(after, list):
        return Change(LABELS[name], old, new)
    earlier, later = (list(zip(held or [], words, strict=True)) if held else [] for held, words in ((before, old), (after, new)))
    gone = [(line, words) for line, words in earlier if line not in after]
    came = [(line, words) for line, words in later if line not in (before or [])]
    altered = [(was, now) for line, was in gone for other, now in came if _same_line(line, other)]
    lost = [words for line, words in gone if not any(_same_line(line, other) for other, _ in came)]
    new_lines = [words for line, words in came if not any(_same_line(other, line) for other, _ in gone)]
    return Change(LABELS[name], old, new, lost, new_lines, altered)


def _same_line(one: Any, other: Any) -> bool:
    """Whether two different rows are one line of the budget whose amount or state changed."""
    return isinstance(one, dict) and isinstance(other, dict) and "account" in one and _names(one) == _names(other)


def _names(line: Mapping[str, Any]) -> tuple[Any, Any]:
    return line.get("account"), line.get("label")


def _documents(before: Sequence[Mapping[str, str]], after: Sequence[Document]) -> Change | None:
    known, now = {one["public_id"] for one in before}, {one.public_id for one in after}
    gone = [_document(one["kind"], one["name"]) for one in before if one["public_id"] not in now]
    came = [_document(one.kind, one.name) for one in after if one.public_id not in known]
    return Change(say("Documents"), gone=gone, came=came) if gone or came else None


def _document(kind: str, name: str) -> Message:
    return say("%(kind)s: %(name)s", kind=DOCUMENT_KINDS.get(kind, kind), name=name)
