"""What became of each mutant: kept as it comes, so that a run can be stopped and goes on; and the survivors that are explained."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from app.settings import ROOT
from tests.mutants.mutant import TALLY, Mutant
from tests.mutants.record import FOLDER

KEPT = FOLDER / "results.jsonl"
EXPLAINED = ROOT / "tests" / "core" / "survivors.md"


class Results:
    """A killed mutant stays killed as long as its file is the same; a survivor is tried again once it would meet other tests."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._all: dict[str, tuple[str, str, str]] = {}
        for line in KEPT.read_text().splitlines() if KEPT.exists() else ():
            name, digest, verdict, met = json.loads(line)
            self._all[name] = digest, verdict, met

    def of(self, mutant: Mutant, met: str) -> str | None:
        """What is known of this mutant if it would `met` these tests: "killed", "survived" or nothing."""
        digest, verdict, then = self._all.get(mutant.name, ("", "", ""))
        return verdict if digest == self._digest(mutant.file) and (verdict == "killed" or then == met) else None

    def known(self, mutant: Mutant) -> str | None:
        """What became of it last, with the file as it is now."""
        digest, verdict, _ = self._all.get(mutant.name, ("", "", ""))
        return verdict if digest == self._digest(mutant.file) else None

    def keep(self, mutant: Mutant, verdict: str, met: str) -> None:
        """Write down what became of it."""
        self._all[mutant.name] = self._digest(mutant.file), verdict, met
        FOLDER.mkdir(parents=True, exist_ok=True)
        with KEPT.open("a") as file:
            file.write(json.dumps([mutant.name, *self._all[mutant.name]], ensure_ascii=False) + "\n")

    def _digest(self, file: str) -> str:
        if file not in self._files:
            self._files[file] = sha256((TALLY / file).read_bytes()).hexdigest()[:16]
        return self._files[file]


def explained() -> set[tuple[str, str, str]]:
    """File, function and change of each line of survivors.md: the number of the line may have moved since."""
    return set(re.findall(r"^- `(\w+\.py):\d+` (\S+) `(.+? → .+?)`: ", EXPLAINED.read_text(), re.MULTILINE))


def report(tried: Iterable[tuple[Mutant, str]]) -> str:
    """A table by file, then every survivor that nobody has explained."""
    known, counts, open_ones = explained(), Counter[tuple[str, str]](), []
    for mutant, verdict in tried:
        where = mutant.owner or "module"
        if verdict == "survived" and (mutant.file, where, mutant.change) in known:
            verdict = "explained"
        counts[mutant.file, verdict] += 1
        if verdict == "survived":
            open_ones.append(f"- `{mutant.file}:{mutant.line}` {where} `{mutant.change}`: ")
    return "\n".join([*open_ones, "", *_table(counts)])


def _table(counts: Counter[tuple[str, str]]) -> list[str]:
    lines = [f"{'':28}{'mutants':>9}{'killed':>9}{'explained':>11}{'survived':>10}{'killed of those not equivalent':>33}"]
    for file in [*sorted({file for file, _ in counts}), "all"]:
        killed, known, left = (
            sum(many for (where, what), many in counts.items() if what == verdict and file in (where, "all"))
            for verdict in ("killed", "explained", "survived")
        )
        rate = f"{killed / (killed + left):.1%}" if killed + left else ""
        lines.append(f"{file:28}{killed + known + left:>9}{killed:>9}{known:>11}{left:>10}{rate:>33}")
    return lines
