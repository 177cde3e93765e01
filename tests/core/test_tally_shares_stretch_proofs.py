"""Which rivals a proof over a stretch of shares meets, and what it says of how long it holds."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from random import Random

import pytest

from app.core.tally import Election, EqualShares, Project, shares_purses
from app.core.tally.columns import PLAIN
from app.core.tally.limits import MaxPer
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_run import Run, run_at
from app.core.tally.shares_stretch import Stretch, _Step
from tests.core.test_tally_shares_run import THREE, by_hand


def stretch_of(own: Market, low: int | Fraction, high: int | Fraction, limit: int = 10**9) -> Stretch:
    return Stretch(own, run_at(own, Fraction(low), limit).run, Fraction(high))


def test_what_a_project_asks_at_least_is_its_cost_for_all_its_voters() -> None:
    own = by_hand(("a", "a", "a", "b"), {"a": 10, "b": 6, "c": 4}, utility="cardinality")
    stretch = stretch_of(own, 1, 2)
    assert list(stretch._least) == [0, 1]
    for one, exact in ((0, Fraction(10, 3)), (1, Fraction(6))):
        assert exact * (1 - Fraction(1, 10**12)) < Fraction(stretch._least[one]) < exact


def test_projects_worth_nothing_to_anybody_are_no_rivals() -> None:
    rule = EqualShares(utility="borda", tie_break=("id",))
    field = (Project("a", 10), Project("b", 6))
    own = market(rule, Election.marked(field, [{"a": 1, "b": 2}], 60, "ranking"), "borda", rule.scale, PLAIN)
    assert list(stretch_of(own, 1, 2)._least) == [0]


def test_both_ends_count_in_the_units_of_the_higher() -> None:
    stretch = stretch_of(by_hand(THREE), 1, 10**6)
    assert stretch.bottom.shift == stretch.top.shift
    assert stretch.bottom.share == 1
    assert stretch.top.share == 10**6


def test_rivals_are_those_that_no_limit_keeps_out_yet_and_that_may_be_as_cheap() -> None:
    own = by_hand(("ab", "ab", "c"), {"a": 6, "b": 6, "c": 4}, site="ab", limits=(MaxPer(key="site", most=1),))
    stretch = stretch_of(own, 9, 10)
    assert (stretch.run.bought, {one: round_ for one, (round_, _) in stretch.run.barred.items()}) == ((0, 2), {1: 1})
    stretch._least = {0: 0.25, 1: 0.5, 2: 0.75}
    assert stretch._rivals(0, 1.0) == [0, 1, 2]
    assert stretch._rivals(1, 1.0) == [0, 2]
    assert stretch._rivals(2, 1.0) == [0, 2]
    assert stretch._rivals(0, 0.5) == [0, 1]
    assert stretch._rivals(0, 0.25) == [0]


def test_purchases_that_all_can_pay_hold_as_long_as_they_can() -> None:
    """From 4 on all three are bought, with nobody poor: a rate that stays stays the lowest."""
    assert stretch_of(by_hand(THREE), 5, 5000).holds() == 1
    assert stretch_of(by_hand(THREE, {"a": 10, "b": 0, "c": 4}), 5, 5000).holds() == 1


@pytest.mark.parametrize(
    ("low", "high", "part"),
    [
        # c asks its one voter 10: halfway between 8 and 12, after 2 of 3, after all but a thousandth, at once.
        (8, 12, 0.5),
        (7, Fraction(23, 2), Fraction(2, 3)),
        (8, 10, 0.999),
        (Fraction(99, 10), 1000, 1 / 9901),
        (4, 9, 1.0),
    ],
)
def test_a_project_that_comes_to_be_paid_ends_the_stretch_when_its_voters_hold_its_cost(
    low: Fraction, high: Fraction, part: Fraction
) -> None:
    own = by_hand(THREE, {"a": 6, "b": 6, "c": 10})
    assert stretch_of(own, low, high).holds() == pytest.approx(float(part))


def test_a_purchase_that_one_end_cannot_pay_proves_nothing() -> None:
    own = by_hand(THREE, {"a": 6, "b": 6, "c": 10})
    run = run_at(own, Fraction(12), 60).run
    assert run.bought == (0, 1, 2)
    assert Stretch(own, Run(Fraction(8), run.rounds), Fraction(12)).holds() == 0
    assert Stretch(own, Run(Fraction(12), run.rounds), Fraction(8)).holds() == 0


def test_what_can_never_be_paid_again_is_no_rival_any_more() -> None:
    """Once a has taken 9 of each 10 at most, d cannot be paid at either end; b asks twice as much as a."""
    own = by_hand(("ad", "ad", "b"), {"a": 18, "b": 9, "d": 8})
    stretch = stretch_of(own, Fraction(19, 2), 10)
    assert stretch.run.bought == (0, 1)
    assert stretch.holds() == 1
    assert stretch._least == {}


def step_of(own: Market, one: int, low: int = 9, high: int = 10) -> _Step:
    stretch = stretch_of(own, low, high)
    offers = stretch.bottom.offer(one), stretch.top.offer(one)
    assert offers[0] is not None
    assert offers[1] is not None
    return _Step(stretch, one, offers[0], offers[1])


def test_rates_that_stay_keep_their_order() -> None:
    step = step_of(by_hand(THREE), 1)
    dearer, cheaper, equal = (step.stretch.top.offer(one) for one in (2, 0, 1))
    assert dearer is not None
    assert cheaper is not None
    assert equal is not None
    assert (step.constant(2, dearer), step.constant(0, cheaper), step.constant(1, equal)) == (True, False, True)


@pytest.mark.parametrize(
    "changed", [{"poor": 1}, {"exact": None}, {"exact": Fraction(7, 8)}], ids=["somebody is poor", "not known exactly", "another rate"]
)
@pytest.mark.parametrize("which", ["low", "high", "rival"])
def test_rates_may_change_where_somebody_is_poor_or_they_are_not_known(which: str, changed: dict[str, int | Fraction | None]) -> None:
    step = step_of(by_hand(THREE), 1)
    offer = step.stretch.top.offer(2)
    assert offer is not None
    if which == "low":
        step.low = step.low._replace(**changed)  # type: ignore[arg-type]
    elif which == "high":
        step.high = step.high._replace(**changed)  # type: ignore[arg-type]
    else:
        offer = offer._replace(**changed)  # type: ignore[arg-type]
    assert step.constant(2, offer) is False


def test_a_rival_whose_rate_is_known_only_by_its_purses_may_change_it() -> None:
    step = step_of(by_hand(THREE), 1)
    offer = step.stretch.top.offer(2)
    assert offer is not None
    assert step.constant(2, offer._replace(error=inf)) is False
    step.stretch.bottom.money[2] = step.stretch.bottom.units(4)
    found = step.stretch.bottom.offer(2)
    assert found is not None
    assert (found.error, found.exact, found.poor) == (inf, 4 / Fraction(4), 0)
    assert step.constant(2, offer) is False


def test_a_rival_that_some_of_its_voters_pay_only_in_part_at_the_low_end_may_change_its_rate() -> None:
    own = by_hand((*THREE, "bc"), {"a": 10, "b": 6, "c": 4})
    step = step_of(own, 0)
    offer = step.stretch.top.offer(2)
    assert offer is not None
    assert step.constant(2, offer) is True
    step.stretch.bottom.money[2] = 1
    assert step.constant(2, offer) is False
    step.stretch.bottom.money[2:] = 0
    assert step.stretch.bottom.offer(2) is None
    assert step.constant(2, offer) is False


def test_a_rival_that_is_dearer_at_the_high_end_is_behind_without_a_look_at_the_low_one() -> None:
    step = step_of(by_hand(THREE), 1)
    stretch = step.stretch
    stretch.bottom.money[:] = 0
    assert stretch._behind(step, 2) == 1
    assert stretch._least[2] == pytest.approx(1)
    stretch.top.money[2] = 0
    assert stretch._behind(step, 2) == 1
    assert list(stretch._least) == [0, 1]


def small(seed: int) -> Market:
    """Eight projects and thirty voters, by cost, number or points."""
    dice = Random(f"stretch {seed}")
    ids = "abcdefgh"
    field = tuple(Project(id, dice.randint(20, 300)) for id in ids)
    marks = [{id: dice.randint(1, 3) for id in dice.sample(ids, dice.randint(1, 5))} for _ in range(30)]
    utility = dice.choice(["cost", "cardinality", "points"])
    rule = EqualShares(utility=utility, tie_break=("id",))
    return market(rule, Election.marked(field, marks, 900, "points"), rule.utility, rule.scale, PLAIN)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_proven_holds_all_along_however_coarse_the_purses(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    own = small(seed)
    runs = {share: run_at(own, Fraction(share, 8), 10**9).run for share in range(200, 280)}
    for bits in (40, 7, 4, 1):
        monkeypatch.setattr(shares_purses, "shift_for", lambda market, share, bits=bits: bits)
        for low in (200, 220, 240, 260):
            for length in (1, 4, 19):
                if Stretch(own, runs[low], Fraction(low + length, 8)).holds() == 1:
                    assert all(runs[low + step].bought == runs[low].bought for step in range(length + 1)), bits


def test_a_rival_is_met_next_at_what_it_asks_at_the_high_end() -> None:
    """Of 6 one of its two voters gives 2: the other's 4 are 4/6 for each cent of its cost, twice what a asks."""
    step = step_of(by_hand(("a", "a", "a", "b", "bc"), {"a": 10, "b": 6, "c": 4}), 0)
    stretch = step.stretch
    stretch.top.money[2] = stretch.top.units(2)
    assert stretch._behind(step, 1) == 1
    assert stretch._least[1] == pytest.approx(4 / 6)
