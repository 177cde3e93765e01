"""Equal Shares worked out by hand, the cases that break quick arithmetic, and what must not matter."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, EqualShares, Profile, Project, Status
from app.core.tally.limits import MaxPer, MinVotes
from tests.core.shares_brute import Case, cases
from tests.core.tally_elections import ballots, projects

PLAIN = EqualShares(completion="none")


def test_payments_are_in_proportion_to_points() -> None:
    # Definition of additive Equal Shares (Peters, Pierczyński, Skowron 2021, section 3): each pays min(purse, rate * points).
    # Three voters hold 4.00 each. a (6.00): 3, 2 and 1 points, so rate 1.00: 3.00, 2.00, 1.00. b (3.00): 1 and 2 points of the
    # second and third: first rate 1.00 too (1.00 + 2.00), cheaper first: b. Then purses 4, 3, 2; a at rate 1.00 is paid in full.
    field = projects({"a": 600, "b": 300})
    marks = [{"a": 3}, {"a": 2, "b": 1}, {"a": 1, "b": 2}]
    outcome = EqualShares(utility="points", completion="none").count(Election.marked(field, marks, 1200, "points"))
    assert outcome.selected == ("b", "a")
    assert [(step.price, step.payers, step.part_payers, step.held) for step in outcome.steps] == [(100, 2, 0, 800), (100, 3, 0, 900)]
    assert outcome.row("a").points == 6


def test_who_has_less_than_his_part_gives_all_he_has() -> None:
    # Two voters hold 5.00. a (4.00) and b (6.50) cost both half a cent for each cent: a is cheaper, 2.00 each. Then c (2.00) is bought by
    # the first alone, for a cent each. Before that the two held 3.00 each: enough for b if it cost 6.00, all they had.
    election = Election(projects({"a": 400, "b": 650, "c": 200}), ballots((1, "abc"), (1, "ab")), 1000)
    outcome = PLAIN.count(election)
    assert outcome.selected == ("a", "c")
    row = outcome.row("b")
    assert (row.support, row.winning_cost_cents, row.missing_votes) == (1, 600, 1)
    assert [(flow.project, flow.cents) for flow in row.flow] == [("a", 400), ("c", 200)]


def test_borda_gives_the_only_choice_of_a_ballot_no_weight() -> None:
    field = projects({"a": 100, "b": 100})
    alone = Election.marked(field, [{"a": 1}, {"a": 1}], 200, "ranking")
    assert EqualShares(utility="borda").count(alone).selected == ()
    both = Election.marked(field, [{"a": 1, "b": 2}, {"a": 1, "b": 2}], 200, "ranking")
    assert EqualShares(utility="borda", completion="none").count(both).selected == ("a",)


def test_a_share_just_enough_and_a_share_one_part_in_ten_to_the_sixteen_short() -> None:
    # Three voters share B; a costs exactly what they hold. With one cent more it costs, at 10^17 cents, 1e-17 more than they hold.
    for more, bought in ((0, ("a",)), (1, ())):
        cost = 10**17 + 2 + more
        election = Election((Project("a", cost),), ballots((3, "a")), 10**17 + 2)
        assert PLAIN.count(election).selected == bought


def test_rates_one_part_in_ten_to_the_sixteen_apart_are_told_apart() -> None:
    # By cardinality the rates are costs / 3: two costs that no float can tell apart, on the same three ballots; only one can be paid.
    big = 2**60
    field = (Project("a", big + 1), Project("b", big))
    election = Election(field, ballots((3, "ab")), big + 1)
    outcome = EqualShares(utility="cardinality", completion="none", tie_break=("id",)).count(election)
    assert outcome.selected == ("b",)
    assert outcome.ties == ()


def test_hundreds_of_winners_with_ever_longer_fractions() -> None:
    dice = random.Random(3)
    ids = [f"p{index:03}" for index in range(300)]
    marks = [dict.fromkeys(dice.sample(ids, 12), 1) for _ in range(400)]
    field = [Project(id, dice.randrange(5_000, 20_000)) for id in ids]
    election = Election.of(field, marks, 2_000_003)
    outcome = EqualShares(completion="none", tie_break=("id",)).count(election)
    assert len(outcome.selected) > 100
    assert outcome.steps[-1].price is not None
    paid = [(step.price or 0) * (step.payers or 0) for step in outcome.steps]
    assert all(given <= election.project(step.project).cost_cents for given, step in zip(paid, outcome.steps, strict=True))


def test_a_site_is_given_once_and_the_other_is_told_why() -> None:
    field = (Project("a", 300, site="park"), Project("b", 300, site="park"))
    outcome = EqualShares(limits=(MaxPer(key="site", most=1),)).count(Election(field, ballots((3, "ab"), (2, "a")), 1000))
    assert outcome.selected == ("a",)
    assert str(outcome.row("b").reason) == "3 votes; it stands on the same site as a, taken before it."


def test_more_votes_may_be_needed_for_a_dearer_project() -> None:
    # Świecie 2023: a third of the part of the envelope as part of the ballots. 90 % of it needs 30 % of ten ballots: 3.
    rule = EqualShares(limits=(MinVotes(per_cost=3),))
    outcome = rule.count(Election(projects({"a": 900, "b": 100}), ballots((2, "a"), (8, "b")), 1000))
    assert outcome.selected == ("b",)
    assert str(outcome.row("a").reason) == "2 votes, and at least 3 are needed."
    assert outcome.row("a").winning_cost_cents is not None


def test_what_is_left_goes_to_the_most_votes_that_fit_and_says_so() -> None:
    election = Election(projects({"a": 700, "b": 500, "c": 300}), ballots((4, "a"), (3, "b"), (2, "c")), 1000, draw=("a", "b", "c"))
    rule = EqualShares(completion="none", then="greedy")
    assert EqualShares(completion="none").count(election).selected == ()
    outcome = rule.count(election)
    assert (outcome.selected, outcome.left_cents) == (("a", "c"), 0)
    assert str(outcome.row("c").reason) == (
        "2 votes; taken with the 3.00 EUR left at the end, as it had most votes of those that fitted; it asks for 3.00 EUR."
    )
    assert (outcome.row("b").missing_votes, outcome.row("b").winning_cost_cents) == (1, 333)


def _shuffled(case: Case, dice: random.Random) -> Election:
    """The same election with ballots and projects in another order, and every pile split into single ballots."""
    old, profile = case.election, case.election.profile
    field = list(old.projects)
    dice.shuffle(field)
    place = {one.id: index for index, one in enumerate(field)}
    rows = []
    for pile, many in enumerate(profile.many.tolist()):
        marks = range(profile.start[pile], profile.start[pile + 1])
        value = profile.value
        rows += [sorted((place[old.ids[profile.project[mark]]], 1 if value is None else int(value[mark])) for mark in marks)] * many
    dice.shuffle(rows)
    start = np.cumsum([0, *(len(row) for row in rows)])
    flat = [mark for row in rows for mark in row]
    values = np.array([value for _, value in flat], np.int64)
    names = np.array([index for index, _ in flat], np.int32)
    mixed = Profile(start, names, np.ones(len(rows), np.int64), len(field), profile.kind, values, profile.unit)
    return Election(tuple(field), mixed, old.budget_cents, draw=old.draw)


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 1000))
def test_the_order_of_ballots_and_projects_and_their_piles_do_not_matter(case: Case, seed: int) -> None:
    first, second = case.rule.count(case.election), case.rule.count(_shuffled(case, random.Random(seed)))
    assert first.to_json() == second.to_json()


@settings(max_examples=100, deadline=None)
@given(cases())
def test_in_a_smaller_coin_the_winners_are_the_same(case: Case) -> None:
    if any(limit.kind == "max_spending" for limit in case.rule.limits):
        return
    field = tuple(Project(one.id, one.cost_cents * 1000, site=one.site, theme=one.theme) for one in case.election.projects)
    larger = Election(field, case.election.profile, case.election.budget_cents * 1000, draw=case.election.draw)
    rule = case.rule.model_copy(update={"step_cents": case.rule.step_cents * 1000})
    assert rule.count(larger).selected == case.rule.count(case.election).selected


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_envelope_is_never_passed_and_no_ballot_pays_more_than_its_share(case: Case) -> None:
    rule = case.rule.model_copy(update={"then": "greedy"})
    outcome = rule.count(case.election)
    assert outcome.spent_cents <= outcome.budget_cents
    for row in outcome.rows:
        if row.status is Status.LOST and case.election.votes[row.project] >= case.needed()[row.project]:
            gate = rule.gate()
            for id in outcome.selected:
                gate.give(case.election.project(id))
            assert row.cost_cents > outcome.left_cents or gate.full(case.election.project(row.project)) or outcome.needs_draw


@pytest.mark.parametrize("completion", ["none", "add1_until_exhaustive", "add1_until_infeasible"])
def test_one_voter_one_project_and_an_envelope_below_every_cost(completion: str) -> None:
    rule = EqualShares(completion=completion)
    assert rule.count(Election(projects({"a": 5}), ballots((1, "a")), 5)).selected == ("a",)
    low = rule.count(Election(projects({"a": 5}), ballots((1, "a")), 4))
    assert (low.selected, low.row("a").missing_cents) == ((), 1)
