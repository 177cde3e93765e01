"""The ballot box keeps its promises whatever happens in whatever order; and planted faults are found (T08)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from app import keyring
from app.ledger import log as ledger
from app.voting import box, casting, closing, merging, opening, tallying
from app.voting import service as voting
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.machine import BoxMachine
from tests.voting.poll import OpenPoll
from tests.voting.soaking import tell, wanted

EXAMPLES, STEPS = {"sqlite": wanted("machine", 300), "postgresql": wanted("machine", 40)}, 50
"""Runs, and steps of each: on PostgreSQL, where each step takes longer, the suite makes fewer."""
FAULTS = wanted("faults", 4)
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Plant = tuple[Any, str, Callable[[Any], Any]]

PLANTED: dict[str, Plant] = {
    "a mark is never refused": (casting, "insert_once", lambda real: lambda work, table, row: real(work, table, row) or True),
    "paper ignores who has voted": (box, "insert_once", lambda real: lambda work, table, row: real(work, table, row) or True),
    "the clock is not asked": (voting, "Window", lambda real: lambda opens, closes, zone: real(opens, closes.replace(year=2999), zone)),
    "whoever has voted gets a receipt for anything": (voting, "_said_before", lambda real: lambda *_: True),
    "nobody gets a receipt again": (voting, "_said_before", lambda real: lambda *_: False),
    "a closed box takes marks": (box, "key_and_state", lambda real: lambda work, id: (real(work, id)[0], False)),
    "closing does not close": (voting, "close_box", lambda real: lambda work, id: None),
    "a merge forgets a ballot": (ledger, "append", lambda real: lambda work, log, entries: real(work, log, entries[1:])),
    "a merge leaves nothing waiting": (merging, "key_and_state", lambda real: lambda work, id: (b"", True)),
    "a merge keeps the entries": (merging, "_leave_hashes", lambda real: lambda *_, **__: None),
    "a merge signs no head": (ledger, "sign_head", lambda real: lambda *_: None),
    "a merge logs other bytes": (ledger, "append", lambda real: lambda work, log, entries: real(work, log, [one[::-1] for one in entries])),
    "the log forgets its size": (ledger, "Frontier", lambda real: lambda size=0, roots=(): real()),
    "the box opens before it is complete": (opening, "final_log", lambda real: lambda work, id: ledger.log_of(work, id)),
    "every ballot is read as blank": (opening, "choices_read", lambda real: lambda padded: ()),
    "the opening skips a ballot": (opening, "_opened", lambda real: lambda reader, entries: list(real(reader, entries))[1:]),
    "the count forgets the choices": (tallying, "choices_in", lambda real: lambda content: frozenset()),
    "ballots can be read before the opening": (tallying, "is_opened", lambda real: lambda work, id: True),
    "the box opens again": (opening, "is_opened", lambda real: lambda work, id: False),
    "closing loses the marks": (closing, "write_anew", lambda real: lambda work, table, id: work.core.execute(table.delete())),
}  # fmt: skip
"""What a programmer might get wrong: where, and what stands there instead."""


@pytest.fixture
def machine(cast: Cast, clock: Clock, database_clock: Clock, monkeypatch: pytest.MonkeyPatch) -> type[BoxMachine]:
    """The machine over one open vote; batches are of two ballots, so that nine people make several."""
    monkeypatch.setattr(merging, "LEAST_BATCH", 2)
    return type("Machine", (BoxMachine,), {"poll": OpenPoll(cast, clock.now), "clock": database_clock, "key": keyring.log_key()})


def run(machine: type[BoxMachine], examples: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    phases = [Phase.explicit, Phase.generate]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks, phases=phases, database=None,
            derandomize=True,
        ),
    )  # fmt: skip


def test_t08_whatever_happens_the_box_keeps_its_promises(machine: type[BoxMachine], engine: Engine) -> None:
    runs = EXAMPLES[engine.dialect.name]
    run(machine, runs)
    tell(f"T08 {engine.dialect.name}: {runs} runs of {STEPS} steps")


@SQLITE
@pytest.mark.parametrize("name", list(PLANTED)[:FAULTS])
def test_t08_a_planted_fault_is_found(machine: type[BoxMachine], monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    where, what, wrong = PLANTED[name]
    monkeypatch.setattr(where, what, wrong(getattr(where, what)))
    with pytest.raises(Exception):  # noqa: B017, PT011  (an assertion of the machine, or an error of the database)
        run(machine, 100)
