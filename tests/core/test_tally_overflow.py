"""What follows a count: a reserve that completes, a part that a carrier accepts, and who waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Action, Compared, Election, EqualShares, Greedy, Outcome, Status, read_rule
from app.core.tally.completed import Completed
from app.core.tally.overflow import Overflow
from app.core.tally.staged import Staged
from tests.core.staged_elections import field, placed_elections, stage, staged_rules
from tests.core.tally_elections import ballots

AFTER = st.builds(
    Overflow,
    reserve_percent=st.sampled_from([None, "50", "80", "100"]),
    reserve_cents=st.sampled_from([None, 1, 2]),
    partial=st.booleans(),
    reserve_list=st.integers(0, 3),
)
RULES = st.builds(Greedy, on_miss=st.sampled_from(["skip", "stop"]), max_per_carrier=st.sampled_from([None, 1])) | staged_rules()
FIELD = field(
    a={"cost_cents": 60_00, "carrier": "x"}, b={"cost_cents": 50_00, "carrier": "y"}, c={"cost_cents": 70_00, "least_cents": 35_00}, d=45_00
)
VOTES = ballots((9, "a"), (7, "b"), (5, "c"), (3, "d"))


def completed(rule: Greedy | Staged | None = None, **after: Any) -> Completed:
    """A greedy count, or another, and what follows it."""
    return Completed(rule=rule or Greedy(), after=Overflow(**after))


def test_a_reserve_completes_the_next_project_that_is_covered_to_eighty_percent() -> None:
    # 100 euros: a takes 60, and 40 are left. b asks for 50: 40 is exactly 80 %, so the reserve adds 10.
    outcome = completed(reserve_percent="80").count(Election(FIELD, VOTES, 100_00))
    assert (outcome.selected, outcome.spent_cents, outcome.left_cents, outcome.reserve_cents) == (("a", "b"), 100_00, 0, 10_00)
    assert str(outcome.row("b").reason) == "7 votes; 40.00 EUR was left of the 50.00 EUR it asks for, and the reserve adds 10.00 EUR."
    last = outcome.steps[-1]
    assert (last.project, last.action, last.left_before_cents, last.left_after_cents) == ("b", Action.RESERVE, 40_00, 0)
    assert outcome.row("b").paid_cents is None


EIGHTY = {"reserve_percent": "80"}


@pytest.mark.parametrize(
    ("budget", "after"), [(99_99, EIGHTY), (100_00, {**EIGHTY, "reserve_cents": 9_99}), (100_00, {}), (60_00, {"partial": True})]
)
def test_no_reserve_where_a_cent_is_missing_where_it_may_give_less_or_where_nothing_is_left(budget: int, after: dict[str, Any]) -> None:
    outcome = completed(**after).count(Election(FIELD, VOTES, budget))
    assert (outcome.selected, outcome.reserve_cents) == (("a",), 0)


def test_only_the_next_project_is_completed_not_a_later_one_that_is_nearer() -> None:
    # 44 euros are left: b (50) is covered to 88 %. With 45 asked by d, 98 %, d still comes after b.
    outcome = completed(reserve_percent="95").count(Election(FIELD, VOTES, 104_00))
    assert outcome.selected == ("a",)


def test_a_part_goes_to_the_first_whose_carrier_accepts_it() -> None:
    outcome = completed(partial=True).count(Election(FIELD, VOTES, 100_00))
    assert (outcome.selected, outcome.spent_cents, outcome.reserve_cents) == (("a", "c"), 100_00, 0)
    row = outcome.row("c")
    assert (row.status, row.paid_cents, outcome.steps[-1].action) == (Status.WON, 40_00, Action.PARTIAL)
    assert str(row.reason) == "5 votes; 40.00 EUR was left of the 70.00 EUR it asks for, and its carrier accepts that."
    assert completed(partial=True).count(Election(FIELD, VOTES, 94_99)).selected == ("a",)
    assert completed(partial=True, reserve_percent="80").count(Election(FIELD, VOTES, 100_00)).selected == ("a", "b")


def test_a_carrier_that_has_its_award_is_passed_over() -> None:
    projects = (FIELD[0], replace(FIELD[1], carrier="x"), *FIELD[2:])
    outcome = completed(Greedy(max_per_carrier=1), reserve_percent="50", reserve_list=9).count(Election(projects, VOTES, 100_00))
    assert outcome.selected == ("a", "c")
    assert outcome.reserve_list == ("d",)


def test_the_reserve_list_names_the_next_in_order_and_no_winner() -> None:
    election = Election(FIELD, VOTES, 100_00)
    assert completed(reserve_list=2).count(election).reserve_list == ("b", "c")
    assert completed(reserve_list=2, reserve_percent="80").count(election).reserve_list == ("c", "d")
    assert completed(reserve_list=9).count(election).reserve_list == ("b", "c", "d")
    needed = Greedy(min_votes=4)
    assert completed(needed, reserve_list=9).count(election).reserve_list == ("b", "c")


def test_equal_projects_need_a_draw_only_where_one_of_them_would_be_completed() -> None:
    election = Election(field(a=60, b=50, c=50), ballots((9, "a"), (7, "bc")), 100)
    outcome = completed(reserve_percent="80").count(election)
    assert (outcome.needs_draw, outcome.selected) == (("b", "c"), ("a",))
    assert {row.project: row.status for row in outcome.rows} == {"a": Status.WON, "b": Status.OPEN, "c": Status.OPEN}
    assert completed(reserve_percent="80").count(replace(election, draw=("c", "b"))).selected == ("a", "c")
    assert completed(reserve_percent="90", reserve_list=1).count(election).needs_draw == ()
    assert completed(reserve_percent="90", reserve_list=1).count(election).reserve_list == ("b", "c")


def test_what_money_is_left_for_a_stage_may_complete_a_project_of_that_stage() -> None:
    after = {"reserve_percent": "80"}
    rule = Staged(stages=(stage("small", where={"up_to_cents": 50_00}, cents=40_00, after=after), stage("large")))
    outcome = rule.count(Election(FIELD, VOTES, 100_00))
    assert outcome.selected == ("b", "a")
    assert (outcome.spent_cents, outcome.reserve_cents, outcome.portions[0].spent_cents) == (100_00, 10_00, 40_00)
    assert str(outcome.row("b").reason).startswith("small: 7 votes; 40.00 EUR was left of the 50.00 EUR")


def test_after_stages_what_they_keep_is_not_given_away() -> None:
    stages = (stage("small", where={"up_to_cents": 10_00}, cents=30_00, leftover="kept"), stage("large"))
    outcome = completed(Staged(stages=stages), partial=True).count(Election(FIELD, VOTES, 130_00))
    assert (outcome.selected, outcome.row("c").paid_cents, outcome.left_cents) == (("a", "c"), 40_00, 30_00)


@settings(max_examples=500, deadline=None)
@given(AFTER, RULES, placed_elections())
def test_what_follows_never_takes_from_a_winner_nor_more_than_the_envelope(
    after: Overflow, rule: Greedy | Staged, election: Election
) -> None:
    before, outcome = rule.count(election), Completed(rule=rule, after=after).count(election)
    assert outcome.selected[: len(before.selected)] == before.selected
    assert len(outcome.selected) <= len(before.selected) + 1
    assert outcome.left_cents >= 0
    assert outcome.reserve_cents <= (election.budget_cents if after.reserve_cents is None else after.reserve_cents)
    given = {row.project: row.paid_cents if row.paid_cents is not None else row.cost_cents for row in outcome.rows}
    assert sum(given[id] for id in outcome.selected) == outcome.spent_cents + outcome.reserve_cents
    assert not set(outcome.reserve_list) & set(outcome.selected)
    assert len(set(outcome.reserve_list)) == len(outcome.reserve_list)
    for row in outcome.rows:
        least = election.project(row.project).least_cents
        assert row.paid_cents is None or (least is not None and least <= row.paid_cents < row.cost_cents)
    assert Outcome.from_json(outcome.to_json()) == outcome
    read = Completed(rule=rule, after=after)
    assert read_rule(read.model_dump(mode="json")) == read


def test_a_part_of_exactly_what_the_carrier_accepts_is_enough_and_nothing_is_no_part() -> None:
    assert completed(partial=True).count(Election(FIELD, VOTES, 95_00)).selected == ("a", "c")
    modest = field(a=60, b={"cost_cents": 50, "least_cents": 0})
    assert completed(partial=True).count(Election(modest, ballots((2, "a"), (1, "b")), 60)).selected == ("a",)


def test_a_project_that_fits_whole_is_left_to_the_rule() -> None:
    # Shares of 10: a's seven buy it, d's two hold 20 of 30, b's one 10 of 50. 40 is left: d would fit whole, and b is covered to 80 %.
    shares = EqualShares(completion="none")
    election = Election(field(a=60, b=50, d=30), ballots((7, "a"), (1, "b"), (2, "d")), 100)
    outcome = Completed(rule=shares, after=Overflow(reserve_percent="50", reserve_list=9)).count(election)
    assert (outcome.selected, outcome.reserve_cents) == (("a", "b"), 10)
    assert outcome.reserve_list == ("d",)


def test_no_more_than_the_number_of_winners_are_completed_but_others_wait() -> None:
    outcome = completed(Greedy(winners=1), reserve_percent="80", partial=True, reserve_list=1).count(Election(FIELD, VOTES, 100_00))
    assert (outcome.selected, outcome.reserve_list) == (("a",), ("b",))


def test_too_few_points_do_not_wait() -> None:
    election = Election.marked(field(a=5, b=5, c=5), [{"a": 9, "b": 4, "c": 3}], 5, "points")
    assert completed(Greedy(utility="points", min_points=4), reserve_list=9).count(election).reserve_list == ("b",)


def test_those_who_wait_stand_in_the_order_of_the_rule_not_of_their_votes() -> None:
    rule = Greedy(utility="votes_per_cost", tie_break=("draw",))
    election = Election(field(a=60, b=50, c=70), ballots((9, "a"), (5, "bc")), 100)
    outcome = completed(rule, reserve_percent="80").count(election)
    assert (outcome.needs_draw, outcome.selected) == ((), ("a", "b"))


def test_what_was_compared_is_still_told_when_something_follows() -> None:
    compared = Compared(rule=Staged(stages=(stage("all"),)), rival=Greedy(tie_break=("id",)))
    outcome = Completed(rule=compared, after=Overflow(reserve_percent="80")).count(Election(FIELD, VOTES, 100_00))
    assert (outcome.selected, outcome.rival) == (("a", "b"), ("a",))
    assert str(outcome.notes[0]).startswith("Two ways of counting were compared")


def test_nothing_follows_a_count_that_waits_for_a_draw() -> None:
    election = Election(field(a=60, b=60, c={"cost_cents": 50, "least_cents": 1}), ballots((7, "ab"), (1, "c")), 100)
    plain = Greedy().count(election)
    assert plain.needs_draw == ("a", "b")
    outcome = completed(partial=True, reserve_percent="1", reserve_list=3).count(election)
    assert (outcome.needs_draw, outcome.selected, outcome.reserve_list) == (("a", "b"), (), ())
    assert outcome.rows == plain.rows
