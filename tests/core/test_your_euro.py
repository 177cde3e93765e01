"""One euro shared out in whole centimes that always make one euro."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.your_euro import your_euro

SPENT = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(0, 10**10), max_size=12)


@given(SPENT, st.integers(0, 10**11))
def test_the_centimes_always_make_one_euro_and_each_is_within_one_of_its_share(spent: dict[str, int], envelope: int) -> None:
    whole = max(envelope, sum(spent.values()))
    if whole == 0:
        return
    parts, rest = your_euro(spent, envelope)
    assert sum(parts.values()) + rest == 100
    assert list(parts) == list(spent)
    for key, cents in spent.items():
        assert abs(parts[key] * whole - 100 * cents) < whole
    assert (rest == 0) >= (envelope <= sum(spent.values()))


@given(SPENT, st.integers(0, 10**11))
def test_who_got_more_never_has_fewer_centimes(spent: dict[str, int], envelope: int) -> None:
    if max(envelope, sum(spent.values())) == 0:
        return
    parts, _ = your_euro(spent, envelope)
    assert all(parts[a] >= parts[b] for a in spent for b in spent if spent[a] > spent[b])


def test_three_equal_thirds_and_nothing_left() -> None:
    assert your_euro({"water": 1, "school": 1, "health": 1}, 3) == ({"water": 34, "school": 33, "health": 33}, 0)
    assert your_euro({"water": 42_00}, 100_00) == ({"water": 42}, 58)
    assert your_euro({}, 5) == ({}, 100)


def test_nothing_to_share_is_an_error() -> None:
    with pytest.raises(ValueError, match="positive weight"):
        your_euro({}, 0)
