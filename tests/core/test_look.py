"""Contrast as WCAG measures it, and a city's colour made fit to read or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.look import Grounds, Unfit, contrast, read_colour, tokens_in, twins_of
from app.core.look.contrast import luminance, shown
from app.core.messages import Message
from app.look.colours import grounds, tokens
from app.look.measured import BODY, NEITHER, PAIRS, TEXT, measured

LIGHT, DARK = grounds(False), grounds(True)
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21.0), ("#FFFFFF", "#FFFFFF", 1.0), ("#777777", "#FFFFFF", 4.48), ("#767676", "#FFFFFF", 4.54),
        ("#FF0000", "#FFFFFF", 4.00), ("#0000FF", "#FFFFFF", 8.59), ("#949494", "#FFFFFF", 3.03),
    ],
)  # fmt: skip
def test_the_ratios_are_the_known_ones(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


def test_a_ratio_is_never_written_higher_than_it_is() -> None:
    assert (shown(4.48), shown(4.5), shown(4.4999999), shown(21.0)) == (4.4, 4.5, 4.4, 21.0)
    assert luminance("#FFFFFF") == pytest.approx(1.0)


@pytest.mark.parametrize(("typed", "read"), [("0a5c55", "#0A5C55"), (" #05A ", "#0055AA"), ("red", None), ("#12345", None), ("", None)])
def test_a_colour_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_colour(typed) == read


@pytest.mark.parametrize("colour", ["#0A5C55", "#C8102E", "#001F3F", "#FFD83D", "#E30613", "#0055A4"])
def test_a_citys_colour_can_be_read_in_light_and_in_dark(colour: str) -> None:
    for twin, ground in zip(twins_of(colour, LIGHT, DARK), (LIGHT, DARK), strict=True):
        assert all(contrast(twin.brand, one) >= TEXT for one in (*ground.all, twin.soft))
        assert contrast(twin.on, twin.brand) >= TEXT
        assert contrast(ground.ink, twin.soft) >= BODY


@given(COLOURS)
def test_any_colour_is_made_readable_or_refused_with_what_was_measured(colour: str) -> None:
    try:
        both = twins_of(colour, LIGHT, DARK)
    except Unfit as unfit:
        measured = unfit.reason.values["measured"]
        assert isinstance(measured, Message)
        assert measured.values["whole"] in range(1, 5)
        return
    for twin, ground in zip(both, (LIGHT, DARK), strict=True):
        assert min(contrast(twin.brand, one) for one in (*ground.all, twin.soft)) >= TEXT
        assert contrast(twin.on, twin.brand) >= TEXT


def test_a_colour_that_reads_already_is_left_alone() -> None:
    light, dark = twins_of("#0A5C55", LIGHT, DARK)
    assert (light.brand, light.moved, dark.moved) == ("#0A5C55", False, True)


@pytest.mark.parametrize("colour", ["#FFF9C4", "#FFFFFF", "#F5F5F5"])
def test_a_pale_colour_is_refused(colour: str) -> None:
    with pytest.raises(Unfit, match="too pale"):
        twins_of(colour, LIGHT, DARK)


def test_the_tokens_are_read_from_the_sheet_both_modes_and_the_later_rule() -> None:
    later = "@supports (x) { :root { --a: light-dark(#222222, #333333); } }"
    read = tokens_in(f"@layer tokens {{ :root {{ --a: #111111; }} /* --b: x; */ {later} }} @layer print {{ :root {{ --a: #000000; }} }}")
    assert (read["a"].light, read["a"].dark, set(read)) == ("#222222", "#333333", {"a"})


def test_every_text_of_the_house_reaches_its_contrast_in_both_modes() -> None:
    weak = [(one.text.name, one.ground.name, one.light, one.dark) for one in measured(tokens()) if not one.holds]
    assert weak == []


def test_no_colour_of_the_house_goes_unmeasured() -> None:
    known = {name for name, token in tokens().items() if token.is_colour}
    assert known - {name for pair in PAIRS for name in pair[:2]} - NEITHER == set()


def test_a_token_made_too_pale_would_be_found() -> None:
    pale = {**tokens(), "ink2": tokens_in(":root { --ink2: #9AA5A2; }")["ink2"]}
    assert any(not one.holds for one in measured(pale))
    assert isinstance(LIGHT, Grounds)
