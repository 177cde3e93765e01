"""What a carrier answers the city about one file: to a merge, and for voters to read."""

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.messages import say
from app.core.problems import Invalid, Refused
from app.http.answers import form_again, go
from app.http.audience import SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages import file_views as views
from app.proposals import queries
from app.review import merging, opinions
from app.review.asked import asked_of_carrier

router = APIRouter(include_in_schema=False)


@router.post("/files/{public_id}/merge-answers", dependencies=[SIGNED_IN])
def answer_merge(work: InWork, who: Asking, sent: SentForm, public_id: str) -> Response:
    """Agree to a merge, or refuse it."""
    file = queries.carrier_file(work, public_id, who)
    merging.answer(work, file, sent.get("merge"), agrees=sent.get("answer") == "yes", by=_person(who))
    return go(f"/files/{public_id}", done="saved")


@router.post("/files/{public_id}/voters-answer", dependencies=[SIGNED_IN])
def answer_voters(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: str) -> Response:
    """Write what voters read beside the opinion of the city."""
    file = queries.carrier_file(work, public_id, who)
    try:
        opinions.write_answer(work, file, sent.check(opinions.AnswerForm), by=_person(who))
    except Invalid as problem:
        shown = views.status(work, file) | asked_of_carrier(work, file) | {"answer": sent.get("text")}
        return form_again(request, work, "files/status.html", problem, zone=file.programme.zone, **shown)
    return go(f"/files/{public_id}", done="saved")


def _person(who: Person | None) -> Person:
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who
