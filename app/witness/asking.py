"""What a witness asks the site: head, proof, definition; and what it sends, its signature. Nothing of the answers is trusted."""

from __future__ import annotations

import base64
import binascii
import json
from http.client import HTTPException, HTTPMessage
from time import monotonic
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.core.messages import Message, say
from app.core.problems import Invalid, Problem
from app.core.transparency import Note

SECONDS = 10.0
MOST_BYTES = 1_000_000
MOST_STEPS = 64
"""Hashes in a proof: twice what the largest log needs."""


class Trouble(Problem):
    """503: the site cannot be reached or answers nothing usable. Nothing was signed; asking again later may help."""

    status = 503


class NotYet(Trouble):
    """404: what is asked for does not exist yet."""

    status = 404


class _SameSite(HTTPRedirectHandler):
    """Follows a redirection only where it stays on the same site."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str) -> Request | None:
        """The request to go on with. Raises Trouble where it would leave the site."""
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise Trouble(say("The site sends this witness to another host, which it does not follow."))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Site:
    """The public addresses of one edition. `url` is its page (…/editions/2027) or its API (…/api/v1/editions/2027)."""

    def __init__(self, url: str) -> None:
        self.base = _base(url)
        self._open = build_opener(_SameSite).open

    def head(self, which: str) -> Note:
        """The newest signed note of the log named `which` ("log" or "acts"). Raises NotYet before the first, Trouble."""
        try:
            return Note.read(self._get(f"{which}/head").decode())
        except ValueError:
            raise _unusable("head") from None

    def proof(self, which: str, before: int, after: int) -> list[bytes]:
        """The consistency proof between two sizes. Raises Trouble."""
        answer = self._json(f"{which}/consistency?before={before}&after={after}")
        steps = answer.get("proof")
        if not isinstance(steps, list) or len(steps) > MOST_STEPS or not all(isinstance(step, str) for step in steps):
            raise _unusable("proof")
        try:
            return [base64.b64decode(step, validate=True) for step in steps]
        except (binascii.Error, ValueError):
            raise _unusable("proof") from None

    def definition(self) -> tuple[bytes, dict[str, Any]]:
        """The bytes of the frozen definition, and what they say. Raises NotYet before the freeze, Trouble."""
        raw = self._get("definition")
        return raw, _object(raw, "definition")

    def send(self, which: str, note: Note) -> None:
        """Hand in a note with the witness's signature. Raises Trouble where the site does not take it."""
        # The edge of the site takes nothing that does not say where it comes from; this comes from no other site's page.
        headers = {"Content-Type": "text/plain; charset=utf-8", "Origin": "://".join(urlsplit(self.base)[:2])}
        self._ask(Request(f"{self.base}/{which}/cosignatures", str(note).encode(), headers))

    def _json(self, path: str) -> dict[str, Any]:
        return _object(self._get(path), "proof")

    def _get(self, path: str) -> bytes:
        return self._ask(Request(f"{self.base}/{path}", headers={"Cache-Control": "no-cache"}))

    def _ask(self, request: Request) -> bytes:
        try:
            with self._open(request, timeout=SECONDS) as answer:
                return _read(answer)
        except HTTPError as refusal:
            with refusal:
                raise _refused(refusal) from None
        except (OSError, HTTPException, ValueError) as fault:
            reason = _printable(str(getattr(fault, "reason", fault)) or type(fault).__name__)
            raise Trouble(say("%(site)s cannot be reached (%(reason)s).", site=self.base, reason=reason)) from None


def _base(url: str) -> str:
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    where, found, slug = path.rpartition("/editions/")
    if parts.scheme not in ("http", "https") or not parts.hostname or not found or not slug or "/" in slug:
        raise Invalid({"": say("“%(url)s” is not the address of an edition, such as https://ville.example/editions/2027.", url=url)})
    where = where if where.endswith("/api/v1") else f"{where}/api/v1"
    return f"{parts.scheme}://{parts.netloc}{where}/editions/{slug}"


def _read(answer: Any) -> bytes:
    """The body of an answer, whole, within the limits of size and time: a trickle of bytes must not hold the witness for ever."""
    until, parts, size = monotonic() + SECONDS, [], 0
    while part := answer.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES or monotonic() > until:
            raise Trouble(say("The site answers more, or slower, than a witness reads."))
    if answer.length:
        raise HTTPException("the answer is cut short")
    return b"".join(parts)


def _refused(refusal: HTTPError) -> Trouble:
    if refusal.code == 404:
        return NotYet(say("The site has nothing at %(address)s yet.", address=refusal.url or ""))
    try:
        detail = json.loads(refusal.read1(65_536)).get("detail", "")
    except (OSError, HTTPException, ValueError, AttributeError, RecursionError):
        detail = ""
    reason = _printable(str(detail)) or _printable(str(refusal.reason))
    return Trouble(say("The site refuses (%(status)d): %(reason)s", status=refusal.code, reason=reason))


def _object(raw: bytes, what: str) -> dict[str, Any]:
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        raise _unusable(what) from None
    if not isinstance(read, dict):
        raise _unusable(what)
    return read


def _unusable(what: str) -> Trouble:
    sentences: dict[str, Message] = {
        "head": say("What the site gives as the head of its log is no signed note."),
        "proof": say("What the site gives as a proof is none."),
        "definition": say("What the site gives as the definition of the election is none."),
    }
    return Trouble(sentences[what])


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)[:300].strip()
