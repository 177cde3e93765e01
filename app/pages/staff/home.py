"""The first screen of the city desk: work, then the state of the editions, then alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from sqlmodel import col, func, select

from app.accounts.people import Person
from app.accounts.queries import names
from app.core.calendar import PHASE_LABELS, Calendar, PhaseKind, Window
from app.core.messages import Message, say
from app.editions.calls import last_moment
from app.editions.models import Edition
from app.editions.queries import Listed, listed_editions
from app.http.audience import staff
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.jobs import Job
from app.ledger.models import Motion
from app.ledger.motions import all_waiting
from app.notifications.service import LEAVES_NO_TRACE
from app.notifications.undelivered import how_many
from app.pages.staff import staff_page
from app.polls.alerts import alerts_of
from app.polls.models import Poll
from app.polls.two_people import ACTS, Act
from app.polls.vetoing import PERMISSION as VETOING
from app.polls.vetoing import VETO
from app.results.service import PUBLICATION
from app.review.appeals.queries import Filed, desk_of_appeals
from app.review.jury.queries import awaited_of
from app.review.queue import waiting_files
from app.unit import Work

router = APIRouter(include_in_schema=False)

FAILING_AFTER = 3
ELSEWHERE: dict[str, tuple[Act, str]] = {
    PUBLICATION: (Act(say("Publish the result"), "publish_results", "publish_results"), "results#publication"),
    VETO: (Act(say("Veto a project"), VETOING, VETOING), "vetoes"),
}
"""Motion.act -> an act that is confirmed on a page of its own, and that page of the edition."""
MONTH = timedelta(days=31)
NEEDED = (PhaseKind.submission, PhaseKind.review, PhaseKind.voting, PhaseKind.council)
"""The phases whose absence is worth a word: without them a file has no date to be handed in, judged, voted or decided."""


@router.get("/staff", dependencies=[staff("see_back_office")])
def home(request: Request, work: InWork, who: Asking) -> Response:
    """What waits for someone, first."""
    editions = listed_editions(work, drafts=True)
    mine = who.id if who and who.may("decide_admissibility") else None
    files, count = waiting_files(work, editions, officer=mine) if who and who.may("see_files") else ([], 0)
    opinions = awaited_of(work, who) if who and who.may("give_opinion") else []
    return staff_page(
        request, "staff/home/index.html", editions=editions, opinions=opinions, appeals=_appeals(work, who),
        edition_of={one.edition.id: one for one in editions}, waiting=files, waiting_count=count, now=work.now, phase_labels=PHASE_LABELS,
        failing_jobs=_failing_jobs(work), undelivered=_undelivered(work, who),
        gaps=[(one.edition, missing) for one in editions if (missing := _gaps(one.calendar))],
        unset_votes=_unset_votes(work, editions), alerts=alerts_of(work, editions),
        to_confirm=_to_confirm(work, who, editions), until=_until, review=PhaseKind.review,
    )


def _until(window: Window, zone: str) -> Message:
    """Which phase is open, and until when, as the public pages say it."""
    return say("%(phase)s until %(day)s", phase=PHASE_LABELS[window.kind], day=last_moment(window, zone))


def _appeals(work: Work, who: Person | None) -> list[Filed]:
    """The appeals that wait for an answer the reader of the page may give: the law sets the city a date for each."""
    if who is None or not who.may("examine_appeals"):
        return []
    return [one for one in desk_of_appeals(work) if one.appeal.outcome is None and one.appeal.against_id != who.id]


@dataclass(frozen=True)
class ToConfirm:
    """An act that somebody else proposed and the reader of the page can confirm, and where."""

    label: Message
    edition: Edition
    proposed_by: str
    proposed_at: datetime
    path: str


def _to_confirm(work: Work, who: Person | None, editions: list[Listed]) -> list[ToConfirm]:
    """What waits for a second person, where the reader can be that person."""
    if who is None:
        return []
    known = {one.edition.id: one.edition for one in editions}
    waiting = [(one, act) for one in all_waiting(work, not_by=who.id) if (act := _act(one)) and who.may(act.confirms)]
    by = names(work, {one.proposed_by_id for one, _ in waiting}) if waiting else {}
    return [
        ToConfirm(act.label, known[one.edition_id], by.get(one.proposed_by_id, ""), one.proposed_at, _path(one, known[one.edition_id]))
        for one, act in waiting if one.edition_id in known
    ]  # fmt: skip


def _act(motion: Motion) -> Act | None:
    return ELSEWHERE[motion.act][0] if motion.act in ELSEWHERE else ACTS.get(motion.act)


def _path(motion: Motion, edition: Edition) -> str:
    page = ELSEWHERE[motion.act][1] if motion.act in ELSEWHERE else f"box/motions/{motion.public_id}"
    return f"/staff/editions/{edition.slug}/{page}"


def _failing_jobs(work: Work) -> int:
    return work.db.exec(select(func.count()).select_from(Job).where(col(Job.attempts) >= FAILING_AFTER)).one()


def _undelivered(work: Work, who: Person | None) -> int:
    return how_many(work, traceless=LEAVES_NO_TRACE) if who and who.may("mend_mail") else 0


def _unset_votes(work: Work, editions: list[Listed]) -> list[Edition]:
    """The public editions whose vote opens within a month, or is open by its dates, but is not set up: it would not open."""
    fixed = set(work.db.exec(select(Poll.edition_id).where(col(Poll.fixed_at).is_not(None))))
    near = [
        one.edition
        for one in editions
        if one.edition.published_at and (vote := one.calendar.window(PhaseKind.voting)) and vote.opens - MONTH <= work.now < vote.closes
    ]
    return [edition for edition in near if edition.id not in fixed]


def _gaps(calendar: Calendar) -> list[PhaseKind]:
    return [kind for kind in NEEDED if calendar.window(kind) is None]
