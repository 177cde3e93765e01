"""Files as they come: saved by Windows, damaged on the way, of every type of vote, and large."""

from __future__ import annotations

import importlib
import importlib.util
import os
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.formats import (
    Ballot,
    Malformed,
    PabulibElection,
    PabulibFile,
    Project,
    pabulib_body,
    read_election,
    read_pabulib,
    write_pabulib,
)
from tests.conftest import skip_or_fail

TEXT = """META
key;value
description;Wahl
budget;100
vote_type;approval
PROJECTS
project_id;cost;name
a;60;"Łódź; 2"
b;50;Ü
VOTES
voter_id;vote
1;a,b
2;
3;b
"""


def head(kind: str, number: int, header: str = "voter_id;vote", more: str = "") -> str:
    return (
        f"META\nkey;value\nnum_votes;{number}\nbudget;100\nvote_type;{kind}\n{more}PROJECTS\nproject_id;cost\na;60\nb;50\nVOTES\n{header}\n"
    )


def worth(election: PabulibElection) -> tuple[list[int], list[int], int]:
    profile = election.profile
    return profile.project.tolist(), [] if profile.value is None else profile.value.tolist(), profile.unit


@pytest.mark.parametrize(
    "data",
    [
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r").encode(),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.replace("\n", "\r\n").encode("utf-16-be"),
        TEXT.replace(";", " ; ").replace('; "Łódź ;  2"', ';"Łódź; 2"').encode(),
    ],
    ids=["CRLF", "BOM", "CR", "UTF-16", "UTF-16, big end first", "spaces"],
)
def test_how_a_file_was_saved_changes_nothing(data: bytes) -> None:
    plain, found = read_election(TEXT.encode(), name="x"), read_election(data, name="x")
    assert (found.projects, found.budget_cents) == (plain.projects, plain.budget_cents)
    assert worth(found) == worth(plain)
    assert read_pabulib(data, name="x") == read_pabulib(TEXT, name="x")


@pytest.mark.parametrize("code", ["cp1250", "utf-16-le"])
def test_text_in_another_code_is_refused_and_never_guessed(code: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_election(TEXT.encode(code, "replace"), name="x")
    assert "This line is not text in UTF-8." in str(refused.value) or "NUL" in str(refused.value)


def test_points_keep_their_decimals_in_one_unit() -> None:
    text = head("cumulative", 3, "voter_id;vote;points") + "1;a,b;2,1\n2;b;0.5\n3;a;1.250\n"
    election = read_election(text.encode(), name="x")
    assert (election.profile.unit, sorted(worth(election)[1])) == (100, [50, 100, 125, 200])


def test_the_first_naming_of_a_project_counts() -> None:
    text = head("cumulative", 1, "voter_id;vote;points") + "1;b,a,b;3,2,1\n"
    assert worth(read_election(text.encode(), name="x")) == ([0, 1], [2, 3], 1)
    assert worth(read_election((head("ordinal", 1) + "1;b,b,a\n").encode(), name="x")) == ([0, 1], [2, 1], 1)


def test_what_a_scoring_ballot_leaves_out_gets_the_declared_points() -> None:
    text = head("scoring", 2, "voter_id;vote;points", "default_score;1.5\n") + "1;b;-3\n2;;\n"
    project, value, unit = worth(read_election(text.encode(), name="x"))
    assert (project, sorted(value), unit) == ([0, 1, 0, 1], [-30, 15, 15, 15], 10)


def test_points_that_no_machine_number_can_add_up_are_refused() -> None:
    ballots = "".join(f"{number};a;{'9' * 12}.000001\n" for number in range(9))
    with pytest.raises(Malformed, match="too large or too many to be added up"):
        read_election((head("cumulative", 9, "voter_id;vote;points") + ballots).encode(), name="x")


@pytest.mark.parametrize(
    ("kind", "more", "line", "sentence"),
    [
        ("approval", "max_length;1\n", "1;a,b", "(projects named: 2)"),
        ("approval", "min_length;2\n", "1;a", "(projects named: 1)"),
        ("approval", "max_sum_cost;100\n", "1;a,b", "costs more or less together"),
        ("approval", "min_sum_cost;55\n", "1;b", "costs more or less together"),
        ("cumulative", "max_points;2\n", "1;a,b;1,3", "points of this ballot"),
        ("cumulative", "min_points;2\n", "1;a;1", "points of this ballot"),
        ("cumulative", "max_sum_points;3\n", "1;a,b;2,2", "points of this ballot"),
        ("cumulative", "min_sum_points;3\n", "1;a;2", "points of this ballot"),
    ],
)
def test_a_ballot_outside_the_declared_limits_is_told_and_counts(kind: str, more: str, line: str, sentence: str) -> None:
    header = "voter_id;vote;points" if kind == "cumulative" else "voter_id;vote"
    election = read_election((head(kind, 2, header, more) + f"{line}\n2;{';' if kind == 'cumulative' else ''}\n").encode(), name="x")
    told = [str(warning) for warning in election.warnings if "still counts" in str(warning)]
    assert len(told) == 1
    assert sentence in told[0]
    assert told[0].startswith("x:13: ")
    assert election.profile.total == 2


def test_only_the_first_hundred_warnings_are_kept_and_all_ballots_count() -> None:
    text = head("approval", 500, more="max_length;1\n") + "".join(f"{number};a,b\n" for number in range(500))
    election = read_election(text.encode(), name="x")
    assert (len(election.warnings), election.profile.total) == (100, 500)


@pytest.mark.parametrize("kind", ["approval", "choose-1", "cumulative", "scoring", "ordinal"])
def test_every_type_of_vote_passes_the_public_checker_when_written(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not importlib.util.find_spec("pabulib"):
        skip_or_fail("pabulib-checker is not installed")
    pointed = kind in ("cumulative", "scoring")
    meta = {
        "description": "Budget participatif", "country": "France", "unit": "Rennes", "instance": "2026", "rule": "unknown",
        "date_begin": "01.03.2026", "date_end": "15.03.2026", "currency": "EUR", "language": "fr",
        "max_length": "1" if kind == "choose-1" else "2",
    }  # fmt: skip
    meta |= {"cumulative": {"max_sum_points": "5"}, "scoring": {"min_points": "0", "max_points": "5"}}.get(kind, {})
    choices = [("b", "a"), ("a",), ("a", "b")] if kind != "choose-1" else [("a",), ("b",), ("a",)]
    points = {1: (Decimal(3),), 2: (Decimal(3), Decimal(2))}
    ballots = tuple(Ballot(f"v{at}", named, points[len(named)] if pointed else ()) for at, named in enumerate(choices))
    votes = {id: sum(id in named for named in choices) for id in "ab"}
    scores = {"a": 2 + 3 + 3, "b": 3 + 2}
    field = tuple(
        Project(id, 6000, {"votes": str(votes[id]), "name": f"Projet {id}"} | ({"score": str(scores[id])} if pointed else {}))
        for id in "ab"
    )
    columns = ("project_id", "cost", "votes", *(["score"] if pointed else []), "name")
    text = write_pabulib(PabulibFile(meta, 10_000, kind, field, columns, ("voter_id", "vote", *(["points"] if pointed else [])), ballots))
    report = importlib.import_module("pabulib.checker").Checker().process_files([text])
    capsys.readouterr()
    assert not report[1]["results"].get("errors"), report
    assert read_pabulib(text, name="x").ballots == ballots


def real_bytes(name: str) -> bytes:
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        skip_or_fail("QUOTEPART_ELECTIONS does not name the folder of real elections")
    return (Path(folder or "") / f"{name}.pb").read_bytes()


CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=4) | st.sampled_from([b'"', b";", b"\n", b",", b"\r", b"\x00"])),
    max_size=4,
)


@given(CUTS, st.sampled_from(["Netherlands_Assen_2024", "Poland_Katowice_2024_Bogucice"]))
def test_a_damaged_real_file_is_read_or_refused_the_same_way_by_both_readers(cuts: list[tuple[float, int, bytes]], name: str) -> None:
    data = real_bytes(name)
    data = data[:3000] + data[-3000:]
    for place, gone, put in cuts:
        at = int(place * len(data))
        data = data[:at] + put + data[at + gone :]
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(pabulib_body, "BLOCK", 700)
        file, election = (_read(reader, data) for reader in (read_pabulib, read_election))
    if isinstance(file, str) or isinstance(election, str):
        assert file == election
    else:
        assert len(file.ballots) == election.profile.total


def _read(reader: Any, data: bytes) -> Any:
    try:
        return reader(data, name="x")
    except Malformed as refused:
        return str(refused)


def test_many_ballots_need_no_object_each() -> None:
    """100,000 ballots naming 3 of 3 projects: their marks and voters need some 3 MB, one small object for each would need 10 MB more."""
    number = 100_000
    data = (head("approval", number).replace("b;50\n", "b;50\nc;1\n") + "".join(f"v{voter};a,b,c\n" for voter in range(number))).encode()
    tracemalloc.start()
    election = read_election(data, name="x")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert election.profile.total == number
    assert kept < 6_000_000
