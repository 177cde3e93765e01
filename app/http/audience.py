"""Who a route is for. Each route declares it; the application refuses to start if one does not."""

from fastapi import Depends, FastAPI
from fastapi.params import Depends as DependsType
from fastapi.routing import APIRoute, iter_route_contexts

from app.accounts.people import Person
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Problem, Refused
from app.http.identity import Asking


class SignInNeeded(Problem):
    """Somebody unknown asked for a page of somebody known: the door answers with the sign-in page."""

    status = 401


class Audience:
    """A dependency that lets some people in. `name` is what the matrix of routes shows."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, person: Asking) -> Person | None:
        return person


class SignedIn(Audience):
    """Anyone with an account; what they may see inside is decided by the verb and its rows."""

    def __call__(self, person: Asking) -> Person | None:
        if person is None:
            raise SignInNeeded(say("Sign in to open this page."))
        return person


class Staff(Audience):
    """People whose roles hold a permission of `core.permissions.STAFF`."""

    def __init__(self, permission: str) -> None:
        super().__init__(f"staff:{permission}")
        self.permission = permission

    def __call__(self, person: Asking) -> Person | None:
        if person is None:
            raise SignInNeeded(say("Sign in to open this page."))
        if (reason := refusal(person.roles, self.permission)) is not None:
            raise Refused(reason)
        return person


class Voter(Audience):
    """Whoever stands between the list of projects and the ballot box: nobody asks who it is, no cookie is read."""

    async def __call__(self) -> None:  # type: ignore[override]
        """Nothing to find out, so nothing to wait for."""


EVERYONE = Depends(Audience("everyone"))
"""Visitors and people signed in alike."""
VOTER = Depends(Voter("everyone"))
"""For the booth, the identification beside it and the receipts: open to everyone, and blind."""
SIGNED_IN = Depends(SignedIn("signed in"))


def staff(permission: str) -> DependsType:
    """`dependencies=[staff("edit_edition")]`."""
    made: DependsType = Depends(Staff(permission))
    return made


def api_routes(app: FastAPI) -> list[tuple[str, APIRoute]]:
    """Every route with its whole path, those of included routers too (which `app.routes` alone does not show)."""
    found = iter_route_contexts(app.routes)
    return [(str(one.path), one.original_route) for one in found if isinstance(one.original_route, APIRoute)]


def audience_of(route: APIRoute) -> Audience | None:
    """The audience a route declares, or None."""
    declared = [part.call for part in route.dependant.dependencies if isinstance(part.call, Audience)]
    return declared[0] if len(declared) == 1 else None


def check_audiences(app: FastAPI) -> None:
    """Raise RuntimeError naming each route that declares no audience, or two."""
    lost = [path for path, route in api_routes(app) if audience_of(route) is None]
    if lost:
        raise RuntimeError(f"these routes declare no audience: {', '.join(lost)}")
