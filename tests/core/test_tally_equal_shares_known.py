"""Equal Shares by points and by Borda, and with the rest filled up, as an independent program counted real elections."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.core.formats import decode, read_pabulib
from app.core.tally import Election, EqualShares, Project
from tests.core.tally_elections import real_election
from tests.core.test_tally_known import ELECTIONS

POINTED = {"Poland_Katowice_2024_Bogucice": "points", "Poland_Krakow_2025_Stare_Miasto": "borda"}


@cache
def _marked(name: str) -> tuple[Election, dict[str, Any]]:
    """The election with the points or places of its ballots."""
    _, expected = real_election(name)
    file = read_pabulib(decode((Path(os.environ["QUOTEPART_ELECTIONS"]) / f"{name}.pb").read_bytes(), name=name), name=name)
    field = [Project(one.id, one.cost_cents) for one in file.projects]
    if POINTED[name] == "borda":
        marks = [{id: place for place, id in enumerate(ballot.choices, 1)} for ballot in file.ballots]
        return Election.marked(field, marks, file.budget_cents, "ranking"), expected
    marks = [{id: int(points) for id, points in zip(ballot.choices, ballot.points, strict=True)} for ballot in file.ballots]
    return Election.marked(field, marks, file.budget_cents, "points"), expected


@pytest.mark.parametrize("name", POINTED)
def test_points_and_borda_buy_in_the_known_order(name: str) -> None:
    election, expected = _marked(name)
    plain = {"utility": POINTED[name], "tie_break": ("id",), "min_votes": 0, "blank_ballots_hold_a_share": True}
    assert list(EqualShares(completion="none", **plain).count(election).selected) == expected["mes_native"]["selected"]
    outcome = EqualShares(completion="add1_until_exhaustive", **plain).count(election)
    assert list(outcome.selected) == expected["mes_add1_native"]["after_add1"]


@pytest.mark.parametrize("name", ELECTIONS)
def test_what_is_left_goes_to_the_projects_with_most_votes(name: str) -> None:
    election, expected = real_election(name)
    rule = EqualShares(completion="add1_until_exhaustive", then="greedy", tie_break=("id",), min_votes=0, blank_ballots_hold_a_share=True)
    outcome = rule.count(election)
    assert sorted(outcome.selected) == sorted(expected["mes_cost_add1"]["selected"])
    assert outcome.spent_cents <= outcome.budget_cents
