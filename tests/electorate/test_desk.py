"""The roll at the desk: found by any part of the name, added with a proof, taken in from a list whole or not at all."""

import pytest
from sqlmodel import func, select

from app.accounts.people import Person
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.electorate import desk
from app.electorate.forms import DeskForm
from app.electorate.models import RollLine
from app.unit import Work
from tests.cast import Cast
from tests.polls.stage import identified, open_vote

YVONNE = {"name": "Yvonne Éven-Le Bris", "birth_date": "1945-06-01", "address": "12 rue de la Paix", "proof": "yes"}
LIST = "name;birth_date;address\nLéo Martin;2014-09-02;1 rue Haute\nInès Roux;03/04/1999;\n"


def agent(cast: Cast) -> Person:
    return cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])


def size(unit: Work) -> int:
    return unit.db.exec(select(func.count()).select_from(RollLine)).one()


def test_a_person_is_found_by_any_words_of_the_name_without_accents(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    line = desk.add_line(unit, edition, read(DeskForm, YVONNE), by=by)
    for text in ("yvonne", "even", "LE BRIS", "bris yvon"):
        assert [one.id for one in desk.find_lines(unit, edition, text)] == [line.id]
    assert desk.find_lines(unit, edition, "%") == desk.find_lines(unit, edition, "  ") == []


def test_a_namesake_born_on_the_same_day_is_told_apart_only_at_the_desk(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    desk.add_line(unit, edition, read(DeskForm, YVONNE), by=by)
    with pytest.raises(Conflict, match="on the roll already"):
        desk.add_line(unit, edition, read(DeskForm, YVONNE | {"name": "yvonne even le bris"}), by=by)
    desk.add_line(unit, edition, read(DeskForm, YVONNE | {"address": "5 place Hoche", "namesake": "yes"}), by=by)
    assert size(unit) == 2


def test_a_proof_must_have_been_seen(cast: Cast) -> None:
    with pytest.raises(Invalid, match="seen the proof"):
        read(DeskForm, YVONNE | {"proof": ""})


def test_a_list_is_taken_in_whole_and_its_people_identify_by_e_mail_to_the_same_line(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    assert desk.import_roll(unit, edition, b"\xef\xbb\xbf" + LIST.encode(), by=by, seconded=True) == 2
    assert desk.import_roll(unit, edition, LIST.replace(";", ",").encode(), by=by, seconded=True) == 0
    line = identified(unit, edition, name="Martin Léo", birth_date="2014-09-02")
    assert (line.origin, size(unit)) == ("list", 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LIST.encode("utf-16"), "UTF-8"),
        (b"nom;naissance\nA B;2000-01-01\n", "first line must hold the columns"),
        (LIST.encode() + b"Paul Petit;31/02/2000;x\n", "Line 4, column birth_date"),
        (LIST.encode() + b"Paul;2000-01-01\n", "Line 4"),
        (LIST.encode() + b'"Paul Petit;2000-01-01;x\n', "cannot be read|Line"),
        (b"", "first line must hold the columns"),
    ],
)
def test_a_bad_list_names_the_line_and_leaves_nothing(unit: Work, cast: Cast, content: bytes, said: str) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    with pytest.raises(Invalid, match=said):
        desk.import_roll(unit, edition, content, by=by, seconded=True)
    assert size(unit) == 0


def test_the_roll_is_kept_by_those_who_may(unit: Work, cast: Cast) -> None:
    reviewer = cast.person("marc@example.org", "Marc Avis", [Role.REVIEWER])
    edition = open_vote(cast)
    with pytest.raises(Refused):
        desk.add_line(unit, edition, read(DeskForm, YVONNE), by=reviewer)
    with pytest.raises(Refused):
        desk.import_roll(unit, edition, LIST.encode(), by=reviewer)
