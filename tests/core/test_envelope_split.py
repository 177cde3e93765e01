"""Promises on the split: the parts sum to the envelope exactly, each within one unit of its due."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.envelope import Envelope, Split
from app.core.money import share_out
from app.core.sentences import sentence_of

LYON = [28717, 29981, 100679, 34752, 47777, 49385, 88326, 85943, 53567]
LYON_PUBLISHED = [605850, 622180, 2063992, 725294, 1016423, 1065161, 1645860, 1723045, 1032196]
PARIS = [15114, 19847, 32179, 27332, 55252, 40389, 48015, 35317, 57271, 83873, 138170, 138024, 181271, 136455, 229713, 159386, 159212,
         183127, 178691, 185140]  # fmt: skip


def part(key: str, **fixed: Any) -> dict[str, Any]:
    return {"key": key, "label": {"fr": key, "en": key}, **fixed}


def envelope(euros: int, parts: list[dict[str, Any]], keys: list[dict[str, Any]], rounding: str = "down_to_euro") -> Envelope:
    """A fixed sum divided by district."""
    split = {"by": "district", "parts": parts, "keys": keys}
    terms = [{"kind": "fixed", "cents": euros * 100, "label": "Sum"}]
    return Envelope.model_validate({"terms": terms, "split": split, "rounding": rounding})


def population(*values: int, weight: str = "1") -> dict[str, Any]:
    return {"kind": "population", "weight": weight, "values": {f"d{i}": value for i, value in enumerate(values, 1)}}


def districts(count: int) -> list[dict[str, Any]]:
    return [part(f"d{i}") for i in range(1, count + 1)]


def euros(given: Envelope) -> list[int]:
    return [money.cents // 100 for _, money in given.parts()]


def refusal(given_euros: int, parts: list[dict[str, Any]], keys: list[dict[str, Any]]) -> str:
    """The one sentence a split is refused with."""
    with pytest.raises(ValidationError) as caught:
        envelope(given_euros, parts, keys)
    (error,) = caught.value.errors()
    sentence = sentence_of(error)
    assert sentence is not None, error
    assert error["loc"][0] == "split"
    return str(sentence)


def test_the_arrondissements_of_paris_share_a_million_and_not_one_euro_more() -> None:
    shares = euros(envelope(1_000_000, districts(20), [population(*PARIS)]))
    assert (shares[14], shares[0], sum(shares)) == (109_191, 7_184, 1_000_000)
    assert sum(round(Fraction(1_000_000 * people, sum(PARIS))) for people in PARIS) == 1_000_001


@pytest.mark.parametrize("weights", [LYON, LYON_PUBLISHED])
def test_lyon_spends_what_it_has_and_not_the_euro_that_naive_rounding_adds(weights: list[int]) -> None:
    assert sum(LYON_PUBLISHED) == 10_500_001
    shares = euros(envelope(10_500_000, districts(9), [population(*weights)]))
    assert sum(shares) == 10_500_000
    assert all(abs(share - Fraction(10_500_000 * weight, sum(weights))) < 1 for share, weight in zip(shares, weights, strict=True))


def test_a_quarter_equal_and_three_quarters_by_population_as_in_reykjavik() -> None:
    keys = [{"kind": "equal", "weight": "1/4"}, population(100, 300, weight="3/4")]
    assert euros(envelope(1000, districts(2), keys)) == [313, 687]
    keys = [{"kind": "equal", "weight": 1}, population(100, 300, weight="3")]
    assert euros(envelope(1000, districts(2), keys)) == [313, 687]


def test_a_fifth_for_the_whole_city_first_as_in_helsinki() -> None:
    parts = [part("city", share="1/5"), *districts(2)]
    assert euros(envelope(1000, parts, [population(1, 3)])) == [200, 200, 600]


def test_equal_parts_and_a_pool_as_in_montreuil() -> None:
    assert euros(envelope(1000, [*districts(3), part("pool", share="0.4")], [{"kind": "equal"}])) == [200, 200, 200, 400]


def test_cost_bands_with_fixed_amounts_leave_the_rest_to_the_others() -> None:
    assert euros(envelope(1000, [part("small", cents=300_00), part("large", cents=700_00)], [])) == [300, 700]
    assert euros(envelope(1000, [part("small", cents=300_00), part("large")], [{"kind": "equal"}])) == [300, 700]


def test_any_named_figures_can_divide_an_envelope() -> None:
    key = {"kind": "custom", "name": {"fr": "surface", "en": "area"}, "values": {"d1": "1,5", "d2": "1/2"}}
    assert euros(envelope(1000, districts(2), [key])) == [750, 250]


def test_an_envelope_to_the_cent_is_divided_to_the_cent() -> None:
    parts = envelope(100, districts(3), [{"kind": "equal"}], rounding="to_cent").parts()
    assert [money.cents for _, money in parts] == [3334, 3333, 3333]


def test_the_rule_of_the_split_is_told_in_words() -> None:
    keys = [{"kind": "equal", "weight": "1/4"}, population(1, 3, weight="3/4")]
    split = envelope(1000, [part("city", share="1/5"), *districts(2)], keys).split
    assert split is not None
    assert [str(line) for line in split.explain("EUR")][:3] == [
        "city: 20 % of the envelope, set aside first", "25 % of the rest in equal parts", "75 % of the rest by population",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "keys", "sentence"),
    [
        ([], [], "A split needs at least one part."),
        (districts(2), [], "Say how the parts share the envelope"),
        ([part("a"), part("a")], [{"kind": "equal"}], "The part “a” is given twice."),
        (districts(2), [population(1)], "Give a figure for “d2”"),
        (districts(1), [population(1, 2)], "There is no part “d2”"),
        (districts(2), [population(0, 0)], "At least one part needs a figure above 0."),
        (districts(2), [{"kind": "equal", "weight": "0"}], "A key of the split needs a weight above 0."),
        (districts(2), [{"kind": "equal", "weight": 0.25}], "Write this number as text"),
        (districts(1), [{"kind": "equal", "values": {"d1": 1}}], "Equal parts need no figures."),
        (districts(1), [{"kind": "custom", "values": {"d1": 1}}], "Say what these figures measure"),
        ([part("a", share="2/3"), part("b", share="1/2")], [], "The fixed shares add up to"),
        ([part("a", share="1/2", cents=1)], [], "A part has either a fixed share or a fixed amount"),
        ([part("a", cents=2000_00)], [], "The parts set aside add up to 2000.00 EUR, more than the envelope of 1000.00 EUR."),
        ([part("a", cents=600_00)], [], "The parts add up to 600.00 EUR, but the envelope is 1000.00 EUR."),
        ([part("a", cents=600_50), part("b")], [{"kind": "equal"}], "The envelope is rounded to whole units"),
    ],
)
def test_a_split_that_cannot_be_gets_a_sentence(parts: list[dict[str, Any]], keys: list[dict[str, Any]], sentence: str) -> None:
    assert refusal(1000, parts, keys).startswith(sentence)


@st.composite
def splits(draw: st.DrawFn) -> Envelope:
    """Any envelope with parts set aside and parts that share the rest by one to three keys."""
    count = draw(st.integers(1, 12))
    total = draw(st.integers(0, 10**9))
    shares = draw(st.lists(st.integers(1, 5), max_size=3))
    parts = [*districts(count), *(part(f"s{i}", share=f"{share}/16") for i, share in enumerate(shares))]
    fixed = draw(st.none() | st.integers(0, total // 16))
    if fixed is not None:
        parts.append(part("fixed", cents=fixed * 100))
    values = st.lists(st.integers(1, 10**6), min_size=count, max_size=count)
    keys = [population(*draw(values), weight=f"{draw(st.integers(1, 9))}/7") for _ in range(draw(st.integers(0, 2)))]
    return envelope(total, parts, [*keys, {"kind": "equal", "weight": "0.5"}], draw(st.sampled_from(["down_to_euro", "to_cent"])))


@given(splits())
def test_the_parts_always_sum_to_the_envelope(given_envelope: Envelope) -> None:
    parts = given_envelope.parts()
    assert sum(money.cents for _, money in parts) == given_envelope.amount().cents
    unit = 100 if given_envelope.rounding == "down_to_euro" else 1
    assert all(money.cents >= 0 and money.cents % unit == 0 for _, money in parts)


@given(splits())
def test_a_part_set_aside_gets_its_due_within_one_unit(given_envelope: Envelope) -> None:
    total = given_envelope.amount().cents
    for one, money in given_envelope.parts():
        if one.cents is not None:
            assert money.cents == one.cents
        if one.share is not None:
            assert abs(money.cents - Fraction(one.share) * total) < 100


@given(splits())
def test_a_split_survives_json(given_envelope: Envelope) -> None:
    again = Envelope.model_validate_json(given_envelope.model_dump_json())
    assert again == given_envelope
    assert again.parts() == given_envelope.parts()


def test_a_part_may_shrink_by_a_unit_when_the_whole_grows() -> None:
    """The price of largest remainders, kept here so that nobody promises otherwise."""
    assert share_out(10, [6, 6, 2])[2] == 2
    assert share_out(11, [6, 6, 2])[2] == 1


def test_a_split_is_refused_a_part_key_that_is_no_name() -> None:
    with pytest.raises(ValidationError):
        Split.model_validate({"by": "theme", "parts": [part("a b")], "keys": [{"kind": "equal"}]})
