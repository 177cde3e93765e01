"""T21: whatever is sent to break us is refused with a clear sentence, in little time and memory, measured in a process of its own."""

import io
from collections.abc import Callable
from multiprocessing import get_context
from typing import NamedTuple

import pytest
from PIL import Image

from app import uploads
from tests.proposals.bomb_child import look
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
    """Look at a file in a child that may not take more than a gigabyte of addresses nor 60 seconds.

    It is forked from a server with one thread, for a child of this process could meet a lock that nobody will ever open.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["app.uploads"])
    told, telling = context.Pipe(duplex=False)
    child = context.Process(target=look, args=(name, content, telling))
    child.start()
    telling.close()
    assert told.poll(60), "it did not come back"
    sentence, seconds, megabytes, broken = told.recv()
    child.join()
    assert not broken, broken
    return Seen(sentence, seconds, megabytes)


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
