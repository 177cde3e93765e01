"""The look of the site on every page, without asking the database for it each time.

Each process remembers it and reads it again once half a minute is over; who changes it makes their own process forget at once.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database import WrongSide
from app.http.unit_of_work import instant, opened
from app.look import service
from app.look.colours import sheet, twins
from app.settings import settings

log = logging.getLogger("quotepart")
KEPT_FOR = timedelta(seconds=30)
_reading = Lock()


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

    One request at a time reads it anew; the others go on with what is known, so that no two wait for a second connection.
    """
    kept: _Kept | None = getattr(request.app.state, "look", None)
    now = instant(request)
    if (kept is None or not timedelta() <= now - kept.at < KEPT_FOR) and _reading.acquire(blocking=False):
        try:
            kept = request.app.state.look = _Kept(_read(request), now)
        except (SQLAlchemyError, PoolTimeout, WrongSide) as error:
            log.warning("the look of the site could not be read: %s", type(error).__name__)
            kept = request.app.state.look = _Kept(kept.shown if kept else Shown(settings().site_name), now)
        finally:
            _reading.release()
    return kept.shown if kept else Shown(settings().site_name)


def _read(request: Request) -> Shown:
    with opened(request, writing=False) as work:
        look = service.look_of(work)
        if look is None:
            return Shown(settings().site_name)
        css = sheet(look.colour) if look.colour else ""
        return Shown(
            name=look.name or settings().site_name, css=css, version=hashlib.sha256(css.encode()).hexdigest()[:12] if css else "",
            brand=twins(look.colour)[0].brand if look.colour else Shown.brand, sign=look.sign_hash,
        )  # fmt: skip


def forget_look(request: Request) -> None:
    """Read the look again for the next page: it was just changed here."""
    request.app.state.look = None
