"""`quotepart count`: the file alone decides, the same winners as the reference, and a clear word where a file is no election."""

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import main
from app.core.formats import canonical
from app.core.tally import Greedy
from tests.conftest import skip_or_fail

FILE = """META
key;value
description;Vote
country;France
unit;Rennes
instance;2026
num_projects;4
num_votes;6
budget;100.5
vote_type;approval
rule;greedy
date_begin;2026
date_end;2026
PROJECTS
project_id;cost;name
9;60.25;Puits
10;60.25;Four
8;40.25;Semences
7;20;École
VOTES
voter_id;vote
a;9,10
b;9,10
c;9,10,8
d;8
e;7
f;
"""
OPTIONS = {
    "greedy_cost": ["--rule", "greedy", "--utility", "cost"],
    "greedy_card": ["--rule", "greedy", "--utility", "cardinality"],
    "mes_cost": ["--rule", "equal-shares", "--utility", "cost"],
    "mes_card": ["--rule", "equal-shares", "--utility", "cardinality"],
    "mes_cost_add1": ["--rule", "equal-shares", "--utility", "cost", "--completion", "add1-until-exhaustive"],
    "mes_card_add1": ["--rule", "equal-shares", "--utility", "cardinality", "--completion", "add1-until-exhaustive"],
    "mes_cost_add1_until_infeasible": ["--rule", "equal-shares", "--utility", "cost", "--completion", "add1-until-infeasible"],
}
ELECTIONS = [
    "Netherlands_Amsterdam_304", "Netherlands_Assen_2024", "Poland_Katowice_2024_Bogucice", "Poland_Krakow_2025_Stare_Miasto",
    "Poland_Lodz_2023_Baluty-Centrum", "Poland_Swiecie_2023", "Poland_Warszawa_2024_Ochota",
]  # fmt: skip


@pytest.fixture
def election(tmp_path: Path) -> Path:
    path = tmp_path / "small.pb"
    path.write_text(FILE, "utf-8")
    return path


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["count", str(path), *options])


def data(path: Path, *options: str) -> dict[str, Any]:
    result = run(path, *options, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


@pytest.mark.parametrize("rule", OPTIONS)
@pytest.mark.parametrize("name", ELECTIONS)
def test_real_elections_come_out_as_the_reference_says(name: str, rule: str) -> None:
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        skip_or_fail("QUOTEPART_ELECTIONS does not name the folder of real elections")
    rules = json.loads((Path(folder or "") / "expected" / f"{name}.json").read_text("utf-8"))["rules"]
    known = rules[rule]
    found = data(Path(folder or "") / f"{name}.pb", *OPTIONS[rule])
    assert found["selected"] == known.get("after_add1", known["selected"])
    assert Fraction(found["budget"]) == Fraction(rules["greedy_cost"]["budget"])
    if "after_add1" not in known:
        assert Fraction(found["total_cost"]) == Fraction(known["total_cost"])


def test_the_smallest_identifier_as_text_wins_a_tie(election: Path) -> None:
    found = data(election)
    assert (found["selected"], found["total_cost"], found["budget"]) == (["10", "8"], "100.5", "100.5")
    assert found["ties"][0]["members"] == ["10", "9"]
    assert found["rule"]["kind"] == "greedy"
    turns = [(step["project"], step["action"], step["left_after"]) for step in found["steps"]]
    assert turns[:2] == [("10", "bought", "40.25"), ("9", "too_dear", "40.25")]
    assert found["seconds"] >= 0


def test_each_option_of_the_greedy_rule_does_what_it_says(election: Path) -> None:
    assert data(election, "--on-miss", "stop")["selected"] == ["10"]
    assert data(election, "--utility", "cardinality")["selected"] == ["7", "10"]
    assert data(election, "--min-score", "3")["selected"] == ["10"]
    assert data(election, "--min-score", "4")["selected"] == []
    assert data(election, "--tie-break", "cheaper")["rule"]["tie_break"] == ["cheaper", "id"]


def test_an_empty_ballot_holds_a_share_of_the_budget(election: Path) -> None:
    """100.5 for six voters is 16.75 each: 7 costs 20 and has one supporter, 10 costs 60.25 and has three."""
    found = data(election, "--rule", "equal-shares")
    assert (found["selected"], found["ballots"]) == ([], 6)
    assert found["rule"]["blank_ballots_hold_a_share"] is True


def test_without_json_the_count_is_told_in_sentences(election: Path) -> None:
    lines = run(election).stdout.splitlines()
    assert lines[1:] == [
        "1. 10 Four: 60.25 EUR, votes: 3",
        "2. 8 Semences: 40.25 EUR, votes: 2",
        "Projects chosen: 2 of 4.",
        "Spent: 100.50 EUR of 100.50 EUR.",
        "Tied, and taken in this order: 10, 9.",
    ]


def test_a_malformed_file_is_refused_with_file_line_and_reason(election: Path) -> None:
    election.write_text(FILE.replace("d;8", "d;88"), "utf-8")
    result = run(election)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{election}:25: This ballot names “88”, which is not among the projects.\n"


def test_what_is_no_text_and_what_is_not_there_are_refused_too(election: Path) -> None:
    election.write_bytes(b"META\nkey;value\n\xff\xfe")
    assert run(election).stderr == f"{election}:3: This line is not text in UTF-8.\n"
    missing = election.with_name("none.pb")
    assert run(missing).stderr == f"{missing}: there is no such file, or it cannot be read.\n"
    assert run(election.parent).exit_code == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--completion", "add1-until-exhaustive"],
        ["--rule", "equal-shares", "--on-miss", "stop"],
        ["--rule", "lottery"],
        ["--min-score", "-1"],
        ["--min-score", "many"],
    ],
)
def test_options_that_make_no_sense_are_refused_not_ignored(election: Path, options: list[str]) -> None:
    result = run(election, *options)
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    assert result.stderr


def test_points_that_are_not_used_are_told(election: Path) -> None:
    election.write_text(FILE.replace("approval", "ordinal"), "utf-8")
    assert run(election).stderr == ""
    assert run(election, "--utility", "cost").stderr == "Every project named on a ballot counts once; points and ranks are not used.\n"


def test_a_file_with_a_rule_of_its_own_says_so_when_another_one_is_used(election: Path) -> None:
    own = Greedy(min_votes=0, tie_break=("id",), max_per_carrier=1)
    quoted = canonical(own.model_dump(mode="json")).replace('"', '""')
    election.write_text(FILE.replace("PROJECTS", f'comment;"#1: Quotepart rule as data: {quoted}"\nPROJECTS'), "utf-8")
    assert run(election).stderr == ""
    assert data(election)["rule"] == own.model_dump(mode="json")
    assert run(election, "--rule", "greedy").stderr.startswith("The file names a rule of its own")


def test_control_signs_in_a_name_do_not_reach_the_terminal(election: Path) -> None:
    election.write_text(FILE.replace("Four", "\x1b[31mFour"), "utf-8")
    assert "\x1b" not in run(election).stdout


def test_an_election_without_a_ballot_or_a_project_is_counted(election: Path) -> None:
    empty = FILE.split("a;9,10")[0].replace("num_votes;6", "num_votes;0")
    election.write_text(empty, "utf-8")
    assert data(election, "--min-score", "1")["selected"] == []
    assert data(election, "--rule", "equal-shares", "--completion", "add1-until-infeasible")["selected"] == []
    head, _ = empty.split("9;60.25")
    election.write_text(head.replace("num_projects;4", "num_projects;0") + "VOTES\nvoter_id;vote\n", "utf-8")
    assert data(election)["total_cost"] == "0"
