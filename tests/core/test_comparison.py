"""Rules side by side: each counted as alone, each voter's preference counted one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Greedy
from app.core.tally.comparison import SHADOWS, Comparison, agreed, compare, shadow_rules
from app.core.tally.profile import Kind
from tests.core.tally_elections import ballots, elections, projects, rennes

SMALL = Election(projects({"a": 300, "b": 300, "c": 300, "d": 250}), ballots((66, "abc"), (34, "d"), (5, "")), 900)


def test_each_rule_stands_beside_the_first_with_what_the_voters_would_have() -> None:
    rules = {"official": Greedy(tie_break=("id",)), "shares": EqualShares(tie_break=("id",), completion="none")}
    greedy, shares = compare(SMALL, rules).rules
    assert (greedy.selected, greedy.spent_cents, greedy.shared) == (("a", "b", "c"), 900, 3)
    assert (greedy.fair_by_money.holds, greedy.by_number.same) == (False, 100)
    assert (set(shares.selected), shares.shared, shares.shared_cents, shares.waits) == ({"a", "d"}, 1, 300, False)
    assert (shares.by_number.more, shares.by_number.less, shares.by_number.same) == (34, 66, 0)
    assert (shares.by_money.more, shares.by_money.less) == (34, 66)
    assert (shares.statistics.served, shares.fair_by_money.holds, shares.fair_by_number.holds) == (100, True, True)


def test_blank_ballots_prefer_nothing() -> None:
    (only,) = compare(SMALL, {"official": Greedy(tie_break=("id",))}).rules
    assert (only.by_money.more, only.by_money.less, only.by_money.same) == (0, 0, SMALL.valid)


def test_an_outcome_already_known_is_not_counted_again() -> None:
    rule = Greedy(tie_break=("id",))
    known = EqualShares(tie_break=("id",), completion="none").count(SMALL)
    (entry,) = compare(SMALL, {"official": rule}, known={"official": known}).rules
    assert entry.selected == known.selected


def test_progress_is_told_before_each_rule_and_never_goes_back() -> None:
    told: list[tuple[str, int]] = []
    rules = shadow_rules("approval")
    compare(SMALL, rules, told=lambda doing, percent: told.append((str(doing), percent or 0)))
    assert [doing for doing, _ in told if "–" not in doing] == [str(SHADOWS[name]) for name in rules]
    assert [percent for _, percent in told] == sorted(percent for _, percent in told)
    assert told[-1][1] < 100


def test_the_shadow_rules_fit_the_ballots_have_names_and_never_wait() -> None:
    rules = shadow_rules("approval")
    assert list(rules) == [name for name in SHADOWS if name in rules]
    assert not any(name.endswith("points") for name in rules)
    assert not any(one.waits for one in compare(SMALL, rules).rules)


@pytest.mark.parametrize("kind", ["points", "ranking", "grades", "for_against", "star"])
def test_every_kind_of_ballot_has_rules_that_can_count_it(kind: Kind) -> None:
    marks = {"points": [{"a": 3, "b": 1}, {"c": 4}], "ranking": [{"a": 1, "b": 2}, {"c": 1}], "grades": [{"a": 2, "b": 0}, {"c": 1}]}
    other = {"for_against": [{"a": 1, "b": -1}, {"c": 1}], "star": [{"a": 2, "b": 1}, {"c": 2}]}
    election = Election.marked(projects({"a": 300, "b": 200, "c": 250}), (marks | other)[kind], 600, kind)
    made = compare(election, shadow_rules(kind))
    assert ("majority_judgment" in {one.name for one in made.rules}) == (kind == "grades")
    assert ("equal_shares_points" in {one.name for one in made.rules}) == (kind != "for_against")
    assert all(one.spent_cents <= 600 for one in made.rules)


def test_the_shadow_rules_keep_the_limits_of_the_official_rule() -> None:
    like = Greedy(min_votes=7, max_per_carrier=1, tie_break=("cheaper", "draw"))
    for rule in shadow_rules("approval", like).values():
        assert (rule.min_votes, rule.max_per_carrier, rule.tie_break) == (7, 1, ("cheaper", "draw", "id"))  # type: ignore[union-attr]


def test_ties_end_with_the_identifiers_and_never_name_them_twice() -> None:
    rule = shadow_rules("approval", Greedy(tie_break=("id", "draw")))["phragmen"]
    assert rule.tie_break == ("draw", "id")  # type: ignore[union-attr]


@given(election=elections())
@settings(max_examples=60, deadline=None)
def test_a_comparison_is_kept_as_json_and_every_preference_is_that_of_a_voter(election: Election) -> None:
    made = compare(election, shadow_rules("approval"))
    assert Comparison.model_validate(made.model_dump(mode="json")) == made
    voters = [ballot for ballot, many in election.ballots.items() for _ in range(many) if ballot]
    first = set(made.rules[0].selected)
    for one in made.rules:
        won = set(one.selected)
        assert one.by_number.more == sum(len(ballot & won) > len(ballot & first) for ballot in voters)
        assert one.by_number.less == sum(len(ballot & won) < len(ballot & first) for ballot in voters)
        assert set(agreed(made)) <= won


def test_on_the_demonstration_equal_shares_leaves_no_group_behind() -> None:
    made = {one.name: one for one in compare(rennes(230_890), shadow_rules("approval")).rules}
    assert made["equal_shares"].fair_by_money.holds
    assert made["equal_shares_number"].fair_by_number.holds
    assert made["equal_shares"].statistics.served >= made["greedy"].statistics.served


def test_agreed_is_what_every_rule_chooses_in_the_order_of_the_first() -> None:
    # By votes b, a; by votes for a euro a, b: both choose both. With 500 only one of them has room.
    election = Election(projects({"a": 200, "b": 400, "c": 900}), ballots((3, "ab"), (1, "b"), (1, "c")), 600)
    rules = {"first": Greedy(tie_break=("id",)), "other": Greedy(utility="votes_per_cost", tie_break=("id",))}
    made = compare(election, rules)
    assert [one.selected for one in made.rules] == [("b", "a"), ("a", "b")]
    assert agreed(made) == ("b", "a")
    apart = compare(Election(election.projects, election.ballots, 500), rules)
    assert agreed(apart) == ()
    assert agreed(apart.model_copy(update={"rules": ()})) == ()


def test_a_rule_that_waits_for_a_draw_has_no_say_in_what_is_agreed() -> None:
    tied = Election(projects({"a": 5, "b": 5}), ballots((1, "a"), (1, "b")), 5)
    made = compare(tied, {"first": Greedy(tie_break=("id",)), "waits": Greedy(tie_break=("draw",))})
    assert [one.waits for one in made.rules] == [False, True]
    assert agreed(made) == ("a",)
