"""Importing real elections: counted again as declared, nothing half-imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from typer.testing import CliRunner

from app.cli import main as cli
from app.core.formats import Malformed
from app.core.problems import Conflict, Invalid, Missing
from app.editions.models import Edition, Programme
from app.exchange.importing import Imported, import_file, slug_of
from app.proposals.models import Proposal
from app.settings import settings
from app.unit import Work
from app.voting.models import Ballot, SpentCredential
from tests.conftest import skip_or_fail

runner = CliRunner()
PLAIN = {
    "Netherlands_Amsterdam_304": (624, 18, None),
    "Poland_Lodz_2023_Baluty-Centrum": (5329, 15, True),
    "Poland_Warszawa_2024_Ochota": (4038, 16, True),
}
"""File -> ballots, winners, and whether its recorded winners are ours (None: it records none)."""
SMALL = """META
key;value
description;A small vote
country;France
unit;Rennes
instance;2019
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
date_begin;01.03.2019
date_end;15.03.2019
PROJECTS
project_id;cost;name;selected
a;60.5;Un verger;1
b;50;Un four à pain;0
VOTES
voter_id;vote;voting_method
1;a;internet
2;a,b;paper
3;;paper
"""


def real(name: str) -> Path:
    folder = os.environ.get("QUOTEPART_ELECTIONS")
    if not folder:
        skip_or_fail("QUOTEPART_ELECTIONS does not name the folder of real elections")
    return Path(folder or "") / f"{name}.pb"


def small(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "small.pb"
    path.write_text(text, "utf-8")
    return path


def untouched(work: Work) -> bool:
    return not any(work.db.exec(select(table)).first() for table in (Edition, Programme, Proposal, Ballot))


@pytest.mark.parametrize("name", PLAIN)
def test_a_real_election_becomes_a_past_edition_with_the_winners_its_file_records(unit: Work, name: str) -> None:
    made = import_file(unit, real(name))
    ballots, winners, same = PLAIN[name]
    assert (made.ballots, len(made.selected)) == (ballots, winners)
    assert (None if made.recorded is None else set(made.recorded) == set(made.selected)) is same
    assert made.count.totals["valid"] + made.count.totals["blank"] == ballots


def test_an_imported_election_is_told_and_can_be_taken_away_again(unit: Work, client: TestClient, tmp_path: Path) -> None:
    made = import_file(unit, small(tmp_path))
    unit.db.commit()
    page = client.get(f"/editions/{made.slug}/results")
    assert page.status_code == 200
    assert "small.pb" in page.text
    assert "Un verger" in page.text
    again = client.get(f"/editions/{made.slug}/election.pb")
    assert "a;60.5;2;Un verger;1" in again.text
    assert "country;France" in again.text
    for address in ("", "/projects", "/results.json", "/rules"):
        assert client.get(f"/editions/{made.slug}{address}", follow_redirects=True).status_code == 200
    assert client.get("/editions").status_code == 200


def test_an_import_holds_no_voter_and_no_order(unit: Work, tmp_path: Path) -> None:
    import_file(unit, small(tmp_path))
    ballots = unit.db.exec(select(Ballot)).all()
    assert sorted(one.channel for one in ballots) == ["online", "paper", "paper"]
    assert all(one.serial is None for one in ballots)
    assert unit.db.exec(select(SpentCredential)).first() is None


def test_winners_that_differ_from_the_recorded_ones_are_told(unit: Work, tmp_path: Path) -> None:
    made: Imported = import_file(unit, small(tmp_path, ("pain;0", "pain;1")))
    assert "differ in: b" in str(made.told)


def test_an_election_is_imported_once(unit: Work, tmp_path: Path) -> None:
    import_file(unit, small(tmp_path))
    with pytest.raises(Conflict, match="imported already"):
        import_file(unit, small(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("a;60.5", "a;sixty", 16), ("2;a,b", "2;a,c", 20), ("num_votes;3", "num_votes;4", 8), ("PROJECTS", "PROJECT", 1)],
)
def test_a_malformed_file_is_refused_with_its_line_and_nothing_is_imported(
    unit: Work, tmp_path: Path, old: str, new: str, line: int
) -> None:
    with pytest.raises(Malformed) as caught:
        import_file(unit, small(tmp_path, (old, new)))
    assert caught.value.line >= line
    assert untouched(unit)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("rule;greedy", "rule;majority", "is not one that can be counted here"),
        ("approval", "ordinal", "only approval votes"),
        ("01.03.2019", "01.03.2O19", "dates of the vote"),
        ("15.03.2019", "15.02.2019", "dates of the vote"),
        ("15.03.2019", "15.03.2031", "not over yet"),
    ],
)
def test_what_cannot_be_counted_here_is_refused_and_nothing_is_imported(
    unit: Work, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        import_file(unit, small(tmp_path, (old, new)))
    assert untouched(unit)


def test_a_file_that_is_not_there_is_told(unit: Work, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no such file"):
        import_file(unit, tmp_path / "none.pb")


def test_an_address_is_made_of_plain_letters() -> None:
    assert slug_of("Łódź", "BAŁUTY | Bałuty-Centrum", "2023") == "lodz-baluty-baluty-centrum-2023"
    assert slug_of("…") == "election"


@pytest.fixture
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/city.db")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("_own_database")
def test_the_command_tells_what_it_made_and_a_malformed_file_leaves_with_1(tmp_path: Path) -> None:
    assert runner.invoke(cli, ["migrate"]).exit_code == 0
    bad = runner.invoke(cli, ["import", str(small(tmp_path, ("a;60.5", "a;sixty")))])
    assert bad.exit_code == 1
    assert "small.pb:16:" in bad.output
    good = runner.invoke(cli, ["import", str(small(tmp_path))])
    assert good.exit_code == 0, good.output
    assert "exactly those the file records" in good.output
    assert "/editions/rennes-2019/results" in good.output
