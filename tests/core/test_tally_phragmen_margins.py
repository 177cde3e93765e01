"""How near a project was under Phragmén's rule: each number is true when the votes are counted again, and one less is not enough."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from app.core.tally import Election, Phragmen, Status
from app.core.tally.limits import MinVotes
from tests.core.tally_elections import ballots, projects
from tests.core.tally_greedy import limited, with_cost, with_votes
from tests.core.test_tally_phragmen import PHRAGMEN, plain_phragmen


@settings(max_examples=150, deadline=None)
@given(PHRAGMEN, limited())
def test_the_supporters_said_to_be_missing_are_exactly_enough(rule: Phragmen, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            assert (row.missing_votes, row.missing_cents, row.winning_cost_cents) == (None, None, None)
            continue
        enough = row.missing_votes if row.missing_votes is not None else 40
        for more in range(min(enough, 41)):
            assert row.project not in plain_phragmen(rule, with_votes(election, row.project, more))
        if row.missing_votes is not None and enough <= 40:
            assert row.project in plain_phragmen(rule, with_votes(election, row.project, enough))


@settings(max_examples=150, deadline=None)
@given(PHRAGMEN, limited())
def test_the_cost_said_to_win_wins_and_one_cent_more_does_not(rule: Phragmen, election: Election) -> None:
    for row in rule.count(election).rows:
        highest = -1 if row.winning_cost_cents is None else row.winning_cost_cents
        for cents in range(row.cost_cents if row.status is Status.LOST else 0):
            assert (row.project in plain_phragmen(rule, with_cost(election, row.project, cents))) == (cents <= highest)


@settings(max_examples=150, deadline=None)
@given(PHRAGMEN, limited())
def test_the_money_said_to_be_missing_is_exactly_enough(rule: Phragmen, election: Election) -> None:
    # The votes needed stay what they were, also where they depend on the envelope.
    needed = rule.needed(election)
    own = tuple(MinVotes(votes=votes, scope=id) for id, votes in needed.items())
    field = tuple(replace(project, scope=project.id) for project in election.projects)
    fixed = tuple(limit for limit in rule.limits if not isinstance(limit, MinVotes))
    again = rule.model_copy(update={"limits": fixed + own, "min_votes": 0})
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            continue
        enough = row.missing_cents if row.missing_cents is not None else 70
        for cents in range(enough):
            larger = replace(election, projects=field, budget_cents=election.budget_cents + cents)
            assert row.project not in plain_phragmen(again, larger)
        if row.missing_cents is not None:
            larger = replace(election, projects=field, budget_cents=election.budget_cents + enough)
            assert row.project in plain_phragmen(again, larger)


def test_a_larger_envelope_that_lets_in_a_dearer_project_does_not_help_before_both_fit() -> None:
    # 10.00: q (6.00, 2 votes) is bought, p (8.00, 1 vote) misses by 4.00. But with 12.00 z enters, and its 9 voters can pay first.
    election = Election(projects({"z": 1200, "q": 600, "p": 800}), ballots((9, "z"), (2, "q"), (1, "p")), 1000)
    outcome = Phragmen().count(election)
    assert outcome.selected == ("q",)
    assert [outcome.row(id).missing_cents for id in "zp"] == [200, 1600]
