"""Public pages while nothing changed: rendered once, sent again, and not even sent to who still has them.

A page of this kind is kept by its address, language, colours, look and minute, under the number of `app.changes`: one statement tells
whether it still holds. Of the address only what the page reads counts: a link that a network or a letter has given a mark of its own
for each reader leads them all to the same kept page. Whoever brings a session gets a page of their own, made anew each time.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from app.core.sides import Side
from app.database import change_number
from app.facts import Facts, Newest
from app.http.answers import asks_for_part
from app.http.compression import takes_gzip
from app.http.identity import secret_of
from app.http.in_one_go import InOneGo
from app.http.language import language_of, theme_of
from app.http.looks import Shown, shown_look
from app.http.unit_of_work import now_of

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Key = tuple[str, str, str, str, bool, Shown, str, int]
LONGEST_QUERY = 300
SHOWN_EVERYWHERE = frozenset({"done"})
"""What every page reads of its address: the word at its top after something was done."""
ROOM = 48_000_000
"""Bytes of pages that a process keeps, compressed ones not counted (a fifth); the one not asked for longest goes first."""


def until_changed(endpoint: Endpoint) -> Endpoint:
    """Written under the address of a public page that depends on the data, the language, the colours and the minute alone."""
    endpoint.until_changed = True  # type: ignore[attr-defined]
    return endpoint


@dataclass(frozen=True)
class Kept:
    """A page as it was rendered."""

    body: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, answer: Response) -> "Kept":
        """Keep an answer."""
        body = bytes(answer.body)
        return cls(body, answer.headers["content-type"], sha256(body).hexdigest()[:32])

    @cached_property
    def packed(self) -> bytes:
        """The page compressed, once somebody asks for it so."""
        return gzip.compress(self.body, 6, mtime=0)

    def answer(self, request: Request) -> Response:
        """The page, or 304 for who has it."""
        packed = takes_gzip(request.headers.get("accept-encoding", ""))
        tag = f'"{self.tag}{"-gzip" if packed else ""}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "HX-Request, Cookie, Accept-Language, Accept-Encoding"}
        if self.tag in known_tags(request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(self.packed if packed else self.body, headers=headers | {"Content-Type": self.media_type})


class Shelf:
    """The pages that a process keeps."""

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.taken = room, 0
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Key) -> Kept | None:
        """The page kept under a key."""
        with self.lock:
            if (found := self.pages.get(key)) is not None:
                self.pages.move_to_end(key)
            return found

    def put(self, key: Key, page: Kept) -> None:
        """Keep a page, and let go of others if room is short."""
        with self.lock:
            if key not in self.pages:
                self.pages[key] = page
                self.taken += len(page.body)
            while self.taken > self.room and self.pages:
                _, gone = self.pages.popitem(last=False)
                self.taken -= len(gone.body)


class UnchangedRoute(APIRoute):
    """A route that keeps what endpoints marked `until_changed` answer to visitors."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if not getattr(self.endpoint, "until_changed", False):
            return handle

        reads, made = read_by(self.dependant) | SHOWN_EVERYWHERE, InOneGo(self.dependant)

        async def remembering(request: Request) -> Response:
            query = urlencode([pair for pair in request.query_params.multi_items() if pair[0] in reads]) if request.url.query else ""
            if secret_of(request) or request.method != "GET" or len(query) > LONGEST_QUERY:
                return await handle(request)
            return await run_in_threadpool(_kept_or_made, request, query, made)

        return remembering


def _kept_or_made(request: Request, query: str, made: InOneGo) -> Response:
    """The page that is kept, or else made now and kept: all in one thread."""
    key, shelf = _key(request, query), shelf_of(request)
    kept = shelf.get(key)
    if kept is None:
        request.state.facts = facts_at(request, key)
        answer = made(request)
        if answer.status_code != 200:
            return answer
        kept = Kept.of(answer)
        shelf.put(key, kept)
    return kept.answer(request)


def shelf_of(request: Request) -> Shelf:
    """The shelf of this application."""
    state = request.app.state
    if not hasattr(state, "shelf"):
        state.shelf = Shelf()
    shelf: Shelf = state.shelf
    return shelf


def facts_at(request: Request, key: Key) -> Facts:
    """What pages made under the same number and in the same minute have read of the database."""
    state = request.app.state
    if not hasattr(state, "facts"):
        state.facts = Newest()
    *_, minute, number = key
    facts: Facts = state.facts.at(number, minute)
    return facts


def known_tags(header: str) -> set[str]:
    """The pages a browser says it has, however they were packed when it got them."""
    return {one.strip().removeprefix("W/").strip('"').removesuffix("-gzip") for one in header[:1000].split(",")}


def read_by(dependant: Dependant) -> frozenset[str]:
    """The parts of a query that an endpoint reads, and all that it depends on."""
    own = frozenset(one.alias for one in dependant.query_params)
    return own.union(*(read_by(one) for one in dependant.dependencies))


def _key(request: Request, query: str) -> Key:
    """All that the page depends on. The number is read before the page is made: a page may be newer than its number, never older."""
    look = shown_look(request)
    number = change_number(request.app.state.engine, Side.REGISTRAR)
    minute = now_of(request).isoformat(timespec="minutes")
    return (request.url.path, query, language_of(request), theme_of(request), asks_for_part(request), look, minute, number)
