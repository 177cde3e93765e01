"""Whether somebody may do an act of the poll."""

from app.accounts.people import Person
from app.core.permissions import refusal
from app.core.problems import Refused


def check(by: Person, permission: str) -> None:
    """Raises Refused, naming the roles that may, where this person may not."""
    if (reason := refusal(by.roles, permission)) is not None:
        raise Refused(reason)
