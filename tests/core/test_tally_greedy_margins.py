"""How near a project was under greedy: each number is true when the votes are counted again, and one less is not enough."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from app.core.tally import Election, Greedy, Status
from app.core.tally.limits import MinVotes
from tests.core.tally_elections import ballots, projects
from tests.core.tally_greedy import BY_POINTS, GREEDY, limited, plain_greedy, pointed, with_cost, with_points, with_votes


@settings(max_examples=400, deadline=None)
@given(GREEDY, limited())
def test_greedy_agrees_with_a_count_that_nobody_could_get_wrong(rule: Greedy, election: Election) -> None:
    assert list(rule.count(election).selected) == plain_greedy(rule, election)


@settings(max_examples=200, deadline=None)
@given(GREEDY, limited())
def test_the_votes_said_to_be_missing_are_exactly_enough(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            assert (row.missing_votes, row.missing_cents, row.winning_cost_cents) == (None, None, None)
            continue
        enough = row.missing_votes if row.missing_votes is not None else 40
        for more in range(min(enough, 41)):
            assert row.project not in plain_greedy(rule, with_votes(election, row.project, more))
        if row.missing_votes is not None and enough <= 40:
            assert row.project in plain_greedy(rule, with_votes(election, row.project, enough))


@settings(max_examples=200, deadline=None)
@given(GREEDY, limited())
def test_the_cost_said_to_win_wins_and_one_cent_more_does_not(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            continue
        highest = -1 if row.winning_cost_cents is None else row.winning_cost_cents
        assert highest < row.cost_cents or (row.cost_cents == 0 and highest == -1)
        for cents in range(row.cost_cents):
            assert (row.project in plain_greedy(rule, with_cost(election, row.project, cents))) == (cents <= highest)


@settings(max_examples=200, deadline=None)
@given(GREEDY, limited())
def test_the_money_said_to_be_missing_is_exactly_enough(rule: Greedy, election: Election) -> None:
    # The votes needed stay what they were, also where they depend on the envelope.
    needed = rule.needed(election)
    fixed = tuple(limit for limit in rule.limits if not isinstance(limit, MinVotes))
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            continue
        if election.votes[row.project] < needed[row.project]:
            assert row.missing_cents is None
            continue
        own = tuple(MinVotes(votes=votes, scope=id) for id, votes in needed.items())
        field = tuple(replace(project, scope=project.id) for project in election.projects)
        again = rule.model_copy(update={"limits": fixed + own, "min_votes": 0})
        enough = row.missing_cents if row.missing_cents is not None else 60
        for cents in range(enough):
            larger = replace(election, projects=field, budget_cents=election.budget_cents + cents)
            assert row.project not in plain_greedy(again, larger)
        if row.missing_cents is not None:
            larger = replace(election, projects=field, budget_cents=election.budget_cents + enough)
            assert row.project in plain_greedy(again, larger)


@settings(max_examples=200, deadline=None)
@given(GREEDY, limited())
def test_a_winner_could_have_done_without_exactly_the_votes_it_had_to_spare(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.LOST:
            assert row.spare_votes is None
            continue
        assert row.spare_votes is not None
        assert row.project in plain_greedy(rule, with_votes(election, row.project, -row.spare_votes))
        if row.spare_votes < row.votes:
            assert row.project not in plain_greedy(rule, with_votes(election, row.project, -row.spare_votes - 1))


@settings(max_examples=200, deadline=None)
@given(BY_POINTS, pointed())
def test_the_points_said_to_be_missing_are_exactly_enough(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            continue
        enough = row.missing_points if row.missing_points is not None else 40
        for more in range(enough):
            assert row.project not in rule.count(with_points(election, row.project, more)).selected
        if row.missing_points is not None:
            assert row.project in rule.count(with_points(election, row.project, enough)).selected


@settings(max_examples=200, deadline=None)
@given(BY_POINTS, pointed())
def test_by_points_a_lower_cost_is_told_as_exactly(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        highest = -1 if row.winning_cost_cents is None else row.winning_cost_cents
        for cents in range(row.cost_cents if row.status is Status.LOST else 0):
            assert (row.project in rule.count(with_cost(election, row.project, cents)).selected) == (cents <= highest)


def test_a_larger_envelope_that_lets_in_a_dearer_project_first_is_not_told() -> None:
    # 10.00: a 6, then 4 left: b (5) misses, c (4.50) misses by 0.50. With 10.50 c would win, and with 11.00 b comes in and takes c's money;
    # d (0.20) misses from the start and wins only between: from 10.20 to 10.49.
    field = projects({"a": 600, "b": 500, "c": 450, "d": 420})
    outcome = Greedy().count(Election(field, ballots((4, "a"), (3, "b"), (2, "c"), (1, "d")), 1000))
    assert [outcome.row(id).missing_cents for id in "bcd"] == [100, 50, 20]
    assert Greedy().count(Election(field, ballots((4, "a"), (3, "b"), (2, "c"), (1, "d")), 1050)).row("d").status is not Status.WON


def test_an_open_tie_counts_against_a_project_that_asks_what_would_have_been() -> None:
    # b would tie with a, and no draw has been made: it takes two votes more, or a lower cost and the cheaper first.
    election = Election(projects({"a": 600, "b": 600}), ballots((3, "a"), (2, "b")), 1000)
    assert Greedy(tie_break=("draw",)).count(election).row("b").missing_votes == 2
    assert Greedy(tie_break=("id",)).count(election).row("b").missing_votes == 2
    assert Greedy(tie_break=("id",)).count(election).row("a").spare_votes == 1
    assert Greedy(tie_break=("draw",)).count(election).row("a").spare_votes == 0
