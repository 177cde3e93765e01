"""Safety at the edge: no request from another site may change anything, no page may load anything foreign."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from anyio import move_on_after
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.messages import say
from app.core.problems import Missing, Problem, Refused
from app.http.unit_of_work import SAFE_METHODS

NO_SUCH_ADDRESS = say("There is no page at this address. It may have moved, or the link may be incomplete.")
FORM_ROOM = 1_000_000
"""Bytes a form may hold beside its file."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SENT = [(name.lower().encode(), value.encode()) for name, value in (HEADERS | {"Cache-Control": "no-store"}).items()]
"""What is added to an answer that does not say otherwise, as it goes over the wire."""


ONE_CLICK = re.compile(r"/following/[0-9A-Za-z_-]{1,80}/end")
"""Where mail programs end a following by themselves (RFC 8058)."""


def _one_click(path: str, headers: Headers) -> bool:
    """Whether a mail program ends a following: sent by no browser and in nobody's name, the secret of its address says it all.

    Whatever a browser could be made to send bears one of these headers, or a cookie; it is refused here as everywhere.
    """
    browsers = ("origin", "sec-fetch-site", "cookie", "authorization", "referer")
    form = headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/form-data"))
    return ONE_CLICK.fullmatch(path) is not None and form and not any(name in headers for name in browsers)


class TooLarge(Problem):
    """413: refused before it is read."""

    status = 413

PATIENCE = 2.0
"""Seconds without a byte after which whoever announced too much is answered without waiting for it."""


class SafeEdge:
    """ASGI layer: refuses forged and oversized requests before they are read, adds the safety headers to every answer.

    `body_limit` in bytes holds everywhere but at the addresses of `larger`, which have their own.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        own_origin: str,
        body_limit: int,
        larger: Mapping[str, int],
        refuse: Callable[[Request, Problem], ASGIApp],
        failed: Callable[[Request, Exception], ASGIApp],
    ) -> None:
        self.app = app
        self.refuse = refuse
        self.failed = failed
        self.own_host = urlsplit(own_origin).netloc
        self.body_limit, self.larger = body_limit, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_already = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in SENT if pair[0] not in set_already)]
            await send(message)

        if (problem := self._problem(scope, headers)) is None:
            await self._pass(scope, receive, send_safely)
        else:
            await self._drain(receive)
            await self.refuse(Request(scope), problem)(scope, receive, send_safely)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in. An error nobody foresaw is answered here: outside of this layer its page would go without the headers."""
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:
            if not begun:
                await self.failed(Request(scope), error)(scope, receive, send)
            raise

    def _problem(self, scope: Scope, headers: Headers) -> Problem | None:
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return Missing(NO_SUCH_ADDRESS)  # no database keeps that character; PostgreSQL would fail on it
        if scope["method"] in SAFE_METHODS:
            return None
        if not self._same_site(headers) and not _one_click(scope["path"], headers):
            return Refused(
                say("This request did not come from one of our own pages, so nothing was changed. Open the page again and retry.")
            )
        length, limit = headers.get("content-length"), self.larger.get(scope["path"], self.body_limit)
        if "transfer-encoding" in headers or (length is not None and not length.isdigit()):
            return TooLarge(say("The size of what was sent is not stated, so it was refused."))
        if length is not None and int(length) > limit:
            return TooLarge(
                say(
                    "What was sent is too large: %(limit)d MB at most. Nothing was saved; go back and choose a smaller file.",
                    limit=(limit - FORM_ROOM) // 1_000_000,
                )
            )
        return None

    async def _drain(self, receive: Receive) -> None:
        """Let a browser finish sending (without keeping any of it), or it would show a broken connection instead of our sentence.

        Who sends nothing for a while is answered all the same.
        """
        seen = 0
        while seen < 4 * self.body_limit:
            message = None
            with move_on_after(PATIENCE):
                message = await receive()
            if message is None:
                return
            seen += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body", False):
                return

    def _same_site(self, headers: Headers) -> bool:
        """Browsers say where a request comes from; what says nothing is no browser of ours and changes nothing.

        Same algorithm as Go's cross-origin protection, but a request with neither header is refused too.
        """
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        return origin is not None and urlsplit(origin).netloc in (headers.get("host"), self.own_host) and origin != "null"
