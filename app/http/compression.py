"""Compression of answers, but for those that hold a secret beside what a visitor sent: their length would tell of it (BREACH)."""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SECRET = re.compile(
    r"/(sign-in|sign-out|register|account|confirmations|password-resets|receipts|partner|following|invitations|demo)(/|$)"
    r"|/(api/v1/)?editions/[^/]*/(vote/|ballot|identification)"
    r"|/staff/editions/[^/]*/(box|codes)(/|$)"
    r"|.*/partner-link"
)
"""Codes, keys, receipts, seeds and secret links. The booth itself holds choices, but nobody else can send it a form."""
PACKED = re.compile(
    r"/static/.*\.(woff2|png|jpe?g|webp)$|/documents/|/published/|/appeal-documents/|/partner/[^/]+/photos/|.*\.(pdf|zip|xlsx)$"
)
SMALLEST, LEVEL = 500, 5


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    wishes = [wish.partition(";") for wish in accepted.lower()[:200].split(",")]
    return any(name.strip() == "gzip" and not re.fullmatch(r"\s*q=0(\.0*)?\s*", quality) for name, _, quality in wishes)


def may_compress(path: str, headers: Headers) -> bool:
    """Whether the length of this answer tells nothing that matters: never what another site made a browser ask for."""
    if SECRET.match(path) or PACKED.match(path):
        return False
    return path.startswith("/static/") or "cookie" not in headers or headers.get("sec-fetch-site", "cross-site") in ("same-origin", "none")


class Compressed:
    """ASGI layer: packs what may be packed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packing = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and may_compress(scope["path"], Headers(scope=scope)):
            await self.packing(scope, receive, send)
        else:
            await self.app(scope, receive, send)
