"""What an officer does to a file beside deciding on its rules: who looks after it, checks, review, another scheme, a merge."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.forms import read
from app.core.problems import Conflict, Invalid, Missing
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff.edition_parts import Official
from app.pages.staff.review_view import review_page
from app.review import assignment, diligence, merging, steps
from app.review.forms import MergeForm, RedirectForm, StepForm
from app.review.queries import find_file, open_case
from app.unit import Work

router = APIRouter(include_in_schema=False)
HERE = "/staff/reviews/{public_id}"


@router.post(f"{HERE}/assignment", dependencies=[staff("decide_admissibility")])
def assign(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Take the file, give it to a colleague, or give it back."""
    proposal, act = find_file(work, public_id), sent.get("act")

    def do() -> None:
        match act:
            case "take":
                assignment.take(work, proposal, by=who)
            case "give":
                chosen = sent.get("officer")
                assignment.give(work, proposal, int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None, by=who)
            case "back":
                assignment.give_back(work, proposal, by=who)
            case _:
                raise Missing(merging.OVER)

    return _tried(request, work, who, public_id, "assignment", sent.simple(), do)


@router.post(f"{HERE}/diligence", dependencies=[staff("decide_admissibility")])
def check(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Write one check down."""
    proposal, item = find_file(work, public_id), sent.get("item")
    plain = {"item": item, "found": sent.get(f"found-{item}"), "note": sent.get(f"note-{item}")}

    def do() -> None:
        try:
            diligence.note(work, proposal, read(diligence.DiligenceForm, plain), by=who)
        except Invalid as problem:
            raise Invalid({f"{name}-{item}": sentence for name, sentence in problem.errors.items()}) from None

    return _tried(request, work, who, public_id, "diligence", sent.simple(), do, spot="#diligence")


@router.post(f"{HERE}/review", dependencies=[staff("decide_admissibility")])
def begin(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Take the file under review."""
    proposal = find_file(work, public_id)
    return _tried(
        request, work, who, public_id, "review", sent.simple(), lambda: steps.begin_review(work, proposal, sent.check(StepForm), by=who)
    )


@router.post(f"{HERE}/redirection", dependencies=[staff("decide_admissibility")])
def redirect(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Point the file to another scheme."""
    proposal = find_file(work, public_id)
    return _tried(
        request, work, who, public_id, "redirection", sent.simple(),
        lambda: steps.redirect(work, proposal, sent.check(RedirectForm), by=who),
    )  # fmt: skip


@router.post(f"{HERE}/merges", dependencies=[staff("decide_admissibility")])
def suggest(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Suggest that the file joins another one."""
    proposal = find_file(work, public_id)
    return _tried(
        request, work, who, public_id, "merge", sent.simple(), lambda: merging.suggest(work, proposal, sent.check(MergeForm), by=who)
    )


@router.post(f"{HERE}/merges/{{merge}}", dependencies=[staff("decide_admissibility")])
def merge(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address, merge: Address) -> Response:
    """Do what every carrier has agreed to."""
    find_file(work, public_id)
    return _tried(request, work, who, public_id, "merge", {}, lambda: merging.merge(work, merge, sent.get("seen"), by=who))


@router.post(f"{HERE}/merges/{{merge}}/withdrawal", dependencies=[staff("decide_admissibility")])
def take_back(request: Request, work: InWork, who: Official, public_id: Address, merge: Address) -> Response:
    """Give a suggested merge up."""
    find_file(work, public_id)
    return _tried(request, work, who, public_id, "merge", {}, lambda: merging.take_back(work, merge, by=who))


def _tried(
    request: Request, work: Work, who: Person, public_id: str, part: str, typed: dict[str, Any], act: Callable[[], object], spot: str = ""
) -> Response:
    """Do it and show the file again; or show it with what was typed and what is wrong, nothing written."""
    try:
        act()
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return review_page(request, work, who, open_case(work, public_id), typed, problem, part=part)
    return go(f"/staff/reviews/{public_id}{spot}", done="saved")
