"""What the pages of an edition's parts share: the row, the frame, and what happens when saving fails."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.accounts.people import Person
from app.core.forms import read
from app.core.messages import say
from app.core.problems import Conflict, Invalid
from app.editions import queries
from app.editions.forms.programme import Change
from app.editions.models import Edition
from app.http.answers import go
from app.http.audience import SignInNeeded
from app.http.forms import Sent
from app.http.identity import Asking
from app.pages.staff import staff_page
from app.unit import Work

SEALS = ("revision", "reason", "action")
"""What every form of a part sends beside its own fields."""


def _known(who: Asking) -> Person:
    if who is None:  # the audience has let only staff in
        raise SignInNeeded(say("Sign in to open this page."))
    return who


Official = Annotated[Person, Depends(_known)]
"""The person of the staff who asks."""


def load(work: Work, slug: str) -> Edition:
    """The edition at an address, published or not. Raises Missing."""
    return queries.find_edition(work, slug, drafts=True)


def change_of(sent: Sent) -> Change:
    """The revision the official saw and the public reason. Raises Invalid."""
    return read(Change, {"revision": sent.get("revision"), "reason": sent.get("reason")})


def own_values(sent: Sent, *lists: str) -> dict[str, Any]:
    """What was typed in the part itself."""
    return sent.simple(*lists, ignore=SEALS)


def part_page(request: Request, work: Work, edition: Edition, name: str, *, sent: Sent | None = None, **values: Any) -> Response:
    """One part's page. `sent` keeps revision and reason as they came, but after a conflict the new revision is the one to save upon."""
    programme = queries.programme_of(work, edition)
    clash = values.get("conflict") is not None
    seal = {
        "revision": sent.get("revision") if sent and not clash else edition.revision,
        "reason": sent.get("reason") if sent else "",
        "conflict": None,
    }
    context = {"edition": edition, "programme": programme, "zone": programme.zone, **seal, **values}
    return staff_page(request, f"staff/editions/{name}.html", **context)


def tried(work: Work, act: Callable[[], object], path: str, again: Callable[..., Response]) -> Response:
    """Do it and go on; or show the form again with its sentences (422) or with both versions (409), nothing written."""
    try:
        act()
    except Invalid as problem:
        work.db.rollback()
        return again(status=problem.status, errors=problem.errors)
    except Conflict as problem:
        work.db.rollback()
        return again(status=problem.status, conflict=problem.message)
    return go(path, done="saved")
