"""The walk of a greedy count, turn by turn: when the order of equal projects matters, and how a limit is told from another."""

from __future__ import annotations

import pytest

from app.core.tally import Action, Election, Greedy, Project
from app.core.tally.limits import AnyLimit, MaxPer, MaxSpending
from tests.core.tally_elections import ballots, projects


@pytest.mark.parametrize(
    ("limit", "action"),
    [
        (MaxPer(key="carrier", most=1), Action.CARRIER),
        (MaxPer(key="site", most=1), Action.LIMIT),
        (MaxSpending(key="carrier", cents=5), Action.LIMIT),
        (MaxSpending(key="site", cents=5), Action.LIMIT),
    ],
)
def test_only_a_number_of_awards_for_a_carrier_is_told_as_such(limit: AnyLimit, action: Action) -> None:
    field = tuple(Project(id, 5, carrier="x", site="m") for id in "ab")
    outcome = Greedy(limits=(limit,)).count(Election(field, ballots((2, "a"), (1, "b")), 20))
    assert [step.action for step in outcome.steps] == [Action.BOUGHT, action]


@pytest.mark.parametrize(
    ("on_miss", "costs", "matters"),
    [
        ("skip", (60, 60), True),
        ("skip", (60, 40), False),
        # What does not fit is passed over in either order; where the count stops at it, it must not come first.
        ("skip", (60, 150), False),
        ("stop", (60, 150), True),
        ("stop", (150, 150), False),
    ],
)
def test_the_order_of_equals_matters_where_not_all_that_fit_fit_together(on_miss: str, costs: tuple[int, int], matters: bool) -> None:
    election = Election(projects(dict(zip("ab", costs, strict=True))), ballots((2, "ab")), 100)
    rule = Greedy.model_validate({"on_miss": on_miss, "tie_break": ("draw",)})
    outcome = rule.count(election)
    assert ([tie.mattered for tie in outcome.ties], outcome.needs_draw) == ([matters], ("a", "b") if matters else ())


def test_after_the_end_of_the_count_no_order_matters() -> None:
    election = Election(projects({"a": 150, "b": 60, "c": 60}), ballots((3, "a"), (2, "bc")), 100)
    outcome = Greedy(on_miss="stop", tie_break=("draw",)).count(election)
    assert ([tie.mattered for tie in outcome.ties], outcome.needs_draw) == ([False], ())
    assert [step.action for step in outcome.steps] == [Action.TOO_DEAR, Action.STOPPED, Action.STOPPED]


def test_what_is_left_to_the_last_cent_is_still_room() -> None:
    # With fewer votes than b, a would still be paid in full, as long as it has one vote.
    outcome = Greedy(tie_break=("id",)).count(Election(projects({"a": 5, "b": 5}), ballots((5, "a"), (3, "b")), 10))
    assert [(row.project, row.spare_votes) for row in outcome.rows] == [("a", 4), ("b", 2)]
