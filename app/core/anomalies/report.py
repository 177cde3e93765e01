"""The report: every signal, by kind, the largest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.core.anomalies.days import day_signals
from app.core.anomalies.facts import Facts, Signal
from app.core.anomalies.kinds import Kind
from app.core.anomalies.mailboxes import mailbox_signals
from app.core.anomalies.people import people_signals
from app.core.anomalies.places import order_signals, place_signals

DETECTORS: tuple[Callable[[Facts], Iterator[Signal]], ...] = (mailbox_signals, place_signals, people_signals, order_signals, day_signals)


def signals(facts: Facts) -> list[Signal]:
    """Every unusual pattern in the facts, in the order of the kinds, then the largest first. Shows; decides nothing."""
    found = [signal for detect in DETECTORS for signal in detect(facts)]
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), -one.count, str(one.day), one.about))
