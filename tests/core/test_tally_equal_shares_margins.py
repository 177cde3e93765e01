"""What Equal Shares says of each project is true by recomputation, one purse for each voter."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Project, Status, shares_books, shares_kinds
from tests.core.shares_brute import Case, cases
from tests.core.test_tally_equal_shares_steps import middling


@settings(max_examples=200, deadline=None)
@given(cases())
def test_every_usefulness_completion_and_limit_agrees_with_the_slow_count(case: Case) -> None:
    outcome = case.rule.count(case.election)
    won, share = case.final()
    assert list(outcome.selected) == won
    assert outcome.share == share or not won


@settings(max_examples=200, deadline=None)
@given(cases())
def test_missing_votes_are_exactly_enough(case: Case) -> None:
    outcome = case.rule.count(case.election)
    share, needed = outcome.share or Fraction(0), case.needed()
    for row in outcome.rows:
        if row.status is Status.LOST:
            enough = row.missing_votes if row.missing_votes is not None else 25
            for more in range(enough):
                assert row.project not in case.bought(share, extra={row.project: more}, needed=needed)
            if row.missing_votes is not None:
                assert row.project in case.bought(share, extra={row.project: enough}, needed=needed)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_the_lower_cost_is_the_highest_that_wins(case: Case) -> None:
    outcome = case.rule.count(case.election)
    for row in outcome.rows:
        if row.status is not Status.LOST:
            continue
        costs = {one.id: one.cost_cents for one in case.election.projects}
        winning = []
        for cost in range(row.cost_cents):
            field = [replace(one, cost_cents=cost) if one.id == row.project else one for one in case.election.projects]
            cheaper = replace(case.election, projects=tuple(field))
            if row.project in Case(case.rule, cheaper).bought(outcome.share or Fraction(0)):
                winning.append(cost)
        assert costs[row.project] == row.cost_cents
        assert row.winning_cost_cents == max(winning, default=None)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_larger_envelope_is_just_enough(case: Case) -> None:
    outcome = case.rule.count(case.election)
    holders = case.election.valid + (case.election.blank if case.rule.blank_ballots_hold_a_share else 0)
    for row in outcome.rows:
        if row.status is not Status.LOST or row.missing_cents is None:
            continue
        for cents in (row.missing_cents, row.missing_cents - 1):
            won = case.bought((outcome.share or Fraction(0)) + Fraction(cents, holders))
            spent = sum(case.election.project(id).cost_cents for id in won)
            wins = row.project in won and spent <= case.election.budget_cents + cents
            assert wins == (cents == row.missing_cents)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_a_winner_could_do_without_its_spare_votes_and_no_more(case: Case) -> None:
    outcome = case.rule.count(case.election)
    for row in outcome.rows:
        if row.spare_votes is None:
            continue
        # Give it so many voters of its own as it can spare, and two more, in an election where it already stands; then take them away.
        share, needed = outcome.share or Fraction(0), case.needed()
        own = [named for _, named in case.voters if named == {row.project}]
        for fewer in range(1, len(own) + 1):
            ballots = _without(case.election, row.project, fewer)
            if ballots is not None:
                won = row.project in Case(case.rule, ballots).bought(share, needed=needed)
                assert won == (fewer <= row.spare_votes)


def _without(election: Election, id: str, fewer: int) -> Election | None:
    """The election without so many of the ballots that name only this project and give it the most any ballot gives."""
    profile = election.profile
    place, most = election.ids.index(id), 1 if profile.value is None else int(profile.value.max(initial=0))
    marks: list[dict[str, int]] = []
    for pile, many in enumerate(profile.many.tolist()):
        row = range(profile.start[pile], profile.start[pile + 1])
        ballot = {election.ids[profile.project[mark]]: 1 if profile.value is None else int(profile.value[mark]) for mark in row}
        sole = len(ballot) == 1 and list(ballot) == [election.ids[place]] and list(ballot.values()) == [most]
        dropped = min(fewer, many) if sole else 0
        fewer -= dropped
        marks += [ballot] * (many - dropped)
    if fewer:
        return None
    return Election.marked(election.projects, marks, election.budget_cents, profile.kind, draw=election.draw)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_the_money_of_a_losers_supporters_is_followed_to_the_last_cent(case: Case) -> None:
    outcome = case.rule.count(case.election)
    share = outcome.share or Fraction(0)
    for row in outcome.rows:
        if row.status is Status.LOST and row.missing_votes is not None:
            behind = sum(row.project in points for points, _ in case.voters)
            assert sum(flow.cents for flow in row.flow) <= behind * share
            assert row.support is None or row.support >= 0


@pytest.mark.parametrize("word", [1, 2, 30])
@pytest.mark.parametrize("seed", range(4))
def test_one_pile_for_all_who_paid_for_the_same_changes_no_word(seed: int, word: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = middling(seed, "cost")
    with monkeypatch.context() as patch:
        patch.setattr(shares_books, "by_payment", lambda market, walk: (market, walk.purses.exact))
        walk_by_walk = case.rule.count(case.election)
    monkeypatch.setattr(shares_kinds, "WORD", word)
    assert case.rule.count(case.election) == walk_by_walk


def test_ballots_that_paid_for_the_same_lie_on_one_pile() -> None:
    field = [Project("a", 10), Project("b", 1000)]
    marks = [{"a": 1}] * 3 + [{"a": 1, "b": 1}] * 2 + [{"b": 1}]
    indexed, done = EqualShares(completion="none").choose(Election.marked(field, marks, 60, "points"))
    grouped, exact = shares_kinds.by_payment(indexed, done.walk)
    assert sorted(grouped.many.tolist()) == [1, 5], "five paid for a, one for nothing"
    assert grouped.behind_count == indexed.behind_count == (5, 3)
    assert sorted(grouped.sides[1][1].tolist()) == [1, 2], "of the five only two support b"
    assert exact.sum(grouped.sides[1][0], 1, grouped.sides[1][1]) == 26 * exact.common, "two hold 8 each, one 10"


def test_an_election_without_projects_is_explained() -> None:
    outcome = EqualShares(completion="none").count(Election.marked([], [], 60, "points"))
    assert (outcome.selected, outcome.rows) == ((), ())
