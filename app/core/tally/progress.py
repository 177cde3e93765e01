"""How far a count is: whoever counts may be told, and nothing of the outcome depends on it."""

from __future__ import annotations

from typing import Protocol

from app.core.messages import Message


class Told(Protocol):
    """Is told what is done now, and how much of the whole in per cent (None: nobody knows)."""

    def __call__(self, doing: Message, percent: int | None) -> None: ...


def untold(doing: Message, percent: int | None) -> None:
    """Tells nobody."""


def part_told(told: Told, done: int, of: int) -> Told:
    """For part `done` (from 0) of `of` equal parts: its own percentages as those of the whole."""

    def tell(doing: Message, percent: int | None) -> None:
        told(doing, (100 * done + (percent or 0)) // of)

    return tell
