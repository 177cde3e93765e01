"""Promises on phases: open by their dates, to the second, and in an order that makes sense."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.calendar import PHASE_LABELS, Calendar, PhaseKind, Stage, Window
from app.core.sentences import sentence_of

START = datetime(2027, 1, 1, tzinfo=UTC)


def window(kind: str, opens: int, closes: int) -> Window:
    """A phase from day `opens` to day `closes` of 2027."""
    return Window(kind=PhaseKind(kind), opens=START + timedelta(days=opens), closes=START + timedelta(days=closes))


def calendar(*windows: Window) -> Calendar:
    return Calendar(zone="Europe/Paris", windows=windows)


GOOD = calendar(
    window("submission", 0, 30), window("completion", 20, 50), window("review", 31, 90), window("voting", 130, 150),
    window("count", 150, 151), window("council", 170, 171),
)  # fmt: skip


def test_a_phase_is_open_until_its_last_second_and_no_longer() -> None:
    closes = GOOD.deadline(PhaseKind.submission)
    assert closes is not None
    assert GOOD.is_open(PhaseKind.submission, closes - timedelta(seconds=1))
    assert GOOD.stage(PhaseKind.submission, closes) is Stage.after


def test_a_phase_opens_at_its_first_instant() -> None:
    assert GOOD.stage(PhaseKind.submission, START) is Stage.open
    assert GOOD.stage(PhaseKind.submission, START - timedelta(microseconds=1)) is Stage.before


def test_a_phase_the_edition_does_not_have_is_absent() -> None:
    assert GOOD.stage(PhaseKind.appeal, START) is Stage.absent
    assert GOOD.window(PhaseKind.appeal) is None
    assert GOOD.deadline(PhaseKind.appeal) is None
    assert not GOOD.is_open(PhaseKind.appeal, START)


def test_open_phases_come_first_to_close_first_and_the_next_one_is_named() -> None:
    now = START + timedelta(days=35)
    assert [w.kind for w in GOOD.open_now(now)] == [PhaseKind.completion, PhaseKind.review]
    upcoming = GOOD.upcoming(now)
    assert upcoming is not None
    assert upcoming.kind is PhaseKind.voting
    assert GOOD.upcoming(START + timedelta(days=400)) is None


def test_a_good_calendar_has_no_problem() -> None:
    assert GOOD.check() == {}


def test_an_edition_needs_submission_and_voting() -> None:
    assert set(calendar().check()) == {"submission_opens", "voting_opens"}


@pytest.mark.parametrize("closes", [0, -1])
def test_a_phase_must_end_after_its_start(closes: int) -> None:
    problems = calendar(window("submission", -10, -5), window("voting", 0, closes)).check()
    assert set(problems) == {"voting_closes"}
    assert "not after its start" in str(problems["voting_closes"])


def test_a_vote_before_the_end_of_submission_gets_a_sentence_naming_both() -> None:
    problems = calendar(window("submission", 0, 30), window("voting", 29, 40)).check()
    assert set(problems) == {"voting_opens"}
    values = problems["voting_opens"].values
    assert (values["phase"], values["earlier"]) == (PHASE_LABELS[PhaseKind.voting], PHASE_LABELS[PhaseKind.submission])
    assert str(values["opens"]) == "2027-01-30 01:00:00+01:00"


def test_the_order_holds_over_an_absent_phase() -> None:
    problems = calendar(window("submission", 0, 30), window("voting", 30, 40), window("council", 39, 50)).check()
    assert set(problems) == {"council_opens"}


def test_phases_outside_the_chain_may_overlap() -> None:
    outside = (window("review", 0, 200), window("campaign", 10, 60))
    assert calendar(window("submission", 0, 30), *outside, window("voting", 30, 40)).check() == {}


def test_a_phase_given_twice_gets_a_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        calendar(window("voting", 0, 1), window("voting", 2, 3))
    sentence = sentence_of(refusal.value.errors()[0])
    assert sentence is not None
    assert sentence.values["phase"] == PHASE_LABELS[PhaseKind.voting]


def test_a_calendar_needs_a_real_zone_and_aware_instants() -> None:
    with pytest.raises(ValidationError, match="not a known time zone"):
        Calendar(zone="Europe/Rennes")
    with pytest.raises(ValidationError):
        Window(kind=PhaseKind.voting, opens=datetime(2027, 1, 1), closes=START)


def test_instants_are_kept_in_utc_and_survive_json() -> None:
    there = Window(kind=PhaseKind.voting, opens=START.astimezone(timezone(timedelta(hours=-10))), closes=START + timedelta(days=1))
    assert there.opens.tzinfo is UTC
    assert Calendar.model_validate_json(GOOD.model_dump_json()) == GOOD


def test_every_phase_has_a_label() -> None:
    assert set(PHASE_LABELS) == set(PhaseKind)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_a_checked_calendar_never_has_submission_and_voting_open_together(a: int, b: int, c: int, d: int) -> None:
    checked = calendar(window("submission", a, a + b), window("voting", c, c + d))
    together = any(len(checked.open_now(START + timedelta(days=day))) > 1 for day in range(101))
    assert not (together and not checked.check())
