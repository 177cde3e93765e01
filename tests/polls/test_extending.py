"""Extending a vote: two people, a later end, a reason for everybody, local time as officials mean it, and dates that still follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.calendar import PhaseKind
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.ledger.acts import acts_of
from app.ledger.models import Motion
from app.ledger.motions import withdraw
from app.polls.ballot_paper import paper_of
from app.polls.extending import ExtensionForm, confirm_extension, extensions_of, propose_extension
from app.polls.freezing import freeze_of
from app.unit import Work, work
from app.voting import clock as database_clock
from app.voting.closing import close_box
from tests.bureau import freeze, members
from tests.cast import Cast
from tests.polls.stage import DAY, open_vote
from tests.polls.unfrozen import unfrozen_vote

LATER = {"closes": "2026-12-20", "closes_clock": "18:00", "reason": "Panne du réseau dans deux bureaux."}


@pytest.fixture(autouse=True)
def _same_clocks(clock: Any) -> Iterator[None]:
    with database_clock.held_at(clock.now):
        yield


def extend(unit: Work, edition: Edition, first: Person, second: Person, **typed: Any) -> None:
    motion = propose_extension(unit, edition, read(ExtensionForm, LATER | typed), by=first)
    confirm_extension(unit, edition, motion, by=second)


def frozen_until(cast: Cast, unit: Work, closes: datetime, **phases: Any) -> Edition:
    edition = unfrozen_vote(cast, cast.clock.now + DAY, closes, **phases)
    freeze(cast, edition, at=cast.clock.now)
    members(cast)
    return unit.db.get_one(Edition, edition.id)


def test_the_vote_ends_later_and_everybody_can_read_why(unit: Work, cast: Cast) -> None:
    edition, (first, second) = open_vote(cast), members(cast)
    before = json.loads(freeze_of(unit, edition).definition)["closes"]  # type: ignore[union-attr]
    motion = propose_extension(unit, edition, read(ExtensionForm, LATER), by=first)
    assert calendar_of(unit, edition).deadline(PhaseKind.voting) == cast.clock.now + 20 * DAY, "a proposal changes nothing"
    made = confirm_extension(unit, edition, motion, by=second)
    ends = datetime(2026, 12, 20, 17, 0, tzinfo=UTC)
    assert made.closes == ends == calendar_of(unit, edition).deadline(PhaseKind.voting) == paper_of(unit, edition.id or 0).closes
    act = acts_of(unit, edition.id or 0)[-1]
    assert (act.event, act.text) == ("extension", f"extension {before} 2026-12-20T17:00:00Z {LATER['reason']}")
    assert [one.reason for one in extensions_of(unit, edition)] == [LATER["reason"]]
    assert json.loads(freeze_of(unit, edition).definition)["closes"] == before, "the frozen definition stays as it is"  # type: ignore[union-attr]


def test_one_person_alone_cannot_extend_and_others_may_not_at_all(unit: Work, cast: Cast) -> None:
    stranger = cast.official(Role.PUBLISHER, Role.ADMINISTRATOR)
    edition, (first, second) = open_vote(cast), members(cast)
    motion = propose_extension(unit, edition, read(ExtensionForm, LATER), by=first)
    with pytest.raises(Refused, match="second person"):
        confirm_extension(unit, edition, motion, by=first)
    for act in (
        lambda: confirm_extension(unit, edition, motion, by=stranger),
        lambda: propose_extension(unit, edition, read(ExtensionForm, LATER), by=stranger),
    ):
        with pytest.raises(Refused, match="roles"):
            act()
    withdraw(unit, motion, by=first.id)
    with pytest.raises(Conflict, match="over already"):
        confirm_extension(unit, edition, motion, by=second)


@pytest.mark.parametrize(
    ("day", "hour", "fold", "said"),
    [
        ("", "", "", "Fill in"),
        ("demain", "", "", "Type the date"),
        ("2026-12-11", "10:00", "", "already ends"),
        ("2026-12-11", "11:00", "", "already ends"),
        ("2027-03-28", "02:30", "", "does not exist"),
        ("2027-10-31", "02:30", "", "happens twice"),
        ("2027-10-31", "02:30", "7", "happens twice"),
    ],
)
def test_t07_an_end_that_cannot_be_is_refused_with_its_sentence(unit: Work, cast: Cast, day: str, hour: str, fold: str, said: str) -> None:
    edition, (first, _) = open_vote(cast), members(cast)
    with pytest.raises(Invalid, match=said) as told:
        propose_extension(unit, edition, read(ExtensionForm, LATER | {"closes": day, "closes_clock": hour, "closes_fold": fold}), by=first)
    assert set(told.value.errors) == {"closes"}


def test_t07_the_hour_that_happens_twice_is_the_one_that_was_said(unit: Work, cast: Cast) -> None:
    edition, (first, second) = open_vote(cast), members(cast)
    extend(unit, edition, first, second, closes="2027-10-31", closes_clock="02:30", closes_fold="1")
    assert calendar_of(unit, edition).deadline(PhaseKind.voting) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_reason_is_needed(cast: Cast) -> None:
    with pytest.raises(Invalid) as told:
        read(ExtensionForm, LATER | {"reason": "  "})
    assert "reason" in told.value.errors


def test_an_end_after_the_start_of_the_count_is_refused_unless_both_move(unit: Work, cast: Cast) -> None:
    closes = datetime(2026, 12, 11, 17, 0, tzinfo=UTC)
    count, council = (closes, closes + DAY), (closes + 5 * DAY, closes + 6 * DAY)
    first, second = members(cast)
    edition = frozen_until(cast, unit, closes, count=count, council=council)
    with pytest.raises(Invalid, match="Public count"):
        propose_extension(unit, edition, read(ExtensionForm, LATER), by=first)
    extend(unit, edition, first, second, move_following="yes")
    calendar = calendar_of(unit, edition)
    assert set(calendar.check()) == {"submission_opens"}, "which this edition does without"
    assert [(one.opens, one.closes) for one in calendar.windows if one.kind in ("count", "council")] == [
        (opens + 9 * DAY, ends + 9 * DAY) for opens, ends in (count, council)
    ]


def test_what_follows_keeps_its_local_hour_through_a_change_of_clocks(unit: Work, cast: Cast) -> None:
    closes = datetime(2027, 3, 25, 17, 0, tzinfo=UTC)
    both = members(cast)
    edition = frozen_until(cast, unit, closes, count=(closes, closes + timedelta(hours=3)))
    extend(unit, edition, *both, closes="2027-03-30", closes_clock="19:00", move_following="yes")
    count = calendar_of(unit, edition).window(PhaseKind.count)
    assert count is not None
    assert (count.opens, count.closes) == (datetime(2027, 3, 30, 17, 0, tzinfo=UTC), datetime(2027, 3, 30, 20, 0, tzinfo=UTC))


def test_a_vote_that_is_over_by_either_clock_or_whose_box_is_closed_cannot_be_extended(unit: Work, cast: Cast) -> None:
    edition, (first, second) = open_vote(cast), members(cast)
    motion = propose_extension(unit, edition, read(ExtensionForm, LATER), by=first)
    unit.db.commit()
    over = cast.clock.now + 20 * DAY
    with work(cast.engine, now=over) as late, pytest.raises(Refused, match="over"):
        confirm_extension(late, late.db.get_one(Edition, edition.id), late.db.get_one(Motion, motion.id), by=second)
    with database_clock.held_at(over), pytest.raises(Refused, match="over"):
        confirm_extension(unit, edition, motion, by=second)
    close_box(unit, edition.id or 0)
    with pytest.raises(Refused, match="over"):
        confirm_extension(unit, edition, motion, by=second)


def test_an_unfrozen_vote_has_its_dates_changed_in_the_calendar(unit: Work, cast: Cast) -> None:
    edition, (first, _) = unfrozen_vote(cast), members(cast)
    with pytest.raises(Refused, match="calendar"):
        propose_extension(unit, edition, read(ExtensionForm, LATER), by=first)


def test_what_was_proposed_for_other_dates_is_not_done(unit: Work, cast: Cast) -> None:
    edition, (first, second) = open_vote(cast), members(cast)
    motion = propose_extension(unit, edition, read(ExtensionForm, LATER), by=first)
    row = unit.db.exec(select(Edition).where(Edition.id == edition.id)).one()
    motion.payload = motion.payload | {"before": "2026-12-01T00:00:00Z"}
    unit.db.add(motion)
    with pytest.raises(Conflict, match="dates have changed"):
        confirm_extension(unit, row, motion, by=second)
