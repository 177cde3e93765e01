"""The first screen of the city desk: work, then the state of the editions, then alerts."""

from fastapi import APIRouter, Request, Response
from sqlmodel import col, func, select

from app.core.calendar import PHASE_LABELS, Calendar, PhaseKind
from app.editions.queries import listed_editions
from app.http.audience import staff
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.jobs import Job
from app.pages.staff import staff_page
from app.review.queue import waiting_files
from app.unit import Work

router = APIRouter(include_in_schema=False)

FAILING_AFTER = 3
NEEDED = (PhaseKind.submission, PhaseKind.review, PhaseKind.voting, PhaseKind.council)
"""The phases whose absence is worth a word: without them a file has no date to be handed in, judged, voted or decided."""


@router.get("/staff", dependencies=[staff("see_back_office")])
def home(request: Request, work: InWork, who: Asking) -> Response:
    """What waits for someone, first."""
    editions = listed_editions(work, drafts=True)
    files, count = waiting_files(work, editions) if who and who.may("see_files") else ([], 0)
    return staff_page(
        request, "staff/home/index.html", editions=editions, waiting=files, waiting_count=count, now=work.now, phase_labels=PHASE_LABELS,
        failing_jobs=_failing_jobs(work), gaps=[(one.edition, missing) for one in editions if (missing := _gaps(one.calendar))],
    )


def _failing_jobs(work: Work) -> int:
    return work.db.exec(select(func.count()).select_from(Job).where(col(Job.attempts) >= FAILING_AFTER)).one()


def _gaps(calendar: Calendar) -> list[PhaseKind]:
    return [kind for kind in NEEDED if calendar.window(kind) is None]
