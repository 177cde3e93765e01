"""Taking people off the roll: an official's act with a reason, on unspent keys only, all or none; and putting them back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.electorate import anomalies
from app.electorate.models import RollLine
from app.ledger.models import Entry
from app.polls import removal
from app.polls import service as polls
from app.polls.queries import credential_for, has_voted
from app.unit import Work
from app.voting import service as voting
from app.voting.models import SpentCredential
from tests.cast import Cast
from tests.electorate.roll import crowd
from tests.polls.stage import edition_with_projects, identified, open_vote

TODAY = "2026-11-21"


@pytest.fixture
def bureau(cast: Cast) -> Person:
    return cast.person("brigitte@example.org", "Brigitte Bureau", [Role.BUREAU_MEMBER])


def form(*lines: RollLine, reason: str = "N'habite pas la ville.") -> removal.RemovalForm:
    return read(removal.RemovalForm, {"lines": [line.public_id for line in lines], "reason": reason})


def vote(unit: Work, edition: Edition, line: RollLine, how: str = "online") -> None:
    voting.spend(unit, edition.id or 0, credential_for(unit, edition, line), how, TODAY)


def spent(unit: Work) -> list[Any]:
    return list(unit.db.exec(select(SpentCredential.how)))


def test_a_key_given_before_is_worthless_and_the_person_is_told_the_reason(unit: Work, cast: Cast, bureau: Person) -> None:
    edition = open_vote(cast)
    line = identified(unit, edition)
    key = credential_for(unit, edition, line)
    removal.take_off(unit, edition, form(line), by=bureau, seconded=True)
    with pytest.raises(voting.AlreadyVoted):
        voting.spend(unit, edition.id or 0, key, "online", TODAY)
    with pytest.raises(Refused, match="N'habite pas la ville"):
        identified(unit, edition)
    assert has_voted(unit, edition, line) == "void"
    assert polls.turnout(unit, edition).total() == 0, "somebody taken off is no voter"
    assert [one.id for one in anomalies.taken_off(unit, edition)] == [line.id]
    (entry,) = unit.db.exec(select(Entry).where(Entry.event == "roll:take_off"))
    assert (entry.by_id, entry.text) == (bureau.id, "1, N'habite pas la ville.")
    assert "Aminata" not in entry.text + entry.subject


@pytest.mark.parametrize("how", ["online", "paper"])
def test_who_has_voted_stays_and_so_do_all_the_others_named_with_them(unit: Work, cast: Cast, bureau: Person, how: str) -> None:
    edition = open_vote(cast)
    lines = crowd(unit, edition, 4)
    vote(unit, edition, lines[2], how)
    with pytest.raises(Conflict, match="1 person among them has voted"):
        removal.take_off(unit, edition, form(*lines), by=bureau, seconded=True)
    unit.db.expire_all()
    assert spent(unit) == [how]
    assert {line.mark for line in unit.db.exec(select(RollLine))} == {None}
    assert unit.db.exec(select(Entry).where(Entry.event == "roll:take_off")).all() == []
    assert removal.removable(lines, {lines[2].public_id: how}) == [lines[0], lines[1], lines[3]]


def test_before_the_vote_is_set_up_there_is_no_key_to_cancel(unit: Work, cast: Cast, bureau: Person) -> None:
    edition = edition_with_projects(cast)
    (line,) = crowd(unit, edition, 1)
    removal.take_off(unit, edition, form(line), by=bureau, seconded=True)
    assert (line.mark, spent(unit)) == ("refused", [])


def test_after_the_box_is_closed_nobody_is_taken_off(unit: Work, cast: Cast, bureau: Person) -> None:
    edition = open_vote(cast)
    (line,) = crowd(unit, edition, 1)
    voting.close_box(unit, edition.id or 0)
    with pytest.raises(Refused, match="box is closed"):
        removal.take_off(unit, edition, form(line), by=bureau, seconded=True)


def test_somebody_put_back_gets_a_new_key_and_the_old_one_stays_worthless(unit: Work, cast: Cast, bureau: Person) -> None:
    edition = open_vote(cast)
    line = identified(unit, edition)
    old = credential_for(unit, edition, line)
    removal.take_off(unit, edition, form(line), by=bureau, seconded=True)
    with pytest.raises(Conflict, match="off the roll already"):
        removal.take_off(unit, edition, form(line), by=bureau, seconded=True)
    removal.put_back(unit, edition, line, by=bureau, seconded=True)
    again = identified(unit, edition)
    assert again.id == line.id
    new = credential_for(unit, edition, again)
    assert new != old
    with pytest.raises(voting.AlreadyVoted):
        voting.spend(unit, edition.id or 0, old, "online", TODAY)
    vote(unit, edition, again)
    assert sorted(spent(unit)) == ["online", "void"]
    with pytest.raises(Conflict, match="is on the roll"):
        removal.put_back(unit, edition, line, by=bureau, seconded=True)
    assert anomalies.taken_off(unit, edition) == []


def test_it_takes_a_reason_a_name_and_the_right_role(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    others = [cast.person(f"{role.value}@example.org", "Quelqu'un", [role]) for role in (Role.OBSERVER, Role.DESK_AGENT, Role.PUBLISHER)]
    (line,) = crowd(unit, edition, 1)
    for given in ({"lines": [], "reason": "x"}, {"lines": [line.public_id], "reason": "  "}):
        with pytest.raises(Invalid):
            read(removal.RemovalForm, given)
    for somebody in others:
        with pytest.raises(Refused):
            removal.take_off(unit, edition, form(line), by=somebody)
        with pytest.raises(Refused):
            removal.put_back(unit, edition, line, by=somebody)
