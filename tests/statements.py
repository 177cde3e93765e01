"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


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
