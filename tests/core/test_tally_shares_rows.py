"""The rows of Equal Shares: their order, what each step took and left, and for which losers a larger envelope is looked for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.tally import Action, Election, EqualShares, Profile, Project, Status, shares_envelope
from app.core.tally.limits import MaxPer

PLAIN = EqualShares(utility="cardinality", completion="none", tie_break=("id",))


def election(costs: dict[str, int], budget: int, *piles: tuple[int, str], **other: tuple[str, ...]) -> Election:
    profile = Profile.of_sets(list(costs), {frozenset(choices): many for many, choices in piles})
    return Election(tuple(Project(id, cost) for id, cost in costs.items()), profile, budget, **other)  # type: ignore[arg-type]


def test_each_step_tells_the_money_before_and_after_it_and_the_rows_follow_the_steps() -> None:
    """Ten voters hold 10 each. b takes 2 from each of five, a 3 from each of four; c asks 60 of four who hold 8 at most, d 5 of nobody."""
    given = election({"d": 5, "c": 60, "a": 12, "b": 10, "e": 7}, 100, (3, "b"), (2, "bc"), (4, "a"), (1, "ec"))
    outcome = PLAIN.count(given)
    assert [(one.project, one.action, one.left_before_cents, one.left_after_cents) for one in outcome.steps] == [
        ("b", Action.BOUGHT, 100, 90), ("a", Action.BOUGHT, 90, 78), ("e", Action.BOUGHT, 78, 71),
    ]  # fmt: skip
    assert [(one.payers, one.part_payers) for one in outcome.steps] == [(5, 0), (4, 0), (1, 0)]
    assert [one.price for one in outcome.steps] == [Fraction(2), Fraction(3), Fraction(7)]
    assert [one.held for one in outcome.steps] == [Fraction(50), Fraction(40), Fraction(10)]
    told = [(row.project, row.rank, row.status, row.votes, row.left_before_cents, row.left_after_cents) for row in outcome.rows]
    won, lost = Status.WON, Status.LOST
    assert told == [
        ("b", 1, won, 5, 100, 90), ("a", 2, won, 4, 90, 78), ("e", 3, won, 1, 78, 71),
        ("c", 4, lost, 3, None, None), ("d", 5, lost, 0, None, None),
    ]  # fmt: skip
    assert [row.points for row in outcome.rows] == [None] * 5
    # A single voter could pay b, and two a. Before e was bought c's three could give 7 each; then they have 8, 8 and 3.
    assert [row.spare_votes for row in outcome.rows] == [4, 2, 0, None, None]
    assert [outcome.row(id).support for id in "cd"] == [Fraction(21, 60), Fraction(0)]
    assert [(flow.project, flow.cents) for flow in outcome.row("c").flow] == [("e", Fraction(7)), ("b", Fraction(4))]
    assert [str(row.reason) for row in outcome.rows] == [
        "5 votes; bought in round 1, each supporter paying at most 0.02 EUR.",
        "4 votes; bought in round 2, each supporter paying at most 0.03 EUR.",
        "1 vote; bought in round 3, each supporter paying at most 0.07 EUR.",
        "3 votes; all its supporters' shares together make 0.30 EUR, and it asks for 0.60 EUR.",
        "0 votes, and at least 1 are needed.",
    ]


def test_whether_supporters_ever_had_enough_is_asked_of_all_their_shares() -> None:
    """Three hold 10 each: 30 are just enough for c, but a went before it; one cent more was never there."""
    for cost, reason in ((30, "had paid for other projects and had 0.18 EUR left at the end"), (31, "shares together make 0.30 EUR")):
        given = election({"a": 12, "c": cost}, 30, (3, "ac"))
        assert reason in str(PLAIN.count(given).row("c").reason)


def test_by_points_the_most_that_a_supporter_pays_is_told_for_each_project() -> None:
    """a: 600 over 6 points; b: 350 over 7 points, of which one ballot gives 5; c: 2 over 2 points."""
    marks = [{"a": 3, "b": 2}, {"a": 2}, {"a": 1}, {"b": 5}, {"c": 1}, {"c": 1}]
    given = Election.marked([Project("a", 600), Project("b", 350), Project("c", 2)], marks, 6000, "points")
    outcome = EqualShares(utility="points", completion="none", tie_break=("id",)).count(given)
    assert [(row.project, row.points, str(row.reason)) for row in outcome.rows] == [
        ("c", 2, "2 votes; bought in round 1, each supporter paying at most 0.01 EUR."),
        ("b", 7, "2 votes; bought in round 2, each supporter paying at most 2.50 EUR."),
        ("a", 6, "3 votes; bought in round 3, each supporter paying at most 3.00 EUR."),
    ]


def test_what_is_filled_up_follows_what_was_bought() -> None:
    """Of 100 ten voters hold 10 each. a takes 20 of four. Left are 80: c with three votes costs 60, b with two 25, then d 20."""
    given = election({"d": 20, "c": 60, "b": 25, "a": 20}, 100, (4, "a"), (3, "c"), (2, "b"), (1, "d"))
    outcome = PLAIN.model_copy(update={"then": "greedy"}).count(given)
    steps = [(one.project, one.left_before_cents, one.left_after_cents, one.price, one.score) for one in outcome.steps]
    assert steps == [("a", 100, 80, 5, None), ("c", 80, 20, None, 3), ("d", 20, 0, None, 1)]
    assert [(row.project, row.rank, row.status, row.spare_votes) for row in outcome.rows] == [
        ("a", 1, Status.WON, 2), ("c", 2, Status.WON, None), ("d", 3, Status.WON, None), ("b", 4, Status.LOST, None),
    ]  # fmt: skip
    assert [str(row.reason).split(";")[1] for row in outcome.rows[1:3]] == [
        " taken with the 0.80 EUR left at the end, as it had most votes of those that fitted",
        " taken with the 0.20 EUR left at the end, as it had most votes of those that fitted",
    ]
    # Two more for b: it has more votes than c and is taken before it. By itself its two and one more would pay 25 of 30.
    assert outcome.row("b").missing_votes == 1
    assert PLAIN.count(given).row("b").missing_votes == 1
    assert outcome.row("b").winning_cost_cents == 20


def test_losers_stand_in_the_order_of_their_votes_then_of_their_ids() -> None:
    given = election({"e": 90, "a": 90, "d": 80, "c": 90, "b": 90}, 50, (1, "ab"), (2, "c"), (1, "de"), (1, "d"))
    rows = PLAIN.count(given).rows
    assert [(row.project, row.votes, row.rank) for row in rows] == [("c", 2, 1), ("d", 2, 2), ("a", 1, 3), ("b", 1, 4), ("e", 1, 5)]


@pytest.mark.parametrize(
    ("costs", "piles"),
    [
        # b came half-way with 10 of 20 cents, a a quarter.
        ({"a": 40, "b": 20, "v": 5, "w": 5}, ((1, "a"), (1, "b"), (1, "v"), (1, "w"))),
        # Both came half-way, b with 20 of 40 and two votes, a with one, who paid 4 for v: 6 of 12.
        ({"a": 12, "b": 40, "v": 4, "w": 5}, ((1, "av"), (2, "b"), (1, "w"))),
    ],
)
def test_where_runs_are_few_they_go_to_the_loser_that_came_nearest_and_has_most_votes(
    costs: dict[str, int], piles: tuple[tuple[int, str], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight runs: three for each of the two winners, and two to find that b needs shares of 20, so 40 more, and not 39."""
    monkeypatch.setattr(shares_envelope, "ALWAYS", 8 * 4)
    outcome = PLAIN.count(election(costs, 40, *piles))
    assert set(outcome.selected) == {"v", "w"}
    assert (outcome.row("a").missing_cents, outcome.row("b").missing_cents) == (None, 40)
    monkeypatch.setattr(shares_envelope, "ALWAYS", 80 * 4)
    assert PLAIN.count(election(costs, 40, *piles)).row("a").missing_cents is not None


def test_a_free_project_that_is_kept_out_has_no_part_of_its_cost() -> None:
    rule = PLAIN.model_copy(update={"min_votes": 2})
    outcome = rule.count(election({"a": 0, "b": 0, "c": 9}, 30, (1, "a"), (2, "b")))
    assert outcome.selected == ("b",)
    assert [outcome.row(id).support for id in "ac"] == [None, Fraction(0)]
    assert str(outcome.row("a").reason) == "1 vote, and at least 2 are needed."


def test_a_project_that_a_limit_keeps_out_is_told_by_whom() -> None:
    field = (Project("a", 10, site="s"), Project("b", 12, site="s"), Project("c", 900))
    rule = PLAIN.model_copy(update={"limits": (MaxPer(key="site", most=1),)})
    outcome = rule.count(Election(field, Profile.of_sets("abc", {frozenset("abc"): 3}), 90))
    assert outcome.selected == ("a",)
    assert str(outcome.row("b").reason) == "3 votes; it stands on the same site as a, taken before it."
    assert "its supporters" in str(outcome.row("c").reason)


def test_while_a_draw_is_to_come_all_that_stand_are_open_in_the_order_of_their_votes() -> None:
    given = election({"c": 60, "d": 60, "b": 60, "a": 60}, 120, (5, "ab"), (2, "d"), (1, "c"))
    outcome = EqualShares(utility="cardinality", completion="none", min_votes=2, tie_break=("draw",)).count(given)
    assert outcome.needs_draw == ("a", "b")
    waits = "A public draw must first decide between these projects: a, b."
    assert [(row.project, row.rank, row.votes, row.status, str(row.reason)) for row in outcome.rows] == [
        ("a", 1, 5, Status.OPEN, waits), ("b", 2, 5, Status.OPEN, waits), ("d", 3, 2, Status.OPEN, waits),
        ("c", 4, 1, Status.LOST, "1 vote, and at least 2 are needed."),
    ]  # fmt: skip
    assert outcome.steps == ()
