"""The long tests of the vote at their full counts. `make soak` runs this; it takes about half an hour on two quiet cores.

Usage: python -m tests.soak [WORD …]: all of them, or those whose test has one of these words in its name or file (kill, crowd,
t05, walks, n24 …). Counts can be lowered by the variables of COUNTS. The numbers are printed at the end, in lines that begin with "soak:".
"""

import os
import subprocess
import sys

from app.settings import ROOT

COUNTS = {
    "ROUNDS": "20",  # T01, T02: kills of the web server and of PostgreSQL
    "CLIENTS": "32",  # T01, T02: residents who vote meanwhile
    "EACH_ROUND": "100",  # T01, T02: receipts at least between two kills, which makes 2,000 ballots
    "CASTS": "10000",  # T05: casts of one key through two web processes, desk and cancelled codes among them
    "PARALLEL": "500",  # N10: parallel casts of one key in one process
    "CLOSING": "5000",  # T06: casts around closings
    "SECONDS": "600",  # T14: 32 clients on SQLite
    "BALLOTS": "1000",  # T26: ballots whose order of rows is looked at
    "REPLAYS": "200",  # T30: captured requests, each sent again in fifteen ways
    "WALKS": "1000",  # T34: random walks
    "VOTERS": "300",  # N24: correct declarations without the e-mails
    "BUNDLES": "1000",  # T10: honest bundles, which the verifier must believe
    "FLIPS": "1000",  # T10: bits flipped in a bundle, which it must not
    "AGREE": "1000",  # elections counted by the platform and by the verifier's page
    "PAGE_FLIPS": "500",  # bundles with one flipped bit, shown to that page
    "MACHINE": "2000",  # T08: runs of 50 steps of the state machine of the box
    "FAULTS": "20",  # T08: planted faults, each of which the machine must find
    "PAIRS": "10",  # T03: each fault is followed by another, at each of so many later statements
    "SCHEDULES": "100000",  # T09: interleavings of each pair of acts, at most: all of them
    "RESTORES": "10",  # T22: backups taken under load and brought back
    "PAYLOADS": "22",  # what people could write to have it run: each of them in every field, every page read
    "WORDS": "1000",  # strange words sent to every form: all of them
    "ROLLS": "20",  # N24: rolls in which every pattern is planted, and honest ones by eight
}
"""QUOTEPART_SOAK_<name> -> how many."""
FILES = (
    "tests/promises/test_scripts.py", "tests/promises/test_strange_input.py",
    "tests/voting/test_kill.py", "tests/voting/test_crowd.py", "tests/voting/test_crowd_served.py", "tests/voting/test_secrecy.py",
    "tests/voting/test_linking.py", "tests/voting/test_walks.py", "tests/core/test_anomalies.py", "tests/electorate/test_by_email.py",
    "tests/electorate/test_anomalies.py", "tests/journeys/test_vote.py", "tests/core/test_verification_honest.py",
    "tests/core/test_verification_attacks.py", "tests/journeys/test_verifier_page.py", "tests/voting/test_machine.py",
    "tests/voting/test_faults.py", "tests/voting/test_interleaved.py", "tests/voting/test_restore.py",
)  # fmt: skip


def main(*words: str) -> int:
    """Run the tests of FILES at their full counts; the exit status is pytest's."""
    counts = {f"QUOTEPART_SOAK_{name}": many for name, many in COUNTS.items()}
    environment = counts | dict(os.environ) | {"QUOTEPART_NO_SKIP": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-v", "-rxP", "--tb=short", *FILES]
    if words:
        command += ["-k", " or ".join(words)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
