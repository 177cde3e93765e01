"""What follows a count, at its edges: exactly enough, one cent short, a group of equals, and who waits at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from app.core.tally import Action, Completed, Election, EqualShares, Greedy, MajorityJudgment, Panel, Phragmen, Status
from app.core.tally.overflow import Overflow, followed, free_cents, queue_of
from tests.core.staged_elections import field
from tests.core.tally_elections import ballots, projects

FIELD = projects({"a": 60, "b": 50, "c": 70})
VOTES = ballots((9, "a"), (7, "b"), (5, "c"))
BY_ID = Greedy(tie_break=("id",))


def election(budget: int = 100) -> Election:
    return Election(FIELD, VOTES, budget)


def test_a_reserve_that_has_exactly_what_is_lacking_gives_all_of_it() -> None:
    # a takes 60, and 40 are left of the 50 that b asks for.
    after = Overflow(reserve_percent="80", reserve_cents=10)
    outcome = Completed(rule=BY_ID, after=after).count(election())
    assert (outcome.selected, outcome.reserve_cents, outcome.steps[-1].action) == (("a", "b"), 10, Action.RESERVE)
    less = Completed(rule=BY_ID, after=after.model_copy(update={"reserve_cents": 9})).count(election())
    assert (less.selected, less.reserve_cents) == (("a",), 0)


def test_a_project_that_what_is_left_pays_to_the_cent_is_left_to_the_rule() -> None:
    # Shares of 10: a's seven buy it; d's two hold 20 of 40, b's one 10 of 50. 40 is left: d would fit to the cent, b is covered to 80 %.
    shares = EqualShares(completion="none")
    even = Election(field(a=60, b=50, d=40), ballots((7, "a"), (1, "b"), (2, "d")), 100)
    assert [row.project for row in shares.count(even).rows] == ["a", "d", "b"]
    outcome = Completed(rule=shares, after=Overflow(reserve_percent="50")).count(even)
    assert (outcome.selected, outcome.reserve_cents) == (("a", "b"), 10)


def test_of_equals_that_nothing_parts_one_that_would_be_completed_is_enough_to_ask_for_the_draw() -> None:
    # 40 are left: b (50) is covered to 80 %, c (80) to a half.
    even = Election(field(a=60, b=50, c=80), ballots((9, "a"), (7, "bc")), 100)
    rule = Completed(rule=Greedy(tie_break=("draw",)), after=Overflow(reserve_percent="80"))
    assert rule.count(even).needs_draw == ("b", "c")
    assert rule.count(replace(even, draw=("b", "c", "a"))).selected == ("a", "b")
    assert rule.count(replace(even, draw=("c", "b", "a"))).selected == ("a",)
    open_row = rule.count(even).row("b")
    assert (open_row.status, open_row.missing_votes, open_row.nearest) == (Status.OPEN, None, None)


def test_what_is_completed_is_no_loser_any_more_in_any_number() -> None:
    outcome = Completed(rule=BY_ID, after=Overflow(reserve_percent="80")).count(election())
    before, row = BY_ID.count(election()).row("b"), outcome.row("b")
    assert (before.missing_votes, before.missing_cents, before.winning_cost_cents) == (3, 10, 40)
    assert (row.missing_votes, row.missing_cents, row.missing_points, row.winning_cost_cents, row.nearest) == (None,) * 5
    assert (row.status, row.left_before_cents, row.left_after_cents, row.paid_cents) == (Status.WON, 40, 0, None)


def test_the_one_who_gets_a_part_is_told_what_it_is_paid() -> None:
    willing = (*FIELD[:2], replace(FIELD[2], least_cents=40))
    outcome = Completed(rule=BY_ID, after=Overflow(partial=True)).count(Election(willing, VOTES, 100))
    row, step = outcome.row("c"), outcome.steps[-1]
    assert (row.paid_cents, row.left_before_cents, row.left_after_cents, row.missing_votes) == (40, 40, 0, None)
    assert (step.project, step.action, step.left_before_cents, step.left_after_cents) == ("c", Action.PARTIAL, 40, 0)
    assert (outcome.spent_cents, outcome.reserve_cents) == (100, 0)


def test_without_a_word_nothing_follows_at_all() -> None:
    plain = BY_ID.count(election())
    assert followed(None, BY_ID, election(), plain) == plain
    assert followed(Overflow(), BY_ID, election(), plain) == plain
    assert Overflow() == Overflow(reserve_percent=None, reserve_cents=None, partial=False, reserve_list=0)


def test_a_panel_leaves_nobody_waiting() -> None:
    rule = Panel(selected=("a",))
    outcome = rule.count(election())
    assert queue_of(rule, election(), outcome) == []
    assert followed(Overflow(reserve_percent="1", reserve_list=9), rule, election(), outcome) == outcome


def test_a_project_that_nobody_chose_does_not_wait_even_where_no_vote_is_needed() -> None:
    none = Election(field(a=60, b=50, c=70), ballots((1, "a")), 60)
    rule = Greedy(min_votes=0, tie_break=("id",))
    assert [row.project for row in rule.count(none).rows] == ["a", "b", "c"]
    assert queue_of(rule, none, rule.count(none)) == []
    one = Election(none.projects, ballots((2, "a"), (1, "c")), 60)
    assert queue_of(rule, one, rule.count(one)) == [("c",)]


def test_the_points_needed_to_wait_are_whole_points() -> None:
    # In tenths of a point: b has 4.0, c 3.9.
    marked = Election.marked(field(a=5, b=5, c=5), [{"a": 90, "b": 40, "c": 39}], 5, "points", unit=10)
    rule = Greedy(utility="points", min_points=4, tie_break=("id",))
    assert queue_of(rule, marked, rule.count(marked)) == [("b",)]


def test_a_rule_without_a_least_of_points_lets_wait_who_has_the_worst_grade() -> None:
    graded = Election.marked(field(a=5, b=5), [{"a": 3, "b": 0}], 5, "grades")
    rule = MajorityJudgment(tie_break=("id",))
    assert (rule.count(graded).selected, rule.count(graded).row("b").points) == (("a",), 0)
    assert queue_of(rule, graded, rule.count(graded)) == [("b",)]


def test_losers_by_judgment_stand_in_its_order_even_with_the_same_grade_and_as_many_votes() -> None:
    # The middle grade of b and of c is 1; one voter more thinks less of b.
    given = [{"a": 3, "b": 2, "c": 2}, {"a": 3, "b": 1, "c": 1}, {"a": 3, "b": 0, "c": 1}]
    graded = Election.marked(field(a=5, b=5, c=5), given, 5, "grades")
    rule = MajorityJudgment(tie_break=("id",))
    assert [(row.project, row.points, row.votes) for row in rule.count(graded).rows] == [("a", 3, 3), ("c", 1, 3), ("b", 1, 3)]
    assert queue_of(rule, graded, rule.count(graded)) == [("c",), ("b",)]


def test_losers_of_a_rule_that_does_not_rank_stand_by_points_and_votes() -> None:
    # Nobody can pay: b and c have two votes each and are told apart by their costs, d has three.
    rule = Phragmen(tie_break=("cheaper",))
    dear = Election(field(b=80, c=70, d=90, e=75), ballots((2, "bc"), (3, "d"), (1, "e")), 60)
    assert queue_of(rule, dear, rule.count(dear)) == [("d",), ("c",), ("b",), ("e",)]
    unparted = rule.model_copy(update={"tie_break": ("draw",)})
    assert queue_of(unparted, dear, rule.count(dear)) == [("d",), ("b", "c"), ("e",)]


def test_losers_of_a_rule_that_ranks_stand_together_only_where_they_tied() -> None:
    # Two ties among the losers: b and c, then e and f; d stands alone between them with as many votes for a unit as nobody else.
    even = Election(field(a=60, b=50, c=50, d=51, e=70, f=70), ballots((9, "a"), (7, "bc"), (6, "d"), (5, "ef")), 60)
    rule = Greedy(tie_break=("draw",))
    assert queue_of(rule, even, rule.count(even)) == [("b", "c"), ("d",), ("e", "f")]


def test_the_list_is_filled_up_with_whole_groups_until_it_is_long_enough() -> None:
    even = Election(field(a=60, b=50, c=50, d=51, e=70), ballots((9, "a"), (7, "bc"), (6, "d"), (5, "e")), 60)
    rule = Greedy(tie_break=("draw",))
    listed = [Completed(rule=rule, after=Overflow(reserve_list=many)).count(even).reserve_list for many in range(5)]
    assert listed == [(), ("b", "c"), ("b", "c"), ("b", "c", "d"), ("b", "c", "d", "e")]


def test_nothing_is_left_to_give_once_all_places_are_taken() -> None:
    outcome = BY_ID.count(election())
    assert [free_cents(Greedy(winners=most), outcome) for most in (None, 1, 2)] == [40, 0, 40]
    assert [free_cents(MajorityJudgment(winners=most), outcome) for most in (None, 1, 2)] == [40, 0, 40]
    assert free_cents(Phragmen(), outcome) == 40


def test_what_no_reserve_could_mean_is_refused() -> None:
    assert followed(Overflow(reserve_list=1000), BY_ID, election(), BY_ID.count(election())).reserve_list == ("b", "c")
    for many in (-1, 1001, True, "3"):
        with pytest.raises(ValidationError):
            Overflow.model_validate({"reserve_list": many})
