"""Maximum welfare: what a project is worth under each utility, and what its rows, steps and sentences say."""

from __future__ import annotations

from app.core.tally import Action, Election, MaxWelfare, Project, Row, Status
from app.core.tally.limits import MinVotes
from app.core.tally.scores import Scale
from tests.core.tally_elections import ballots, projects

# b and c are worth 4 and 3 votes together for 10.00; a has 5 votes and asks for 9.00; d has one vote, and e one too few.
FIELD = projects({"a": 900, "b": 400, "c": 500, "d": 950, "e": 100})
PILES = ballots((5, "a"), (4, "b"), (3, "c"), (2, "d"), (1, "e"))


def test_every_project_has_a_row_with_its_place_its_money_and_its_reason() -> None:
    outcome = MaxWelfare(utility="cardinality", min_votes=2).count(Election(FIELD, PILES, 1000))
    assert [(row.project, row.rank, row.votes, row.status) for row in outcome.rows] == [
        ("b", 1, 4, Status.WON),
        ("c", 2, 3, Status.WON),
        ("a", 3, 5, Status.LOST),
        ("d", 4, 2, Status.LOST),
        ("e", 5, 1, Status.LOST),
    ]
    assert [(row.left_before_cents, row.left_after_cents) for row in outcome.rows[:3]] == [(1000, 600), (600, 100), (None, None)]
    assert [str(row.reason) for row in outcome.rows] == [
        "4 votes; it belongs to the choice with the highest total.",
        "3 votes; it belongs to the choice with the highest total.",
        "5 votes; no choice with it has a higher total.",
        "2 votes; no choice with it has a higher total.",
        "1 vote, and at least 2 are needed.",
    ]
    assert [row.points for row in outcome.rows] == [None] * 5
    assert [(step.project, step.action, step.left_before_cents, step.left_after_cents) for step in outcome.steps] == [
        ("b", Action.BOUGHT, 1000, 600),
        ("c", Action.BOUGHT, 600, 100),
    ]
    assert (outcome.spent_cents, [str(note) for note in outcome.notes]) == (
        900,
        ["The total of this choice is 7 votes.", "It is the highest total there is, and no other choice reaches it."],
    )


def test_what_is_chosen_stands_by_its_worth_then_by_its_id_whatever_it_costs() -> None:
    # Most worth for its cost is z, then y and x; by worth y, x, z.
    election = Election(projects({"z": 1, "y": 20, "x": 20}), ballots((3, "xy"), (1, "z")), 99)
    outcome = MaxWelfare(utility="cardinality").count(election)
    assert outcome.selected == ("x", "y", "z")
    turned = Election(election.projects[::-1], ballots((1, "x"), (2, "y"), (3, "z")), 3)
    assert [row.project for row in MaxWelfare(utility="cardinality").count(turned).rows] == ["z", "y", "x"]


def test_projects_left_out_stand_by_what_they_are_worth_then_by_id() -> None:
    ids = "hgfedcba"
    election = Election(projects(dict.fromkeys(ids, 9)), ballots((2, "ceg"), (1, "abdfh")), 5)
    assert [row.project for row in MaxWelfare(utility="cardinality").count(election).rows] == list("cegabdfh")


def test_points_are_told_in_whole_points_and_ranks_are_worth_what_borda_gave_them() -> None:
    # In halves: a has 4 + 3, b 2 and c nothing. Only a and b fit.
    given = Election.marked(projects({"a": 2, "b": 2, "c": 2}), [{"a": 4, "b": 2}, {"a": 3, "c": 0}], 4, "points", unit=2)
    rule = MaxWelfare(utility="points")
    assert rule.worths(given) == {"a": 7, "b": 2, "c": 0}
    outcome = rule.count(given)
    assert (outcome.selected, [row.points for row in outcome.rows]) == (("a", "b"), [7, 2, 0])
    assert str(outcome.notes[0]) == "The total of this choice is 4 points."
    # The last of a ranking has none, the one before it 1, and so on: a has 2 + 1, b 1 + 2 + 1.
    places = [{"a": 1, "b": 2, "c": 3}, {"b": 1, "a": 2, "c": 3}, {"b": 1, "a": 2}, {"b": 1}]
    ranked = Election.marked(projects({"a": 1, "b": 1, "c": 1}), places, 1, "ranking")
    borda = MaxWelfare(utility="borda")
    assert borda.worths(ranked) == {"a": 3, "b": 4, "c": 0}
    outcome = borda.count(ranked)
    assert [(row.project, row.points) for row in outcome.rows] == [("b", 4), ("a", 3), ("c", 0)]
    assert str(outcome.notes[0]) == "The total of this choice is 4 points."


def test_only_points_are_read_by_the_scale() -> None:
    ranked = Election.marked(projects({"a": 1, "b": 1}), [{"a": 1, "b": 2}], 1, "ranking")
    scale = Scale(ranking=(7, 3))
    assert MaxWelfare(utility="points", scale=scale).worths(ranked) == {"a": 7, "b": 3}
    assert MaxWelfare(utility="borda", scale=scale).worths(ranked) == {"a": 1, "b": 0}


def test_a_cost_counts_once_for_each_vote_and_a_vote_as_one() -> None:
    election = Election(FIELD, PILES, 1000)
    assert MaxWelfare().worths(election) == {"a": 4500, "b": 1600, "c": 1500, "d": 1900, "e": 100}
    assert MaxWelfare(utility="cardinality").worths(election) == {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}


def test_exactly_the_votes_needed_are_enough_to_be_chosen_and_what_is_worth_nothing_is_not_taken() -> None:
    field = (Project("a", 5, scope="s"), Project("b", 0))
    election = Election(field, ballots((3, "a")), 9)
    assert MaxWelfare(limits=(MinVotes(votes=3, scope="s"),)).count(election).selected == ("a",)
    assert MaxWelfare(limits=(MinVotes(votes=4, scope="s"),)).count(election).selected == ()
    nothing: Row = MaxWelfare(min_votes=0).count(election).row("b")
    assert (nothing.status, str(nothing.reason)) == (Status.LOST, "0 votes; no choice with it has a higher total.")
