"""The desk of files, one file beside the rules with its decision, and the list of the ballot."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.accounts.people import Person
from app.core.calendar import PhaseKind, show_instant, start_of_day
from app.core.forms import read
from app.core.lifecycle import STATES
from app.core.messages import Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Missing
from app.editions.models import Edition
from app.editions.queries import NO_EDITION, find_edition, listed_editions, programme_of, ranked
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.proposals.lifecycle import state_of
from app.review import service
from app.review.appeals.queries import contested
from app.review.emails import until
from app.review.forms import OUTCOME_LABELS, DecisionForm
from app.review.history import told_history
from app.review.jury.queries import panel_of
from app.review.letters.queries import letters_of
from app.review.queries import Case, acts_for, decisions_of, find_file, open_case
from app.review.queue import PER_PAGE, PILE_LABELS, Pile, Sort, desk, pile_sizes
from app.review.sheet import account_of, shown_state
from app.unit import Work

router = APIRouter(include_in_schema=False)
DAYS_TO_COMPLETE = 15


@router.get("/staff/reviews", dependencies=[staff("see_files")])
def queue(
    request: Request, work: InWork, who: Asking, edition: Annotated[str, Query(max_length=80)] = "", state: Pile = Pile.WAITING,
    sort: Sort = Sort.NUMBER, down: bool = False, page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """The files of an edition, a pile at a time, sorted by links."""
    editions = ranked(listed_editions(work, drafts=True), work.now)
    if not editions:
        return staff_page(request, "staff/reviews/none.html")
    piles = pile_sizes(work, [one.edition for one in editions])
    with_work = (one for one in editions if piles[one.edition.id or 0][Pile.WAITING])
    asked = next((one for one in editions if one.edition.slug == edition), None)
    chosen = asked if edition else next(with_work, editions[0])
    if chosen is None:
        raise Missing(NO_EDITION)
    sizes = piles[chosen.edition.id or 0]
    return staff_page(
        request, "staff/reviews/index.html", zone=chosen.programme.zone, editions=[one.edition for one in editions], edition=chosen.edition,
        rows=desk(work, chosen, pile=state, sort=sort, down=down, page=page), pile=state, piles=PILE_LABELS, sizes=sizes, sort=sort,
        down=down, number_of_page=page, pages=-(-sizes[state] // PER_PAGE), now=work.now, shown_state=shown_state,
        may_list=bool(who and who.may("put_on_ballot") and sizes[Pile.ADMISSIBLE]),
    )


@router.get("/staff/reviews/{public_id}", dependencies=[staff("see_files")])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """One file beside the rules."""
    case = open_case(work, public_id)
    return _review_page(request, work, who, case, _first_values(work, case))


@router.post("/staff/reviews/{public_id}/decisions", dependencies=[staff("decide_admissibility")])
def decide(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Take a decision; after a fault or a change meanwhile the page comes back with all that was typed."""
    proposal = find_file(work, public_id)
    try:
        service.decide(work, proposal, _read(sent), by=_known(who))
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return _review_page(request, work, who, open_case(work, public_id), sent.simple(), problem)
    return go(f"/staff/reviews/{public_id}", done="decided")


@router.get("/staff/editions/{slug}/ballot-list", dependencies=[staff("put_on_ballot")])
def ballot_list(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    """The admissible projects, to be read before they are put on the ballot."""
    edition = find_edition(work, slug, drafts=True)
    return _ballot_page(request, work, edition)


@router.post("/staff/editions/{slug}/ballot-list", dependencies=[staff("put_on_ballot")])
def put_on_ballot(request: Request, work: InWork, who: Asking, sent: SentForm, slug: Address) -> Response:
    """Put every admissible project of the list that was read on the ballot."""
    edition = find_edition(work, slug, drafts=True)
    service.put_on_ballot(work, edition, sent.all("project"), by=_known(who))
    return go(f"/staff/reviews?edition={slug}&state={Pile.ON_BALLOT}", done="saved")


def _known(who: Person | None) -> Person:
    if who is None:  # the audience has let only staff in
        raise AssertionError("a staff route without a person")
    return who


def _read(sent: Sent) -> DecisionForm:
    """The decision as sent: inputs named answer-RULE and comment-RULE become mappings by rule."""
    plain = {name: value for name, value in sent.simple().items() if not name.startswith(("answer-", "comment-"))}
    answers = {name.removeprefix("answer-"): sent.get(name) for name in sent.values if name.startswith("answer-")}
    comments = {name.removeprefix("comment-"): sent.get(name) for name in sent.values if name.startswith("comment-")}
    try:
        return read(DecisionForm, plain | {"answers": answers, "comments": comments})
    except Invalid as problem:
        raise Invalid({_input_of(field): sentence for field, sentence in problem.errors.items()}) from None


def _input_of(field: str) -> str:
    group, _, key = field.partition("-")
    return f"{group.removesuffix('s')}-{key}" if group in ("answers", "comments") and key else field


def _first_values(work: Work, case: Case) -> dict[str, Any]:
    """What the form shows at first: the officer's answers of the last decision, and a date to complete the file by."""
    values: dict[str, Any] = {}
    for _, verdicts in decisions_of(work, case.proposal)[:1]:
        for verdict in verdicts:
            if verdict.source == "officer":
                values[f"answer-{verdict.rule_key}"] = "yes" if verdict.verdict == "pass" else "no"
                values[f"comment-{verdict.rule_key}"] = verdict.comment
    end = case.calendar.deadline(PhaseKind.completion)
    if end is None or end <= work.now:
        end = start_of_day((work.now + timedelta(days=DAYS_TO_COMPLETE)).date(), case.programme.zone)
    values["complete_by_day"], values["complete_by_clock"] = show_instant(end, case.programme.zone, end=True)
    return values


def _review_page(
    request: Request, work: Work, who: Person | None, case: Case, values: dict[str, Any], problem: Invalid | Conflict | None = None
) -> Response:
    return staff_page(
        request, "staff/reviews/show.html", status=problem.status if problem else 200, zone=case.programme.zone, case=case, values=values,
        errors=problem.errors if isinstance(problem, Invalid) else {}, conflict=problem.message if isinstance(problem, Conflict) else None,
        outcomes=[(one.value, label) for one, label in OUTCOME_LABELS.items() if service.VERBS[one] in case.verbs],
        not_deciding=_why_not(work, who, case), steps=told_history(work, case.proposal), decisions=decisions_of(work, case.proposal),
        until=until, account_of=account_of, shown_state=shown_state, letters=letters_of(work, case.proposal),
        contested=contested(work, case.proposal), has_jury=panel_of(work, case.edition) is not None,
    )


def _why_not(work: Work, who: Person | None, case: Case) -> Message | None:
    """Why this person sees no form: no such role, a member of the carrier, or nothing to decide now."""
    person = _known(who)
    if (reason := refusal(person.roles, "decide_admissibility")) is not None:
        return reason
    if acts_for(work, person, case.carrier):
        return service.INVOLVED
    if not case.verbs & set(service.VERBS.values()):
        return say("There is nothing to decide now. State of the file: %(state)s.", state=STATES[state_of(case.proposal)].label)
    return None


def _ballot_page(request: Request, work: Work, edition: Edition) -> Response:
    programme, sizes = programme_of(work, edition), pile_sizes(work, [edition])[edition.id or 0]
    return staff_page(
        request, "staff/reviews/ballot_list.html", zone=programme.zone, currency=programme.currency, edition=edition,
        projects=service.ballot_candidates(work, edition), undecided=sizes[Pile.WAITING] + sizes[Pile.INCOMPLETE],
    )
