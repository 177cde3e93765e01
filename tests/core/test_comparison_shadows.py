"""The rules set beside the official one: which they are for each kind of ballot, how they are told, what each voter has in money."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Greedy, Panel, Phragmen, Staged
from app.core.tally.comparison import OFFICIAL, SHADOWS, compare, shadow_rules
from app.core.tally.profile import Kind
from tests.core.staged_elections import stage
from tests.core.tally_elections import ballots, elections, projects

BY_ID = Greedy(tie_break=("id",))
PLAIN: dict[str, tuple[str, str | None]] = {
    "greedy": ("greedy", "votes"),
    "greedy_per_cost": ("greedy", "votes_per_cost"),
    "equal_shares": ("equal_shares", "cost"),
    "equal_shares_number": ("equal_shares", "cardinality"),
    "equal_shares_alone": ("equal_shares", "cost"),
    "phragmen": ("phragmen", None),
    "max_welfare": ("max_welfare", "cost"),
}
POINTS: dict[str, tuple[str, str | None]] = {"greedy_points": ("greedy", "points")}
GRADES: dict[str, tuple[str, str | None]] = {"majority_judgment": ("majority_judgment", None)}


def shares_of(utility: str) -> dict[str, tuple[str, str | None]]:
    return {"equal_shares_points": ("equal_shares", utility)}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("approval", {}),
        ("points", POINTS | shares_of("points")),
        ("star", POINTS | shares_of("points")),
        ("ranking", POINTS | shares_of("borda")),
        ("grades", POINTS | shares_of("grades") | GRADES),
        ("for_against", POINTS),
    ],
)
def test_each_kind_of_ballot_has_exactly_the_rules_that_can_read_it(kind: Kind, more: dict[str, Any]) -> None:
    made = {name: (rule.kind, getattr(rule, "utility", None)) for name, rule in shadow_rules(kind).items()}
    assert made == PLAIN | more
    assert list(made) == [name for name in SHADOWS if name in made]


def test_the_shadow_rules_fill_up_the_shares_unless_they_are_to_stand_alone() -> None:
    rules = shadow_rules("approval")
    assert (rules["equal_shares"].completion, rules["equal_shares_alone"].completion) == (EqualShares().completion, "none")  # type: ignore[union-attr]
    assert {rule.tie_break for rule in rules.values()} == {("cheaper", "votes", "id")}  # type: ignore[union-attr]


def test_the_official_rule_is_not_set_beside_itself_whatever_ends_its_ties() -> None:
    everything = set(shadow_rules("approval"))
    assert everything - set(shadow_rules("approval", Greedy(tie_break=("votes", "draw")))) == {"greedy"}
    assert everything - set(shadow_rules("approval", Greedy(tie_break=("id", "votes")))) == {"greedy"}
    assert everything - set(shadow_rules("approval", Greedy(utility="votes_per_cost", min_votes=3))) == {"greedy_per_cost"}
    assert everything - set(shadow_rules("approval", EqualShares(completion="none"))) == {"equal_shares_alone"}
    assert everything - set(shadow_rules("approval", Phragmen())) == {"phragmen"}
    assert everything == set(shadow_rules("approval", Greedy(on_miss="stop")))


def test_a_rule_that_takes_no_projects_one_by_one_has_all_rules_beside_it_with_their_own_minima() -> None:
    for like in (Panel(max_per_carrier=1), Staged(stages=(stage("all"),), min_votes=7), None):
        rules = shadow_rules("approval", like)
        assert set(rules) == set(PLAIN)
        assert {(rule.min_votes, rule.max_per_carrier, rule.tie_break) for rule in rules.values()} == {  # type: ignore[union-attr]
            (1, None, ("cheaper", "votes", "id"))
        }


def test_each_rule_is_told_under_its_name_and_the_first_as_the_one_that_decides() -> None:
    election = Election(projects({"a": 5}), ballots((1, "a")), 9)
    told: list[tuple[str, int | None]] = []
    rules = {OFFICIAL: BY_ID, "greedy_per_cost": BY_ID, "phragmen": BY_ID}
    compare(election, rules, told=lambda doing, percent: told.append((str(doing), percent)))
    assert told == [
        ("The rule that decides", 0),
        ("The rule that decides – Counting the ballots", 0),
        ("Most votes for each unit of money first", 33),
        ("Most votes for each unit of money first – Counting the ballots", 33),
        ("Phragmén", 66),
        ("Phragmén – Counting the ballots", 66),
    ]


def test_a_known_outcome_is_told_as_begun_and_no_more() -> None:
    election = Election(projects({"a": 5}), ballots((1, "a")), 9)
    told: list[tuple[str, int | None]] = []
    known = {OFFICIAL: BY_ID.count(election)}
    compare(election, {OFFICIAL: BY_ID}, known=known, told=lambda doing, percent: told.append((str(doing), percent)))
    assert told == [("The rule that decides", 0)]


def test_what_is_compared_is_told_with_its_envelope_its_projects_and_its_voters() -> None:
    election = Election(projects({"a": 500, "b": 300, "c": 100}), ballots((3, "a"), (2, "bc"), (4, "")), 600, "XOF")
    made = compare(election, {"first": BY_ID, "second": Greedy(utility="votes_per_cost", tie_break=("id",))})
    assert (made.budget_cents, made.currency, made.projects, made.voters) == (600, "XOF", 3, 5)
    # Votes for each unit: c 2/1, b 2/3, a 3/5: c and b, then 200 are left. By votes: a, then c.
    first, second = made.rules
    assert (first.name, first.selected, first.shared, first.shared_cents) == ("first", ("a", "c"), 2, 600)
    assert (second.name, second.selected, second.shared, second.shared_cents) == ("second", ("c", "b"), 1, 100)
    assert (first.rule, second.rule["utility"]) == (BY_ID.model_dump(mode="json"), "votes_per_cost")
    # The two have 400 in the place of 100, and two projects in that of one; the three have lost what they had.
    assert second.by_money.model_dump() == {"more": 2, "less": 3, "same": 0}
    assert second.by_number.model_dump() == {"more": 2, "less": 3, "same": 0}


def test_a_loser_is_worth_no_cent_to_those_who_chose_it() -> None:
    # Both rules choose a; the one who chose two losers beside it has no more than the one who chose none.
    election = Election(projects({"a": 5, "b": 6, "c": 7}), ballots((2, "a"), (1, "bc"), (1, "b")), 5)
    other = compare(election, {"first": BY_ID, "none": Greedy(min_votes=3, tie_break=("id",))}).rules[1]
    assert other.selected == ()
    assert other.by_money.model_dump() == {"more": 0, "less": 2, "same": 2}
    assert other.by_number.model_dump() == {"more": 0, "less": 2, "same": 2}


def test_a_cent_for_a_project_is_more_than_its_losing() -> None:
    # By votes a; by votes for each unit b, for one cent.
    election = Election(projects({"a": 5, "b": 1}), ballots((3, "a"), (2, "b")), 5)
    other = compare(election, {"first": BY_ID, "second": Greedy(utility="votes_per_cost", tie_break=("id",))}).rules[1]
    assert other.selected == ("b",)
    assert other.by_money.model_dump() == {"more": 2, "less": 3, "same": 0}


def test_each_certificate_is_by_its_own_measure() -> None:
    # Greedy gives all to the 60 %: by money and by number the 40 % could have had d.
    election = Election(projects({"a": 300, "b": 300, "c": 300, "d": 250}), ballots((66, "abc"), (34, "d")), 900)
    (only,) = compare(election, {"first": BY_ID}).rules
    assert (only.fair_by_money.measure, only.fair_by_number.measure) == ("money", "number")


@given(election=elections())
@settings(max_examples=60, deadline=None)
def test_by_money_a_voter_prefers_what_gives_more_to_the_projects_chosen(election: Election) -> None:
    per_cost = Greedy(utility="votes_per_cost", tie_break=("id",))
    first, second = compare(election, {"first": BY_ID, "second": per_cost}).rules
    voters = [ballot for ballot, many in election.ballots.items() for _ in range(many) if ballot]

    def worth(ballot: frozenset[str], chosen: tuple[str, ...]) -> int:
        return sum(election.project(id).cost_cents for id in ballot if id in chosen)

    more = sum(worth(ballot, second.selected) > worth(ballot, first.selected) for ballot in voters)
    less = sum(worth(ballot, second.selected) < worth(ballot, first.selected) for ballot in voters)
    assert second.by_money.model_dump() == {"more": more, "less": less, "same": len(voters) - more - less}
