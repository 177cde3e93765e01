"""The presets load, say what they assume, and their ten ballots come out as worked out by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.presets import Preset, presets
from app.core.problems import Invalid
from app.core.tally import Election, read_rule
from tests.core.preset_elections import EXAMPLES
from tests.core.preset_lists import LISTS

PRESETS = presets()


@pytest.mark.parametrize("key", EXAMPLES)
def test_ten_ballots_give_the_winners_worked_out_by_hand(key: str) -> None:
    preset, example = PRESETS[key], EXAMPLES[key]
    assert len(example.ballots) == 10
    outcome = preset.rule.count(example.election(preset))
    assert "".join(outcome.selected) == example.winners
    assert outcome.needs_draw == ()
    assert outcome.spent_cents <= example.budget_cents


@pytest.mark.parametrize("key", EXAMPLES)
def test_each_of_the_ten_ballots_could_be_cast(key: str) -> None:
    preset, example = PRESETS[key], EXAMPLES[key]
    assert preset.ballot is not None
    for marks in example.ballots:
        assert preset.ballot.check(marks, example.slate(preset)) == ()


def test_all_eighteen_presets_have_an_example() -> None:
    assert len(PRESETS) == 18
    assert EXAMPLES.keys() == {key for key, preset in PRESETS.items() if preset.ballot}
    assert EXAMPLES.keys() | LISTS.keys() == PRESETS.keys()


@pytest.mark.parametrize("key", LISTS)
def test_where_a_panel_decides_its_list_wins_and_no_ballot_counts(key: str) -> None:
    preset, (budget, projects, lists, winners) = PRESETS[key], LISTS[key]
    assert preset.ballot is None
    stored = preset.rule.model_dump(mode="json")
    panels = [one["rule"] for one in stored["stages"]] if stored["kind"] == "staged" else [stored]
    for panel, chosen in zip(panels, lists, strict=True):
        panel["selected"] = list(chosen)
    # Ten people would have wished for others: the projects that the panel did not choose.
    wishes = [{one.id for one in projects} - set(winners)] * 10
    election = Election.of(projects, wishes, budget, preset.money.currency)
    assert "".join(read_rule(stored).count(election).selected) == winners
    assert preset.rule.count(election).selected == ()


def test_a_list_that_costs_more_than_a_section_has_is_refused() -> None:
    budget, projects, _, _ = LISTS["nantes_2022"]
    stored = PRESETS["nantes_2022"].rule.model_dump(mode="json")
    # Together 300 001, and the operating section has 300 000, whatever the other leaves.
    stored["stages"][1]["rule"]["selected"] = ["g", "h", "i"]
    with pytest.raises(Invalid):
        read_rule(stored).count(Election.of(projects, [], budget))


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_can_be_stored_and_read_again(key: str) -> None:
    stored = json.loads(json.dumps(PRESETS[key].model_dump(mode="json")))
    assert Preset.model_validate(stored) == PRESETS[key]


@pytest.mark.parametrize("key", PRESETS)
def test_what_is_assumed_names_a_field_that_stands_there(key: str) -> None:
    preset = PRESETS[key]
    for one in preset.assumed:
        value: Any = preset.model_dump()
        for step in one.field.split("."):
            value = value[int(step)] if isinstance(value, list | tuple) else value[step]
        assert one.why["fr"] != one.why["en"]
