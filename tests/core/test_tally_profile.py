"""The ballots in flat arrays: what does not fit together is refused, and nothing is lost when they are put together."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from app.core.ballots import Approval, Part, Points, Scoped, Slate
from app.core.ballots.ballot_style import ProfileKind
from app.core.tally import Election, Project
from app.core.tally.profile import Kind, Profile, summed


def profile(
    start: list[int], project: list[int], many: list[int], size: int, kind: Kind = "approval", value: list[int] | None = None
) -> Profile:
    values = None if value is None else np.array(value, np.int64)
    return Profile(np.array(start, np.int64), np.array(project, np.int32), np.array(many, np.int64), size, kind, values)


def rows(one: Profile) -> list[tuple[Any, ...]]:
    """Each pile: how many ballots, which projects, which values."""
    values = one.project if one.value is None else one.value
    spots = [slice(one.start[index], one.start[index + 1]) for index in range(one.piles)]
    return [(int(many), one.project[spot].tolist(), values[spot].tolist()) for many, spot in zip(one.many, spots, strict=True)]


@pytest.mark.parametrize("start", [[0, 2], [1, 2, 3], [0, 2, 2], [0, 4, 3], [0, 2, 4], [0, 1, 2, 3]])
def test_rows_that_do_not_fit_together_are_refused(start: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^the rows of the profile do not fit together$"):
        profile(start, [0, 1, 0], [1, 1], 2)
    assert profile([0, 2, 3], [0, 1, 0], [1, 1], 2).piles == 2


def test_only_approval_has_no_values_and_every_other_mark_has_one() -> None:
    wrong: list[tuple[Kind, list[int] | None]] = [("approval", [1, 1]), ("points", None), ("points", [1]), ("points", [1, 1, 1])]
    for kind, value in wrong:
        with pytest.raises(ValueError, match=r"^only approval has no values, and every mark of another kind has one$"):
            profile([0, 2], [0, 1], [1], 2, kind, value)
    assert profile([0, 2], [0, 1], [1], 2, "points", [3, 4]).kind == "points"


def test_an_empty_pile_or_a_project_that_does_not_stand_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a pile of ballots is empty$"):
        profile([0, 1, 2], [0, 1], [1, 0], 2)
    for project in ([-1, 1], [0, 2]):
        with pytest.raises(ValueError, match=r"^a ballot names a project that does not stand$"):
            profile([0, 2], project, [1], 2)
    assert profile([0, 1], [1], [1], 2).votes().tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"^a ballot names projects that do not stand: x, y$"):
        Profile.of_sets("ab", {frozenset("ay"): 1, frozenset("x"): 1})


@pytest.mark.parametrize(
    ("start", "project"), [([0, 2], [0, 0]), ([0, 2], [1, 0]), ([0, 1, 3], [0, 1, 1]), ([0, 0, 2], [1, 0]), ([0, 2, 2], [1, 0])]
)
def test_the_projects_of_one_ballot_ascend(start: list[int], project: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^the projects of a ballot must ascend, none twice$"):
        profile(start, project, [1] * (len(start) - 1), 2)


def test_each_ballot_begins_anew_and_blank_ones_may_stand_anywhere() -> None:
    one = profile([0, 0, 1, 1, 3, 4, 4], [1, 0, 1, 0], [5, 1, 6, 2, 3, 7], 2)
    assert (one.total, one.blank, one.votes().tolist(), one.each.tolist()) == (24, 18, [5, 3], [1, 2, 2, 3])


def test_nobody_can_write_into_a_profile() -> None:
    one = profile([0, 1], [0], [1], 1, "points", [2])
    for array in (one.start, one.project, one.many, one.value):
        assert array is not None
        assert not array.flags.writeable


def test_without_a_ballot_there_is_still_a_profile() -> None:
    one = Profile.of_sets("ab", {})
    assert (one.piles, one.total, one.blank, one.votes().tolist(), one.grouped().piles) == (0, 0, 0, [0, 0], 0)


def test_a_mark_against_or_of_no_points_is_no_support() -> None:
    ballot = {"a": -1, "b": 0, "c": 1, "d": 2}
    supported = {
        kind: Profile.of_marks("abcd", [ballot], kind).votes().tolist() for kind in ("points", "for_against", "grades", "ranking", "star")
    }
    assert supported == {"points": [0, 0, 1, 1], "for_against": [0, 0, 1, 1]} | {
        kind: [1, 1, 1, 1] for kind in ("grades", "ranking", "star")
    }
    own = Profile.of_marks("abcd", [ballot], "points", 10).supported()
    assert (own.kind, own.value, own.unit, rows(own)) == ("approval", None, 1, [(1, [2, 3], [2, 3])])


def test_piles_stand_in_one_order_and_keep_their_values() -> None:
    ballots = [{"b": 1}, {"a": 2, "b": 1}, {}, {"b": 1}, {"a": 1, "b": 2}]
    one = Profile.of_marks("ab", ballots, "points", 4)
    assert (one.unit, rows(one)) == (4, [(1, [], []), (1, [0, 1], [1, 2]), (1, [0, 1], [2, 1]), (2, [1], [1])])
    assert Profile.of_marks("ab", ballots, "points").unit == 1
    assert Election.marked([Project("a", 1)], [{"a": 3}], 1, "points").profile.unit == 1
    assert Election.marked([Project("a", 1)], [{"a": 3}], 1, "points", unit=2, currency="CHF").profile.unit == 2


def test_equal_piles_become_one_and_blank_ones_too() -> None:
    parted = profile([0, 1, 3, 3, 4, 6, 6], [1, 0, 1, 1, 0, 1], [1, 2, 3, 4, 5, 6], 2, "points", [7, 1, 2, 7, 1, 3])
    again = parted.grouped()
    assert rows(again) == [(9, [], []), (5, [1], [7]), (2, [0, 1], [1, 2]), (5, [0, 1], [1, 3])]
    assert (again.kind, again.size, again.unit, again.project.dtype, again.start.dtype) == ("points", 2, 1, np.int32, np.int64)
    assert rows(profile([0, 0, 0], [], [2**53, 1], 2).grouped()) == [(2**53 + 1, [], [])]
    plain = profile([0, 1, 2, 2], [1, 1], [1, 2, 3], 2).grouped()
    assert (rows(plain), plain.value) == ([(3, [], []), (3, [1], [1])], None)


@pytest.mark.parametrize("sign", [1, -1])
def test_sums_beyond_what_a_float_holds_stay_exact(sign: int) -> None:
    for most in (2**53 - 1, 2**53 + 1, 2**52 + 1):
        amounts = [sign * most, sign]
        assert summed(np.array([1, 1]), np.array(amounts), 3).tolist() == [0, sum(amounts), 0]
    # Three times 2**52 + 1 is odd, and beyond 2**53 a float holds no odd number.
    assert summed(np.array([0, 0, 0]), np.array([sign * (2**52 + 1)] * 3), 1).tolist() == [sign * (3 * 2**52 + 3)]
    assert summed(np.array([], np.int64), np.array([], np.int64), 2).tolist() == [0, 0]


SLATE = Slate({"a": 100, "b": 200, "c": 300}, 1000)


def test_the_entries_of_the_box_are_read_as_their_style_reads_them() -> None:
    crosses = Profile.of_entries("abc", {frozenset("ca"): 2, frozenset("b"): 1, frozenset(): 3}, Approval(max_choices=3), SLATE)
    assert (crosses.kind, crosses.value) == ("approval", None)
    assert sorted(rows(crosses)) == [(1, [1], [1]), (2, [0, 2], [0, 2]), (3, [], [])]
    style = Points(total=10)
    piles = {frozenset(style.entries(marks)): many for marks, many in (({"c": 4, "a": 6}, 2), ({"b": 10}, 1), ({}, 3))}
    given = Profile.of_entries("abc", piles, style, SLATE)
    assert (given.kind, given.unit) == ("points", 1)
    assert sorted(rows(given)) == [(1, [1], [10]), (2, [0, 2], [6, 4]), (3, [], [])]


def test_the_same_marks_in_another_order_are_the_same_ballot() -> None:
    one = Profile.of_marks("abc", [{"a": 1, "c": 2}, {"c": 2, "a": 1}, {"c": 1, "a": 2}], "points")
    assert rows(one) == [(2, [0, 2], [1, 2]), (1, [0, 2], [2, 1])]


def test_approval_counts_in_whole_votes_and_is_its_own_list_of_what_it_supports() -> None:
    one = Profile.of_sets("ab", {frozenset("ab"): 2})
    assert one.unit == 1
    assert one.supported() is one


def test_all_projects_that_do_not_stand_are_named_in_order() -> None:
    with pytest.raises(ValueError, match=r"^a ballot names projects that do not stand: e, m, n, o, p, q, r, z$"):
        Profile.of_sets("ab", {frozenset("zman"): 1, frozenset("poqer"): 1})


def test_the_count_and_the_ballots_name_the_kinds_of_marks_by_the_same_words() -> None:
    assert get_args(Kind) == get_args(ProfileKind)
    for kind in get_args(ProfileKind):
        assert Profile.of_marks("a", [{"a": 1}], kind).kind == kind


def test_ballots_in_parts_that_only_name_projects_are_read_by_their_parts() -> None:
    style = Scoped(parts=(Part(where="city", style=Approval(max_choices=2)), Part(where="district", style=Approval(max_choices=2))))
    piles = {frozenset(style.entries({"a": 1, "c": 1})): 2, frozenset(style.entries({"b": 1})): 3}
    read = Profile.of_entries("abc", piles, style, Slate({"a": 1, "b": 2, "c": 3}, 10))
    assert read.kind == "approval"
    assert rows(read) == [(2, [0, 2], [0, 2]), (3, [1], [1])]
