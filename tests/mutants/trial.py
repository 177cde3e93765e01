"""One mutant on trial: a forked process takes the change in, runs the tests that reach it, and ends at the first that fails."""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutants.mutant import FILES, TALLY, Mutant, module, mutated
from tests.mutants.record import Record
from tests.mutants.tests import Items, deepen, gather, passes

AT_LEAST, TIMES = 5.0, 10
"""Processor seconds that a test may take: at least so many, and so many times what it takes with nothing changed."""
MEMORY = 2 * 2**30
"""Bytes that a process on trial may take more than it has: an endless list is found as soon as an endless loop."""
SURVIVED, KILLED = 0, 1


class Functions:
    """All functions of the tally that are alive, found by their file, name and first line."""

    def __init__(self) -> None:
        for file in FILES:
            import_module(module(file))
        self._all: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and (code := one.__code__).co_filename.startswith(str(TALLY)):
                self._all[code.co_filename.rsplit("/", 1)[1], code.co_qualname, code.co_firstlineno].append(one)
        gc.freeze()

    def around(self, mutant: Mutant) -> tuple[list[FunctionType], CodeType]:
        """The functions around this mutant and their changed code. Raises ValueError where a living function cannot take it."""
        code = _inside(mutated(mutant), mutant.owner, mutant.owner_line)
        those = self._all[mutant.file, mutant.owner, mutant.owner_line]
        if code is None or not those or any(one.__code__.co_freevars != code.co_freevars for one in those):
            raise ValueError(f"no living function takes {mutant.name}")
        return those, code


def _inside(code: CodeType, name: str, line: int) -> CodeType | None:
    if code.co_qualname == name and code.co_firstlineno == line:
        return code
    found = (_inside(inner, name, line) for inner in code.co_consts if isinstance(inner, CodeType))
    return next((one for one in found if one), None)


class _Loader(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Loads the changed module in the place of the one in the file."""

    def __init__(self, mutant: Mutant, code: CodeType) -> None:
        super().__init__(module(mutant.file), str(TALLY / mutant.file))
        self._code = code

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return self._code


def of_function(mutant: Mutant, functions: Functions, items: Items, record: Record, names: Iterable[str]) -> tuple[int, str]:
    """Try a mutant inside a function; `items` are the gathered tests, which already hold the functions."""

    those, code = functions.around(mutant)

    def judge() -> int:
        for function in those:
            function.__code__ = code
        return _run(mutant.file, items, names, record)

    return _forked(judge)


def unchanged(items: Items, record: Record, names: Iterable[str]) -> bool:
    """Whether these tests pass in a process like those of the trials, with nothing changed: else every verdict would be worthless."""
    return _forked(lambda: _run("", items, names, record))[0] == SURVIVED


def of_module(mutant: Mutant | None, record: Record, names: list[str]) -> tuple[int, str]:
    """Try a mutant that acts while its module is loaded, or none: the process that calls must not have loaded the module."""
    loaders, result = [_Loader(mutant, mutated(mutant))] if mutant else [], [KILLED]

    def run(items: Items) -> None:
        result[0] = _run(mutant.file if mutant else "", items, names, record) if set(names) <= set(items) else KILLED

    def judge() -> int:
        sys.meta_path[:0] = loaders
        gather(run, *sorted({name.split("::")[0] for name in names}))
        return result[0]

    return _forked(judge)


def _run(file: str, items: Items, names: Iterable[str], record: Record) -> int:
    ordered = list(names)
    deep = record.deep(file, ordered)
    for item in (items[name] for name in ordered):
        if item.nodeid in deep:
            deepen(item)
        limit = max(AT_LEAST, TIMES * record.tests[item.nodeid].seconds)
        signal.setitimer(signal.ITIMER_PROF, limit)
        print(item.nodeid, file=sys.__stderr__, flush=True)
        if not passes(item):
            return KILLED
    return SURVIVED


def _forked(judge: Callable[[], int]) -> tuple[int, str]:
    """What `judge` says in a process of its own, and the last test it ran. Too much time or memory, or any crash, is a kill."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        verdict = KILLED
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(write, 2)
            _bound()
            verdict = judge()
        finally:
            os._exit(verdict)
    os.close(write)
    with os.fdopen(read) as told:
        lines = [line.strip() for line in told if line.startswith("tests/")]
    status = os.waitpid(child, 0)[1]
    return (os.WEXITSTATUS(status) if os.WIFEXITED(status) else KILLED), lines[-1] if lines else ""


def _bound() -> None:
    own = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY, own + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, 60)
