"""Who may come in: the pages of an organisation that are for those who act for it."""

from app.accounts.people import Person
from app.core.messages import say
from app.core.problems import Missing, Refused
from app.organisations import queries
from app.organisations.models import Organisation
from app.unit import Work


def known(who: Person | None) -> Person:
    """The person of a route that is only for people signed in."""
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who


def mine(work: Work, slug: str, who: Person | None) -> Organisation:
    """An organisation the person acts for. Raises Missing for strangers: what cannot be changed has no such page."""
    organisation = queries.organisation_by_slug(work, slug)
    if queries.role_in(work, organisation.id, who) is None:
        raise Missing(say("There is no organisation at this address, or you do not act for it."))
    return organisation
