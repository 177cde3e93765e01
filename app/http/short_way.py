"""The way past the search for a route, for the few addresses that a whole city asks on the last evening of a vote."""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.quiet_route import QuietRoute


class ShortWay:
    """ASGI layer: answers the addresses of `routes` at once, and lets everything else go its usual way.

    Each of these routes answers its own errors and never packs its answer, so nothing that the layers further in would do is missed;
    an error nobody foresaw goes to the layer outside. They stay among the routes of the application, where whatever looks them
    through finds them; asked with another method they are left to it.
    """

    def __init__(self, app: ASGIApp, *, own: FastAPI, routes: Sequence[QuietRoute]) -> None:
        self.app, self.own = app, own
        self.ways = [(route.path_regex, route.methods or set(), route, route.get_route_handler()) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            for pattern, methods, route, answer in self.ways:
                if scope["method"] in methods and (found := pattern.match(scope["path"])):
                    scope.update(app=self.own, endpoint=route.endpoint, route=route, path_params=found.groupdict())
                    response = await answer(Request(scope, receive, send))
                    await response(scope, receive, send)
                    return
        await self.app(scope, receive, send)
