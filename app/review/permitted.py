"""Whether an officer may act on a file, and reads it as it stands."""

from app.accounts.people import Person
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Conflict, Refused
from app.review.queries import Case, acts_for, open_case
from app.unit import Work

MOVED = say("The file changed while you were reading it, so nothing was decided. What you typed is still here: read it again, then decide.")
INVOLVED = say("You are a member of the carrier or of its sponsor, so a colleague must decide on this file.")


def check(by: Person, permission: str) -> None:
    """Raises Refused, naming the roles that may, where this person may not."""
    if (reason := refusal(by.roles, permission)) is not None:
        raise Refused(reason)


def case_for(work: Work, public_id: str, seen: str, *, by: Person) -> Case:
    """The file, held to the end of the transaction. Raises Refused (no permission, or a member of the carrier) and Conflict (it moved)."""
    check(by, "decide_admissibility")
    case = open_case(work, public_id, lock=True)
    if acts_for(work, by, case.carrier):
        raise Refused(INVOLVED)
    if seen != case.seen:
        raise Conflict(MOVED)
    return case
