"""A count in stages: each part keeps its money, no cent is lost, and what holds over all stages holds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from app.core.tally import Election, Outcome, Status, read_rule
from app.core.tally.part_of import part_of
from app.core.tally.staged import Staged
from tests.core.staged_elections import field, placed_elections, plain_stages, stage, staged_rules
from tests.core.tally_elections import ballots, changed


@settings(max_examples=1500, deadline=None)
@given(staged_rules(), placed_elections())
def test_a_count_in_stages_chooses_what_the_same_count_written_out_chooses(rule: Staged, election: Election) -> None:
    assert list(rule.count(election).selected) == plain_stages(rule, election)


@settings(max_examples=400, deadline=None)
@given(staged_rules(), placed_elections())
def test_no_part_spends_more_than_it_has_and_no_cent_is_lost(rule: Staged, election: Election) -> None:
    outcome = rule.count(election)
    had = {part.stage: part for part in outcome.portions}
    spent = dict.fromkeys(had, 0)
    for step in outcome.steps:
        spent[step.stage] += step.left_before_cents - step.left_after_cents
        assert 0 <= step.left_after_cents <= step.left_before_cents <= had[step.stage].budget_cents
    assert spent == {key: part.spent_cents for key, part in had.items()}
    assert all(0 <= part.passed_cents <= part.budget_cents - part.spent_cents for part in had.values())
    assert sum(part.budget_cents - part.passed_cents for part in had.values()) <= election.budget_cents
    assert outcome.spent_cents == sum(election.project(id).cost_cents for id in outcome.selected) == sum(spent.values())
    assert outcome.left_cents >= 0


@settings(max_examples=300, deadline=None)
@given(staged_rules(), placed_elections())
def test_every_project_has_one_row_and_a_reason_and_a_carrier_never_too_much(rule: Staged, election: Election) -> None:
    outcome = rule.count(election)
    assert sorted(row.project for row in outcome.rows) == sorted(election.ids)
    assert [row.rank for row in outcome.rows] == list(range(1, len(outcome.rows) + 1))
    assert {row.project for row in outcome.rows if row.status is Status.WON} == set(outcome.selected)
    assert all(str(row.reason) for row in outcome.rows)
    if rule.max_per_carrier:
        carriers = [election.project(id).carrier for id in outcome.selected]
        assert all(carriers.count(carrier) <= rule.max_per_carrier for carrier in set(carriers) - {None})


@settings(max_examples=200, deadline=None)
@given(staged_rules(), placed_elections())
def test_neither_the_order_of_projects_nor_of_ballots_decides(rule: Staged, election: Election) -> None:
    other = Election(election.projects[::-1], dict(reversed(election.ballots.items())), election.budget_cents, draw=election.draw)
    first, second = rule.count(election), rule.count(other)
    assert (first.selected, first.steps, first.portions) == (second.selected, second.steps, second.portions)


@settings(max_examples=150, deadline=None)
@given(staged_rules(), placed_elections())
def test_the_votes_said_to_be_missing_are_exactly_those_that_would_have_sufficed(rule: Staged, election: Election) -> None:
    for row in rule.count(election).rows:
        more = row.missing_votes
        if more is not None:
            assert row.project in rule.count(changed(election, more={row.project: more})).selected
            assert row.project not in rule.count(changed(election, more={row.project: more - 1})).selected


@settings(max_examples=100, deadline=None)
@given(staged_rules(), placed_elections())
def test_an_outcome_in_stages_can_be_stored_and_read_again(rule: Staged, election: Election) -> None:
    outcome = rule.count(election)
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert read_rule(rule.model_dump(mode="json")) == rule


@settings(deadline=None)
@given(placed_elections())
def test_one_stage_on_all_the_money_is_the_rule_itself(election: Election) -> None:
    staged = Staged(stages=(stage("all"),)).count(election)
    alone = stage("all").rule.count(election)
    assert (staged.selected, staged.spent_cents, staged.ties) == (alone.selected, alone.spent_cents, alone.ties)
    assert [replace(step, stage="") for step in staged.steps] == list(alone.steps)


TWO_LEVELS = Staged(
    stages=(
        stage("districts", where={"scope": "district"}, each="district", share="3/5"),
        stage("city", where={"scope": "city"}, name={"en": "City", "fr": "Ville"}),
    )
)
TOWN = field(
    a={"cost_cents": 20_00, "scope": "district", "district": "north"},
    b={"cost_cents": 15_00, "scope": "district", "district": "north"},
    c={"cost_cents": 25_00, "scope": "district", "district": "south"},
    d={"cost_cents": 55_00, "scope": "city"},
    e={"cost_cents": 10_00, "scope": "city"},
)


def test_what_the_districts_leave_goes_to_the_city() -> None:
    # 100 euros: 30 for the north, 30 for the south, 40 for the city. The north takes a (20) and leaves 10: b (15) does not fit. The south
    # takes c (25) and leaves 5. The city has 40 + 10 + 5 = 55: just enough for d.
    election = Election(TOWN, ballots((5, "ad"), (4, "bd"), (3, "ce"), (1, "c")), 100_00)
    outcome = TWO_LEVELS.count(election)
    assert outcome.selected == ("a", "c", "d")
    assert [(part.stage, part.budget_cents, part.spent_cents, part.passed_cents) for part in outcome.portions] == [
        ("districts:north", 30_00, 20_00, 10_00),
        ("districts:south", 30_00, 25_00, 5_00),
        ("city", 55_00, 55_00, 0),
    ]
    assert [step.stage for step in outcome.steps] == ["districts:north", "districts:north", "districts:south", "city", "city"]
    assert str(outcome.row("a").reason) == "districts, north: 5 votes; 20.00 EUR of the 30.00 EUR still left."
    assert str(outcome.row("b").reason) == "districts, north: 4 votes; it asks for 15.00 EUR and 10.00 EUR was left."
    assert str(outcome.row("e").reason) == "City: 3 votes; it asks for 10.00 EUR and 0.00 EUR was left."
    assert str(outcome.notes[0]) == "districts, north: 20.00 EUR given out of 30.00 EUR; 10.00 EUR go on to what follows."
    assert str(outcome.notes[2]) == "City: 55.00 EUR given out of 55.00 EUR."


def test_what_is_kept_goes_nowhere() -> None:
    stages = tuple(one.model_copy(update={"leftover": "kept"}) for one in TWO_LEVELS.stages)
    outcome = Staged(stages=stages).count(Election(TOWN, ballots((5, "ad"), (4, "bd"), (3, "ce")), 100_00))
    assert outcome.selected == ("a", "c", "e")
    assert outcome.left_cents == 10_00 + 5_00 + 30_00


def test_the_two_best_of_each_district_come_before_the_best_of_all() -> None:
    # Each district is sure of one, whatever the others have; the rest goes to the best of all.
    best = {"kind": "greedy", "limits": [{"kind": "max_per", "key": "district", "most": 1}]}
    rule = Staged(stages=(stage("each", rule=best, where={"scope": "district"}), stage("all")))
    projects = field(
        a={"cost_cents": 3, "scope": "district", "district": "north"},
        b={"cost_cents": 3, "scope": "district", "district": "north"},
        c={"cost_cents": 3, "scope": "district", "district": "south"},
        d={"cost_cents": 3, "scope": "district", "district": "south"},
    )
    election = Election(projects, ballots((9, "ab"), (1, "a"), (2, "cd"), (1, "c")), 9)
    assert rule.count(election).selected == ("a", "c", "b")
    assert stage("all").rule.count(election).selected == ("a", "b", "c")
    tight = replace(election, budget_cents=6)
    assert (rule.count(tight).selected, stage("all").rule.count(tight).selected) == (("a", "c"), ("a", "b"))


def test_a_stage_with_a_carrier_that_won_before_says_what_it_won() -> None:
    rule = Staged(stages=(stage("small", where={"up_to_cents": 5}, cents=5), stage("large")), max_per_carrier=1)
    projects = field(a={"cost_cents": 5, "carrier": "x"}, b={"cost_cents": 6, "carrier": "x"}, c=9)
    outcome = rule.count(Election(projects, ballots((1, "a"), (3, "b"), (2, "c")), 20))
    assert outcome.selected == ("a", "c")
    assert str(outcome.row("b").reason) == "large: 3 votes; its carrier already had as many awards as the rule allows: a."


def test_a_limit_filled_over_two_stages_names_all_that_filled_it() -> None:
    rule = Staged.model_validate(
        {
            "stages": [stage("small", where={"up_to_cents": 5}, cents=5), stage("large")],
            "limits": [{"kind": "max_per", "key": "theme", "most": 2}, {"kind": "max_spending", "key": "country", "cents": 10}],
        }
    )
    projects = field(
        a={"cost_cents": 5, "theme": "water"},
        b={"cost_cents": 6, "theme": "water"},
        c={"cost_cents": 7, "theme": "water"},
        d={"cost_cents": 4, "country": "ML"},
        e={"cost_cents": 7, "country": "ML"},
    )
    outcome = rule.count(Election(projects, ballots((9, "a"), (8, "b"), (7, "c"), (6, "d"), (5, "e")), 40))
    assert outcome.selected == ("a", "b", "d")
    assert str(outcome.row("c").reason) == "large: 7 votes; its theme already had as many awards as the rule allows: a, b."
    assert "with d its country would have more than 0.10 EUR." in str(outcome.row("e").reason)


def test_a_project_below_the_least_of_all_stages_stands_in_none() -> None:
    rule = Staged.model_validate({"stages": [stage("all")], "limits": [{"kind": "min_votes", "votes": 3}]})
    outcome = rule.count(Election(field(a=1, b=1), ballots((3, "a"), (2, "b")), 9))
    assert (outcome.selected, str(outcome.row("b").reason)) == (("a",), "2 votes, and at least 3 are needed.")


def test_a_project_that_no_stage_is_about_is_told_so() -> None:
    rule = Staged(stages=(stage("young", where={"tag": "young"}),))
    outcome = rule.count(Election(field(a=1), ballots((3, "a")), 9))
    assert str(outcome.row("a").reason) == "No part of the envelope was open to this project."


def test_a_draw_that_is_still_to_come_leaves_open_what_hangs_on_it() -> None:
    # In the city a or b, then what is left for all: c, d. Nothing but e, which stands in the city only, is lost before the draw.
    rule = Staged(stages=(stage("city", where={"scope": "city"}, cents=9), stage("town", where={"scope": "town"})))
    projects = field(
        a={"cost_cents": 5, "scope": "city"},
        b={"cost_cents": 5, "scope": "city"},
        c={"cost_cents": 3, "scope": "town"},
        e={"cost_cents": 10, "scope": "city"},
    )
    election = Election(projects, ballots((5, "e"), (2, "ab"), (1, "c")), 12)
    outcome = rule.count(election)
    assert (outcome.needs_draw, outcome.selected) == (("a", "b"), ())
    assert {row.project: row.status for row in outcome.rows} == dict.fromkeys("abc", Status.OPEN) | {"e": Status.LOST}
    assert str(outcome.row("c").reason) == "A public draw must first decide between these projects: a, b."
    assert rule.count(replace(election, draw=("b", "a"))).selected == ("b", "c")


def test_the_parts_of_a_stage_not_reached_before_the_draw_are_open_too() -> None:
    rule = Staged(stages=(stage("each", each="district", cents=10),))
    projects = field(
        a={"cost_cents": 5, "district": "n"},
        b={"cost_cents": 5, "district": "n"},
        c={"cost_cents": 3, "district": "s"},
        e={"cost_cents": 6, "district": "n"},
        f=1,
    )
    outcome = rule.count(Election(projects, ballots((5, "e"), (2, "ab"), (1, "cf")), 10))
    assert outcome.needs_draw == ("a", "b")
    assert {row.project: row.status for row in outcome.rows} == dict.fromkeys("abc", Status.OPEN) | dict.fromkeys("ef", Status.LOST)


def test_a_stage_counts_shares_among_the_voters_it_concerns() -> None:
    # 100 cents for the north, where 4 of the 10 voters name something: a share of 25 each, enough for three of them to buy a.
    rule = Staged(stages=(stage("north", where={"district": "n"}, cents=100, rule={"kind": "equal_shares", "completion": "none"}),))
    projects = field(a={"cost_cents": 75, "district": "n"}, b={"cost_cents": 50, "district": "n"}, c=10)
    election = Election(projects, ballots((3, "a"), (1, "b"), (6, "c")), 500)
    assert part_of(election, "ab", 100).valid == 4
    assert rule.count(election).selected == ("a",)


def test_a_limit_partly_used_before_is_told_whole_by_rules_in_which_voters_pay_too() -> None:
    shares = {"kind": "equal_shares", "completion": "none"}
    rule = Staged.model_validate(
        {
            "stages": [stage("small", where={"up_to_cents": 4}, cents=4), stage("large", rule=shares)],
            "limits": [{"kind": "max_spending", "key": "country", "cents": 10}],
        }
    )
    projects = field(a={"cost_cents": 4, "country": "ML"}, b={"cost_cents": 5, "country": "ML"}, c={"cost_cents": 6, "country": "ML"})
    outcome = rule.count(Election(projects, ballots((2, "abc"), (2, "bc")), 24))
    assert outcome.selected == ("a", "b")
    assert str(outcome.row("c").reason) == (
        "large: 4 votes; it asks for 0.06 EUR, and with a, b its country would have more than 0.10 EUR."
    )


def test_how_near_a_loser_came_is_told_for_the_part_in_which_it_came_nearest() -> None:
    # c, 3 votes, is behind a (4) in the first part and behind b (6) in the second: two more votes would have been enough in the first.
    after = {"reserve_list": 2}
    rule = Staged(stages=(stage("old", where={"without_tag": "young"}, cents=10, after=after), stage("all")))
    projects = field(a=10, b={"cost_cents": 10, "tags": frozenset({"young"})}, c=10, d=5)
    outcome = rule.count(Election(projects, ballots((4, "a"), (6, "b"), (3, "c"), (2, "d")), 25))
    assert (outcome.selected, outcome.row("c").missing_votes) == (("a", "b", "d"), 2)
    assert str(outcome.row("c").nearest).startswith("old: ")
    assert str(outcome.row("c").reason).startswith("all: ")
    # The first part had c and d in reserve, but both stood again in the second, which has no list.
    assert outcome.reserve_list == ()
