"""The long tests of the ballot box at their full counts: many kills, many parallel casts. `make soak` runs this; it takes a while.

Usage: python -m tests.soak [ROUNDS] [CASTS]: 20 kills of each server and 10,000 casts of one credential unless said otherwise.
"""

import os
import subprocess
import sys

from app.settings import ROOT


def main(rounds: str = "20", casts: str = "10000") -> int:
    """Run the tests of tests/voting that count their rounds; the exit status is pytest's."""
    environment = {**os.environ, "QUOTEPART_SOAK_ROUNDS": rounds, "QUOTEPART_SOAK_CASTS": casts, "QUOTEPART_NO_SKIP": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-v", "tests/voting/test_kill.py", "tests/voting/test_crowd.py"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
