"""Presets that the form can start from: they fill it, and say what they assume."""

from typing import Any

import pytest

from app.core.forms import read
from app.core.presets import presets
from app.core.problems import Invalid, Missing
from app.core.tally import read_rule
from app.polls.forms import PollForm, PresetForm
from app.polls.models import Candidate
from app.polls.obstacles import left_out
from app.polls.share_step import suggested_step
from app.polls.starting_points import kept_whole, offered, start_from

SOURCE = "Tirage du Loto du 12 juin"

FILLING = ("rennes_solidarite", "rennes_fabrique_s5", "angers_2019", "lot_et_garonne", "aarau_2023")
ALL = tuple(presets())
OTHER_BALLOTS = {"paris_2021": "grades", "reykjavik_2023": "star"}
"""Their own ballots are in parts for each district; without parts, these marks are what their rule counts."""
WITHOUT_A_VOTE = (
    "nantes_2022",
    "lublin_green",
    "paris_solidae_2017",
    "rennes_fad",
    "paris_solidev",
)


def test_all_eighteen_presets_are_offered_and_those_the_form_cannot_make_are_kept_whole() -> None:
    assert tuple(offered()) == ALL
    assert len(ALL) == 18
    assert tuple(key for key in ALL if not start_from(key, None).whole) == FILLING


@pytest.mark.parametrize("key", FILLING)
def test_a_form_filled_from_a_preset_and_sent_as_it_is_makes_its_rule(key: str) -> None:
    start = start_from(key, 350_000_000)
    form = read(PollForm, dict(start.values) | {"draw_source": SOURCE})
    assert form.tally_rule() == presets()[key].rule
    assert form.ballot_style() == presets()[key].ballot or start.other_ballot is not None


@pytest.mark.parametrize("key", [key for key in ALL if key not in FILLING and key not in WITHOUT_A_VOTE])
def test_a_preset_kept_whole_is_fixed_to_the_letter_and_recognised_again(key: str) -> None:
    start = start_from(key, 350_000_000)
    ballot = {"style": OTHER_BALLOTS.get(key, start.values["style"])}
    form = read(PresetForm, dict(start.values) | ballot | {"draw_source": SOURCE, "whole": key})
    assert form.tally_rule() == presets()[key].rule
    assert start.gaps
    known = kept_whole(read_rule(form.tally_rule().model_dump(mode="json")))
    assert known is not None
    assert known.key == key


@pytest.mark.parametrize("key", WITHOUT_A_VOTE)
def test_a_preset_under_which_no_vote_can_be_held_says_why_and_cannot_be_fixed(key: str) -> None:
    assert start_from(key, None).obstacle is not None
    with pytest.raises(Invalid) as told:
        read(PresetForm, {"style": "approval", "draw_source": SOURCE, "whole": key})
    assert list(told.value.errors) == ["whole"]


def test_the_rule_of_a_preset_is_not_fixed_on_ballots_whose_marks_it_does_not_count() -> None:
    with pytest.raises(Invalid) as told:
        read(PresetForm, {"style": "approval", "draw_source": SOURCE, "whole": "paris_2021"})
    assert "needs other ballots: Give each project a grade" in str(told.value.errors[""])


def test_nothing_typed_beside_a_preset_kept_whole_is_dropped_in_silence() -> None:
    with pytest.raises(Invalid) as told:
        read(PresetForm, {"style": "approval", "draw_source": SOURCE, "whole": "warsaw", "min_votes": "3"})
    assert "kept whole" in str(told.value.errors[""])


def test_an_assumption_is_told_once_with_all_its_places() -> None:
    gaps = [str(gap) for gap in start_from("gers_2", None).gaps]
    assert len([gap for gap in gaps if "what a band leaves over" in gap]) == 1
    assert next(gap for gap in gaps if "what a band leaves over" in gap).startswith("up to 5 000 €, 5 000 to 20 000 €, ")


def test_a_project_without_a_place_in_any_part_is_found() -> None:
    def candidate(id: str, **more: Any) -> Candidate:
        return Candidate(id=id, number=1, title=id, cost_cents=100, carrier="x", **more)

    projects = [candidate("city", scope="city"), candidate("north", scope="district", district="n"), candidate("lost")]
    assert [one.id for one in left_out(presets()["warsaw"].rule, projects)] == ["lost"]
    assert left_out(presets()["lot_et_garonne"].rule, projects) == []


def test_a_ballot_worth_the_whole_envelope_takes_the_envelope_of_the_edition() -> None:
    assert start_from("rennes_fabrique_s5", 23_089_000).values["max_total"] == "230890.00"
    assert start_from("rennes_fabrique_s5", None).values["max_total"] == ""


def test_what_the_source_leaves_open_is_told_at_its_field() -> None:
    assumed = start_from("lot_et_garonne", None).assumed
    assert set(assumed) == {"rule", "tie_first"}
    assert "Nothing is said of ties" in str(assumed["tie_first"])


@pytest.mark.parametrize("key", ["", "nowhere"])
def test_a_preset_that_does_not_exist_is_missing(key: str) -> None:
    with pytest.raises(Missing):
        start_from(key, None)


@pytest.mark.parametrize(
    ("envelope", "voters", "step"),
    [
        (23_089_000, 17_000, 10),
        (23_089_000, 600, 200),
        (10_000, 1, 100),
        (9_999, 1, 50),
        (23_089_000, 230_890, 1),
        (100, 100, 1),
        (0, 5, 1),
    ],
)
def test_the_step_suggested_is_round_and_at_most_a_hundredth_of_a_share(envelope: int, voters: int, step: int) -> None:
    assert suggested_step(envelope, voters) == step
    assert step == 1 or step * 100 * voters <= envelope


def test_without_voters_there_is_no_share() -> None:
    with pytest.raises(ValueError, match="nobody"):
        suggested_step(100, 0)
