"""T21: whatever is sent to break us is refused with a clear sentence, in little time and memory, measured in a process of its own."""

import io
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from app import uploads
from app.core.problems import Invalid
from tests.proposals.bombs import bombs, harmless

MEMORY_MB = 150
"""What looking at one file may take, beyond what the process had before."""
SECONDS = 5.0
"""Of processor time: a guard against a hang; in quiet hours each takes less than one (-rP prints them)."""


class Seen(NamedTuple):
    """How it went: the sentence (None if the file was taken), seconds of processor time, megabytes."""

    sentence: str | None
    seconds: float
    megabytes: float


def look_in_a_child(name: str, content: bytes) -> Seen:
    """Look at a file in a child that may not take more than a gigabyte of addresses nor 30 seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _look(name, content, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status, used = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, told.decode()
    sentence, before = json.loads(told)
    return Seen(sentence, used.ru_utime + used.ru_stime, (used.ru_maxrss - before) / 1000)


def _look(name: str, content: bytes, writing: int) -> None:
    """What the child does; it never comes back."""
    try:
        signal.alarm(30)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        mine = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
        resource.setrlimit(resource.RLIMIT_AS, (mine + 1_000_000_000, mine + 1_000_000_000))
        try:
            uploads.look_at(name, content)
            sentence = None
        except Invalid as refused:
            sentence = refused.errors["file"].text
        os.write(writing, json.dumps([sentence, before]).encode())
        os._exit(0)
    except BaseException as error:
        os.write(writing, repr(error)[:1000].encode())
    finally:
        os._exit(1)


CORPUS = [pytest.param(name, make, id=what) for what, name, make in bombs()]


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 40


@pytest.mark.parametrize(("name", "make"), CORPUS)
def test_a_bomb_is_refused_with_a_sentence_and_costs_little(name: str, make: Callable[[], bytes]) -> None:
    content = make()
    seen = look_in_a_child(name, content)
    assert seen.sentence is not None
    assert seen.sentence.endswith(".")
    assert seen.seconds <= SECONDS, seen
    assert seen.megabytes <= MEMORY_MB, seen
    print(f"{seen.seconds:.2f} s, {seen.megabytes:.0f} MB: {seen.sentence}")


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=what) for what, name, make in harmless()])
def test_what_lies_beside_a_picture_is_neither_read_nor_kept(name: str, make: Callable[[], bytes]) -> None:
    content = make()
    seen = look_in_a_child(name, content)
    assert seen.sentence is None
    assert (seen.seconds <= SECONDS, seen.megabytes <= MEMORY_MB) == (True, True), seen
    kept = uploads.look_at(name, content).content
    assert len(kept) < 5_000
    assert Image.open(io.BytesIO(kept)).size == (40, 20)
