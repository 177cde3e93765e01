"""`python -m tests.bench_bombs`: what refusing each file and table made to harm costs (T21; the aim: one second and 150 MB).

Seconds of processor time, megabytes beyond what the process had before; each file in a process of its own, tables with the process that
reads them.
"""

from __future__ import annotations

import resource
import time

from app.core.problems import Invalid
from app.exchange.sheets.reading import read_rows
from tests.exchange.bombs import BOMBS
from tests.proposals.bombs import bombs
from tests.proposals.test_bombs import look_in_a_child

SECOND, MEGABYTES = 1.0, 150


def processor() -> float:
    """Seconds of processor time of this process and of those that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> None:
    """The dearest first, and how many are within the aim."""
    rows = []
    for what, name, make in bombs():
        seen = look_in_a_child(name, make())
        rows.append((seen.seconds, f"{seen.megabytes:4.0f} MB", what, seen.megabytes <= MEGABYTES))
    for what, made in BOMBS.items():
        content, before = made(), processor()
        try:
            for _ in read_rows(content):
                pass
        except Invalid:
            rows.append((processor() - before, "       ", what, True))
    rows.sort(reverse=True)
    within = sum(seconds <= SECOND and small for seconds, _, _, small in rows)
    print(f"{within} of {len(rows)} files made to harm are refused within {SECOND:.0f} s and {MEGABYTES} MB. The dearest:")
    for seconds, megabytes, what, _ in rows[:8]:
        print(f"{seconds:6.2f} s {megabytes}  {what}")


if __name__ == "__main__":
    main()
