"""One credential, one ballot; the database's clock is the law; a receipt is never given for nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.core.ballots import Approval
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.unit import work
from app.voting import service as voting
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows

SECOND = timedelta(seconds=1)


def counts(engine: Engine) -> tuple[int, int]:
    with work(engine, writing=False) as unit:
        return len(all_rows(unit, CastBallot)), len(all_rows(unit, SpentCredential))


def test_a_ballot_lies_in_the_box_and_its_receipt_says_so(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        given = poll.cast(unit)
    with work(engine, writing=False) as unit:
        assert voting.receipt(unit, given.tracking_code) == given
        assert voting.receipt(unit, given.tracking_code.upper().replace("0", "O")) == given
    assert len(given.tracking_code) == 16
    assert counts(engine) == (1, 1)


def test_the_same_form_sent_again_gives_the_same_receipt(poll: OpenPoll, engine: Engine) -> None:
    receipts = set()
    for choices in (poll.ids[:3], poll.ids[2::-1]):
        with work(engine) as unit:
            receipts.add(poll.cast(unit, choices=choices))
    assert len(receipts) == 1
    assert counts(engine) == (1, 1)


def test_a_second_ballot_with_the_same_credential_is_refused(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        poll.cast(unit)
    with work(engine) as unit, pytest.raises(voting.AlreadyVoted, match="first vote stands"):
        poll.cast(unit, choices=poll.ids[3:6])
    with work(engine) as unit, pytest.raises(voting.AlreadyVoted):
        poll.cast(unit, seed="z" * 26)
    assert counts(engine) == (1, 1)


def test_a_copied_request_with_another_credential_is_refused_and_spends_nothing(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        poll.cast(unit)
    with pytest.raises(Conflict, match="already in the box"), work(engine) as unit:
        poll.cast(unit, number=2)
    assert counts(engine) == (1, 1)


@pytest.mark.parametrize("credential", ["", " - "])
def test_without_a_key_the_sentence_says_that_none_was_given(poll: OpenPoll, engine: Engine, credential: str) -> None:
    with work(engine) as unit, pytest.raises(Invalid) as refused:
        poll.cast(unit, credential=credential)
    assert refused.value.errors == {"credential": voting.NO_KEY}
    assert counts(engine) == (0, 0)


@pytest.mark.parametrize("credential", ["zz", "00" * 32, "é" * 64, "0" * 5000])
def test_what_the_registrar_did_not_make_is_refused_in_one_sentence(poll: OpenPoll, engine: Engine, credential: str) -> None:
    with work(engine) as unit, pytest.raises(Invalid) as refused:
        poll.cast(unit, credential=credential)
    assert refused.value.errors == {"credential": voting.WRONG_KEY}
    assert counts(engine) == (0, 0)


def test_a_credential_of_another_vote_is_refused(poll: OpenPoll, engine: Engine) -> None:
    poll.id += 1
    other = poll.key()
    poll.id -= 1
    with work(engine) as unit, pytest.raises(Invalid):
        poll.cast(unit, credential=other)


def test_a_key_typed_in_groups_and_capitals_is_the_same_key(poll: OpenPoll, engine: Engine) -> None:
    key = poll.key().upper()
    typed = " ".join(key[at : at + 4] for at in range(0, 64, 4)) + "\u00a0\n"
    with work(engine) as unit:
        poll.cast(unit, credential=typed)
        assert voting.spent_how(unit, poll.id, poll.key()) == "online"


@pytest.mark.parametrize("seed", ["", "short", "k" * 65, "k" * 25 + "é", "k" * 25 + "\n"])
def test_a_ballot_without_a_good_seed_is_refused(poll: OpenPoll, engine: Engine, seed: str) -> None:
    with work(engine) as unit, pytest.raises(Invalid):
        poll.cast(unit, seed=seed)


def test_a_ballot_that_breaks_the_style_is_refused_with_its_numbers(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit, pytest.raises(Invalid, match="at least 3 projects; you have chosen 2"):
        poll.cast(unit, choices=poll.ids[:2])
    with work(engine) as unit, pytest.raises(Invalid, match="no project p99"):
        poll.cast(unit, choices=[*poll.ids[:3], "p99"])
    assert counts(engine) == (0, 0)


def test_a_blank_ballot_is_a_ballot(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        poll.cast(unit, choices=[])
    assert counts(engine) == (1, 1)


def test_the_last_instant_is_in_and_the_closing_instant_is_out(poll: OpenPoll, engine: Engine, database_clock: Clock) -> None:
    database_clock.now = poll.closes - SECOND / 1000
    with work(engine) as unit:
        poll.cast(unit, 1)
    database_clock.now = poll.closes
    with work(engine) as unit, pytest.raises(Refused, match="closed on"):
        poll.cast(unit, 2, seed="y" * 26)
    database_clock.now = poll.opens - SECOND / 1000
    with work(engine) as unit, pytest.raises(Refused, match="not open yet"):
        poll.cast(unit, 2, seed="y" * 26)
    assert counts(engine) == (1, 1)


@pytest.mark.parametrize("skew", [-5, 5])
def test_an_application_whose_clock_is_wrong_changes_nothing(poll: OpenPoll, engine: Engine, database_clock: Clock, skew: int) -> None:
    """T06: the clock of the web server is 5 seconds early or late, the database's decides."""
    database_clock.now = poll.closes - SECOND
    with work(engine, now=database_clock.now + skew * SECOND) as unit:
        poll.cast(unit, 1)
    database_clock.now = poll.closes + SECOND
    with work(engine, now=database_clock.now + skew * SECOND) as unit, pytest.raises(Refused):
        poll.cast(unit, 2, seed="y" * 26)


def test_after_closing_only_the_receipt_of_a_ballot_already_cast_is_given(poll: OpenPoll, engine: Engine, database_clock: Clock) -> None:
    """T30: a replay after the close accepts nothing, and a voter whose answer was lost still gets it."""
    with work(engine) as unit:
        given = poll.cast(unit)
    database_clock.now = poll.closes + SECOND
    with work(engine) as unit:
        assert poll.cast(unit) == given
        voting.close_box(unit, poll.id)
    with work(engine) as unit:
        assert poll.cast(unit) == given
    with work(engine) as unit, pytest.raises(Refused):
        poll.cast(unit, seed="y" * 26)
    assert counts(engine) == (1, 1)


def test_nothing_is_cast_into_a_closed_box_whatever_the_clock_says(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        voting.close_box(unit, poll.id)
    with work(engine) as unit, pytest.raises(Refused):
        poll.cast(unit)
    with work(engine) as unit, pytest.raises(Refused):
        voting.spend(unit, poll.id, poll.key(), "paper", "2026-11-21")


@pytest.mark.parametrize(("how", "sentence"), [("paper", "paper ballot was already handed out"), ("void", "was cancelled")])
def test_the_first_mark_prevails_between_channels(poll: OpenPoll, engine: Engine, how: str, sentence: str) -> None:
    with work(engine) as unit:
        voting.spend(unit, poll.id, poll.key(1), how, "2026-11-21")
        poll.cast(unit, 2)
    with work(engine) as unit, pytest.raises(voting.AlreadyVoted, match=sentence):
        poll.cast(unit, 1, seed="y" * 26)
    with work(engine) as unit, pytest.raises(voting.AlreadyVoted) as refused:
        voting.spend(unit, poll.id, poll.key(2), how, "2026-11-21")
    assert refused.value.how == "online"


def test_the_turnout_counts_by_day_and_channel(poll: OpenPoll, engine: Engine, database_clock: Clock) -> None:
    with work(engine) as unit:
        poll.cast(unit, 1)
        voting.spend(unit, poll.id, poll.key(2), "paper", "2026-11-21")
        database_clock.now += timedelta(hours=14)  # half past midnight in Rennes, still the day before in UTC
        poll.cast(unit, 3, seed="y" * 26)
        found = [(row.day, row.how, row.count) for row in voting.turnout(unit, poll.id)]
    assert found == [("2026-11-21", "online", 1), ("2026-11-21", "paper", 1), ("2026-11-22", "online", 1)]


def test_an_unknown_tracking_code_has_no_receipt(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit, pytest.raises(Missing):
        voting.receipt(unit, "0000000000000000")


def test_the_box_keeps_no_person_no_time_and_no_order(poll: OpenPoll, engine: Engine) -> None:
    assert set(CastBallot.model_fields) == {
        "leaf_hash", "edition_id", "entry", "replaces",
    }  # fmt: skip
    assert set(SpentCredential.model_fields) == {"edition_id", "mark", "how", "day"}
    with work(engine) as unit:
        poll.cast(unit)
        (mark,), (ballot,) = all_rows(unit, SpentCredential), all_rows(unit, CastBallot)
    assert poll.key() not in repr((mark, ballot))
    assert mark.mark not in repr(ballot)


def test_a_style_with_a_sum_is_checked_too(cast: Cast, clock: Clock, database_clock: Clock, engine: Engine) -> None:
    poll = OpenPoll(cast, clock.now, style=Approval(min_choices=1, max_total_cents=100))
    with work(engine) as unit, pytest.raises(Invalid, match="more than"):
        poll.cast(unit)


def test_every_way_of_being_spent_has_its_sentence() -> None:
    cancelled = say("This voting key was cancelled, so this vote was not recorded. Ask the city's desk for another one.")
    assert str(voting.AlreadyVoted("void").message) == str(cancelled)
