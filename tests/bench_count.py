"""`python -m tests.bench_count`: how fast Equal Shares and Phragmén's rule count, plain and compiled, beside pabutools.

CPU seconds of the rule alone, index included, ballots already in memory; the best of a few. The winners must be the same, in the same
order. `--quick` leaves out the million ballots and the other program. Growth is drawn into bench/, which git does not see.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from app.core.formats import read_election
from app.core.tally import Election, EqualShares, Greedy, Phragmen, Project
from app.core.tally.column_questions import Columns
from app.core.tally.columns import PLAIN, fast
from app.core.tally.phragmen_envelope import Recount
from app.core.tally.phragmen_ground import Ground
from app.core.tally.phragmen_report import rows, ties
from app.core.tally.shares_completion import Completed, complete
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_report import report
from tests.bench_chart import chart
from tests.synthetic import synthetic

BENCH = Path("bench")
NONE = EqualShares(completion="none", tie_break=("id",))
ADD_ONE = EqualShares(tie_break=("id",), step_cents=10)
GREEDY = Greedy(tie_break=("id",))
PHRAGMEN = Phragmen(tie_break=("id",))
GOALS = {50_000: (400, 1500), 5_000: (50, 200), 0: (5, 10)}
"""So many times faster than pabutools, plain and compiled, from so many voters on."""

ADD_ONE_GOALS = (300, 1000)


def choose(rule: EqualShares, election: Election, own: Columns) -> tuple[Market, Completed]:
    """The rule alone, in these columns."""
    indexed = market(rule, election, rule.utility, rule.scale, own)
    voters = election.valid + (election.blank if rule.blank_ballots_hold_a_share else 0)
    return indexed, complete(indexed, rule.completion, voters, rule.step_cents)


def cpu(work: Callable[[], Any], times: int = 3) -> float:
    """The least CPU seconds that this took."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return min(taken)


def columns() -> list[Columns]:
    """Plain, and compiled where Numba is installed; compiled once so that compiling is not timed."""
    own: list[Columns] = [PLAIN]
    if (compiled := fast()) is not None and compiled is not PLAIN:
        choose(NONE, synthetic(500, 20), compiled)
        own.append(compiled)
    else:
        print("Numba is not installed: only the plain columns are measured.")
    return own


def sizes(sizes: list[tuple[int, int]]) -> None:
    """Equal Shares without and with completion, and what its explanations add to each; greedy and Phragmén beside them.

    And how near the floor it comes.
    """
    for voters, projects in sizes:
        election = synthetic(voters, projects)
        print(f"{voters} x {projects}: {greedy(election)}")
        phragmen(election)
        for rule, name in ((NONE, "none"), (ADD_ONE, "add-one")):
            orders = set()
            for own in columns():
                indexed, done = choose(rule, election, own)
                count = cpu(lambda own=own, election=election, rule=rule: choose(rule, election, own), 5 if rule is NONE else 2)
                told = cpu(lambda indexed=indexed, done=done: report(indexed, done), 2)
                orders.add(done.final.bought)
                print(
                    f"{name:>12} {own.name:>6}: {count:8.4f} s for {done.runs} steps, {count / floor(indexed):5.1f} times the floor; "
                    f"explained in {told:8.4f} s, {told / count:5.1f} times the count"
                )
            assert len(orders) == 1, "both columns must buy the same in the same order"


def greedy(election: Election) -> str:
    """What greedy takes, counting the votes included, and what of it its explanations are."""
    votes = cpu(election.profile.votes)
    whole = votes + cpu(lambda: GREEDY.count(election))
    return f"greedy {whole:.4f} s, of which {votes:.4f} s count votes: explained in {(whole - votes) / votes:.1f} times the count"


def phragmen(election: Election) -> None:
    """What Phragmén's rule takes, its index included, and what its explanations add."""
    needed = PHRAGMEN.needed(election)
    orders = set()
    for own in columns():

        def counted(own: Columns = own) -> Recount:
            ground = Ground(election, own)
            standing = [place for place, id in enumerate(election.ids) if ground.votes[place] >= max(needed[id], 1)]
            return Recount(PHRAGMEN, ground, standing, stop=True)

        recounts = [counted() for _ in range(2)]
        count, told = cpu(counted), min(cpu(lambda done=done: (rows(PHRAGMEN, done), ties(done)), 1) for done in recounts)
        orders.add(recounts[0].run.bought)
        print(f"    Phragmén {own.name:>6}: {count:8.4f} s; explained in {told:8.4f} s, {told / count:5.1f} times the count")
    assert len(orders) == 1, "both columns must buy the same in the same order"


def floor(indexed: Market) -> float:
    """Seconds to touch each purse once for each mark, project by project: no count can do with less memory traffic than about this."""
    purses = np.zeros(len(indexed.many), np.int64)
    return cpu(lambda: [purses.take(owner) for owner, _, _ in indexed.sides], 5)


def memory(voters: int, projects: int) -> None:
    """The peak of a process that makes, counts and explains such an election."""
    code = (
        "import resource, time; from tests.bench_count import *; from tests.synthetic import synthetic; own = columns()[-1];"
        f"election = synthetic({voters}, {projects}); made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "choose(ADD_ONE, election, own); print(made // 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    made, peak = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()[-2:]
    print(f"Memory of {voters} x {projects}: {peak} MB at most, {made} MB once the ballots were there.")


def reading(voters: int, projects: int) -> None:
    """How long it takes to read such a .pb file."""
    election = synthetic(voters, projects)
    profile, ids = election.profile, election.ids
    head = f"META\nkey;value\ndescription;bench\ncountry;-\nunit;-\ninstance;-\nnum_projects;{projects}\nnum_votes;{voters}\n"
    head += f"budget;{election.budget_cents // 100}\nvote_type;approval\nrule;greedy\ndate_begin;2026\ndate_end;2026\nmin_length;1\n"
    head += f"max_length;{projects}\nPROJECTS\nproject_id;cost\n" + "".join(
        f"{one.id};{one.cost_cents // 100}\n" for one in election.projects
    )
    starts, names = profile.start.tolist(), [ids[place] for place in profile.project.tolist()]
    votes = "".join(f"{row};{','.join(names[starts[row] : starts[row + 1]])}\n" for row in range(voters))
    data = (head + "VOTES\nvoter_id;vote\n" + votes).encode()
    taken = cpu(lambda: read_election(data, name="bench.pb", most=2**31), 1)
    print(f"Reading {voters} ballots of {len(data) / 1e6:.0f} MB: {taken:.2f} s.")


def growth() -> None:
    """CPU seconds against voters and against projects, as drawings."""
    own = columns()
    for name, points in (
        ("voters", [(voters, 150) for voters in (5_000, 10_000, 20_000, 50_000, 100_000, 200_000)]),
        ("projects", [(50_000, projects) for projects in (25, 50, 100, 200, 400)]),
    ):
        lines: dict[str, list[tuple[float, float]]] = {one.name: [] for one in own}
        for voters, projects in points:
            election = synthetic(voters, projects)
            for one in own:
                taken = cpu(lambda one=one, election=election: choose(NONE, election, one))
                lines[one.name].append((voters if name == "voters" else projects, taken))
        BENCH.mkdir(exist_ok=True)
        path = BENCH / f"equal-shares-by-{name}.svg"
        path.write_text(chart(f"Equal Shares: CPU seconds by number of {name}", name, lines), encoding="utf-8")
        print(f"Drawn: {path}")


def other_program(folder: Path) -> Path | None:
    """An interpreter with pabutools 1.2.3 and exact fractions, or None where it cannot be installed."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    wanted = ["pabutools==1.2.3", "gmpy2"]
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        print("pabutools could not be installed, so there is no comparison with it.")
        return None
    return python


def beside(python: Path, name: str, election: Election, step: int | None, modes: list[str]) -> None:
    """The same election by both programs: equal winners in equal order, and how many times faster ours is."""
    profile = election.profile
    starts, marks = profile.start.tolist(), profile.project.tolist()
    ballots = [marks[starts[row] : starts[row + 1]] for row in range(profile.piles) for _ in range(int(profile.many[row]))]
    costs = [(one.id, one.cost_cents // 100) for one in election.projects]
    given = {"projects": costs, "budget": election.budget_cents // 100, "ballots": ballots, "modes": modes, "step": step}
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(given, file)
    try:
        answer = subprocess.run([python, "tests/bench_pabutools.py", file.name], capture_output=True, text=True, check=True).stdout
    finally:
        Path(file.name).unlink()
    found = json.loads(answer.splitlines()[-1])
    theirs = min(found, key=lambda one: one["cpu"])
    rule = EqualShares(
        completion="add1_until_exhaustive" if step else "none", tie_break=("id",), min_votes=0, blank_ballots_hold_a_share=True
    )
    for own in columns():
        indexed, done = choose(rule, election, own)
        ours = cpu(lambda own=own: choose(rule, election, own), 7)
        winners = [indexed.ids[one] for one in done.final.bought]
        goals = ADD_ONE_GOALS if step else next(pair for least, pair in GOALS.items() if profile.total >= least)
        same = all(winners == one["winners"] for one in found)
        print(
            f"{name:>28} {own.name:>6} {ours:9.4f} s, pabutools {theirs['cpu']:8.2f} s ({theirs['mode']}): "
            f"{theirs['cpu'] / ours:7.0f} times (goal {goals[own.name != 'plain']}); "
            f"{'same winners in the same order' if same else 'OTHER WINNERS'}"
        )


def real(name: str) -> Election | None:
    """A real election, if its folder is known."""
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        print("QUOTEPART_ELECTIONS does not name the folder of real elections: left out.")
        return None
    file = read_election((Path(folder) / f"{name}.pb").read_bytes(), name=name)
    return Election(tuple(Project(one.id, one.cost_cents) for one in file.projects), file.profile, file.budget_cents, file.currency)


def main() -> None:
    """Everything, or with --quick what takes less than a minute."""
    quick = "--quick" in sys.argv
    sizes([(10_000, 150), (100_000, 150)] if quick else [(10_000, 150), (100_000, 150), (1_000_000, 500)])
    reading(*((100_000, 150) if quick else (1_000_000, 500)))
    growth()
    if quick:
        return
    memory(1_000_000, 500)
    with tempfile.TemporaryDirectory() as folder:
        python = other_program(Path(folder) / "pabutools")
        if python is None:
            return
        for voters, projects in ((1_000, 150), (10_000, 50), (50_000, 60), (50_000, 150)):
            modes = ["plain", "grouped"] if voters <= 10_000 else ["plain"]
            beside(python, f"{voters} x {projects}", synthetic(voters, projects), None, modes)
        ochota = real("Poland_Warszawa_2024_Ochota")
        if ochota is not None:
            beside(python, "Ochota, none", ochota, None, ["plain", "grouped"])
            beside(python, "Ochota, add-one", ochota, 1, ["plain"])


if __name__ == "__main__":
    main()
