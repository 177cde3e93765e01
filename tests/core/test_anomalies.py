"""The report of unusual patterns: every planted one is listed, an honest roll gives none, and nothing else is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.anomalies import HINTS, TITLES, Entry, Facts, Kind, signals
from app.core.anomalies.facts import chance
from app.core.anomalies.mailboxes import mailbox_of
from app.core.anomalies.people import distance
from tests.core.anomaly_rolls import FIRST_DAY, PLANTS, Plant, Roll
from tests.voting.soaking import wanted


@pytest.mark.parametrize("seed", range(1, wanted("rolls", 1) + 1))
@pytest.mark.parametrize(("kind", "plant"), [one[1:] for one in PLANTS], ids=[one[0] for one in PLANTS])
def test_n24_every_planted_pattern_is_listed_with_all_its_people(kind: Kind, plant: Plant, seed: int) -> None:
    roll = Roll(seed=seed)
    ids = set(plant(roll))
    listed = [one for one in signals(roll.facts()) if one.kind is kind]
    assert listed, "not listed"
    assert any(ids <= set(one.people) for one in listed), (ids, listed)


def test_n24_every_kind_is_planted_and_they_are_more_than_twenty() -> None:
    assert {kind for _, kind, _ in PLANTS} == set(Kind) == set(TITLES) == set(HINTS)
    assert len(PLANTS) >= 20


@pytest.mark.parametrize("seed", range(8 * wanted("rolls", 1)))
@pytest.mark.parametrize("people", [60, 800])
def test_an_honest_roll_with_its_households_gives_no_signal(people: int, seed: int) -> None:
    assert signals(Roll(people, seed).facts()) == []


def test_an_empty_roll_gives_no_signal() -> None:
    assert signals(Facts()) == []


def test_people_whose_papers_say_1_january_are_no_crowd() -> None:
    """Five people of 300 born on one ordinary day are unusual; papers that say 1 January for want of a known day are not."""
    roll = Roll(300)
    for at in range(5):
        roll.add(at, birth_date=date(1980, 1, 1))
    assert not [one for one in signals(roll.facts()) if one.kind is Kind.BIRTH_DATE]
    for at in range(5):
        roll.add(at, birth_date=date(1980, 6, 1))
    assert [one.about for one in signals(roll.facts()) if one.kind is Kind.BIRTH_DATE] == ["1980-06-01"]


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("a.b+c@gmail.com", "ab@gmail.com"),
        ("ab@googlemail.com", "ab@gmail.com"),
        ("a.b+c@orange.fr", "a.b@orange.fr"),
        ("a.b@orange.fr", "a.b@orange.fr"),
    ],
)
def test_the_mailbox_behind_a_spelling(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("dupont jean", "dupond jean", 1), ("lea", "leo", 1), ("jean", "jeanne", 2), ("ab", "ba", 2), ("", "", 0)]
)
def test_the_distance_of_names(one: str, other: str, steps: int) -> None:
    assert distance(one, other, most=2) == distance(other, one, most=2) == steps


def test_the_distance_is_not_counted_beyond_what_is_asked() -> None:
    assert distance("dupont jean", "martin lea", most=2) > 2


@pytest.mark.parametrize(
    ("count", "mean", "wanted"), [(0, 3.0, 1.0), (1, 1.0, 1.0), (3, 1.0, 0.0803014), (10, 0.5, 1.7097e-10), (2, 0.0, 0.0)]
)
def test_the_chance_of_a_count(count: int, mean: float, wanted: float) -> None:
    """Poisson: P(X >= 3) for a mean of 1 is 1 - 5/2e."""
    assert chance(count, mean) == pytest.approx(wanted, rel=1e-4)


words = st.text(alphabet="abé 1+.@-", max_size=12)
entries = st.builds(
    Entry, id=st.uuids().map(str), day=st.dates(FIRST_DAY, FIRST_DAY + timedelta(days=3)), by_email=st.booleans(), name=words,
    birth_date=st.dates(date(1900, 1, 1), date(2027, 1, 1)), address=words, email=words,
)  # fmt: skip


@given(st.lists(entries, max_size=40))
def test_whatever_stands_on_the_roll_the_report_is_made_and_names_nobody_else(roll: list[Entry]) -> None:
    known = {entry.id for entry in roll}
    for one in signals(Facts(tuple(roll))):
        assert set(one.people) <= known
        assert one.count == len(one.people) > 0
        assert len(set(one.people)) == len(one.people)
