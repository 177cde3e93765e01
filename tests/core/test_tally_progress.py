"""Whoever listens to a count hears how far it is, and the outcome is the same as if nobody did."""

from __future__ import annotations

import pytest

from app.core.messages import Message, say
from app.core.tally import AnyRule, Election, Project, rule_from
from app.core.tally.progress import part_told

PROJECTS = tuple(Project(f"p{one}", 100 + 70 * one, district="ns"[one % 2]) for one in range(8))
BALLOTS = [[f"p{one}" for one in range(8) if (voter * 7 + one * 3) % 5 < 2] for voter in range(40)]
ELECTION = Election.of(PROJECTS, BALLOTS, 1500)
ID = {"tie_break": ("id",)}
SHARES = {"kind": "equal_shares", "step_cents": 1, **ID}
GREEDY = {"kind": "greedy", **ID}
PARTS = [
    {"key": "each", "name": {"en": "Each district"}, "each": "district", "share": "1/2", "rule": SHARES},
    {"key": "rest", "name": {"en": "All"}, "rule": GREEDY},
]
STAGED = {"kind": "staged", "stages": PARTS}
RULES = {
    "greedy": rule_from("greedy", **ID),
    "shares": rule_from("equal_shares", step_cents=1, **ID),
    "phragmen": rule_from("phragmen", **ID),
    "staged": rule_from("staged", stages=PARTS),
    "compared": rule_from("compared", rule=SHARES, rival=GREEDY),
    "completed": rule_from("completed", rule=STAGED, after={"reserve_list": 2}),
    "completed comparison": rule_from("completed", rule={"kind": "compared", "rule": STAGED, "rival": GREEDY}, after={"reserve_list": 2}),
}


def heard(rule: AnyRule) -> list[tuple[str, int | None]]:
    told: list[tuple[str, int | None]] = []
    assert rule.count_aloud(ELECTION, lambda doing, percent: told.append((str(doing), percent))) == rule.count(ELECTION)
    return told


@pytest.mark.parametrize("name", RULES)
def test_a_count_that_is_heard_gives_the_same_outcome_and_never_goes_back(name: str) -> None:
    told = heard(RULES[name])
    shown = [percent for _, percent in told if percent is not None]
    assert told
    assert shown == sorted(shown)
    assert all(0 <= percent < 100 for percent in shown)


def test_each_run_of_equal_shares_is_told_with_the_money_it_gives_out() -> None:
    told = heard(RULES["shares"])
    runs = [one for one in told if one[0].startswith("Equal Shares, run")]
    assert len(runs) > 2
    assert told[-1] == ("Working out why each project won or lost", 50)


def test_each_part_of_a_count_in_stages_is_named() -> None:
    named = [doing for doing, _ in heard(RULES["staged"]) if doing.startswith("Counting the part")]
    assert named == [f"Counting the part “{part}”" for part in ("Each district, n", "Each district, s", "All")]


def test_a_comparison_is_told_in_two_halves() -> None:
    told = heard(RULES["compared"])
    assert told[-1] == ("Counting the ballots", 50)


def test_the_percentages_of_a_part_are_those_of_the_whole() -> None:
    told: list[int | None] = []

    def tell(doing: Message, percent: int | None) -> None:
        told.append(percent)

    for done, of, percent in ((0, 1, None), (0, 2, 99), (1, 2, None), (1, 2, 1), (1, 2, 2), (9, 10, 99)):
        part_told(tell, done, of)(say("Counting the ballots"), percent)
    assert told == [0, 49, 50, 50, 51, 99]
