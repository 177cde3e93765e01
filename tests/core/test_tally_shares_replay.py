"""The film of a finished run of Equal Shares: at each moment the purses are those of the run, as often as it is played."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import pytest

from app.core.tally.shares_replay import Film, fine
from tests.core.test_tally_shares_guess import SEEDS, drawn


@pytest.mark.parametrize("seed", SEEDS)
def test_before_each_purchase_every_purse_is_as_it_was_however_often_it_is_played(seed: int) -> None:
    for plain in drawn(seed)[:12]:
        film = Film(plain.market, plain.walk, plain.walk.purses.exact)
        bought, many = plain.walk.run.bought, plain.market.many.tolist()
        first = [0, *accumulate(many)][:-1]
        unit = Fraction(1, 2**film.purses.shift)
        for _ in range(2):
            for moment, (rate, purses, barred) in zip(film.moments(), plain.moments, strict=True):
                index = moment.index
                assert (moment.rate, tuple(moment.purses.bought)) == (rate, bought[:index])
                assert (moment.round and moment.round.project) == (bought[index] if index < len(bought) else None)
                assert {one.id for one in plain.market.projects if moment.gate.bar(one)} == barred
                for money, exact in zip(moment.purses.money.tolist(), (purses[voter] for voter in first), strict=True):
                    assert (money == 0) == (exact == 0)
                    assert abs(money * unit - exact) <= film.purses.slack * unit
                for one in plain.losers:
                    assert moment.purses.held(one) == plain.spots(one)[index].held
                    assert moment.purses.cover(one, rate * plain.market.useful[one]) == plain.spots(one)[index].cover


@pytest.mark.parametrize("seed", SEEDS)
def test_the_doubt_of_a_purse_grows_by_two_units_with_each_purchase(seed: int) -> None:
    for plain in drawn(seed)[:5]:
        film = Film(plain.market, plain.walk, plain.walk.purses.exact)
        assert film.purses.slack == 1 + 2 * len(plain.walk.run.bought)
        assert film.rates == [rate for rate, _, _ in plain.moments[:-1]]


def test_a_fraction_of_units_is_rounded_down_to_a_part_of_two_to_the_fiftysecond() -> None:
    assert fine(Fraction(7, 3)) == (10508399130531157, 2**52)
    assert fine(Fraction(5)) == (5 * 2**52, 2**52)
