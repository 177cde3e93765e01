"""Losers of Equal Shares that were tied with what was bought, cost nothing, or gain nothing by further votes: by hand."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.shares_margins import Margins
from tests.core.shares_brute import Case
from tests.core.test_tally_shares_guess import Plain


def missing(rule: EqualShares, election: Election, bought: str, loser: str) -> int | None:
    """How many votes the loser lacks in a run that buys just these."""
    plain = Plain(Case(rule, election))
    assert "".join(plain.market.ids[one] for one in plain.walk.run.bought) == bought
    return Margins(plain.market, plain.walk).of[plain.market.ids.index(loser)].missing_votes


@pytest.mark.parametrize(
    ("loser", "tie_break", "needed", "votes"),
    [
        ("e", ("votes", "id"), 0, 2),  # as many votes as f, and its id comes first
        ("g", ("votes", "id"), 0, 3),  # one more than f
        ("g", ("draw",), 0, None),  # f is drawn first, whatever the votes are
        ("g", ("votes", "id"), 6, 5),  # it lacks five to stand, which lets it fall first as well
        ("e", ("votes", "id"), 3, 2),
        ("e", ("votes", "id"), 4, 3),
    ],
)
def test_of_two_that_cost_nothing_on_one_site_the_one_with_more_votes_stands(
    loser: str, tie_break: Any, needed: int, votes: int | None
) -> None:
    # f has three votes, the other one, and their site is given once.
    field = [Project("f", 0, site="s"), Project(loser, 0, site="s", scope="x")]
    rule = EqualShares(completion="none", tie_break=tie_break, limits=(MaxPer(key="site", most=1), MinVotes(votes=needed, scope="x")))
    assert missing(rule, Election.of(field, ["f", "f", "f", loser], 100, draw=("f", loser)), "f", loser) == votes


def test_what_costs_nothing_goes_before_all_that_costs_something() -> None:
    # Before a, the first purchase, b only lacks the votes to stand; then its site is taken.
    field = [Project("a", 100, site="s"), Project("b", 0, site="s", scope="x")]
    rule = EqualShares(completion="none", limits=(MaxPer(key="site", most=1), MinVotes(votes=4, scope="x")))
    assert missing(rule, Election.of(field, ["a", "a", "b"], 300), "a", "b") == 3


BORDA = EqualShares(completion="none", utility="borda", tie_break=("draw",), limits=(MinVotes(votes=2, scope="x"),))


def ranked(*ballots: str) -> list[dict[str, int]]:
    return [{id: place for place, id in enumerate(ballot, 1)} for ballot in ballots]


@pytest.mark.parametrize(("cost", "votes"), [(299, 1), (300, 1), (301, None)])
def test_by_borda_further_votes_give_nothing_but_may_let_it_stand(cost: int, votes: int | None) -> None:
    # Two voters hold 3.00 each. w (4.00) asks 2.00 a point, one of each voter; at that rate l's one voter would give all she has, as l is
    # worth two points to her. After w she holds 1.00. l lacks a vote to stand.
    field = [Project("w", 400), Project("l", cost, scope="x"), Project("z", 9000)]
    election = Election.marked(field, ranked("lwz", "wz"), 600, "ranking", draw=("w", "l", "z"))
    assert missing(BORDA, election, "w", "l") == votes


@pytest.mark.parametrize(("cost", "draw", "votes"), [(150, "wlz", None), (150, "lwz", 1), (149, "wlz", 1), (151, "lwz", None)])
def test_by_borda_just_enough_at_the_same_rate_is_a_tie(cost: int, draw: str, votes: int | None) -> None:
    # w (4.50) asks 1.50 a point: all 3.00 of the first voter, to whom it is worth two. l is worth one to him: he would give 1.50.
    field = [Project("w", 450), Project("l", cost, scope="x"), Project("z", 9000)]
    election = Election.marked(field, ranked("wlz", "wz"), 600, "ranking", draw=tuple(draw))
    assert missing(BORDA, election, "w", "l") == votes


def test_where_no_ballot_gives_a_point_further_ballots_would_give_none() -> None:
    rule = EqualShares(completion="none", utility="points")
    assert missing(rule, Election.marked([Project("a", 600)], [], 1200, "points"), "", "a") is None
