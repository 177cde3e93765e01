"""Putting projects on the ballot: those admitted, or those retained where the edition has a review step; all checked before."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.calendar import PhaseKind, Stage
from app.core.lifecycle import State, Verb
from app.core.messages import say, say_count
from app.core.problems import Conflict, Refused
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.ledger import service as ledger
from app.proposals import lifecycle
from app.proposals.models import Proposal
from app.review.diligence import unfinished
from app.review.emails import send_on_ballot
from app.review.permitted import check
from app.unit import Work


def states_for(edition: Edition) -> tuple[State, ...]:
    """The states from which a file of this edition can go on the ballot."""
    return (State.ELIGIBLE,) if edition.review_step else (State.ADMISSIBLE, State.ELIGIBLE)


def ballot_candidates(work: Work, edition: Edition, *, lock: bool = False) -> Sequence[Proposal]:
    """The projects of an edition that can be put on the ballot, by number."""
    query = select(Proposal).where(Proposal.edition_id == edition.id, lifecycle.state_decided().in_(states_for(edition)))
    query = query.order_by(col(Proposal.number))
    return work.db.exec(query.with_for_update() if lock else query).all()


def put_on_ballot(work: Work, edition: Edition, seen: Collection[str], *, by: Person) -> Sequence[Proposal]:
    """Put all these projects of an edition on the ballot: exactly those (`seen`, public ids) that the publisher read.

    Raises Refused (no permission, or the vote has begun) and Conflict (there is none, the list changed meanwhile, decisions are not
    shown yet, or the checks on some files are not finished: their numbers are named).
    """
    check(by, "put_on_ballot")
    if calendar_of(work, edition).stage(PhaseKind.voting, work.now) in (Stage.open, Stage.after):
        raise Refused(say("The vote has begun: the ballot cannot change any more."))
    projects = ballot_candidates(work, edition, lock=True)
    if not projects:
        raise Conflict(say("No project is waiting to be put on the ballot."))
    if {project.public_id for project in projects} != set(seen):
        raise Conflict(say("The list of admissible projects changed meanwhile. Nothing was done: read it again, then confirm."))
    if edition.decisions_at is not None and edition.decisions_at > work.now:
        raise Conflict(say("The decisions are shown on %(at)s. The ballot is public, so it comes after them.", at=edition.decisions_at))
    if lacking := unfinished(work, projects):
        raise Conflict(
            say_count(
                "The checks on file no. %(numbers)s are not finished. Finish them before the vote: afterwards it is too late.",
                "The checks on the files no. %(numbers)s are not finished. Finish them before the vote: afterwards it is too late.",
                len(lacking), numbers=tuple(str(one.number) for one in lacking),
            )
        )  # fmt: skip
    for project in projects:
        lifecycle.record(work, project, Verb.PUT_ON_BALLOT, by=by.id)
    send_on_ballot(work, edition, projects)
    ledger.record(work, "edition:ballot_list", edition.slug, ", ".join(str(project.number) for project in projects), by=by.id)
    return projects
