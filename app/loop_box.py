"""The ballot's path on an event loop: the same statements on the same kind of connections, awaited there (docs/decisions/0007)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio.lowlevel import current_token
from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.sides import Side
from app.database import BALLOT_PATH, at_its_side, pinged, sides_of

T = TypeVar("T")


class LoopBox:
    """The ballot's path on one event loop: it waits for PostgreSQL there, and no thread has to be woken to wait for it.

    Handing a request to a thread and back takes as long as all that a receipt has to do.
    """

    def __init__(self, engine: Engine) -> None:
        self.loop = current_token()
        self.engine = create_async_engine(engine.url, hide_parameters=True, pool_size=10, **BALLOT_PATH)
        at_its_side(engine, pinged(self.engine.sync_engine))

    async def run(self, act: Callable[[Connection], T]) -> T:
        """What `act` makes of a connection; wherever it waits for an answer of the database, the loop goes on with others."""
        async with self.engine.connect() as opened:
            return await opened.run_sync(act)


@asynccontextmanager
async def loop_box(engine: Engine) -> AsyncIterator[LoopBox | None]:
    """The ballot's path on this event loop, for as long as it runs. None on SQLite, and where this process does not take the box's role."""
    if engine.dialect.name != "postgresql" or (sides_of(engine) and Side.BOX not in sides_of(engine)):
        yield None
        return
    box = LoopBox(engine)
    try:
        yield box
    finally:
        await box.engine.dispose()
