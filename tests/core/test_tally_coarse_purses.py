"""Purses kept in coarse units: nearly everything is in doubt then, and still nothing comes out otherwise.

In the units that are used a doubt is some billionths of a cent, and no election shows whether it is bounded well. Where a purse holds
thirty units or a thousand, every bound that is a little too narrow buys a wrong project or tells a wrong margin.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Project, shares_lanes, shares_market, shares_purses
from app.core.tally.column_questions import Columns
from app.core.tally.columns import PLAIN, fast
from tests.conftest import skip_or_fail
from tests.core.shares_brute import Case, cases

BITS = (5, 7, 10, 14)
"""How many bits a full purse has, instead of fifty."""


def coarse(bits: int) -> Callable[[object, Fraction], int]:
    """As `shift_for`, for purses of so many bits."""
    return lambda market, share: bits - (int(share * 2**40).bit_length() - 40)


def counted(case: Case, own: Columns, bits: int | None) -> dict[str, Any]:
    """The outcome, in all its words but one, with purses of so many bits (None: as fine as they can be).

    Left out is how much larger the envelope would have to be: more than one answer is true, and which is found depends on the search.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shares_market, "columns_for", lambda marks: own)
        if bits is not None:
            for module in (shares_purses, shares_lanes):
                patched.setattr(module, "shift_for", coarse(bits))
        found: dict[str, Any] = case.rule.count(case.election).to_json()
    for row in found["rows"]:
        row.pop("missing_cents", None)
        row.pop("nearest", None)
    return found


@pytest.mark.parametrize("bits", BITS)
@settings(max_examples=60, deadline=None)
@given(cases())
def test_coarse_purses_give_the_same_outcome(bits: int, case: Case) -> None:
    assert counted(case, PLAIN, bits) == counted(case, PLAIN, None)


@pytest.mark.parametrize("bits", BITS)
@settings(max_examples=60, deadline=None)
@given(cases())
def test_so_they_do_where_they_are_compiled(bits: int, case: Case) -> None:
    own = fast()
    if own is None:
        skip_or_fail("Numba is not installed")
    assert own is not None
    assert counted(case, own, bits) == counted(case, PLAIN, None)


def larger(dice: Random) -> Case:
    """Twelve projects and some forty ballots in piles, with a completion in steps: long runs, in which doubts add up."""
    ids = "abcdefghijkl"
    field = tuple(Project(id, dice.choice([3, 7, 20, 41, 60, 77, 90])) for id in ids)
    voted = [frozenset(dice.sample(ids, dice.randint(1, 5))) for _ in range(40)]
    utility, completion = dice.choice(["cost", "cardinality"]), dice.choice(["none", "add1_until_infeasible", "add1_until_exhaustive"])
    rule = EqualShares(utility=utility, completion=completion, step_cents=dice.choice([1, 5, 40]), tie_break=("id",))
    return Case(rule, Election.of(field, voted, dice.randint(100, 300)))


@pytest.mark.parametrize("name", ["plain", "fast"])
@pytest.mark.parametrize("seed", range(10))
def test_doubts_that_add_up_over_long_runs_stay_bounded(seed: int, name: str) -> None:
    own = PLAIN if name == "plain" else fast()
    if own is None:
        skip_or_fail("Numba is not installed")
    assert own is not None
    case = larger(Random(f"coarse {seed}"))
    fine = counted(case, PLAIN, None)
    for bits in BITS:
        assert counted(case, own, bits) == fine, bits
