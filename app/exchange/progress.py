"""A sign of life during long work: what is being done, and for how long, on the error output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TextIO

from app.core.messages import Message, say
from app.core.tally.progress import Told

FIRST = 2.0
"""Seconds before anything is said where nobody may be looking."""
ON_SCREEN = 0.5


@contextmanager
def progress(out: TextIO | None = None) -> Iterator[Told]:
    """A stage whose news go to `out` (else the error output): on a terminal one line that changes, else a new line now and then."""
    teller = _Teller(out or sys.stderr)
    teller.start()
    try:
        yield teller.hear
    finally:
        teller.stop()


class _Teller(Thread):
    def __init__(self, out: TextIO) -> None:
        super().__init__(daemon=True)
        self._out, self._screen = out, out.isatty()
        self._done, self._told = Event(), False
        self._doing: Message | None = None
        self._percent: int | None = None

    def hear(self, doing: Message, percent: int | None) -> None:
        self._doing, self._percent = doing, percent

    def run(self) -> None:
        """Speak after a while, then less and less often where each time takes a line."""
        pause = ON_SCREEN if self._screen else FIRST
        passed = 0.0
        while not self._done.wait(pause):
            passed += pause
            self._tell(passed)
            pause = pause if self._screen else passed

    def stop(self) -> None:
        """End, and leave no half line on a screen."""
        self._done.set()
        self.join()
        if self._told and self._screen:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def _tell(self, passed: float) -> None:
        if self._doing is None:
            return
        self._told = True
        news = say("%(doing)s: %(seconds)d s", doing=self._doing, seconds=int(passed))
        if self._percent is not None:
            news = say("%(doing)s: %(percent)d %%, %(seconds)d s", doing=self._doing, percent=self._percent, seconds=int(passed))
        self._out.write(f"\r\x1b[K{news}" if self._screen else f"{news}\n")
        self._out.flush()
