"""`python -m tests.bench_verify`: how long a whole bundle takes to read and verify, and in how much memory.

100,000 ballots; with the word `million`, a million, which first takes some minutes to seal. The bundle is made in one process and
verified in another, so that the memory told is that of the verifier alone. Limits of docs/security.md (T11), for a million ballots:
15 minutes of CPU, 2 GiB, and 10 seconds for the tree.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from app.core.formats import write_pabulib
from app.core.formats.pabulib import PabulibFile
from app.core.formats.pabulib import Project as Line
from app.core.messages import Message
from app.core.tally import Election, EqualShares
from app.core.transparency import Frontier, canonical, leaf_hash
from app.core.verification import Material, Published, Verdict, define, read_zip, totals, verify, write_bundle, write_zip
from tests.core.bundle_maker import definition, turnout
from tests.core.bundles import Poll, opening_key, sealed, signing
from tests.synthetic import synthetic

PROJECTS, BALLOT_BYTES = 150, 192
FEW, MANY = 100_000, 1_000_000
RULE = EqualShares(tie_break=("cheaper", "id"), step_cents=100)


def poll_of(election: Election) -> tuple[Poll, tuple[Published, ...]]:
    """An election with these ballots, each cast online, in ten batches."""
    base = definition(Random(1), change=False, discreet=False, least=20)
    projects = [
        {"id": one.id, "number": at, "title": one.id, "cost_cents": one.cost_cents, "carrier": None, "theme": "", "country": ""}
        for at, one in enumerate(election.projects, 1)
    ]
    style = {"kind": "approval", "min_choices": 1, "max_choices": 15, "max_total_cents": None}
    own = {"projects": projects, "envelope_cents": election.budget_cents, "style": style, "rule": RULE.model_dump(mode="json")}
    voters = election.profile.piles
    register = {"register": {"count": voters, "root": "ab" * 32}}
    defined = base | own | register | {"ballot_bytes": BALLOT_BYTES, "witnesses": []}
    keys = (opening_key("bureau"), signing("log"), signing("receipt"))
    told = turnout(voters, 0)
    told["register"] |= {"frozen": voters, "total": voters + 9}
    ends = tuple(voters * part // 10 for part in range(1, 11))
    empty = Poll(defined, (), ends, (), told, {}, *keys, {}, ())
    starts, marks, ids = election.profile.start.tolist(), election.profile.project.tolist(), election.ids
    lines = tuple(Published(tuple(sorted(ids[one] for one in marks[starts[row] : starts[row + 1]]))) for row in range(voters))
    entries = tuple(sealed(empty, line.choices or (), f"seed {row}") for row, line in enumerate(lines))
    return Poll(defined, entries, ends, (), told, {}, *keys, {}, (), lines=lines), lines


def pabulib(poll: Poll, election: Election, lines: tuple[Published, ...]) -> bytes:
    """The .pb file, its ballots written line by line: a million objects would not fit beside the rest."""
    meta = {
        "description": "bench",
        "country": "-",
        "unit": "-",
        "instance": "-",
        "date_begin": "2026",
        "date_end": "2026",
        "rule": "unknown",
    }
    rule = canonical(poll.definition["rule"]).decode()
    meta["comment"] = f"#1: Quotepart rule as data: {rule} #2: blank ballots, not listed: 0"
    projects = tuple(Line(one.id, one.cost_cents, {"votes": str(election.votes[one.id])}) for one in election.projects)
    text = write_pabulib(
        PabulibFile(meta, election.budget_cents, "approval", projects, ("project_id", "cost", "votes"), ("voter_id", "vote"), ())
    )
    votes = "".join(f'{row};"{",".join(line.choices or ())}"\n' for row, line in enumerate(lines, 1))
    return (text.replace("num_votes;0", f"num_votes;{len(lines)}") + votes).encode()


def make(voters: int, path: Path) -> None:
    """Write such a bundle to `path`."""
    election = synthetic(voters, PROJECTS)
    poll, lines = poll_of(election)
    outcome = define(poll.definition)[0].rule.count(election)
    result = totals(election, outcome, 0, poll.definition["rule"], {})
    leaves = [leaf_hash(raw) for raw in poll.entries]
    heads = poll.heads(str(poll.definition["origin"]), leaves, poll.ends)
    opening = {"mode": "open", "key": poll.key.private_bytes_raw().hex()}
    acts = poll.heads(f"{poll.definition['origin']}/acts", [], (0,))
    material = Material(
        poll.definition, poll.entries, heads, (), acts, opening, lines, poll.turnout, result, pabulib(poll, election, lines)
    )
    path.write_bytes(write_zip(write_bundle(material, poll.log_key.sign)))


class Clock:
    """CPU seconds of each thing that the verifier says it does."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._doing, self._since = "Opening the bundle", time.process_time()

    def __call__(self, doing: Message, percent: int | None) -> None:
        """The stage of `verify`."""
        now = time.process_time()
        self.spent[self._doing] = self.spent.get(self._doing, 0.0) + now - self._since
        self._doing, self._since = str(doing), now


def measure(path: Path) -> None:
    """Verify the bundle at `path`, and tell the seconds and the memory of this process."""
    clock, began = Clock(), time.process_time()
    with path.open("rb") as source:
        bundle = read_zip(source)
        verdict = verify(bundle, None, clock)
    clock(Message("the end"), None)
    told(verdict, clock.spent, time.process_time() - began)


def tree(leaves: int) -> None:
    """The tree alone: hashing so many entries and growing the tree over them."""
    began, frontier, entry = time.process_time(), Frontier(), bytes(32 + BALLOT_BYTES + 16)
    for _ in range(leaves):
        frontier.append(leaf_hash(entry))
    print(f"The tree alone over {leaves} entries: {time.process_time() - began:.1f} s")


def told(verdict: Verdict, spent: dict[str, float], seconds: float) -> None:
    """The numbers."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{'holds' if verdict.holds else 'DOES NOT HOLD'}: {seconds:.1f} s of CPU, {peak} MB at most")
    for doing, each in spent.items():
        print(f"    {each:8.1f} s  {doing}")


def main() -> None:
    """Make and verify; `make` and `measure` with what follows are the processes it starts."""
    match sys.argv[1:]:
        case ["make", voters, path]:
            return make(int(voters), Path(path))
        case ["measure", path]:
            return measure(Path(path))
        case words:
            voters = MANY if "million" in words else FEW
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        began = time.perf_counter()
        run("make", str(voters), str(path))
        print(f"A bundle of {voters} ballots, {path.stat().st_size / 1e6:.0f} MB, made in {time.perf_counter() - began:.0f} s.", flush=True)
        run("measure", str(path))
    tree(voters)


def run(*words: str) -> None:
    """One step in a process of its own."""
    subprocess.run([sys.executable, "-m", "tests.bench_verify", *words], check=True)


if __name__ == "__main__":
    main()
