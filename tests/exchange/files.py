"""Small .pb files for the tests of the commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from app.cli import main
from tests.conftest import skip_or_fail

TEXT = """META
key;value
description;Vote
country;France
unit;Rennes
instance;2026
num_projects;{projects}
num_votes;{votes}
budget;{budget}
vote_type;{kind}
{more}date_begin;2026
date_end;2026
PROJECTS
project_id;cost{columns}
{field}
VOTES
voter_id;{header}
{ballots}
"""


def text(field: str, ballots: str, *, budget: str = "100", kind: str = "approval", more: str = "rule;greedy\n", columns: str = "") -> str:
    """A .pb file: `field` and `ballots` are lines parted by spaces, voters are numbered."""
    rows = [f"v{number};{row}" for number, row in enumerate(ballots.split(), 1)]
    header = "vote;points" if ";" in ballots else "vote"
    return TEXT.format(
        projects=len(field.split()), votes=len(rows), budget=budget, kind=kind, more=more, columns=columns,
        field="\n".join(field.split()), header=header, ballots="\n".join(rows),
    )  # fmt: skip


def written(folder: Path, *given: Any, **other: Any) -> Path:
    """The same as a file in this folder."""
    path = folder / "vote.pb"
    path.write_text(text(*given, **other), "utf-8")
    return path


def run(command: str, path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, [command, str(path), *options])


def counted(path: Path, *options: str) -> dict[str, Any]:
    """What `quotepart count --json` says."""
    result = run("count", path, *options, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def real(name: str) -> Path:
    """The file of a real election; skips where there is none."""
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        skip_or_fail("QUOTEPART_ELECTIONS does not name the folder of real elections")
    return Path(folder or "") / f"{name}.pb"
