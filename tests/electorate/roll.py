"""People put on a roll at once, as if they had identified themselves by e-mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.editions.models import Edition
from app.electorate import service
from app.electorate.models import RollLine
from app.electorate.queries import roll_size
from app.unit import Work
from tests.core.anomaly_rolls import Roll
from tests.polls.stage import declaration


def crowd(unit: Work, edition: Edition, many: int = 10, *, day: int = 0, **of: Callable[[int], Any]) -> list[RollLine]:
    """So many honest people on one day, but for what these functions give for the n-th of them."""
    honest = Roll(0, seed=sum(roll_size(unit, edition).values()))
    at = Work(unit.db, unit.now - timedelta(days=day), unit.token)
    lines = []
    for number in range(many):
        honest.add()
        one = honest.entries[-1]
        given = {"name": one.name, "birth_date": one.birth_date.isoformat(), "address": one.address, "email": one.email}
        form = declaration(**given | {name: value(number) for name, value in of.items()})
        lines.append(service.line_of_person(at, edition, form, origin="email", email=form.email))
    unit.db.flush()
    return lines
