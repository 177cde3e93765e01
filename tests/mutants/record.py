"""What each test runs and how long it takes, written down once and again only for the files of tests that changed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

from app.settings import ROOT
from tests.mutants.tests import THOROUGH, Items, Watched, digest, gather, watched

FOLDER = ROOT / "var" / "mutants"
RECORD = FOLDER / "tests.json"
SLOWEST, TOGETHER = (3.0, 20.0) if THOROUGH else (1.0, 6.0)
"""A test that takes more seconds than the first judges no mutant; nor do the slower ones once those before took the second together."""


class Record:
    """Which tests may notice a change: first those of a file named like the changed one, then the others, always the quickest first."""

    def __init__(self) -> None:
        kept = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        self.digests: dict[str, str] = kept.get("digests", {})
        self.tests: dict[str, Watched] = {name: Watched(*one) for name, one in kept.get("tests", {}).items()}

    def renew(self, items: Items) -> None:
        """Watch the tests of every file that is not as it was."""
        files = defaultdict(list)
        for name, item in items.items():
            files[name.split("::")[0]].append(item)
        self.tests = {name: one for name, one in self.tests.items() if name in items}
        for file, those in files.items():
            if self.digests.get(file) != (now := digest(file)):
                self.tests = {name: one for name, one in self.tests.items() if not name.startswith(f"{file}::")}
                self.tests |= {item.nodeid: seen for item in those if (seen := watched(item)) is not None}
                self.digests[file] = now
                self._keep()

    def of_lines(self, file: str, first: int, last: int) -> list[str]:
        """The tests that run one of these lines."""
        met = (name for name, one in self.tests.items() if any(first <= line <= last for line in one.lines.get(file, ())))
        return self._nearest(file, met)

    def of_file(self, file: str) -> list[str]:
        """The tests that run anything of this file."""
        return self._nearest(file, (name for name, one in self.tests.items() if file in one.lines))

    def some(self) -> list[str]:
        """The hundred quickest tests."""
        return self._nearest("", self.tests)[:100]

    def _nearest(self, file: str, names: Iterable[str]) -> list[str]:
        words = set(file.removesuffix(".py").split("_"))

        def order(name: str) -> tuple[int, float]:
            own = set(name.split("::")[0].rpartition("/")[2].removesuffix(".py").split("_"))
            return -len(words & own), self.tests[name].seconds

        quick = sorted((name for name in names if self.tests[name].seconds <= SLOWEST), key=order)
        taken = accumulate(self.tests[name].seconds for name in quick)
        return [name for name, seconds in zip(quick, taken, strict=True) if seconds <= TOGETHER]

    def _keep(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        RECORD.write_text(json.dumps({"digests": self.digests, "tests": self.tests}))


if __name__ == "__main__":
    gather(Record().renew)
