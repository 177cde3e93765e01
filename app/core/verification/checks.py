"""What one check found: whether it holds, and sentences a resident can read."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import Message, say_count

MOST_FAULTS = 5
"""So many faults of one check are told one by one, the others by their number."""


@dataclass(frozen=True)
class Check:
    """`holds`: True, False, or None where it cannot be checked with what was published. `sentences` say what was found and why."""

    id: str
    title: Message
    holds: bool | None
    sentences: tuple[Message, ...]


class Findings:
    """Gathers what a check finds, faults first in what is told."""

    def __init__(self) -> None:
        self._faults: list[Message] = []
        self._more = 0
        self._open: list[Message] = []
        self._notes: list[Message] = []

    def fault(self, message: Message) -> None:
        """Something is wrong: the check does not hold."""
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(message)
        else:
            self._more += 1

    def expect(self, good: bool, message: Message) -> None:
        """A fault unless this is so."""
        if not good:
            self.fault(message)

    def unchecked(self, message: Message) -> None:
        """Something cannot be checked by whoever holds this bundle."""
        self._open.append(message)

    def note(self, message: Message) -> None:
        """Something worth knowing that changes nothing."""
        self._notes.append(message)

    def join(self, other: Findings) -> None:
        """Take over what another walk found."""
        for fault in other._faults:
            self.fault(fault)
        self._more += other._more
        self._open += other._open
        self._notes += other._notes

    @property
    def faultless(self) -> bool:
        """Whether no fault was found so far."""
        return not self._faults

    def check(self, id: str, title: Message) -> Check:
        """The check as it came out."""
        more = say_count("There is %(count)d fault more of this kind.", "There are %(count)d faults more of this kind.", self._more)
        sentences = (*self._faults, *((more,) if self._more else ()), *self._open, *self._notes)
        holds = False if self._faults else None if self._open else True
        return Check(id, title, holds, sentences)
