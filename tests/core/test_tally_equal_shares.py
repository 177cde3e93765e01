"""Equal Shares: an example worked out by hand, and agreement with a slow count that nobody could get wrong."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings

from app.core.tally import Action, Election, EqualShares, Status
from tests.core.tally_elections import EQUAL_SHARES, ballots, changed, elections, plain_shares, projects, spent

# Four voters share 12.00 €, 3.00 each. a (6.00): voters 1, 2, 3. b (3.00): voter 4. c (6.00): voters 1, 2.
FIELD = projects({"a": 600, "b": 300, "c": 600})
PILES = ballots((2, "ac"), (1, "a"), (1, "b"))
ELECTION = Election(FIELD, PILES, 1200, draw=("a", "b", "c"))


def test_projects_are_bought_by_those_who_want_them() -> None:
    # a costs each of its three 2.00 (rate 1/3), c would cost its two 3.00 (rate 1/2): a first; then c's two hold 1.00 each.
    outcome = EqualShares(completion="none").count(ELECTION)
    assert outcome.selected == ("a", "b")
    first, second = outcome.steps
    assert (first.price, first.payers, first.part_payers) == (200, 3, 0)
    assert (second.action, second.left_before_cents, second.left_after_cents) == (Action.BOUGHT, 600, 300)
    assert outcome.share == 300
    assert str(outcome.row("a").reason) == "3 votes; bought in round 1, each supporter paying at most 2.00 EUR."
    assert str(outcome.row("c").reason) == (
        "2 votes; its supporters had paid for other projects and had 2.00 EUR left at the end, and it asks for 6.00 EUR."
    )


def test_the_missing_supporters_of_the_example_are_counted_by_hand() -> None:
    # With one more, c costs each 2.00 as a does and loses the draw, then its three hold 1.00 + 1.00 + 3.00; with two more it costs 1.50.
    row = EqualShares(completion="none").count(ELECTION).row("c")
    assert row.missing_votes == 2
    assert str(row.nearest) == (
        "It would have won with 2 more supporters naming only this project, with the same share of 3.00 EUR for each voter, "
        "or with 8.00 EUR more in the envelope, shared out equally."
    )


def test_supporters_too_few_from_the_start_are_told_so() -> None:
    outcome = EqualShares(completion="none").count(Election(projects({"a": 1000}), ballots((1, "a"), (1, "")), 1000))
    assert outcome.selected == ("a",)
    outcome = EqualShares(completion="none", blank_ballots_hold_a_share=True).count(
        Election(projects({"a": 1000}), ballots((1, "a"), (1, "")), 1000)
    )
    assert str(outcome.row("a").reason) == "1 vote; all its supporters' shares together make 5.00 EUR, and it asks for 10.00 EUR."


def test_a_completion_raises_the_share_until_all_is_bought() -> None:
    # Four voters share 12.00 €; a (5.00) by two, b (5.00) by one, c (2.00) by the fourth. At 3.00 a and c are bought, 5.00 are left:
    # and the count goes on for b, which its one voter can pay with 5.00; then nothing is left.
    election = Election(projects({"a": 500, "b": 500, "c": 200}), ballots((2, "a"), (1, "b"), (1, "c")), 1200)
    for completion in ("add1_until_exhaustive", "add1_until_infeasible"):
        outcome = EqualShares(completion=completion).count(election)
        assert (sorted(outcome.selected), outcome.share, outcome.left_cents) == (["a", "b", "c"], 500, 0)


def test_without_ballots_or_money_the_count_still_ends() -> None:
    for election in (Election(FIELD, {}, 1200), Election(FIELD, PILES, 0), Election((), {}, 0), Election(FIELD, ballots((2, "")), 1200)):
        outcome = EqualShares().count(election)
        assert outcome.selected == ()
        assert {row.status for row in outcome.rows} <= {Status.LOST}


def test_one_voter_with_a_dear_project_needs_no_million_runs() -> None:
    outcome = EqualShares(step_cents=1).count(Election(projects({"a": 10**12}), ballots((1, "a")), 100))
    assert (outcome.selected, outcome.runs) == ((), 2)


def test_all_ballots_equal_and_all_projects_tied_ask_for_a_draw() -> None:
    election = Election(projects({"a": 600, "b": 600, "c": 600}), ballots((5, "abc")), 1200)
    waiting = EqualShares().count(election)
    assert waiting.needs_draw == ("a", "b", "c")
    assert {row.status for row in waiting.rows} == {Status.OPEN}
    drawn = EqualShares().count(Election(election.projects, election.ballots, 1200, draw=("c", "a", "b")))
    assert drawn.selected == ("c", "a")
    assert drawn.ties[0].mattered is True


def test_tied_projects_without_a_common_voter_need_no_draw() -> None:
    outcome = EqualShares().count(Election(projects({"a": 600, "b": 600}), ballots((2, "a"), (2, "b")), 1200))
    assert (sorted(outcome.selected), outcome.needs_draw) == (["a", "b"], ())
    assert outcome.ties[0].mattered is False


def _naive(rule: EqualShares, election: Election) -> tuple[list[str], Fraction]:
    """Start, raise by one step, stop: written from the definition, one run at a time."""
    voters = election.valid + (election.blank if rule.blank_ballots_hold_a_share else 0)
    share = Fraction(election.budget_cents, voters or 1)
    won = plain_shares(rule, election, share)
    for _ in range(400):
        if rule.completion == "none":
            break
        carriers = [election.project(id).carrier for id in won]
        waiting = [
            project
            for project in election.projects
            if project.id not in won
            and election.votes[project.id] >= max(rule.min_votes, 1)
            and (project.carrier is None or carriers.count(project.carrier) < (rule.max_per_carrier or 99))
        ]
        left = election.budget_cents - spent(election, won)
        if not waiting or (rule.completion == "add1_until_exhaustive" and all(project.cost_cents > left for project in waiting)):
            break
        following = plain_shares(rule, election, share + rule.step_cents)
        if spent(election, following) > election.budget_cents:
            break
        won, share = following, share + rule.step_cents
    return won, share


@settings(max_examples=300, deadline=None)
@given(EQUAL_SHARES, elections())
def test_it_agrees_with_the_slow_count(rule: EqualShares, election: Election) -> None:
    outcome = rule.count(election)
    won, share = _naive(rule, election)
    assert (list(outcome.selected), outcome.needs_draw) == (won, ())
    if won:
        assert outcome.share == share


@settings(max_examples=300, deadline=None)
@given(EQUAL_SHARES, elections())
def test_the_supporters_said_to_be_missing_are_exactly_enough(rule: EqualShares, election: Election) -> None:
    outcome = rule.count(election)
    assert outcome.share is not None
    for row in outcome.rows:
        if row.status is Status.WON:
            continue
        enough = row.missing_votes if row.missing_votes is not None else 30
        for more in range(enough):
            assert row.project not in plain_shares(rule, changed(election, more={row.project: more}), outcome.share)
        if row.missing_votes is not None:
            assert row.project in plain_shares(rule, changed(election, more={row.project: enough}), outcome.share)


@settings(max_examples=100, deadline=None)
@given(EQUAL_SHARES, elections(most=4, lots=False))
def test_no_draw_that_could_change_the_winners_is_left_out(rule: EqualShares, election: Election) -> None:
    outcome = rule.count(election)
    if outcome.needs_draw:
        return
    for order in permutations(project.id for project in election.projects):
        drawn = Election(election.projects, election.ballots, election.budget_cents, draw=order)
        assert set(rule.count(drawn).selected) == set(outcome.selected)
