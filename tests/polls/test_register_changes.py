"""The frozen roll: nobody changes it alone, two people do, and the public log says how many and never who."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.electorate import batches, desk
from app.electorate.forms import CodeActForm, CodeBatchForm, DeskForm
from app.electorate.models import RollLine, VotingCode
from app.electorate.queries import roll_size
from app.ledger.acts import acts_of
from app.ledger.models import Motion
from app.ledger.motions import waiting
from app.polls import register_changes as changes
from app.polls import removal, service
from app.polls.queries import credential_for
from app.polls.sequencing import tend
from app.polls.two_people import ACTS, withdraw
from app.unit import Work
from app.voting import clock as database_clock
from app.voting import service as voting
from tests.bureau import members
from tests.cast import Cast
from tests.polls.stage import DAY, identified, open_vote

LIST = "name;birth_date\nPaul Petit;2000-01-01\nZoé Le Bihan;1990-02-02\n"
BATCH = read(CodeBatchForm, {"label": "École Liberté", "size": "3"})
LOST = read(CodeActForm, {"batch": "1", "serial": "1", "reason": "Lettre perdue."})


@pytest.fixture(autouse=True)
def _same_clocks(clock: Any) -> Iterator[None]:
    with database_clock.held_at(clock.now):
        yield


@dataclass
class Desk:
    """A frozen vote with a person and a batch of three codes on its roll, and the people who may act."""

    unit: Work
    edition: Edition
    agent: Person
    first: Person
    second: Person

    def line(self) -> RollLine:
        return self.unit.db.exec(select(RollLine).where(RollLine.origin == "email")).one()

    def texts(self) -> list[str]:
        return [one.text or "" for one in acts_of(self.unit, self.edition.id or 0) if one.event == "register"]

    def removal(self) -> removal.RemovalForm:
        return read(removal.RemovalForm, {"lines": [self.line().public_id], "reason": "N'habite pas la ville."})


@pytest.fixture
def at_desk(unit: Work, cast: Cast) -> Desk:
    agent = cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])
    edition, (first, second) = open_vote(cast), members(cast)
    identified(unit, edition)
    batches.make_batch(unit, edition, BATCH, by=agent, seconded=True)
    return Desk(unit, edition, agent, first, second)


def taken_off(at: Desk) -> RollLine:
    removal.take_off(at.unit, at.edition, at.removal(), by=at.first, seconded=True)
    return at.line()


PROPOSE: dict[changes.Change, Callable[[Desk, Person], Motion]] = {
    changes.Change.IMPORT: lambda at, by: changes.propose_import(at.unit, at.edition, LIST.encode(), by=by),
    changes.Change.BATCH: lambda at, by: changes.propose_batch(at.unit, at.edition, BATCH, by=by),
    changes.Change.VOID: lambda at, by: changes.propose_void(at.unit, at.edition, LOST, by=by),
    changes.Change.REPLACE: lambda at, by: changes.propose_void(at.unit, at.edition, LOST, by=by, replace=True),
    changes.Change.TAKE_OFF: lambda at, by: changes.propose_removal(at.unit, at.edition, at.removal(), by=by),
    changes.Change.PUT_BACK: lambda at, by: changes.propose_return(at.unit, at.edition, taken_off(at), by=by),
}
SAID = {
    changes.Change.IMPORT: ["register +2"], changes.Change.BATCH: ["register +3"], changes.Change.VOID: ["code voided 1"],
    changes.Change.REPLACE: ["code voided 1", "register +1"], changes.Change.TAKE_OFF: ["register -1"],
    changes.Change.PUT_BACK: ["register +1"],
}  # fmt: skip


def proposer(at: Desk, change: changes.Change) -> Person:
    return at.first if change in changes.ON_PEOPLE else at.agent


@pytest.mark.parametrize("change", list(changes.Change))
def test_a_change_is_done_by_two_and_said_in_numbers_only(at_desk: Desk, change: changes.Change) -> None:
    motion = PROPOSE[change](at_desk, proposer(at_desk, change))
    assert at_desk.texts() == []
    done = changes.confirm_change(at_desk.unit, at_desk.edition, motion, by=at_desk.second)
    assert at_desk.texts() == SAID[change] == list(done.said)
    assert motion.payload == {"said": SAID[change]}, "what it said of people is forgotten"
    assert bool(done.letters) == (change in (changes.Change.BATCH, changes.Change.REPLACE))


@pytest.mark.parametrize("change", list(changes.Change))
def test_t33_one_person_alone_is_refused_by_the_verb_and_by_the_database(at_desk: Desk, change: changes.Change) -> None:
    unit = at_desk.unit
    everything = Person(at_desk.first.id, "Hélène Riou", at_desk.first.email, roles=frozenset(Role))
    motion = PROPOSE[change](at_desk, everything)
    with pytest.raises(Refused, match="second person"):
        changes.confirm_change(unit, at_desk.edition, motion, by=everything)
    assert at_desk.texts() == []
    by_hand = update(Motion).where(col(Motion.id) == motion.id).values(seconded_by_id=everything.id, seconded_at=unit.now)
    with pytest.raises(IntegrityError, match="takes_two"), unit.db.begin_nested():
        unit.core.execute(by_hand)


def alone(at: Desk) -> dict[str, Callable[[], object]]:
    unit, edition, line = at.unit, at.edition, at.line()
    return {
        "import": lambda: desk.import_roll(unit, edition, LIST.encode(), by=at.agent),
        "batch": lambda: batches.make_batch(unit, edition, BATCH, by=at.agent),
        "void": lambda: service.void(unit, edition, 1, 1, "Perdue.", by=at.agent),
        "replace": lambda: service.replace(unit, edition, 1, 1, "Perdue.", by=at.agent),
        "take off": lambda: removal.take_off(unit, edition, at.removal(), by=at.first),
        "put back": lambda: removal.put_back(unit, edition, line, by=at.first),
    }


def test_t33_the_verbs_themselves_refuse_a_person_alone_once_the_vote_is_frozen(at_desk: Desk) -> None:
    for name, act in alone(at_desk).items():
        with pytest.raises(Refused, match="another confirms"):
            act()
        assert name


def test_whoever_may_not_propose_or_confirm_is_told_who_may(at_desk: Desk) -> None:
    unit, edition = at_desk.unit, at_desk.edition
    with pytest.raises(Refused, match="Administrator, Desk agent"):
        changes.propose_batch(unit, edition, BATCH, by=at_desk.first)
    motion = changes.propose_batch(unit, edition, BATCH, by=at_desk.agent)
    with pytest.raises(Refused, match="Administrator, Bureau member"):
        changes.confirm_change(unit, edition, motion, by=at_desk.agent)
    with pytest.raises(Refused):
        withdraw(unit, edition, motion, by=at_desk.first)


def test_a_withdrawn_proposal_forgets_whom_it_was_about(at_desk: Desk) -> None:
    motion = changes.propose_import(at_desk.unit, at_desk.edition, LIST.encode(), by=at_desk.agent)
    withdraw(at_desk.unit, at_desk.edition, motion, by=at_desk.agent)
    assert motion.payload == {}
    with pytest.raises(Conflict, match="over already"):
        changes.confirm_change(at_desk.unit, at_desk.edition, motion, by=at_desk.second)
    assert not at_desk.unit.db.exec(select(RollLine).where(RollLine.origin == "list")).all()


def test_who_has_voted_meanwhile_is_not_taken_off_and_the_proposal_still_waits(at_desk: Desk) -> None:
    unit, edition = at_desk.unit, at_desk.edition
    motion = changes.propose_removal(unit, edition, at_desk.removal(), by=at_desk.first)
    voting.spend(unit, edition.id or 0, credential_for(unit, edition, at_desk.line()), "paper", "2026-11-21")
    with pytest.raises(Conflict, match="has voted"), unit.db.begin_nested():
        changes.confirm_change(unit, edition, motion, by=at_desk.second)
    unit.db.refresh(motion)
    assert motion.seconded_at is None
    assert at_desk.texts() == []


def test_a_list_that_cannot_be_read_is_refused_before_anybody_is_asked(at_desk: Desk) -> None:
    with pytest.raises(Invalid, match="Line 2"):
        changes.propose_import(at_desk.unit, at_desk.edition, b"name;birth_date\nPaul;2000-01-01\n", by=at_desk.agent)


def test_after_the_vote_nothing_changes_and_what_waits_forgets_its_people(at_desk: Desk) -> None:
    motion = changes.propose_import(at_desk.unit, at_desk.edition, LIST.encode(), by=at_desk.agent)
    late = Work(at_desk.unit.db, at_desk.unit.now + 21 * DAY)
    with pytest.raises(Refused, match="over"):
        changes.confirm_change(late, at_desk.edition, motion, by=at_desk.second)
    tend(late, at_desk.edition)
    changes.settle_after(late, at_desk.edition.id or 0)
    assert motion.payload == {}


def test_the_desk_still_adds_residents_one_by_one(at_desk: Desk) -> None:
    form = read(DeskForm, {"name": "Paul Petit", "birth_date": "2000-01-01", "address": "1 rue de Brest", "proof": "yes"})
    assert desk.add_line(at_desk.unit, at_desk.edition, form, by=at_desk.agent).origin == "desk"


def test_two_codes_may_wait_to_be_cancelled_at_once(at_desk: Desk) -> None:
    for serial in (1, 2):
        form = read(CodeActForm, {"batch": "1", "serial": str(serial), "reason": "Perdue."})
        changes.propose_void(at_desk.unit, at_desk.edition, form, by=at_desk.agent)
    for motion in at_desk.unit.db.exec(select(Motion).where(Motion.act == changes.Change.VOID.value)).all():
        changes.confirm_change(at_desk.unit, at_desk.edition, motion, by=at_desk.second)
    assert len([one for one in at_desk.unit.db.exec(select(VotingCode)) if one.voided_on]) == 2


@pytest.mark.parametrize("replace", [False, True])
def test_a_code_that_was_used_is_not_even_proposed_to_be_cancelled(at_desk: Desk, replace: bool) -> None:
    _, line = batches.find_code(at_desk.unit, at_desk.edition, LOST.batch, LOST.serial)
    voting.spend(at_desk.unit, at_desk.edition.id or 0, credential_for(at_desk.unit, at_desk.edition, line), "online", "2026-11-21")
    with pytest.raises(Conflict, match="used to vote"):
        changes.propose_void(at_desk.unit, at_desk.edition, LOST, by=at_desk.agent, replace=replace)
    assert waiting(at_desk.unit, at_desk.edition.id or 0) == []


def test_a_letter_in_place_of_another_says_whom_it_is_for_and_a_cancelled_code_is_no_line_of_the_roll(at_desk: Desk) -> None:
    before = roll_size(at_desk.unit, at_desk.edition)["code"]
    motion = changes.propose_void(at_desk.unit, at_desk.edition, LOST, by=at_desk.agent, replace=True)
    done = changes.confirm_change(at_desk.unit, at_desk.edition, motion, by=at_desk.second)
    assert (done.batch, done.label, len(done.letters)) == (1, "École Liberté", 1)
    assert roll_size(at_desk.unit, at_desk.edition)["code"] == before
    other = read(CodeActForm, {"batch": "1", "serial": "2", "reason": "Perdue."})
    motion = changes.propose_void(at_desk.unit, at_desk.edition, other, by=at_desk.agent)
    changes.confirm_change(at_desk.unit, at_desk.edition, motion, by=at_desk.second)
    assert roll_size(at_desk.unit, at_desk.edition)["code"] == before - 1


def test_every_act_that_takes_two_has_a_name_and_its_permissions() -> None:
    assert set(ACTS) == {"freeze", "extension", "opening", *(change.value for change in changes.Change)}
