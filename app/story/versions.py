"""The versions of a file that everyone may compare: what it said when it was submitted, and each time it was handed in again.

Nothing of a draft is told, and nothing of what one page of the file keeps from the public: fields are shown because they are named here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from app.core.differences import Piece, word_diff
from app.core.messages import Message
from app.editions.models import Edition
from app.proposals.guarding import GUARDED_ANSWERS
from app.proposals.logframe import GROUPS, MARKERS
from app.proposals.models import Proposal, SectionRevision
from app.proposals.sections import LABELS, UNANSWERED, shown
from app.rendering import translate
from app.unit import Work

WRITTEN = (
    "title", "summary", "description", "need", "origin", "objectives", "activities", "beneficiaries_who", "indicators", "risks",
    "feedback", "feedback_place", "sustainability", *(f"{name}_reason" for name in MARKERS),
)  # fmt: skip
"""Texts, compared word by word."""
VALUES = (
    "requested", "charges", "products", "beneficiaries", *GROUPS, "country", "theme", "main_sdg", "sdgs", "sdg_targets", "purpose_code",
    *MARKERS, "starts_on", "duration_months", "feedback_on",
)  # fmt: skip
"""Amounts, dates and choices, shown before and after."""
NOT_SHOWN = (*GUARDED_ANSWERS, "public_place")
"""Said to have changed, never shown: an earlier, more exact place or name may have been taken out because it put people in danger."""
COMPARED = (*WRITTEN, *VALUES, *NOT_SHOWN)

Said = Mapping[str, Any]
"""The answers of a whole file at one instant, by field."""


@dataclass(frozen=True)
class Change:
    """One public field that changed. `pieces` for a text; `before` and `after`, in words, for a value; neither where only that is told."""

    field: str
    label: Message
    pieces: tuple[Piece, ...] = ()
    before: str = ""
    after: str = ""


def revisions_of(work: Work, proposal: Proposal) -> list[SectionRevision]:
    """Every page of a file each time it was saved, the oldest first; one statement."""
    saved = select(SectionRevision).where(SectionRevision.proposal_id == proposal.id)
    return list(work.db.exec(saved.order_by(col(SectionRevision.saved_at), col(SectionRevision.number))))


def said_at(revisions: Sequence[SectionRevision], instant: datetime) -> Said:
    """What the file said at an instant: the last answers of each page saved until then."""
    answers: dict[str, Any] = {}
    for revision in revisions:
        if revision.saved_at <= instant:
            answers |= revision.answers
    return answers


def changes(before: Said, after: Said, edition: Edition) -> list[Change]:
    """The public fields that differ, in the language being spoken. A page that was not there before is no change."""
    moved = [name for name in COMPARED if name in before and name in after and before[name] != after[name]]
    return [_change(name, before[name], after[name], edition) for name in moved]


def _change(name: str, before: Any, after: Any, edition: Edition) -> Change:
    if name in NOT_SHOWN:
        return Change(name, LABELS[name])
    old, new = (in_words(name, value, edition) for value in (before, after))
    if name in WRITTEN:
        return Change(name, LABELS[name], pieces=word_diff(old, new))
    return Change(name, LABELS[name], before=old or translate(UNANSWERED), after=new or translate(UNANSWERED))


def in_words(name: str, value: Any, edition: Edition) -> str:
    """An answer as people read it, one line for each thing of a list; "" where there is none."""
    told = shown({name: value}, edition)[0][1]
    if told is UNANSWERED:
        return ""
    return "\n".join(translate(one) for one in told) if isinstance(told, list) else translate(told)
