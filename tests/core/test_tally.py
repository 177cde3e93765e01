"""What every rule promises: never over the envelope, no favour to any order, awards and minimums kept, stored as data."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.tally import Action, Election, EqualShares, Greedy, Outcome, Project, Status, read_rule, rule_from
from tests.core.tally_elections import RULES, ballots, elections, projects

Rule = Greedy | EqualShares


@settings(max_examples=200, deadline=None)
@given(RULES, elections())
def test_the_envelope_is_never_exceeded_and_every_project_has_its_row(rule: Rule, election: Election) -> None:
    outcome = rule.count(election)
    assert outcome.spent_cents == sum(election.project(id).cost_cents for id in outcome.selected) <= election.budget_cents
    assert sorted(row.project for row in outcome.rows) == sorted(project.id for project in election.projects)
    assert [row.rank for row in outcome.rows] == list(range(1, len(election.projects) + 1))
    assert {row.project for row in outcome.rows if row.status is Status.WON} == set(outcome.selected)
    assert outcome.selected == tuple(step.project for step in outcome.steps if step.action is Action.BOUGHT)


@settings(max_examples=200, deadline=None)
@given(RULES, elections())
def test_awards_per_carrier_and_minimum_votes_are_kept(rule: Rule, election: Election) -> None:
    outcome = rule.count(election)
    won = Counter(carrier for id in outcome.selected if (carrier := election.project(id).carrier))
    assert rule.max_per_carrier is None or all(many <= rule.max_per_carrier for many in won.values())
    assert all(election.votes[id] >= rule.min_votes for id in outcome.selected)


@settings(max_examples=150, deadline=None)
@given(RULES, elections(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_projects_changes_nothing(rule: Rule, election: Election, dice: object) -> None:
    field, piles = list(election.projects), list(election.ballots.items())
    dice.shuffle(field)  # type: ignore[attr-defined]
    dice.shuffle(piles)  # type: ignore[attr-defined]
    again = Election(tuple(field), dict(piles), election.budget_cents, draw=election.draw)
    assert rule.count(again).to_json() == rule.count(election).to_json()


@settings(max_examples=150, deadline=None)
@given(RULES.filter(lambda rule: "id" not in rule.tie_break), elections(), st.permutations("nopqrst"))
def test_the_names_of_projects_change_nothing(rule: Rule, election: Election, names: list[str]) -> None:
    new = dict(zip("abcdefg", names, strict=True))
    field = tuple(Project(new[project.id], project.cost_cents, project.carrier) for project in election.projects)
    piles = {frozenset(new[id] for id in ballot): many for ballot, many in election.ballots.items()}
    renamed = Election(field, piles, election.budget_cents, draw=tuple(new[id] for id in election.draw))
    assert rule.count(renamed).selected == tuple(new[id] for id in rule.count(election).selected)


@settings(max_examples=150, deadline=None)
@given(RULES, elections(lots=False))
def test_an_outcome_is_stored_and_read_back_whole(rule: Rule, election: Election) -> None:
    outcome = rule.count(election)
    assert Outcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome


@settings(max_examples=50, deadline=None)
@given(RULES)
def test_a_rule_is_stored_and_read_back_whole(rule: Rule) -> None:
    assert read_rule(json.loads(json.dumps(rule.model_dump(mode="json")))) == rule


def test_a_rule_of_an_unknown_kind_or_with_a_strange_field_is_refused() -> None:
    for kind, parameters in (("coin", {}), ("greedy", {"luck": 1}), ("equal_shares", {"step_cents": 0}), ("greedy", {"min_votes": -1})):
        with pytest.raises(ValidationError):
            rule_from(kind, **parameters)
    with pytest.raises(ValidationError, match="once only"):
        rule_from("greedy", tie_break=("id", "id"))


def test_an_election_that_contradicts_itself_is_refused() -> None:
    field = projects({"a": 100})
    unknown, nobody, debt = ballots((1, "b")), ballots((0, "a")), projects({"a": -1})
    for wrong in ((field * 2, {}, 1), (field, unknown, 1), (field, {}, -1), (debt, {}, 1), (field, nobody, 1)):
        with pytest.raises(ValueError, match=r"twice|not stand|negative|empty"):
            Election(*wrong)


def test_a_project_named_twice_on_a_ballot_counts_once_and_blank_ballots_stand_apart() -> None:
    election = Election.of(projects({"a": 100, "b": 100}), [("a", "a"), ("a", "b"), (), ("b", "a")], 100)
    assert (dict(election.votes), election.valid, election.blank) == ({"a": 3, "b": 2}, 3, 1)


def test_money_that_no_float_holds_is_counted_exactly() -> None:
    huge = 2**60 + 1
    outcome = Greedy().count(Election(projects({"a": huge, "b": 1}), ballots((2, "a"), (1, "b")), huge))
    assert (outcome.selected, outcome.left_cents) == (("a",), 0)
    outcome = EqualShares(completion="none").count(Election(projects({"a": huge}), ballots((7, "a")), huge))
    assert outcome.selected == ("a",)


def test_what_is_stored_of_an_outcome_keeps_its_words() -> None:
    assert [one.value for one in Action] == ["bought", "partial", "reserve", "carrier", "limit", "too_dear", "stopped"]
    assert [one.value for one in Status] == ["won", "lost", "open"]
