"""Changing a vote: with the two codes of the receipt, while voting is open; the last ballot counts, the others stay sealed."""

import pytest
from sqlalchemy import Engine

from app import keyring
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.core.transparency import tracking_code
from app.unit import Work, work
from app.voting import service as voting
from app.voting.changing import change
from app.voting.merging import merge
from app.voting.models import Ballot, CastBallot
from app.voting.opening import open_ballots
from app.voting.service import Receipt, Slip
from app.voting.tallying import profile
from tests.bureau import OPENING_KEY
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows


@pytest.fixture
def open_to_change(cast: Cast, clock: Clock, database_clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now, safekeeping={"change_of_vote": "yes"})


def changed(unit: Work, poll: OpenPoll, old: Receipt, choices: list[str], seed: str, *, secret: str | None = None) -> Receipt:
    return change(
        unit, poll.id, old.tracking_code, old.secret if secret is None else secret, Slip(choices, seed), style=poll.style,
        candidates=poll.slate, opens=poll.opens, closes=poll.closes,
    )  # fmt: skip


def counted(unit: Work, poll: OpenPoll) -> dict[frozenset[str], int]:
    voting.close_box(unit, poll.id)
    merge(unit, poll.id, keyring.log_key())
    open_ballots(unit, poll.id, OPENING_KEY, style=poll.style, candidates=poll.slate)
    return dict(profile(unit, poll.id).ballots)


def test_the_last_ballot_counts_and_the_one_before_stays_sealed(open_to_change: OpenPoll, engine: Engine) -> None:
    poll = open_to_change
    with work(engine) as unit:
        first = poll.cast(unit)
        second = changed(unit, poll, first, poll.ids[3:6], "b" * 26)
        third = changed(unit, poll, second, poll.ids[2:5], "c" * 26)
        assert len({first.leaf_hash, second.leaf_hash, third.leaf_hash}) == 3
        assert counted(unit, poll) == {frozenset(poll.ids[2:5]): 1}
        (ballot,) = all_rows(unit, Ballot)
        assert ballot.leaf_hash == third.leaf_hash
        assert ballot.opening


def test_the_same_change_sent_again_gives_the_same_receipt(open_to_change: OpenPoll, engine: Engine) -> None:
    poll = open_to_change
    with work(engine) as unit:
        first = poll.cast(unit)
        assert changed(unit, poll, first, poll.ids[3:6], "b" * 26) == changed(unit, poll, first, poll.ids[3:6], "b" * 26)


def test_a_ballot_is_replaced_once_and_then_its_codes_are_worth_nothing(open_to_change: OpenPoll, engine: Engine) -> None:
    poll = open_to_change
    with work(engine) as unit:
        first = poll.cast(unit)
        changed(unit, poll, first, poll.ids[3:6], "b" * 26)
        with pytest.raises(Conflict, match="replaced already"):
            changed(unit, poll, first, poll.ids[:3], "c" * 26)
        assert counted(unit, poll) == {frozenset(poll.ids[3:6]): 1}


@pytest.mark.parametrize("secret", ["", "0" * 32, "x" * 32])
def test_without_its_change_code_no_ballot_is_replaced(open_to_change: OpenPoll, engine: Engine, secret: str) -> None:
    poll = open_to_change
    with work(engine) as unit:
        first = poll.cast(unit)
        with pytest.raises(Invalid, match="does not belong to this ballot"):
            changed(unit, poll, first, poll.ids[3:6], "b" * 26, secret=secret)


def test_a_change_is_refused_after_closing_or_for_a_code_of_no_ballot(
    open_to_change: OpenPoll, engine: Engine, database_clock: Clock
) -> None:
    poll = open_to_change
    with work(engine) as unit:
        first = poll.cast(unit)
        with pytest.raises(Missing):
            changed(unit, poll, Receipt(poll.id, "0" * 16, "", secret=first.secret), poll.ids[3:6], "b" * 26)
        database_clock.now = poll.closes
        with pytest.raises(Refused, match="closed on"):
            changed(unit, poll, first, poll.ids[3:6], "b" * 26)


def test_the_code_of_a_ballot_of_another_vote_is_said_to_be_that(open_to_change: OpenPoll, cast: Cast, engine: Engine) -> None:
    poll, leaf, other = open_to_change, "ab" * 32, cast.edition(slug="rennes-2028")
    with work(engine) as unit:
        mine = poll.cast(unit)
        unit.db.add(CastBallot(leaf_hash=leaf, edition_id=other.id or 0, entry=b"sealed"))
        unit.db.flush()
        with pytest.raises(Missing, match="of a ballot of another vote"):
            changed(unit, poll, Receipt(poll.id, tracking_code(leaf), leaf, secret=mine.secret), poll.ids[3:6], "b" * 26)


def test_a_ballot_that_is_in_the_log_already_can_be_replaced(open_to_change: OpenPoll, engine: Engine) -> None:
    poll = open_to_change
    with work(engine) as unit:
        receipts = [poll.cast(unit, number, seed=f"{number:026d}") for number in range(1, 41)]
        merge(unit, poll.id, keyring.log_key())
        logged = next(one for one in receipts if voting.receipt(unit, one.tracking_code).logged)
        changed(unit, poll, logged, [], "b" * 26)
        assert counted(unit, poll) == {frozenset(poll.ids[:3]): 39, frozenset(): 1}


def test_where_votes_cannot_be_changed_the_first_stands(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        first = poll.cast(unit)
        assert first.secret == ""
        with pytest.raises(Refused, match="cannot be changed in this edition"):
            changed(unit, poll, first, poll.ids[3:6], "b" * 26, secret="0" * 32)
