"""What is counted, and what ranks it: the draw, the seed, and scores for each unit of money."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest

from app.core.tally import Election, Greedy, Profile, Project
from app.core.tally.greedy_score import Scores
from tests.core.tally_elections import ballots, projects

ELECTION = Election(projects({"a": 100, "b": 0}), ballots((2, "a"), (1, "ab"), (4, "")), 100)


def test_the_draw_gives_a_place_and_the_seed_a_number_that_anyone_can_work_out() -> None:
    assert ELECTION.lot("a") is None
    assert [replace(ELECTION, draw=("b", "a")).lot(id) for id in "ab"] == [(1, ""), (0, "")]
    assert replace(ELECTION, seed="Loto 7").lot("a") == (0, sha256(b"Loto 7|a").hexdigest())
    assert replace(ELECTION, draw=("b",), seed="Loto 7").lot("a") is None, "a draw that leaves a project out is not completed by a seed"


def test_ballots_are_told_apart_as_blank_and_valid_and_found_again() -> None:
    assert (ELECTION.valid, ELECTION.blank, ELECTION.ids) == (3, 4, ("a", "b"))
    assert dict(ELECTION.ballots) == ballots((2, "a"), (1, "ab"), (4, ""))
    marked = Election.marked(projects({"a": 1, "b": 1}), [{"a": 1, "b": -1}, {"a": 1}, {"b": -1}], 5, "for_against")
    assert (dict(marked.ballots), dict(marked.votes), marked.valid) == (ballots((2, "a"), (1, "")), {"a": 2, "b": 0}, 3)


def test_an_envelope_and_a_cost_of_nothing_are_no_debt_and_ballots_of_another_field_are_refused() -> None:
    assert Election(projects({"a": 0}), {}, 0).budget_cents == 0
    with pytest.raises(ValueError, match=r"^the ballots are about another number of projects$"):
        Election(projects({"a": 1}), Profile.of_sets("ab", {}), 1)
    with pytest.raises(ValueError, match=r"^a project is listed twice$"):
        Election((Project("a", 1), Project("a", 2)), {}, 1)  # type: ignore[arg-type]
    for cost, budget in ((-1, 1), (1, -1)):
        with pytest.raises(ValueError, match=r"^an amount is negative$"):
            Election(projects({"a": cost}), {}, budget)
    assert Election.of(projects({"a": 1}), [], 1).currency == "EUR"


def test_what_costs_nothing_has_endlessly_much_for_each_euro_if_it_has_anything() -> None:
    scores = Scores("votes_per_cost", {}, None)
    assert [scores.key(amount, 0) for amount in (0, 1)] == [(1, 0), (0, 0)]
    assert scores.key(2, 3) == (1, Fraction(-2, 3))
    assert scores.key(1, 0) < scores.key(9, 1) < scores.key(0, 0)
    assert Scores("votes", {}, None).key(2, 3) == (1, -2)
    free = Greedy(utility="votes_per_cost", tie_break=("id",)).count(ELECTION)
    assert (free.selected, [step.score for step in free.steps]) == (("b", "a"), [None, 3])


def test_scores_are_published_in_whole_points_and_whole_euros() -> None:
    points = Scores("points_per_cost", {}, {"a": 3})
    assert (points.shown(3, 200, 2), points.shown(3, 0, 2)) == (Fraction(3, 4), None)
    assert Scores("points", {}, {"a": 3}).shown(3, 200, 2) == Fraction(3, 2)
    assert Scores("votes_per_cost", {}, None).shown(3, 200, 2) == Fraction(3, 2)
    assert Scores("votes", {}, None).shown(3, 200, 2) == 3


def test_a_project_of_which_only_its_cost_is_told_stands_nowhere_and_belongs_to_nobody() -> None:
    one = Election.of([Project("a", 1)], [], 1).project("a")
    assert (one.scope, one.district, one.theme, one.country, one.site, one.tags) == ("", "", "", "", "", frozenset())
    assert (one.carrier, one.filed, one.least_cents) == (None, None, None)


def test_an_election_can_be_looked_up_by_itself() -> None:
    known = {ELECTION: "counted"}
    assert known[ELECTION] == "counted"
    assert replace(ELECTION, seed="Loto 7") not in known
