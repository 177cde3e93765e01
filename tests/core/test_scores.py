"""From marks to points: a published scale, the same for everybody, and exact sums."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.tally.profile import Kind, Profile
from app.core.tally.scores import Scale, points_of, score

IDS = "abcd"


def scores(kind: Kind, *ballots: Mapping[str, int], scale: Scale | None = None) -> dict[str, int]:
    profile = Profile.of_marks(IDS, ballots, kind)
    return {id: points for id, points in zip(IDS, score(profile, scale or Scale()).tolist(), strict=True) if points}


def test_each_choice_is_worth_one_point() -> None:
    assert scores("approval", {"a": 1, "b": 1}, {"a": 1}, {}) == {"a": 2, "b": 1}


def test_points_are_worth_themselves_and_a_star_counts_double() -> None:
    assert scores("points", {"a": 7, "b": 3}, {"b": 10}) == {"a": 7, "b": 13}
    assert scores("star", {"a": 2, "b": 1}, {"b": 1}) == {"a": 2, "b": 2}


def test_places_are_worth_what_the_scale_of_krakow_says() -> None:
    three = Scale(ranking=(3, 2, 1))
    assert scores("ranking", {"a": 1, "b": 2, "c": 3, "d": 4}, {"d": 1}, scale=three) == {"a": 3, "b": 2, "c": 1, "d": 3}


def test_by_borda_a_place_is_worth_as_many_points_as_projects_named_behind_it() -> None:
    assert scores("ranking", {"a": 1, "b": 2, "c": 3}, {"b": 1, "a": 2}, {"c": 1}) == {"a": 2, "b": 2}
    # A place further down than there are projects is worth nothing, never less.
    assert scores("ranking", {"a": 1, "b": 4}) == {"a": 1}


def test_grades_are_worth_their_number_or_what_the_scale_says() -> None:
    ballots: tuple[dict[str, int], ...] = ({"a": 3, "b": 0}, {"a": 1, "c": 2})
    assert scores("grades", *ballots) == {"a": 4, "c": 2}
    assert scores("grades", *ballots, scale=Scale(grades=(0, 1, 5, 25))) == {"a": 26, "c": 5}


def test_a_vote_against_takes_a_point_away_or_is_worth_nothing() -> None:
    ballots: tuple[dict[str, int], ...] = ({"a": 1, "b": -1}, {"a": -1, "b": -1, "c": 1})
    assert scores("for_against", *ballots) == {"b": -2, "c": 1}
    assert scores("for_against", *ballots, scale=Scale(against="nothing")) == {"a": 1, "c": 1}


@given(
    st.sampled_from(["points", "ranking", "grades", "for_against", "star"]),
    st.lists(st.dictionaries(st.sampled_from(IDS), st.integers(1, 4)), max_size=8),
    st.sampled_from([Scale(), Scale(ranking=(5, 1, 1)), Scale(grades=(0, 0, 1, 2, 9)), Scale(against="nothing")]),
)
def test_the_score_of_a_project_is_the_sum_of_its_marks_one_by_one(kind: Kind, ballots: list[dict[str, int]], scale: Scale) -> None:
    profile, wanted = Profile.of_marks(IDS, ballots, kind), dict.fromkeys(IDS, 0)
    for ballot in ballots:
        for id, mark in ballot.items():
            if kind == "ranking":
                later = max(len(ballot) - mark, 0)
                wanted[id] += later if scale.ranking == "borda" else (5, 1, 1, 0)[mark - 1]
            else:
                wanted[id] += (0, 0, 1, 2, 9)[mark] if kind == "grades" and scale.grades else mark
    assert score(profile, scale).tolist() == list(wanted.values())
    assert points_of(profile, scale).shape == profile.project.shape


def test_sums_too_large_for_floating_point_are_exact() -> None:
    piles = np.array([2**40, 1], np.int64)
    profile = Profile(np.array([0, 1, 2]), np.array([0, 0], np.int32), piles, 1, "points", np.array([2**20, 1], np.int64))
    assert score(profile).tolist() == [2**60 + 1]
    too_many = Profile(np.array([0, 1]), np.array([0], np.int32), np.array([2**40]), 1, "points", np.array([2**23], np.int64))
    with pytest.raises(ValueError, match="too many"):
        score(too_many)


def test_marks_that_no_scale_holds_are_refused() -> None:
    with pytest.raises(ValueError, match="first place"):
        scores("ranking", {"a": 0})
    with pytest.raises(ValueError, match="the scale does not hold"):
        scores("grades", {"a": 2}, scale=Scale(grades=(0, 1)))


def test_a_scale_is_stored_whole_and_refused_where_it_turns_the_order_round() -> None:
    scale = Scale(ranking=(3, 2, 1), grades=(0, 1, 1), against="nothing")
    assert Scale.model_validate_json(scale.model_dump_json()) == scale
    for wrong in ({"ranking": [1, 2]}, {"grades": [1, 0]}, {"ranking": []}, {"ranking": "dice"}, {"grades": [-1, 0]}):
        with pytest.raises(ValidationError):
            Scale.model_validate(wrong)


@pytest.mark.parametrize("sign", [1, -1])
def test_points_are_refused_exactly_where_their_sum_might_not_fit(sign: int) -> None:
    def of(points: int) -> Profile:
        marks = np.array([sign * points, 0], np.int64)
        return Profile(np.array([0, 2]), np.array([0, 1], np.int32), np.array([2**40]), 2, "points", marks)

    assert score(of(2**23 - 1)).tolist() == [sign * (2**63 - 2**40), 0]
    with pytest.raises(ValueError, match=r"^the points of all ballots together are too many$"):
        score(of(2**23))
    assert score(Profile.of_marks(IDS, [{}], "points")).tolist() == [0, 0, 0, 0]


def test_the_last_place_and_the_best_grade_of_a_scale_still_count() -> None:
    assert scores("ranking", {"a": 2, "b": 3}, scale=Scale(ranking=(3, 2))) == {"a": 2}
    assert scores("grades", {"a": 2}, scale=Scale(grades=(0, 1, 7))) == {"a": 7}
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match=r"^a ballot gives a grade that the scale does not hold$"):
            scores("grades", {"a": wrong}, scale=Scale(grades=(0, 1, 7)))
    assert scores("grades", {}, scale=Scale(grades=(0,))) == scores("ranking", {}, scale=Scale()) == {}


def test_one_mark_that_no_scale_holds_among_good_ones_is_enough_to_refuse_all() -> None:
    for places in ({"a": 0, "b": 1}, {"a": 2, "b": 0, "c": 1}):
        with pytest.raises(ValueError, match=r"^the first place is 1$"):
            scores("ranking", places, scale=Scale(ranking=(3, 2)))
    for grades in ({"a": -1, "b": 1}, {"a": 0, "b": 3}):
        with pytest.raises(ValueError, match=r"^a ballot gives a grade that the scale does not hold$"):
            scores("grades", grades, scale=Scale(grades=(0, 1, 7)))


def test_places_far_behind_the_last_of_the_scale_are_worth_nothing() -> None:
    ballot = {"a": 1, "b": 2, "c": 3, "d": 4}
    assert scores("ranking", ballot, scale=Scale(ranking=(5,))) == {"a": 5}
    assert scores("ranking", ballot, scale=Scale(ranking=(5, 4))) == {"a": 5, "b": 4}
