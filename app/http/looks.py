"""The look of the site on every page, without asking the database for it each time.

Each process remembers it and reads it again once half a minute is over; who changes it makes their own process forget at once.
"""

from __future__ import annotations

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from anyio import NoEventLoopError
from anyio.lowlevel import current_token
from fastapi import FastAPI, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.sides import Side
from app.database import WrongSide, session, sides_of
from app.http.unit_of_work import instant, side_asked
from app.look import service
from app.look.colours import sheet, twins
from app.settings import settings
from app.site import SiteLook
from app.unit import Work

log = logging.getLogger("quotepart")
KEPT_FOR = timedelta(seconds=30)
_reading = Lock()
_reader = ThreadPoolExecutor(1, "look")


@dataclass(frozen=True)
class Shown:
    """What pages show of the look. `css` is the style sheet of the city's colour ("" for the house's), `version` its hash."""

    name: str
    css: str = ""
    version: str = ""
    brand: str = "#0A5C55"
    sign: str = ""


@dataclass(frozen=True)
class _Kept:
    shown: Shown
    at: datetime


def shown_look(request: Request) -> Shown:
    """The look as this process knows it, at most half a minute old; the last one known where the database does not answer.

    One request at a time reads it anew; the others go on with what is known, so that no two wait for a second connection. Asked on the
    event loop it waits for nothing at all: what is known is shown, and a thread reads it anew meanwhile.
    """
    kept: _Kept | None = getattr(request.app.state, "look", None)
    if kept is not None and timedelta() <= instant(request.app) - kept.at < KEPT_FOR:
        return kept.shown
    if _reading.acquire(blocking=False):
        read = partial(_read_once, request.app, side_asked(request), kept)
        if _on_a_loop():
            _reader.submit(read)
        else:
            kept = read()
    return kept.shown if kept else Shown(settings().site_name)


def _on_a_loop() -> bool:
    try:
        current_token()
    except NoEventLoopError:
        return False
    return True


def _read_once(app: FastAPI, side: Side, kept: _Kept | None) -> _Kept:
    """Read it and let the next reader in."""
    try:
        return _read(app, side, kept)
    except Exception:
        log.exception("the look of the site could not be read")
        raise
    finally:
        _reading.release()


def learn_look(app: FastAPI) -> None:
    """Read the look before the first visitor comes."""
    known = sides_of(app.state.engine)
    side = next((side for side in (Side.REGISTRAR, Side.BOX, Side.COUNT, Side.LOG) if side in known), Side.REGISTRAR)
    _read(app, side, None)


def _read(app: FastAPI, side: Side, kept: _Kept | None) -> _Kept:
    try:
        with session(app.state.engine, writing=False, side=side) as db:
            shown = _shown(service.look_of(Work(db, instant(app))))
    except (SQLAlchemyError, PoolTimeout, WrongSide) as error:
        log.warning("the look of the site could not be read: %s", type(error).__name__)
        shown = kept.shown if kept else Shown(settings().site_name)
    # Half a minute from the end of the reading: one that had to wait for the database that long would be due again at once.
    app.state.look = _Kept(shown, instant(app))
    return app.state.look  # type: ignore[no-any-return]


def _shown(look: SiteLook | None) -> Shown:
    if look is None:
        return Shown(settings().site_name)
    css = sheet(look.colour) if look.colour else ""
    return Shown(
        name=look.name or settings().site_name, css=css, version=hashlib.sha256(css.encode()).hexdigest()[:12] if css else "",
        brand=twins(look.colour)[0].brand if look.colour else Shown.brand, sign=look.sign_hash,
    )  # fmt: skip


def forget_look(request: Request) -> None:
    """Read the look again for the next page: it was just changed here. What cannot wait for that shows the old one once more."""
    kept: _Kept | None = getattr(request.app.state, "look", None)
    if kept is not None:
        request.app.state.look = _Kept(kept.shown, kept.at - KEPT_FOR)
