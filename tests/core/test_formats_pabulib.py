"""Pabulib files: what was written is read, what is wrong is refused with its line, nothing is half read."""

import os
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.formats import Ballot, Malformed, PabulibFile, Project, decode, read_pabulib, write_pabulib
from app.core.formats.amounts import cents_of, plain
from app.core.problems import Invalid
from tests.conftest import skip_or_fail

META = {
    "description": "Budget participatif",
    "country": "France",
    "unit": "Rennes",
    "instance": "2026",
    "rule": "greedy",
    "date_begin": "01.03.2026",
    "date_end": "15.03.2026",
    "currency": "EUR",
}
SMALL = """META
key;value
description;Vote
num_projects;2
num_votes;2
budget;1000,5
vote_type;approval
PROJECTS
project_id;cost;name
A;700;"Puits; pompe"
B/1;300.25;Four
VOTES
voter_id;vote;age
1;A,B/1;40-59
2;;F
"""


def small(old: str = "", new: str = "") -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def test_amounts_are_exact_and_ballots_stay_as_cast() -> None:
    read = read_pabulib(small(), name="small.pb")
    assert (read.budget_cents, read.vote_type, read.meta) == (100050, "approval", {"description": "Vote"})
    assert read.projects == (Project("A", 70000, {"name": "Puits; pompe"}), Project("B/1", 30025, {"name": "Four"}))
    assert read.ballots == (Ballot("1", ("A", "B/1"), (), {"age": "40-59"}), Ballot("2", (), (), {"age": "F"}))
    assert "small.pb:6: “1000,5” has a comma: read as a decimal comma." in map(str, read.warnings)
    assert "small.pb:1: META lacks the key “country”." in map(str, read.warnings)


@pytest.mark.parametrize(
    "text", [SMALL.replace("\n", "\r\n"), "\ufeff" + SMALL, SMALL.replace("PROJECTS\n", "\n\nPROJECTS;;\n"), SMALL[:-1]]
)
def test_line_ends_marks_and_empty_lines_change_nothing(text: str) -> None:
    assert read_pabulib(text, name="x") == read_pabulib(SMALL, name="x")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("META\n", "", 1, "begin with a line “META”"),
        ("PROJECTS", "VOTES", 8, "each once and in this order"),
        ("VOTES\n", "PROJECTS\n", 12, "each once and in this order"),
        ("VOTES\nvoter_id;vote;age\n1;A,B/1;40-59\n2;;F\n", "", 11, "ends before its section VOTES"),
        ("voter_id;vote;age\n1;A,B/1;40-59\n2;;F\n", "", 12, "no line with the names of its columns"),
        ("key;value", "name;value", 2, "must be “key;value”"),
        ("description;Vote", "description;Vote;more", 3, "one key, a semicolon and one value"),
        ("description;Vote", "budget;7", 6, "The key “budget” comes twice"),
        ("budget;1000,5\n", "", 1, "META lacks the key “budget”"),
        ("budget;1000,5", "budget;", 6, "META lacks the key “budget”"),
        ("budget;1000,5", "budget;1e9", 6, "“1e9” is not an amount"),
        ("budget;1000,5", "budget;-5", 6, "“-5” is not an amount"),
        ("budget;1000,5", "budget;1000.505", 6, "“1000.505” is not an amount"),
        ("approval", "quadratic", 7, "“quadratic” is not a type of vote"),
        ("num_projects;2", "num_projects;3", 4, "META says 3, the file holds 2"),
        ("num_votes;2", "num_votes;9", 5, "META says 9, the file holds 2"),
        ("project_id;cost", "id;cost", 9, "PROJECTS needs these columns"),
        ("cost;name", "name;name", 9, "The column “name” comes twice"),
        ("A;700", ";700", 10, "needs an identifier"),
        ("A;700", "B/1;700", 11, "Project “B/1” comes twice"),
        ("300.25", "cheap", 11, "“cheap” is not an amount"),
        ("300.25;Four", "300.25;Four;extra", 11, "4 values for 3 columns"),
        ('"Puits; pompe"', '"Puits" pompe', 10, "quotation marks"),
        ('"Puits; pompe"', '"Puits', 10, "quotation marks"),
        ("2;;F", "1;;F", 15, "“1” is empty or comes twice"),
        ("1;A,B/1", "1;A,C", 14, "This ballot names “C”"),
        ("Four", "Fo\x00ur", 11, "NUL"),
        ("Four", "F" * 64_001, 11, "longer than 64000"),
        ("Four", "F" * 140_000, 11, "too long"),
    ],
)
def test_a_malformed_file_is_refused_with_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_pabulib(small(old, new), name="bad.pb")
    assert (refused.value.file, refused.value.line) == ("bad.pb", line)
    assert str(refused.value).startswith(f"bad.pb:{line}: ")
    assert reason in str(refused.value)


@given(st.text(max_size=300) | st.text(alphabet='META;VOSPRJC\nkeyvalue"1,', max_size=300))
def test_any_text_is_read_or_refused_and_never_breaks_the_reader(text: str) -> None:
    with pytest.raises(Malformed):
        read_pabulib(text, name="noise")


@given(st.integers(0, len(SMALL)), st.sampled_from(["", ";", '"', "\n", ",", "\x00", "META\n"]), st.integers(0, 6))
def test_any_damage_is_read_or_refused_and_never_breaks_the_reader(place: int, inserted: str, cut: int) -> None:
    with suppress(Malformed):
        read_pabulib(SMALL[:place] + inserted + SMALL[place + cut :], name="damaged")


def test_a_small_file_with_many_columns_does_not_fill_the_memory() -> None:
    columns = ";".join(f"c{number}" for number in range(10_000))
    lines = "".join(f"p{number};1\n" for number in range(2_000))
    text = f"META\nkey;value\nbudget;1\nvote_type;approval\nPROJECTS\nproject_id;cost;{columns}\n{lines}VOTES\nvoter_id;vote\n"
    read = read_pabulib(text, name="wide")
    assert sum(len(project.other) for project in read.projects) == 0


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(Malformed, match=r"latin\.pb:2: This line is not text in UTF-8\."):
        decode(b"META\nd\xe9j\xe0", name="latin.pb")
    with pytest.raises(Malformed, match=r"huge\.pb:1: The file is larger than 20 MB\."):
        decode(b"x" * 20_000_001, name="huge.pb")
    with pytest.raises(Malformed, match="larger than 20 MB"):
        read_pabulib("x" * 20_000_001, name="huge.pb")
    assert decode("\ufeffé".encode(), name="x") == "é"


def points(vote_type: str, vote: str, given_points: str) -> PabulibFile:
    text = small("approval", vote_type).replace("vote;age", "vote;points").replace("1;A,B/1;40-59", f"1;{vote};{given_points}")
    return read_pabulib(text.replace("2;;F", "2;;"), name="points.pb")


@pytest.mark.parametrize("vote_type", ["cumulative", "scoring", "ordinal"])
def test_points_are_kept_beside_the_projects(vote_type: str) -> None:
    assert points(vote_type, "B/1,A", "3,1.5").ballots[0] == Ballot("1", ("B/1", "A"), (Decimal(3), Decimal("1.5")))


@pytest.mark.parametrize(("vote", "given_points"), [("A,B/1", "3"), ("A,B/1", ""), ("A", "3,1"), ("A", "many"), ("A", "1e5")])
def test_points_that_do_not_fit_their_projects_are_refused(vote: str, given_points: str) -> None:
    with pytest.raises(Malformed, match=r"points\.pb:14: "):
        points("cumulative", vote, given_points)


def test_choose_one_means_one() -> None:
    with pytest.raises(Malformed, match="2 projects where each voter chooses one"):
        read_pabulib(small("approval", "choose-1"), name="x")


def test_a_project_named_twice_is_kept_and_told() -> None:
    read = read_pabulib(small("1;A,B/1", "1;A,A").replace("description;Vote", "description;Vote\nmin_length;2"), name="x")
    assert read.ballots[0].choices == ("A", "A")
    assert [str(warning) for warning in read.warnings if ":15:" in str(warning)] == [
        "x:15: This ballot names a project twice; it counts once.",
        "x:15: This ballot is outside the limits in META (projects named: 1); it still counts.",
    ]


@pytest.mark.parametrize("wrong", ["Votes", "", "a,b", " a"])
def test_an_identifier_that_the_format_would_misread_is_not_written(wrong: str) -> None:
    with pytest.raises(Invalid, match="no place for the identifier"):
        write_pabulib(PabulibFile(META, 100, "approval", (Project(wrong, 1),), ("project_id", "cost"), ("voter_id", "vote"), ()))


def test_a_file_without_its_obligatory_keys_is_not_written() -> None:
    with pytest.raises(Invalid) as refused:
        write_pabulib(PabulibFile({**META, "unit": ""}, 100, "approval", (), ("project_id", "cost"), ("voter_id", "vote"), ()))
    assert set(refused.value.errors) == {"unit"}


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20).map(str.strip)
IDS = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"], exclude_characters=","), min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and text.upper() not in ("META", "PROJECTS", "VOTES")
)


def filled(**cells: str) -> dict[str, str]:
    return {column: cell for column, cell in cells.items() if cell}


@st.composite
def elections(draw: st.DrawFn) -> PabulibFile:
    vote_type = draw(st.sampled_from(["approval", "choose-1", "cumulative", "scoring", "ordinal"]))
    ids = draw(st.lists(IDS, unique=True, max_size=5))
    cost = st.integers(0, 10**12)
    projects = tuple(Project(name, draw(cost), filled(name=draw(TEXT), selected=draw(st.sampled_from("01")))) for name in ids)
    pick = st.lists(st.sampled_from(ids), unique=True, max_size=1 if vote_type == "choose-1" else 5) if ids else st.just([])
    scored = vote_type in ("cumulative", "scoring")
    ballots = []
    for voter in draw(st.lists(IDS, unique=True, max_size=5)):
        choices = tuple(draw(pick))
        given_points = tuple(Decimal(draw(st.integers(-999, 999))) / 100 for _ in choices) if scored else ()
        ballots.append(Ballot(voter, choices, given_points, filled(age=draw(TEXT))))
    meta = META | draw(st.dictionaries(st.sampled_from(["comment", "edition", "own key"]), TEXT))
    columns = ("voter_id", "vote", "points", "age") if scored else ("voter_id", "vote", "age")
    budget = draw(st.integers(0, 10**14))
    return PabulibFile(meta, budget, vote_type, projects, ("project_id", "cost", "name", "selected"), columns, tuple(ballots))


@given(elections())
def test_what_is_written_is_read_back_equal(election: PabulibFile) -> None:
    assert read_pabulib(write_pabulib(election), name="again") == election


@given(st.integers(0, 10**15 - 1))
def test_amounts_come_back_to_the_last_hundredth(cents: int) -> None:
    assert cents_of(plain(cents)) == cents


def test_real_elections_are_read_without_a_warning_and_written_back_to_the_letter() -> None:
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        skip_or_fail("QUOTEPART_ELECTIONS does not name the folder of real elections")
    files = sorted(Path(folder or "").glob("*.pb"))
    assert len(files) >= 7
    for path in files:
        text = decode(path.read_bytes(), name=path.name)
        election = read_pabulib(text, name=path.name)
        assert election.warnings == ()
        assert write_pabulib(election).rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")
