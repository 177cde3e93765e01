"""What this server does once it has answered the confirmation of a very large opening. The key ends with it."""

import logging

from sqlalchemy import Engine

from app.core.messages import Message, say
from app.core.problems import Invalid, Problem
from app.core.sides import Side
from app.core.tally.progress import Told
from app.jobs import LeaseLost
from app.polls.opening_apart import Apart, note_failure, open_it, unseal
from app.unit import work
from app.worker_pulse import beating

log = logging.getLogger("quotepart")
FAILED = say("An error stopped the opening. Nothing was opened: confirm it again with the shares. The server's log says more.")


def open_apart(engine: Engine, apart: Apart) -> None:
    """Open the box, telling how far it is. Whatever happens, it is open as a whole or not at all."""
    try:
        with beating(engine, apart.job, side=Side.COUNT) as told:
            _open(engine, apart, told)
    except LeaseLost:
        log.warning("the opening of edition %s was taken over by another one", apart.edition_id)
    except Problem as problem:
        _failed(engine, apart, next(iter(problem.errors.values())) if isinstance(problem, Invalid) else problem.message)
    except Exception as error:
        log.error("the opening of edition %s failed: %s", apart.edition_id, type(error).__name__)
        _failed(engine, apart, FAILED)


def _open(engine: Engine, apart: Apart, told: Told) -> None:
    with work(engine, writing=False, side=Side.COUNT) as reading:
        read = unseal(reading, apart, told)
    told(say("Writing the opened ballots"), 100)
    with work(engine, side=Side.COUNT) as unit:
        open_it(unit, apart, read)


def _failed(engine: Engine, apart: Apart, why: Message) -> None:
    with work(engine, side=Side.COUNT) as unit:
        note_failure(unit, apart, why)
