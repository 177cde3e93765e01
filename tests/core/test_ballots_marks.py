"""Ballots that give marks: points, places, grades, votes for and against, stars; each says what is wrong with numbers."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.ballots import (
    AnyBallotStyle,
    Approval,
    BallotStyle,
    ForAgainst,
    Grades,
    Knapsack,
    Points,
    Ranking,
    Slate,
    Star,
    read_ballot_style,
)
from app.core.ballots.ballot_style import ProfileKind
from app.core.messages import Localised
from app.core.tally.profile import Kind, Profile

SLATE = Slate({"a": 300_00, "b": 500_00, "c": 200_00, "d": 900_00}, 1000_00)
AARAU = Points(total=10, min_projects=3)
KRAKOW = Ranking(min_places=3, max_places=3)
REYKJAVIK = Star()
STYLES: list[BallotStyle] = [
    AARAU,
    Points(total=5, all_of_them=False, max_per_project=2),
    KRAKOW,
    Ranking(),
    Grades(),
    Grades(grades=("good", Localised(fr="Moyen", en="Fair"), "poor")),
    ForAgainst(max_for=2, max_against=1),
    REYKJAVIK,
    Star(choice=Approval(max_choices=2), stars=2),
    Approval(max_choices=3),
    Knapsack(),
]


def told(style: BallotStyle, slate: Slate = SLATE, /, **marks: int) -> list[str]:
    return [str(problem) for problem in style.check(marks, slate)]


@pytest.mark.parametrize("style", STYLES, ids=repr)
def test_a_blank_ballot_is_always_allowed(style: BallotStyle) -> None:
    assert told(style) == []


@pytest.mark.parametrize("style", STYLES, ids=repr)
def test_a_style_is_stored_and_read_back_whole(style: BallotStyle) -> None:
    assert read_ballot_style(json.loads(json.dumps(style.model_dump(mode="json")))) == style


@pytest.mark.parametrize("style", STYLES, ids=repr)
def test_an_unknown_project_and_a_mark_without_meaning_are_told(style: BallotStyle) -> None:
    problems = told(style, z=1, b=-7)
    assert problems[:2] == ["There is no project z on this ballot.", "The mark beside project b means nothing on this ballot."]


@pytest.mark.parametrize("style", STYLES, ids=repr)
def test_what_the_count_takes_fits_a_profile_of_its_kind(style: BallotStyle) -> None:
    good = next(one for one in ({"a": 1}, {"a": 3, "b": 3, "c": 4}, {"a": 1, "b": 2, "c": 3}) if not style.check(one, SLATE))
    profile = Profile.of_marks("abcd", [style.counted(good, SLATE)], style.profile_kind)
    assert (profile.total, profile.blank, profile.kind) == (1, 0, style.profile_kind)


def test_styles_and_profiles_speak_of_the_same_kinds() -> None:
    assert get_args(ProfileKind) == get_args(Kind)


@given(st.sampled_from(STYLES), st.permutations("abcd"), st.lists(st.integers(-2, 5), min_size=4, max_size=4))
def test_the_order_of_marks_leaves_no_trace(style: BallotStyle, order: list[str], values: list[int]) -> None:
    marks = dict(zip("abcd", values, strict=True))
    shuffled = {id: marks[id] for id in order}
    assert style.written(shuffled) == style.written(marks)
    assert style.check(shuffled, SLATE) == style.check(marks, SLATE)


def test_all_points_must_be_given_and_none_too_many() -> None:
    assert told(AARAU, a=5, b=3, c=2) == []
    assert told(AARAU, a=5, b=3, c=1) == ["You still have 1 point to give."]
    assert told(AARAU, a=5, b=5, c=2) == ["You have given 12 points and have only 10: take back 2."]


def test_points_go_to_enough_projects_and_not_all_to_one() -> None:
    assert told(AARAU, a=5, b=5) == ["Give points to at least 3 projects; you have given some to 2."]
    some = Points(total=5, all_of_them=False, max_per_project=2)
    assert told(some, a=1) == []
    assert told(some, a=3, b=2) == ["One project may get at most 2 points, and project a has 3."]


def test_no_point_is_the_same_as_no_mark() -> None:
    assert AARAU.written({"b": 0, "a": 2}) == (("a", 2),)
    assert told(AARAU, a=0, b=0) == []
    assert told(AARAU, a=5, b=5, c=0) == ["Give points to at least 3 projects; you have given some to 2."]


def test_each_place_holds_one_project_without_a_gap() -> None:
    assert told(KRAKOW, a=2, b=1, c=3) == []
    assert told(KRAKOW, a=1, b=1, c=2) == ["Place 1 holds more than one project: a, b."]
    assert told(KRAKOW, a=1, b=2, c=4) == ["Place 3 is empty. Give the places from 1 on, without a gap."]
    assert told(KRAKOW, a=2, b=3, c=4)[0] == "Place 1 is empty. Give the places from 1 on, without a gap."


def test_too_few_and_too_many_places_are_told_with_both_numbers() -> None:
    assert told(KRAKOW, a=1) == ["Rank exactly 3 projects; you have ranked 1."]
    assert told(Ranking(min_places=2, max_places=3), a=1) == ["Rank at least 2 projects; you have ranked 1."]
    assert told(Ranking(max_places=1), a=1, b=2) == ["Rank exactly 1 project; you have ranked 2."]
    assert told(Ranking(min_places=2, max_places=3), a=1, b=2, c=3, d=4) == ["Rank at most 3 projects; you have ranked 4."]


def test_any_projects_may_be_graded_with_the_grades_of_the_ballot() -> None:
    paris = Grades()
    assert told(paris, a=0, b=3, c=3, d=1) == []
    assert told(paris, a=4) == ["The mark beside project a means nothing on this ballot."]
    assert [str(paris.word(mark)) for mark in (3, 0)] == ["Favourite", "I am not convinced"]
    assert paris.mark_of(0) == 3
    assert paris.word(paris.mark_of(1)) == Grades(grades=("love", "like", "poor")).word(1)
    with pytest.raises(IndexError):
        paris.word(-1)


def test_votes_for_and_against_have_each_their_limit() -> None:
    cascais = ForAgainst(max_for=2, max_against=1)
    assert told(cascais, a=1, b=-1, c=1) == []
    assert told(cascais, a=1, b=1, c=1, d=-1) == ["Vote for at most 2 projects; you have voted for 3."]
    assert told(cascais, a=-1, b=-1) == ["Vote against at most 1 project; you have voted against 2."]
    assert told(ForAgainst(max_against=0), a=-1) == ["On this ballot you cannot vote against a project."]
    assert told(ForAgainst(), a=-1, b=-1, c=1, d=1) == []


def test_one_star_in_a_basket_that_the_envelope_pays() -> None:
    assert told(REYKJAVIK, a=1, b=2) == []
    assert told(REYKJAVIK, a=2, b=2) == ["Give a star to at most 1 project; you have given 2."]
    assert told(REYKJAVIK, b=2, d=1) == ["Your choices cost 1400.00 EUR together: that is 400.00 EUR more than the 1000.00 EUR allowed."]


def test_choices_given_as_marks_are_checked_like_choices() -> None:
    assert Approval(max_choices=1).check({"a": 1, "b": 1}, SLATE) == Approval(max_choices=1).check(("a", "b"), SLATE) != ()
    assert told(Knapsack(min_choices=2), a=1) == ["Choose at least 2 projects; you have chosen 1."]


def test_the_rule_is_one_line() -> None:
    lines = [
        (AARAU, "Share out 10 points among the projects of your choice. Choose at least 3 projects."),
        (Points(total=1), "Give 1 point to a project of your choice."),
        (
            Points(total=5, all_of_them=False, max_per_project=2),
            "Share out at most 5 points among the projects of your choice. One project may get at most 2.",
        ),
        (KRAKOW, "Rank exactly 3 projects, the one you want most first."),
        (Ranking(), "Rank as many projects as you like, the one you want most first."),
        (Ranking(max_places=1), "Choose exactly 1 project."),
        (Ranking(min_places=2), "Rank at least 2 projects, the one you want most first."),
        (Ranking(max_places=4), "Rank up to 4 projects, the one you want most first."),
        (Ranking(min_places=2, max_places=4), "Rank 2 to 4 projects, the one you want most first."),
        (Grades(), "Give a grade to each project that you want to judge: Favourite, I like it, Why not, I am not convinced."),
        (ForAgainst(max_for=2, max_against=1), "Vote for up to 2 projects. You may also vote against 1 project."),
        (ForAgainst(max_against=0), "Vote for as many projects as you like."),
        (ForAgainst(), "Vote for as many projects as you like. You may also vote against projects."),
        (
            REYKJAVIK,
            "Share out 1000.00 EUR among the projects of your choice. You may give a star to 1 of them: it counts double.",
        ),
        (Knapsack(min_choices=2), "Share out 1000.00 EUR among at least 2 projects of your choice."),
    ]
    assert [str(style.rule_line(SLATE)) for style, _ in lines] == [line for _, line in lines]


def test_a_style_that_contradicts_itself_is_refused() -> None:
    wrong: list[tuple[dict[str, object], str]] = [
        ({"kind": "points", "total": 2, "min_projects": 3}, "fewer points than projects"),
        ({"kind": "ranking", "min_places": 3, "max_places": 2}, "below the smallest"),
        ({"kind": "grades", "grades": ["good", "good"]}, "the same name"),
        ({"kind": "grades", "grades": ["good", {"fr": " "}]}, "no name"),
        ({"kind": "grades", "grades": ["good"]}, "at least 2"),
        ({"kind": "star", "choice": {"kind": "ranking"}}, "union_tag_invalid"),
        ({"kind": "dice"}, "union_tag_invalid"),
    ]
    for stored, sentence in wrong:
        with pytest.raises(ValidationError) as caught:
            read_ballot_style(stored)
        assert sentence in str(caught.value)


def test_every_style_of_the_union_is_tried_here_or_with_the_parts() -> None:
    kinds = {member.model_fields["kind"].default for member in get_args(get_args(AnyBallotStyle)[0])}
    assert kinds == {style.kind for style in STYLES} | {"scoped"}
