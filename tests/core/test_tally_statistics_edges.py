"""What an outcome gives the voters where there are none, and how many winners and points stand behind each number."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from app.core.tally import Election, Greedy, Project
from app.core.tally.profile import Profile
from app.core.tally.statistics import Statistics, gained, paid, statistics
from tests.core.tally_elections import ballots, projects

BY_ID = Greedy(tie_break=("id",))


def test_without_a_voter_all_parts_and_averages_are_nothing() -> None:
    none = statistics(Election(projects({"a": 5}), ballots((3, "")), 9), BY_ID.model_copy(update={"min_votes": 0}).count(
        Election(projects({"a": 5}), ballots((3, "")), 9)
    ))  # fmt: skip
    assert (none.voters, none.served, none.by_number, none.funded_cents) == (0, 0, (0,), 0)
    assert {none.served_share, none.average_winners, none.average_cents} == {Fraction(0)}


def test_parts_and_averages_are_of_all_voters() -> None:
    told = Statistics(voters=7, served=5, by_number=(2, 4, 1), funded_cents=90, parts={})
    assert (told.served_share, told.average_winners, told.average_cents) == (Fraction(5, 7), Fraction(6, 7), Fraction(90, 7))
    one = Statistics(voters=1, served=1, by_number=(0, 0, 1), funded_cents=90, parts={})
    assert [one.served_share, one.average_winners, one.average_cents] == [Fraction(1), Fraction(2), Fraction(90)]


def test_the_winners_of_each_part_are_those_that_were_given_something() -> None:
    field = (Project("a", 3, theme="water"), Project("b", 2, theme="water"), Project("c", 4, theme="air"), Project("d", 9, theme="water"))
    election = Election(field, ballots((4, "ab"), (2, "c"), (1, "d"), (5, "")), 5)
    told = statistics(election, BY_ID.count(election))
    assert [(one.value, one.projects, one.winners, one.votes, one.spent_cents) for one in told.parts["theme"]] == [
        ("water", 3, 2, 9, 5), ("air", 1, 0, 2, 0),
    ]  # fmt: skip
    assert [(one.money_share, one.vote_share) for one in told.parts["theme"]] == [
        (Fraction(1), Fraction(9, 11)), (Fraction(0), Fraction(2, 11)),
    ]  # fmt: skip
    assert (told.by_number, told.served, told.funded_cents) == ((3, 0, 4), 4, 20)
    assert set(told.parts) == {"theme"}


def test_only_winners_are_paid_in_the_order_in_which_they_were_taken() -> None:
    election = Election(projects({"a": 3, "b": 2, "c": 9}), ballots((1, "a"), (2, "b"), (3, "c")), 5)
    assert list(paid(BY_ID.count(election)).items()) == [("b", 2), ("a", 3)]


def test_what_a_ballot_gains_is_the_sum_over_its_projects_times_its_points() -> None:
    marked = Profile.of_marks("abc", [{"a": 3, "c": 2}, {"b": 4}], "points")
    assert marked.value is not None
    # "a" and "c" are worth 5 and 11: 16, or 3 x 5 + 2 x 11; "b" is worth 7, or 4 x 7; a blank ballot nothing.
    assert gained(marked, [5, 7, 11]).tolist() == [16, 7]
    assert gained(marked, [5, 7, 11], marked.value).tolist() == [37, 28]
    blank = Profile.of_marks("abc", [{}, {"b": 4}, {}], "points")
    assert gained(blank, [5, 7, 11], np.array([4])).tolist() == [0, 28]
