"""Paper ballots go one by one into the same box, and nobody reads any ballot before the box is opened."""

import pytest
from sqlalchemy import Engine

from app.core.problems import Conflict, Invalid, Missing, Refused
from app.unit import work
from app.voting import paper
from app.voting import service as voting
from app.voting.paper import NullReason
from app.voting.tallying import profile
from tests.voting.poll import OpenPoll


def test_paper_and_online_ballots_are_counted_together_and_nulls_apart(poll: OpenPoll, engine: Engine) -> None:
    chosen = poll.ids[:3]
    with work(engine) as unit:
        poll.cast(unit)
        lot = paper.open_lot(unit, poll.id, "Maison de quartier Villejean")
        paper.enter_paper(unit, lot, 1, chosen, None)
        paper.enter_paper(unit, lot, 2, [], None)
        paper.enter_paper(unit, lot, 3, poll.ids[:7], NullReason.TOO_MANY)
        paper.close_lot(unit, lot)
        assert paper.entered(unit, lot.id or 0) == [1, 2, 3]
        voting.close_box(unit, poll.id)
        poll.merge_and_open(unit)
        found = profile(unit, poll.id)
    assert found.ballots == {frozenset(chosen): 2, frozenset(): 1}
    assert found.nulls == {NullReason.TOO_MANY: 1}
    assert found.channels == {"online": 1, "paper": 3}
    assert found.total == 4


def test_nobody_reads_a_ballot_before_the_box_is_opened(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        poll.cast(unit)
        voting.close_box(unit, poll.id)
    with work(engine) as unit, pytest.raises(Refused, match="not opened"):
        profile(unit, poll.id)


def test_a_serial_is_entered_once_in_its_lot(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        first, second = paper.open_lot(unit, poll.id, "A"), paper.open_lot(unit, poll.id, "B")
        paper.enter_paper(unit, first, 1, poll.ids[:3], None)
        paper.enter_paper(unit, second, 1, poll.ids[:3], None)
        with pytest.raises(Conflict, match="Ballot 1 of this lot"):
            paper.enter_paper(unit, first, 1, poll.ids[:4], None)
        assert [lot.number for lot in paper.lots(unit, poll.id)] == [1, 2]
        with pytest.raises(Conflict, match="already a lot"):
            paper.open_lot(unit, poll.id, "C", number=2)


def test_nothing_enters_a_closed_lot_or_an_opened_box(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        closed, still_open = paper.open_lot(unit, poll.id, "A"), paper.open_lot(unit, poll.id, "B")
        paper.close_lot(unit, closed)
        with pytest.raises(Conflict, match="lot is closed"):
            paper.enter_paper(unit, closed, 1, [], None)
        voting.close_box(unit, poll.id)
        paper.enter_paper(unit, still_open, 1, [], None)
        poll.merge_and_open(unit)
        with pytest.raises(Conflict, match="box is opened"):
            paper.enter_paper(unit, still_open, 2, [], None)


def test_a_ballot_entered_wrongly_is_taken_out_and_entered_again(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        first, second = paper.open_lot(unit, poll.id, "A"), paper.open_lot(unit, poll.id, "B")
        for lot in (first, second):
            paper.enter_paper(unit, lot, 1, poll.ids[:3], None)
            paper.enter_paper(unit, lot, 2, poll.ids[:3], None)
        paper.take_out(unit, first, 2)
        assert (paper.entered(unit, first.id or 0), paper.entered(unit, second.id or 0)) == ([1], [1, 2])
        with pytest.raises(Missing, match="Ballot 2 of this lot is not entered"):
            paper.take_out(unit, first, 2)
        paper.enter_paper(unit, first, 2, poll.ids[3:6], None)
        voting.close_box(unit, poll.id)
        poll.merge_and_open(unit)
        assert profile(unit, poll.id).ballots == {frozenset(poll.ids[:3]): 3, frozenset(poll.ids[3:6]): 1}


def test_nothing_leaves_a_closed_lot_or_an_opened_box(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        closed, still_open = paper.open_lot(unit, poll.id, "A"), paper.open_lot(unit, poll.id, "B")
        for lot in (closed, still_open):
            paper.enter_paper(unit, lot, 1, poll.ids[:3], None)
        paper.close_lot(unit, closed)
        with pytest.raises(Conflict, match="Nothing can be taken out"):
            paper.take_out(unit, closed, 1)
        voting.close_box(unit, poll.id)
        poll.merge_and_open(unit)
        with pytest.raises(Conflict, match="box is opened"):
            paper.take_out(unit, still_open, 1)
        assert profile(unit, poll.id).channels == {"paper": 2}


def test_a_null_ballot_needs_a_reason_that_exists(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        lot = paper.open_lot(unit, poll.id, "A")
        with pytest.raises(Invalid):
            paper.enter_paper(unit, lot, 1, [], "because")
    assert set(paper.NULL_LABELS) == set(NullReason)


def test_an_edition_without_a_vote_has_no_box(engine: Engine, poll: OpenPoll) -> None:
    with work(engine) as unit:
        assert voting.box_of(unit, poll.id + 1) is None
        with pytest.raises(Missing):
            voting.close_box(unit, poll.id + 1)
