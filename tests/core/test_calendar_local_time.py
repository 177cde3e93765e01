"""Promises on local time: what an official types is one instant, whatever the clocks and the server do."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import Ambiguous, fold_of, known_zone, months_between, read_instant, shift, show_instant, start_of_day
from app.core.problems import Invalid

PARIS = "Europe/Paris"
ZONES = [PARIS, "America/Martinique", "Indian/Reunion", "Pacific/Tahiti", "America/Miquelon", "America/Havana", "Pacific/Apia", "UTC"]
instants = st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)).map(lambda naive: naive.replace(microsecond=0, tzinfo=UTC))


def read(day: str, clock: str = "", zone: str = PARIS, end: bool = False, fold: str = "") -> datetime:
    return read_instant(day, clock, zone, end=end, fold=fold)


@pytest.mark.parametrize(
    ("day", "clock", "end", "zone", "utc"),
    [
        ("2027-05-14", "09:00", False, PARIS, "2027-05-14T07:00:00"),
        ("14/05/2027", "9 h", False, PARIS, "2027-05-14T07:00:00"),
        ("14/5/2027", "9h30", False, PARIS, "2027-05-14T07:30:00"),
        ("2027-05-14", "09:00:30", False, PARIS, "2027-05-14T07:00:30"),
        ("2027-01-31", "", False, PARIS, "2027-01-30T23:00:00"),
        ("2027-01-31", "", True, PARIS, "2027-01-31T23:00:00"),
        ("2027-03-28", "", True, PARIS, "2027-03-28T22:00:00"),
        ("2026-10-25", "", True, PARIS, "2026-10-25T23:00:00"),
        ("2027-10-31", "", False, PARIS, "2027-10-30T22:00:00"),
        ("2027-10-31", "", True, PARIS, "2027-10-31T23:00:00"),
        ("2028-02-29", "", True, PARIS, "2028-02-29T23:00:00"),
        ("2027-12-31", "", True, PARIS, "2027-12-31T23:00:00"),
        ("2027-03-28", "03:00", False, PARIS, "2027-03-28T01:00:00"),
        ("2027-03-28", "02:30", False, "America/Martinique", "2027-03-28T06:30:00"),
        ("2026-10-25", "02:30", False, "Indian/Reunion", "2026-10-24T22:30:00"),
        ("2027-05-14", "23:59", True, "Pacific/Tahiti", "2027-05-15T09:59:00"),
    ],
)
def test_what_is_typed_is_one_instant_in_the_editions_zone(day: str, clock: str, end: bool, zone: str, utc: str) -> None:
    assert read(day, clock, zone, end).isoformat() == f"{utc}+00:00"


def test_a_time_that_clocks_skip_is_refused_with_the_two_nearest_ones() -> None:
    with pytest.raises(Invalid) as refusal:
        read("2027-03-28", "02:30")
    assert not isinstance(refusal.value, Ambiguous)
    sentence = refusal.value.errors[""]
    assert str(sentence).startswith("02:30 does not exist on 2027-03-28: clocks jump forward and go from 01:59 to 03:00.")


@pytest.mark.parametrize(("clock", "exists"), [("01:59:59", True), ("02:00", False), ("02:59:59", False), ("03:00", True)])
def test_the_skipped_hour_has_sharp_edges(clock: str, exists: bool) -> None:
    if exists:
        assert read("2027-03-28", clock)
    else:
        with pytest.raises(Invalid):
            read("2027-03-28", clock)


def test_a_time_that_happens_twice_is_asked_for() -> None:
    with pytest.raises(Ambiguous) as question:
        read("2026-10-25", "02:30")
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (question.value.first, question.value.second) == (first, second)
    assert "02:30 happens twice" in str(question.value)
    assert read("2026-10-25", "02:30", fold="0") == first
    assert read("2026-10-25", "02:30", fold="1") == second
    assert (fold_of(first, PARIS), fold_of(second, PARIS)) == ("0", "1")


def test_a_fold_given_for_an_ordinary_time_changes_nothing() -> None:
    assert read("2027-05-14", "09:00", fold="1") == read("2027-05-14", "09:00")


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("", "09:00"), ("tomorrow", ""), ("2027-02-29", ""), ("31/04/2027", ""), ("2027-13-01", ""), ("1027-05-14", ""), ("2200-01-01", ""),
        ("2027-05-14", "24:00"), ("2027-05-14", "09:60"), ("2027-05-14", "9"), ("2027-05-14", "09:"), ("2027-05-14", "noon"),
        ("05-14-2027", ""), ("2027-05-14T09:00", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence(day: str, clock: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(day, clock)
    assert str(refusal.value.errors[""]).endswith(".")


@pytest.mark.parametrize("name", ["", "Paris", "Europe", "../../etc/passwd", "Europe/Rennes", "/etc/localtime", "a\0b"])
def test_an_unknown_zone_gets_a_sentence(name: str) -> None:
    with pytest.raises(Invalid, match="not a known time zone"):
        known_zone(name)


def test_an_end_at_midnight_shows_as_the_last_day_included() -> None:
    assert show_instant(datetime(2027, 1, 31, 23, tzinfo=UTC), PARIS, end=True) == ("2027-01-31", "")
    assert show_instant(datetime(2027, 1, 31, 23, tzinfo=UTC), PARIS, end=False) == ("2027-02-01", "00:00")


def test_a_day_that_skips_midnight_starts_at_its_first_instant() -> None:
    havana = ZoneInfo("America/Havana")
    assert start_of_day(date(2027, 3, 14), havana.key).astimezone(havana).isoformat() == "2027-03-14T01:00:00-04:00"


@given(instants, st.sampled_from(ZONES), st.booleans())
def test_showing_then_reading_gives_the_same_instant(instant: datetime, zone: str, end: bool) -> None:
    day, clock = show_instant(instant, zone, end=end)
    assert read_instant(day, clock, zone, end=end, fold=fold_of(instant, zone)) == instant


@given(st.integers(0, 7200), st.sampled_from(["2026-10-25T00:00", "2027-03-28T00:00", "2027-10-31T00:00"]), st.booleans())
def test_showing_then_reading_holds_around_every_change_of_hour(seconds: int, around: str, end: bool) -> None:
    instant = datetime.fromisoformat(around).replace(tzinfo=UTC) + timedelta(seconds=seconds)
    day, clock = show_instant(instant, PARIS, end=end)
    assert read_instant(day, clock, PARIS, end=end, fold=fold_of(instant, PARIS)) == instant


def test_one_day_later_keeps_the_hour_when_clocks_change() -> None:
    eve = datetime(2026, 10, 24, 21, 59, tzinfo=UTC)
    assert shift(eve, 1, PARIS).astimezone(ZoneInfo(PARIS)).isoformat() == "2026-10-25T23:59:00+01:00"


def test_a_shift_into_a_skipped_hour_moves_on_by_the_jump() -> None:
    for clock, fold in [("2027-03-27T01:30", None), ("2026-10-25T00:30", 0), ("2026-10-25T01:30", 1)]:
        start = datetime.fromisoformat(clock).replace(tzinfo=UTC)
        days = (date(2027, 3, 28) - start.date()).days
        assert shift(start, days, PARIS) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC), fold


@given(instants, st.integers(-40000, 40000), st.sampled_from(ZONES))
def test_a_shift_keeps_the_wall_clock(instant: datetime, days: int, zone: str) -> None:
    wall = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=days)
    moved = shift(instant, days, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    exists = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    assert moved == wall or (not exists and wall < moved <= wall + timedelta(days=1))


@pytest.mark.parametrize("server", ["UTC", "Europe/Paris", "America/Martinique", "Indian/Reunion", "Pacific/Tahiti"])
def test_the_servers_own_zone_changes_nothing(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", server)
    time.tzset()
    try:
        assert read("2026-10-25", "02:30", fold="1") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        assert read("2027-05-14", end=True) == datetime(2027, 5, 14, 22, tzinfo=UTC)
        assert show_instant(datetime(2027, 5, 14, 22, tzinfo=UTC), PARIS, end=True) == ("2027-05-14", "")
        assert shift(datetime(2026, 10, 24, 21, 59, tzinfo=UTC), 1, PARIS) == datetime(2026, 10, 25, 22, 59, tzinfo=UTC)
        with pytest.raises(Invalid):
            read("2027-03-28", "02:30")
    finally:
        if before is None:
            monkeypatch.delenv("TZ")
        else:
            monkeypatch.setenv("TZ", before)
        time.tzset()


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-15", "2027-01-15", 12),
        ("2026-01-15", "2027-01-14", 11),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-02-27", 0),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-02-29", "2025-02-27", 11),
        ("2026-05-31", "2026-06-30", 1),
        ("2026-06-30", "2026-05-31", -1),
        ("2026-06-30", "2026-06-30", 0),
    ],
)
def test_months_are_counted_when_whole(start: str, end: str, months: int) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == months
