"""Counting what a page asks of the database."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine, event

from app.database import box_engine


def on_a_loop(act: Coroutine[Any, Any, None]) -> None:
    """Run this on an event loop of its own, on a thread of its own: a browser's loop may run on the one of the tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, act).result()


def by_threads(app: FastAPI) -> None:
    """Let a served application answer ballots and receipts on threads, as it does on SQLite and under another loop."""
    app.state.box = None


def ballots_engine(app: FastAPI) -> Engine:
    """The engine through which a served application casts ballots and shows receipts: on PostgreSQL that of its event loop."""
    made: Engine = app.state.box.engine.sync_engine if app.state.box else box_engine(app.state.engine)
    return made


@contextmanager
def sent(engine: Engine) -> Iterator[list[str]]:
    """Every statement sent while the block lasts, reading or writing."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The SELECT statements sent in the block, once it is left, but for the one that asks whether a page kept from before still holds."""
    reading: list[str] = []
    with sent(engine) as every:
        yield reading
    reading += [one for one in every if one.lstrip().upper().startswith("SELECT") and "change_counter" not in one]
