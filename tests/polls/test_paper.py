"""Paper ballots come out of the desk as recorded: the demonstration's incidents, and what an agent may get wrong."""

from typing import Any

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.editions.models import Edition
from app.polls import paper
from app.polls.models import Poll
from app.unit import Work
from app.voting.models import Ballot, PaperLot
from tests.cast import Cast
from tests.core.rennes import demonstration
from tests.polls.stage import PROJECTS, open_vote


def agent(cast: Cast) -> Person:
    return cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])


def lot_of(unit: Work, edition: Edition, by: Person, station: str = "Bureau démo Villejean") -> PaperLot:
    return paper.open_lot(unit, edition, read(paper.LotForm, {"station": station}), by=by)


def enter(unit: Work, edition: Edition, lot: PaperLot, by: Person, serial: int, **form: Any) -> paper.NullReason | None:
    return paper.enter(unit, edition, lot, read(paper.PaperForm, {"serial": serial, **form}), by=by)


INCIDENTS = {"I2": "too_many", "I3": "too_few", "I4": "too_few", "I5": None}


@pytest.mark.parametrize(("incident", "reason"), INCIDENTS.items())
def test_the_incidents_of_the_demonstration_come_out_as_recorded(unit: Work, cast: Cast, incident: str, reason: str | None) -> None:
    by = agent(cast)
    edition = open_vote(cast, *PROJECTS)
    given = next(one for one in demonstration()["ballot_incidents"] if one["id"] == incident)
    marks = " ".join(str(int(choice[1:])) for choice in given["choices"])
    lot = lot_of(unit, edition, by)
    assert enter(unit, edition, lot, by, 1, marks=marks, blank="" if marks else "yes") == reason
    stored = unit.db.exec(select(Ballot)).one()
    assert (stored.null_reason, stored.channel, stored.lot_id, stored.serial) == (reason, "paper", lot.id, 1)


def test_marks_are_read_as_agents_type_them(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    poll = unit.db.get_one(Poll, edition.id)
    ids = {one.number: one.id for one in poll.candidates}
    assert paper.reading(" 01, 2;2 /3\n", poll.candidates) == ((ids[1], ids[2], ids[3]), ())
    assert paper.reading("1 99 x 0", poll.candidates) == ((ids[1],), ("99", "x", "0"))


def test_a_reason_that_numbers_do_not_show_makes_null_what_would_count(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    lot = lot_of(unit, edition, by)
    assert enter(unit, edition, lot, by, 1, marks="1 2 3") is None
    assert enter(unit, edition, lot, by, 2, marks="1 2 3", null_reason="sign") == "sign"
    assert enter(unit, edition, lot, by, 3, null_reason="several") == "several"
    assert enter(unit, edition, lot, by, 4, marks="77 78") == "unknown_mark"


def test_a_ballot_over_the_sum_is_null_for_that_reason(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast, *PROJECTS, style="knapsack")
    lot = lot_of(unit, edition, by)
    assert enter(unit, edition, lot, by, 1, marks=" ".join(str(number) for number in range(1, 25))) == "over_budget"


def test_blank_and_marked_at_once_or_nothing_at_all_is_told(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    lot = lot_of(unit, edition, by)
    for form in ({"marks": "1 2 3", "blank": "yes"}, {}, {"blank": "yes", "null_reason": "sign"}):
        with pytest.raises(Invalid) as told:
            enter(unit, edition, lot, by, 1, **form)
        assert set(told.value.errors) == {"marks"}


def test_a_serial_is_entered_once_and_a_closed_lot_takes_no_more(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    lot = lot_of(unit, edition, by)
    enter(unit, edition, lot, by, 1, marks="1 2 3")
    with pytest.raises(Conflict, match="already entered"):
        enter(unit, edition, lot, by, 1, marks="1 2 3")
    paper.close_lot(unit, edition, lot, by=by)
    with pytest.raises(Conflict, match="lot is closed"):
        enter(unit, edition, lot, by, 2, marks="1 2 3")
    assert paper.entered(unit, lot.id or 0) == [1]
    with pytest.raises(Missing):
        paper.find_lot(unit, edition, 7)


def test_only_the_desk_enters_ballots(unit: Work, cast: Cast) -> None:
    observer = cast.person("observe@example.org", "Odile Observe", [Role.OBSERVER])
    edition = open_vote(cast)
    with pytest.raises(Refused):
        lot_of(unit, edition, observer)
