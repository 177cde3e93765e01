"""What each test runs and how long it takes, written down once and again only for the files of tests that changed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

from app.settings import ROOT
from tests.mutants.tests import Items, Watched, digest, gather, watched

FOLDER = ROOT / "var" / "mutants"
RECORD = FOLDER / "tests.json"
SLOWEST, TOGETHER, NEAREST = 1.0, 6.0, 3.0
"""A test that takes more seconds than the first judges no mutant; nor do the slower ones once those before took the second together.
The nearest are given more examples, as long as they take no more than the third together without them."""


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

    def deep(self, file: str, names: list[str]) -> frozenset[str]:
        """Which of these tests are given more examples: the quick ones of the files named most like the changed one."""
        best = max((_shared(file, name) for name in names), default=0)
        near = sorted((name for name in names if best and _shared(file, name) == best), key=lambda name: self.tests[name].seconds)
        taken = accumulate(self.tests[name].seconds for name in near)
        return frozenset(name for name, seconds in zip(near, taken, strict=True) if seconds <= NEAREST)

    def _nearest(self, file: str, names: Iterable[str]) -> list[str]:
        quick = (name for name in names if self.tests[name].seconds <= SLOWEST)
        ordered = sorted(quick, key=lambda name: (-_shared(file, name), self.tests[name].seconds))
        taken = accumulate(self.tests[name].seconds for name in ordered)
        return [name for name, seconds in zip(ordered, taken, strict=True) if seconds <= TOGETHER]

    def _keep(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        RECORD.write_text(json.dumps({"digests": self.digests, "tests": self.tests}))


def _shared(file: str, name: str) -> int:
    """How many words the name of a file of the tally shares with that of a file of tests."""
    own = name.split("::")[0].rpartition("/")[2].removesuffix(".py").split("_")
    return len(set(file.removesuffix(".py").split("_")) & set(own))


if __name__ == "__main__":
    gather(Record().renew)
