"""Presets that the form can start from: they fill it, and say what they assume."""

import pytest

from app.core.forms import read
from app.core.presets import presets
from app.core.problems import Missing
from app.polls.forms import PollForm
from app.polls.share_step import suggested_step
from app.polls.starting_points import offered, start_from

KEYS = ("rennes_solidarite", "rennes_fabrique_s5", "lot_et_garonne")


def test_the_presets_offered_are_those_whose_ballot_and_rule_the_form_can_make() -> None:
    assert tuple(offered()) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_form_filled_from_a_preset_and_sent_as_it_is_makes_its_rule(key: str) -> None:
    values = start_from(key, 350_000_000).values | {"draw_source": "Tirage du Loto du 12 juin"}
    form = read(PollForm, {name: "" if value is None else value for name, value in values.items()})
    assert (form.ballot_style(), form.tally_rule()) == (presets()[key].ballot, presets()[key].rule)


def test_a_ballot_worth_the_whole_envelope_takes_the_envelope_of_the_edition() -> None:
    assert start_from("rennes_fabrique_s5", 23_089_000).values["max_total"] == "230890.00"
    assert start_from("rennes_fabrique_s5", None).values["max_total"] is None


def test_what_the_source_leaves_open_is_told_at_its_field() -> None:
    assumed = start_from("lot_et_garonne", None).assumed
    assert set(assumed) == {"rule", "tie_first"}
    assert "Nothing is said of ties" in str(assumed["tie_first"])


@pytest.mark.parametrize("key", ["", "paris_2021", "grenoble_2017", "aarau_2023", "nowhere"])
def test_a_preset_that_does_not_fit_is_missing(key: str) -> None:
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
