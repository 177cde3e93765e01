"""Answers to people who come by a link of their own, without account: nothing kept, nothing told to another site, no address in a log."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.core.problems import Problem
from app.http.problems import with_patience
from app.http.quiet import quiet_page
from app.rendering import GUEST_LANGUAGES
from app.settings import settings

HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuestRoute(APIRoute):
    """A route whose address holds a secret. Its refusals are told in the guest's language (`request.state.spoken`)."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                answer = await handle(request)
            except Problem as problem:
                answer = with_patience(guest_problem(request, problem), problem)
            for name, value in HEADERS.items():
                answer.headers[name] = value
            return answer

        return guarded


def guest_problem(request: Request, problem: Problem) -> Response:
    """The page of a problem, in the language of the guest."""
    language = getattr(request.state, "spoken", None) or guest_language(request)
    return quiet_page(request, "partner/problem.html", language=language, status=problem.status, message=problem.message)


def guest_language(request: Request, otherwise: str = "") -> str:
    """The language named in the address, else `otherwise`, else the first that the browser wishes, else the one of the setting."""
    wishes = [wish.partition(";")[0].strip().lower()[:2] for wish in request.headers.get("accept-language", "")[:200].split(",")]
    asked = (request.query_params.get("lang", ""), otherwise, *wishes)
    return next((code for code in asked if code in GUEST_LANGUAGES), settings().default_language)
