"""The film of a run of Equal Shares with purses in coarse units: what is left of a purse, however little, is never taken for nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import pytest

from app.core.tally import shares_purses
from app.core.tally.shares_replay import Film
from tests.core.test_tally_coarse_purses import coarse
from tests.core.test_tally_shares_guess import SEEDS, drawn


@pytest.mark.parametrize("bits", [3, 5])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_purse_is_empty_only_where_nothing_is_left_of_it(seed: int, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for plain in drawn(seed)[:12]:
        if not plain.share:
            continue
        monkeypatch.setattr(shares_purses, "shift_for", coarse(bits))
        film = Film(plain.market, plain.walk, plain.walk.purses.exact)
        monkeypatch.undo()
        unit, first = Fraction(2) ** -film.purses.shift, [0, *accumulate(plain.market.many.tolist())][:-1]
        for moment, (_, purses, _) in zip(film.moments(), plain.moments, strict=True):
            for money, exact in zip(moment.purses.money.tolist(), (purses[voter] for voter in first), strict=True):
                assert (money == 0) == (exact == 0)
                assert abs(money * unit - exact) <= film.purses.slack * unit
