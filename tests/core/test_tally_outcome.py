"""The outcome of a count as it is stored: everything comes back, and what was stored with less of it can still be read."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from app.core.messages import say
from app.core.tally import Action, Flow, Outcome, Portion, Row, Status, Step, Tie

WHOLE = Outcome(
    selected=("a", "b"),
    rows=(
        Row("a", 1, 5, 100, Status.WON, say("Counting the ballots"), 300, 200, spare_votes=2, points=7, paid_cents=90, grades=(1, 0, 4)),
        Row("b", 2, 4, 50, Status.WON, say("Counting the ballots"), 200, 150, parted=say("Further supporters would not have helped.")),
        Row("c", 3, 2, 80, Status.LOST, say("Counting the ballots"), missing_votes=3, missing_cents=40, winning_cost_cents=70,
            nearest=say("Further supporters would not have helped."), support=Fraction(1, 3), missing_points=1,
            flow=(Flow("a", Fraction(7, 2)), Flow("b", Fraction(1)))),
        Row("d", 4, 2, 80, Status.OPEN, say("Counting the ballots")),
    ),
    steps=(
        Step("a", Action.PARTIAL, 300, 200, Fraction(20), 4, 1, Fraction(250, 3), "first", Fraction(5)),
        Step("b", Action.BOUGHT, 200, 150),
    ),
    ties=(Tie(("a", "b"), ("votes", "id"), True), Tie(("c", "d"), (), None)),
    budget_cents=300,
    spent_cents=150,
    currency="CHF",
    valid=9,
    blank=1,
    needs_draw=("d",),
    share=Fraction(100, 3),
    runs=4,
    notes=(say("Counting the ballots"),),
    portions=(Portion("first", say("Counting the ballots"), 300, 150, 50),),
    rival=("c",),
    reserve_list=("d", "c"),
    reserve_cents=12,
)  # fmt: skip


def again(packed: dict[str, Any]) -> Outcome:
    return Outcome.from_json(json.loads(json.dumps(packed)))


def test_every_part_of_an_outcome_is_stored_and_read_back() -> None:
    assert again(WHOLE.to_json()) == WHOLE
    assert (WHOLE.left_cents, WHOLE.row("c")) == (150, WHOLE.rows[2])


def test_a_project_that_did_not_stand_has_no_row() -> None:
    with pytest.raises(KeyError, match="'z'"):
        WHOLE.row("z")


def test_fractions_are_stored_as_two_whole_numbers_and_words_as_they_are_named() -> None:
    packed = WHOLE.to_json()
    assert (packed["share"], packed["runs"], packed["needs_draw"]) == ("100/3", 4, ["d"])
    first = {"action": "partial", "price": "20/1", "held": "250/3", "stage": "first", "score": "5/1"}
    assert packed["steps"][0].items() >= first.items()
    assert [row["status"] for row in packed["rows"]] == ["won", "won", "lost", "open"]
    assert packed["rows"][2]["flow"] == [{"project": "a", "cents": "7/2"}, {"project": "b", "cents": "1/1"}]
    assert [row["nearest"] is None for row in packed["rows"]] == [True, True, False, True]
    assert [row["parted"] is None for row in packed["rows"]] == [True, False, True, True]
    assert packed["ties"][0] == {"members": ["a", "b"], "by": ["votes", "id"], "mattered": True}
    assert packed["ties"][1] == {"members": ["c", "d"], "by": [], "mattered": None}


def test_what_was_stored_before_some_parts_were_told_is_read_without_them() -> None:
    packed = json.loads(json.dumps(WHOLE.to_json()))
    for name in ("portions", "rival", "reserve_list", "notes", "reserve_cents", "runs"):
        packed.pop(name)
    for row in packed["rows"]:
        for name in ("flow", "grades", "nearest", "parted", "support", "paid_cents", "points", "missing_points", "spare_votes"):
            row.pop(name)
    for step in packed["steps"]:
        for name in ("price", "held", "score", "stage", "payers", "part_payers"):
            step.pop(name)
    old = Outcome.from_json(packed)
    assert (old.portions, old.rival, old.reserve_list, old.notes, old.reserve_cents, old.runs) == ((), (), (), (), 0, 1)
    assert (old.selected, old.needs_draw, old.share, old.ties) == (WHOLE.selected, WHOLE.needs_draw, WHOLE.share, WHOLE.ties)
    assert old.steps == (Step("a", Action.PARTIAL, 300, 200), Step("b", Action.BOUGHT, 200, 150))
    assert old.rows[3] == WHOLE.rows[3]
    assert (old.rows[2].missing_votes, old.rows[2].flow, old.rows[2].nearest, old.rows[0].grades) == (3, (), None, ())


def test_an_outcome_that_is_none_is_refused() -> None:
    packed = WHOLE.to_json()
    for name in ("rows", "steps", "ties", "selected", "needs_draw", "share"):
        with pytest.raises(KeyError):
            Outcome.from_json({other: value for other, value in packed.items() if other != name})
    with pytest.raises(TypeError):
        Outcome.from_json({**packed, "luck": 1})
    with pytest.raises(ValueError, match="gift"):
        Outcome.from_json({**packed, "steps": [{**packed["steps"][0], "action": "gift"}]})


def test_every_action_and_status_is_stored_by_its_word() -> None:
    steps = tuple(Step("a", one, 2, 1) for one in Action)
    rows = tuple(Row("a", 1, 1, 1, one, say("Counting the ballots")) for one in Status)
    outcome = Outcome((), rows, steps, (), 2, 1, "EUR", 1, 0)
    packed = outcome.to_json()
    words = ["bought", "partial", "reserve", "carrier", "limit", "too_dear", "stopped"]
    assert [step["action"] for step in packed["steps"]] == words
    assert [row["status"] for row in packed["rows"]] == ["won", "lost", "open"]
    assert again(packed) == outcome
