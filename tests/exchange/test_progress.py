"""Long work gives a sign of life; short work says nothing."""

from __future__ import annotations

import io
from threading import Event

import pytest

from app.core.messages import say
from app.exchange import progress


class Screen(io.StringIO):
    """An output that says when something was written to it, and whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal, self.written = terminal, Event()

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        done = super().write(text)
        self.written.set()
        return done


@pytest.mark.parametrize("terminal", [True, False])
def test_long_work_is_told_with_what_is_done(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "ON_SCREEN", 0.001)
    monkeypatch.setattr(progress, "FIRST", 0.001)
    out = Screen(terminal)
    with progress.progress(out) as stage:
        stage(say("Reading the file"), 42)
        assert out.written.wait(30)
    text = out.getvalue()
    assert "Reading the file: 42 %, 0 s" in text
    assert text.endswith("\r\x1b[K" if terminal else "s\n")


def test_short_work_says_nothing() -> None:
    out = Screen(True)
    with progress.progress(out) as stage:
        stage(say("Counting"), None)
    assert out.getvalue() == ""
