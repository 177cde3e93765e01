"""How a count of Equal Shares is told while it goes on, and what its rule may say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.core.tally import Election, EqualShares
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import piled


def test_half_of_the_work_is_told_by_the_money_that_each_run_gives_out() -> None:
    # Two voters hold 3.00 each at first: a and b are paid, then c (2.00) two steps later when its voter has 1.00 + 1.00 left.
    election = Election(projects({"a": 300, "b": 200, "c": 200}), piled((1, "a"), (1, "bc")), 700)
    told: list[tuple[str, int | None]] = []
    rule = EqualShares(step_cents=25, tie_break=("id",))
    outcome = rule.count_aloud(election, lambda doing, percent: told.append((str(doing), percent)))
    assert outcome == rule.count(election)
    assert told[0] == ("Counting the ballots", None)
    assert told[-1] == ("Working out why each project won or lost", 50)
    # After the first run, which is told by nobody: at 3.75 a and b are bought, 5.00 of 7.00; at 4.00 all three.
    assert [percent for _, percent in told[1:-1]] == [35, 50]
    assert told[1][0].startswith("Equal Shares, run 2: ")


def test_a_run_within_an_empty_envelope_gives_out_nothing() -> None:
    told: list[int | None] = []
    election = Election(projects({"a": 0, "b": 100}), piled((1, "ab")), 0)
    EqualShares(step_cents=10).count_aloud(election, lambda _, percent: told.append(percent))
    assert (told[0], told[-1]) == (None, 50)
    assert set(told[1:-1]) == {0}


def test_blank_ballots_hold_a_share_where_the_rule_says_so() -> None:
    election = Election(projects({"a": 600}), piled((1, "a"), (2, "")), 1200)
    assert EqualShares(completion="none").count(election).share == 1200
    assert EqualShares(completion="none", blank_ballots_hold_a_share=True).count(election).share == 400


def test_a_step_is_a_whole_number_of_cents_within_bounds() -> None:
    assert (EqualShares().step_cents, EqualShares().completion, EqualShares().then) == (100, "add1_until_infeasible", None)
    sole = Election(projects({"a": 300}), piled((1, "a")), 100)
    assert [EqualShares(step_cents=cents).count(sole).runs for cents in (1, 10**12)] == [2, 2]
    refused: tuple[Any, ...] = (0, 10**12 + 1, "5", 1.0)
    for wrong in refused:
        with pytest.raises(ValidationError):
            EqualShares(step_cents=wrong)
