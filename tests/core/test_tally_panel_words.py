"""A committee's list on the page: where a refusal stands, what was left at each place, and what a part of an election keeps."""

from __future__ import annotations

import pytest

from app.core.messages import Localised
from app.core.problems import Invalid
from app.core.tally import Action, Election, Panel
from app.core.tally.limits import MaxPer
from app.core.tally.part_of import part_of
from tests.core.tally_elections import ballots, projects

FIELD = Election(projects({"a": 500, "b": 400, "c": 300}, {"a": "Amis", "c": "Amis"}), ballots((2, "a"), (1, "bc")), 1000)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Panel(selected=("z",)), "The committee names projects that do not stand: z."),
        (Panel(selected=("a", "b", "c")), "The list of the committee does not fit: c asks for 3.00 EUR, and 1.00 EUR is left."),
        (Panel(selected=("a", "c"), max_per_carrier=1), "The list of the committee breaks a limit: c may not win beside a."),
    ],
)
def test_a_refusal_stands_beside_the_list(rule: Panel, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        rule.count(FIELD)
    assert {where: str(what) for where, what in refused.value.errors.items()} == {"selected": words}


def test_each_place_is_told_with_what_was_left_before_and_after_it() -> None:
    outcome = Panel(selected=("c", "a"), reasons={"a": Localised(en="Well made.")}).count(FIELD)
    assert [(row.project, row.rank, row.left_before_cents, row.left_after_cents) for row in outcome.rows] == [
        ("c", 1, 1000, 700), ("a", 2, 700, 200), ("b", 3, None, None),
    ]  # fmt: skip
    assert [(step.project, step.action, step.left_before_cents, step.left_after_cents) for step in outcome.steps] == [
        ("c", Action.BOUGHT, 1000, 700), ("a", Action.BOUGHT, 700, 200),
    ]  # fmt: skip
    assert [str(row.reason) for row in outcome.rows] == [
        "Chosen by the committee, place 1 of 2.", "Chosen by the committee, place 2 of 2: Well made.", "The committee did not choose it.",
    ]  # fmt: skip
    assert (outcome.spent_cents, outcome.budget_cents, outcome.valid, outcome.blank, outcome.ties) == (800, 1000, 3, 0, ())
    assert [row.votes for row in outcome.rows] == [1, 2, 1]


def test_a_committee_that_chooses_nothing_spends_nothing() -> None:
    outcome = Panel(reasons={"b": Localised(en="Too soon.")}).count(FIELD)
    assert (outcome.selected, outcome.spent_cents, outcome.left_cents) == ((), 0, 1000)
    assert str(outcome.row("b").reason) == "The committee did not choose it: Too soon."


def test_the_envelope_to_the_last_cent_may_be_given() -> None:
    assert Panel(selected=("a", "b"), max_per_carrier=1).count(Election(FIELD.projects, ballots((1, "a")), 900)).left_cents == 0
    both = Panel(selected=("a", "c"), max_per_carrier=2, limits=(MaxPer(key="site", most=1),))
    assert both.count(FIELD).selected == ("a", "c")


def test_in_a_part_of_an_election_all_blank_ballots_make_one_pile() -> None:
    part = part_of(Election(FIELD.projects, ballots((2, "a"), (1, "b"), (3, "c"), (4, "bc"), (5, "ab"), (6, "")), 9), "a", 9).profile
    assert (part.many.tolist()[0], sorted(part.many.tolist()[1:])) == (1 + 3 + 4 + 6, [2, 5])
    assert (part.start.tolist(), part.project.tolist()) == ([0, 0, 1, 2], [0, 0])
