"""The unit tests that judge: gathered once by pytest, made repeatable, and watched to learn which lines each of them runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from hashlib import sha256
from time import process_time
from typing import NamedTuple, TypeAlias

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings

from app.settings import ROOT
from tests.mutants.mutant import TALLY

EXAMPLES, MANY = 25, 150
"""Examples of each property, and how many the tests nearest to a change are given: always the same, for a result found again."""
TESTS = ROOT / "tests" / "core"
OPTIONS = (
    "-pno:xdist", "-pno:terminal", "-pno:cacheprovider", "-pno:unraisableexception", "-oaddopts=--import-mode=importlib", "--capture=no",
    "-Wignore::pytest.PytestAssertRewriteWarning", "-Wignore:No data was collected",
)  # fmt: skip
Items: TypeAlias = "dict[str, pytest.Item]"

os.environ["NUMBA_DISABLE_JIT"] = "1"  # a compiled kernel is kept by the date of its file and would not see the change
os.environ.pop("QUOTEPART_ELECTIONS", None)


class Watched(NamedTuple):
    """What one test takes (seconds) and runs (file of the tally -> lines)."""

    seconds: float
    lines: dict[str, list[int]]


class Gathered:
    """A pytest plugin that hands the gathered tests, repeatable, to `work` in the place of running them."""

    def __init__(self, work: Callable[[Items], None]) -> None:
        self._work = work

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give every property the same fixed examples and no search for a smaller one."""
        for item in items:
            test = getattr(item, "obj", None)
            own = getattr(test, "_hypothesis_internal_use_settings", None)
            if own is not None:
                test._most = min(own.max_examples, MANY)  # type: ignore[union-attr]
                test._hypothesis_internal_use_settings = settings(  # type: ignore[union-attr]
                    own, max_examples=min(own.max_examples, EXAMPLES), derandomize=True, database=None, deadline=None, print_blob=False,
                    phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
                )  # fmt: skip

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Say that all is run; `work` has done it."""
        self._work({item.nodeid: item for item in session.items})
        return True


def gather(work: Callable[[Items], None], *names: str) -> int:
    """Hand the tests of tests/core, or only those named, to `work`; the status is pytest's, 0 where all went well."""
    chosen = names or tuple(sorted(str(path.relative_to(ROOT)) for path in TESTS.glob("test_*.py") if "tally" in path.read_text()))
    with contextlib.chdir(ROOT):
        return int(pytest.main([*OPTIONS, *chosen], [Gathered(work)]))


def deepen(item: pytest.Item) -> None:
    """Give a property more examples; the first ones stay the same."""
    test = getattr(item, "obj", None)
    if (most := getattr(test, "_most", None)) is not None:
        test._hypothesis_internal_use_settings = settings(test._hypothesis_internal_use_settings, max_examples=most)  # type: ignore[union-attr]


def passes(item: pytest.Item) -> bool:
    """Run this test once."""
    return all(not report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def digest(path: str) -> str:
    """Changes with this file of tests, with what it may lean on, and with the core."""
    leant_on = [*sorted(TALLY.parent.rglob("*.py")), *sorted(p for p in TESTS.glob("*.py") if not p.name.startswith("test_")), ROOT / path]
    total = sha256(str((EXAMPLES, MANY)).encode())
    for each in leant_on:
        total.update(each.read_bytes())
    return total.hexdigest()[:16]


def watched(item: pytest.Item) -> Watched | None:
    """The processor time of this test in seconds, and the lines of each file of the tally that it runs.

    None if it fails with nothing changed: without Numba's compiler, NumPy's own whole numbers turn up where a fraction is made.
    """
    watch = coverage.Coverage(data_file=None, config_file=False, include=[str(TALLY / "*")], messages=False)
    with watch.collect():
        started = process_time()
        good = passes(item)
        taken = process_time() - started
    data = watch.get_data()
    lines = {path.rsplit("/", 1)[1]: sorted(data.lines(path) or ()) for path in data.measured_files()}
    return Watched(round(taken, 4), {file: those for file, those in lines.items() if those}) if good else None
