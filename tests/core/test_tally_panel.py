"""A committee decides: its list stands in its order, and never breaks the envelope or a limit."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.messages import Localised
from app.core.problems import Invalid
from app.core.tally import Election, Outcome, Panel, Project, Status, read_rule
from app.core.tally.limits import MaxPer, MaxSpending
from tests.core.tally_elections import projects, spent
from tests.core.tally_greedy import limited

FIELD = Election(projects({"a": 500, "b": 400, "c": 300}, {"a": "Amis", "c": "Amis"}), {}, 1000)


def test_the_list_of_the_committee_stands_in_its_order_with_its_reasons() -> None:
    why = {"c": Localised(fr="Le plus urgent."), "a": Localised(fr="Trop tôt.")}
    outcome = Panel(selected=("c", "b"), reasons=why).count(FIELD)
    assert (outcome.selected, outcome.left_cents) == (("c", "b"), 300)
    assert [row.status for row in outcome.rows] == [Status.WON, Status.WON, Status.LOST]
    assert [row.reason.values.get("why") for row in outcome.rows] == [why["c"], None, why["a"]]
    assert str(outcome.row("b").reason) == "Chosen by the committee, place 2 of 2."
    assert str(Panel(selected=("c",)).count(FIELD).row("a").reason) == "The committee did not choose it."
    assert Outcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome


def test_a_list_that_breaks_the_envelope_or_a_limit_is_refused_with_the_project_that_does() -> None:
    with pytest.raises(Invalid, match=r"c asks for 3\.00 EUR, and 1\.00 EUR is left"):
        Panel(selected=("a", "b", "c")).count(FIELD)
    with pytest.raises(Invalid, match="c may not win beside a"):
        Panel(selected=("a", "c"), max_per_carrier=1).count(FIELD)
    with pytest.raises(Invalid, match="a alone asks for too much"):
        Panel(selected=("a",), limits=(MaxSpending(key="carrier", cents=450),)).count(FIELD)
    assert Panel(selected=("a", "b"), limits=(MaxPer(key="carrier", most=1),)).count(FIELD).selected == ("a", "b")


def test_a_list_of_strangers_or_with_a_project_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="do not stand: x, z"):
        Panel(selected=("z",), reasons={"x": Localised(fr="?")}).count(FIELD)
    with pytest.raises(ValidationError, match="twice"):
        Panel(selected=("a", "a"))


def test_a_decision_is_stored_and_read_back_whole() -> None:
    rule = Panel(selected=("c", "b"), reasons={"c": Localised(fr="Oui.", en="Yes.")}, limits=(MaxPer(key="site", most=1),))
    assert read_rule(json.loads(json.dumps(rule.model_dump(mode="json")))) == rule


@given(limited(), st.randoms(use_true_random=False))
def test_what_a_committee_may_choose_is_exactly_what_fits(election: Election, dice: object) -> None:
    ids = list(election.ids)
    dice.shuffle(ids)  # type: ignore[attr-defined]
    chosen = tuple(ids[: len(ids) // 2 + 1])
    rule = Panel(selected=chosen)
    if spent(election, chosen) <= election.budget_cents:
        assert rule.count(election).selected == chosen
    else:
        with pytest.raises(Invalid):
            rule.count(election)


def test_a_project_without_carrier_is_never_limited() -> None:
    free = Election((Project("a", 1), Project("b", 1)), {}, 2)
    assert Panel(selected=("a", "b"), max_per_carrier=1).count(free).selected == ("a", "b")


def test_those_not_chosen_stand_by_their_votes_then_by_their_names() -> None:
    election = Election(FIELD.projects, {frozenset("b"): 1, frozenset("c"): 3, frozenset("bc"): 1, frozenset("a"): 2}, 1000)
    assert [(row.project, row.rank) for row in Panel().count(election).rows] == [("c", 1), ("a", 2), ("b", 3)]
    assert [row.project for row in Panel(selected=("b",)).count(election).rows] == ["b", "c", "a"]
