"""What was left for a project after each purchase, and what its votes allow it to cost."""

from __future__ import annotations

from app.core.tally import Election, Greedy, Project
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.room import Room, cost_for_votes, votes_needed

FIELD = (Project("a", 300, carrier="x", theme="water"), Project("b", 200, theme="water"), Project("c", 400, carrier="x", theme="water"))
ELECTION = Election(FIELD, {frozenset("abc"): 10}, 1000)
A, B, C = FIELD


def test_without_limits_the_room_is_the_money_left() -> None:
    assert Room(Greedy(), ELECTION, [A, B]).caps(C) == [1000, 700, 500]


def test_a_limit_of_money_makes_less_room_and_a_limit_of_awards_none() -> None:
    rule = Greedy(limits=(MaxSpending(key="theme", cents=600),))
    assert Room(rule, ELECTION, [A, B]).caps(C) == [600, 300, 100]
    assert Room(Greedy(limits=(MaxSpending(key="theme", cents=900),)), ELECTION, [A]).caps(C) == [900, 600]
    assert Room(Greedy(limits=(MaxPer(key="carrier", most=1),)), ELECTION, [B, A]).caps(C) == [1000, 800, -1]


def test_the_votes_needed_are_the_most_that_anything_asks() -> None:
    assert votes_needed(Greedy(), ELECTION, A) == 1
    assert votes_needed(Greedy(min_votes=4, limits=(MinVotes(votes=3), MaxPer(key="site", most=9))), ELECTION, A) == 4
    assert votes_needed(Greedy(min_votes=4, limits=(MinVotes(votes=3), MinVotes(votes=6))), ELECTION, A) == 6


def test_so_many_votes_allow_a_cost_up_to_exactly_here() -> None:
    # One vote in ten for each tenth of the envelope.
    rule = Greedy(limits=(MinVotes(per_cost=1),))
    assert [cost_for_votes(rule, ELECTION, C, votes) for votes in (0, 1, 2, 3, 4, 5)] == [-1, 100, 200, 300, 399, 399]
    assert cost_for_votes(Greedy(min_votes=5), ELECTION, C, 4) == -1
    assert cost_for_votes(Greedy(), ELECTION, Project("d", 0), 9) == -1
