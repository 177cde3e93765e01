"""What an outcome gives the voters, in exact numbers that anyone can add up again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from app.core.tally import Election, Greedy, Project
from app.core.tally.comparison import Preference
from app.core.tally.rule import TallyRule
from app.core.tally.statistics import Statistics, paid, statistics
from tests.core.tally_elections import RULES, ballots, elections

FIELD = (
    Project("a", 300, theme="water", country="SN"),
    Project("b", 200, theme="health", country="MG"),
    Project("c", 500, theme="water", country="MG"),
)
ELECTION = Election(FIELD, ballots((3, "ab"), (2, "b"), (4, "c"), (1, "")), 500)


def test_voters_are_those_who_named_a_project_and_the_served_ones_support_a_winner() -> None:
    told = statistics(ELECTION, Greedy(tie_break=("id",)).count(ELECTION))
    assert (told.voters, told.served, told.by_number) == (9, 5, (4, 2, 3))
    assert (told.served_share, told.average_winners, told.average_cents) == (Fraction(5, 9), Fraction(8, 9), Fraction(1900, 9))


def test_spending_stands_beside_votes_for_each_theme_and_country() -> None:
    told = statistics(ELECTION, Greedy(tie_break=("id",)).count(ELECTION))
    water, health = told.parts["theme"]
    assert (water.value, water.projects, water.winners, water.votes, water.spent_cents) == ("water", 2, 1, 7, 300)
    assert (water.money_share, water.vote_share) == (Fraction(3, 5), Fraction(7, 12))
    assert (health.money_share, health.vote_share) == (Fraction(2, 5), Fraction(5, 12))
    assert [(one.value, one.votes) for one in told.parts["country"]] == [("MG", 9), ("SN", 3)]
    assert "district" not in told.parts


def test_a_partial_grant_counts_for_what_is_given() -> None:
    outcome = Greedy(tie_break=("id",)).count(ELECTION)
    partial = replace(outcome, rows=tuple(replace(row, paid_cents=120) if row.project == "a" else row for row in outcome.rows))
    assert paid(partial) == {"b": 200, "a": 120}
    assert statistics(ELECTION, partial).funded_cents == 5 * 200 + 3 * 120


def test_a_mark_against_a_winner_is_no_winner_of_ones_own() -> None:
    election = Election.marked(FIELD, [{"a": 1}, {"a": 1, "b": 1}, {"a": -1}, {"b": -1, "a": 1}], 300, "for_against")
    told = statistics(election, Greedy(tie_break=("id",)).count(election))
    assert (told.voters, told.served, told.by_number) == (4, 3, (1, 3))


@given(election=elections(), rule=RULES)
@settings(max_examples=200, deadline=None)
def test_the_numbers_are_those_of_a_walk_from_voter_to_voter(election: Election, rule: TallyRule) -> None:
    outcome = rule.count(election)
    told, won = statistics(election, outcome), set(outcome.selected)
    voters = [ballot for ballot, many in election.ballots.items() for _ in range(many) if ballot]
    assert told.voters == len(voters)
    assert told.served == sum(bool(ballot & won) for ballot in voters)
    assert list(told.by_number) == [
        sum(len(ballot & won) == number for ballot in voters) for number in range(max((len(one & won) for one in voters), default=0) + 1)
    ]
    assert told.funded_cents == sum(election.project(id).cost_cents for ballot in voters for id in ballot & won)


def test_statistics_are_kept_as_json_without_losing_a_digit() -> None:
    told = statistics(ELECTION, Greedy(tie_break=("id",)).count(ELECTION))
    assert Statistics.model_validate(told.model_dump(mode="json")) == told


def test_no_count_of_voters_or_money_is_ever_below_nothing() -> None:
    none = {"voters": 0, "served": 0, "by_number": (0,), "funded_cents": 0, "parts": {}}
    assert Statistics.model_validate(none).average_cents == Statistics.model_validate(none).served_share == 0
    for field in ("voters", "served", "funded_cents"):
        with pytest.raises(ValidationError):
            Statistics.model_validate({**none, field: -1})
    for field in ("more", "less", "same"):
        with pytest.raises(ValidationError):
            Preference.model_validate({"more": 0, "less": 0, "same": 0, field: -1})


def test_spending_is_parted_by_each_key_that_has_two_values_the_most_votes_first() -> None:
    field = (Project("a", 3, scope="city", district="n"), Project("b", 2, district="s"), Project("c", 1, scope="city"))
    told = statistics(election := Election(field, ballots((2, "ab"), (2, "c")), 9), Greedy(tie_break=("id",)).count(election))
    assert {key: [(one.value, one.votes) for one in parts] for key, parts in told.parts.items()} == {
        "district": [("", 2), ("n", 2), ("s", 2)],
        "scope": [("city", 4), ("", 2)],
    }
    empty = statistics(election := Election(field, {}, 9), Greedy().count(election))
    assert [(one.money_share, one.vote_share) for one in empty.parts["scope"]] == [(0, 0), (0, 0)]
