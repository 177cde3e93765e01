"""The comparison step: the rival is adopted only if strictly more voters prefer it, by the measure that was fixed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.tally import Election, EqualShares, Greedy, Outcome, Project, Status, read_rule
from app.core.tally.compared import Compared, preference
from app.core.tally.completed import Completed
from app.core.tally.overflow import Overflow
from app.core.tally.staged import Staged
from tests.core.staged_elections import field, placed_elections, stage
from tests.core.tally_elections import ballots, elections

SHARES = EqualShares(completion="none")
# 215 voters as in Częstochowa 2020 in small: one dear project that most want, and two cheap ones.
DEAR = Election(field(a=97, b=10, c=10), ballots((7, "a"), (2, "b"), (1, "c")), 100)


def test_the_rule_stands_where_no_more_voters_prefer_its_rival() -> None:
    # Equal Shares: 10 a voter; a's seven have 70 of 97, b's two 20 of 10, c's one 10 of 10: b and c. Greedy: a. Seven prefer a, three not.
    rule = Compared(rule=SHARES)
    outcome = rule.count(DEAR)
    assert (SHARES.count(DEAR).selected, Greedy().count(DEAR).selected) == (("b", "c"), ("a",))
    assert (outcome.selected, outcome.rival) == (("a",), ("b", "c"))
    assert str(outcome.notes[0]) == (
        "Two ways of counting were compared by the number of funded projects among those a ballot chose: 3 voters prefer the outcome "
        "first foreseen, 7 this one, 0 neither. As more voters prefer it, this one is adopted."
    )
    told = "The other way of counting, which fewer voters prefer or as many, would have selected it."
    assert str(outcome.row("b").reason).endswith(told)


def test_as_many_voters_are_not_more() -> None:
    even = Election(DEAR.projects, ballots((4, "a"), (2, "b"), (2, "c"), (3, "")), 100)
    outcome = Compared(rule=SHARES).count(even)
    assert (outcome.selected, outcome.rival) == (("b", "c"), ("a",))
    assert "4 voters prefer this outcome, 4 the other, 3 neither. This one stands" in str(outcome.notes[0])


def test_the_measure_decides_and_must_be_fixed_before() -> None:
    # Greedy takes a (60) and d; the shares take b, c and d. Five voters of "abc" have one project or two, for 60 or 40.
    election = Election(field(a=60, b=20, c=20), ballots((5, "abc"), (4, "a"), (1, "c")), 60)
    assert preference(election, ("b", "c"), ("a",), "projects") == (6, 4, 0)
    assert preference(election, ("b", "c"), ("a",), "money") == (1, 9, 0)


@settings(deadline=None)
@given(elections(), st.sampled_from(["projects", "money"]))
def test_each_ballot_prefers_what_gives_it_more(election: Election, measure: Any) -> None:
    first, second = SHARES.count(election).selected, Greedy().count(election).selected
    worth = {one.id: one.cost_cents if measure == "money" else 1 for one in election.projects}
    votes = [0, 0, 0]
    for ballot, many in election.ballots.items():
        own, other = (sum(worth[id] for id in ballot if id in chosen) for chosen in (first, second))
        votes[0 if own > other else 1 if own < other else 2] += many
    assert preference(election, first, second, measure) == tuple(votes)


@settings(max_examples=200, deadline=None)
@given(elections(), st.sampled_from(["projects", "money"]))
def test_the_outcome_is_that_of_the_rule_or_of_its_rival(election: Election, measure: Any) -> None:
    rule = Compared(rule=SHARES, measure=measure)
    outcome, own, other = rule.count(election), SHARES.count(election), Greedy().count(election)
    voters = preference(election, own.selected, other.selected, measure)
    expected, left = (other, own) if voters.second > voters.first else (own, other)
    assert (outcome.selected, outcome.rival, outcome.steps) == (expected.selected, left.selected, expected.steps)
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert read_rule(rule.model_dump(mode="json")) == rule


def test_a_mark_against_a_project_is_no_wish_for_it() -> None:
    election = Election.marked(field(a=5, b=5), [{"a": 1, "b": -1}, {"b": 1}], 5, "for_against")
    assert preference(election, ("a",), ("b",), "projects") == (1, 1, 0)


def test_amounts_beyond_sixty_four_bits_are_still_compared_exactly() -> None:
    huge = 2**62
    election = Election((Project("a", huge), Project("b", huge), Project("c", 2 * huge + 1)), ballots((1, "abc")), 4 * huge)
    assert preference(election, ("a", "b"), ("c",), "money") == (0, 1, 0)


def test_a_draw_that_either_needs_leaves_all_open() -> None:
    election = Election(field(a=5, b=5), ballots((1, "a"), (1, "b")), 5)
    outcome = Compared(rule=Greedy(tie_break=("id",)), rival=Greedy()).count(election)
    assert (outcome.needs_draw, outcome.selected, outcome.spent_cents) == (("a", "b"), (), 0)
    assert {row.status for row in outcome.rows} == {Status.OPEN}
    assert str(outcome.row("a").reason) == "A public draw must first decide between these projects: a, b."


@settings(max_examples=100, deadline=None)
@given(placed_elections())
def test_stages_can_be_compared_and_completed(election: Election) -> None:
    staged = Staged(stages=(stage("city", where={"scope": "city"}, share="1/2"), stage("all")))
    compared = Compared(rule=staged, rival=Greedy())
    outcome = Completed(rule=compared, after=Overflow(partial=True, reserve_list=2)).count(election)
    assert outcome.selected[: len(compared.count(election).selected)] == compared.count(election).selected
    assert outcome.left_cents >= 0


def test_a_comparison_of_comparisons_is_refused() -> None:
    with pytest.raises(ValidationError):
        Compared.model_validate({"rule": {"kind": "compared", "rule": {"kind": "greedy"}}})
