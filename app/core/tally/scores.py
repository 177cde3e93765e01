"""From marks to points: what a vote, a place, a grade or a star is worth, and the exact score of each project."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from app.core.envelope import Rule
from app.core.messages import say
from app.core.sentences import wrong
from app.core.tally.profile import Profile, Whole, summed

Worth: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=10**6)]
Worths: TypeAlias = Annotated[tuple[Worth, ...], Field(min_length=1, max_length=1000)]


class Scale(Rule):
    """What each mark is worth, published before the vote. Only the field of the ballots' own kind is looked at.

    An approval is worth 1, points are worth themselves (in the profile's `unit`ths), a star its value, 2.
    `ranking`: the points of the places, the first place first, such as (3, 2, 1), and 0 for later places; or "borda", k - 1 for the
    first of the k projects that this ballot names, one less for each place after it, down to 0. `grades`: the points of the grades,
    the worst grade first; None gives each grade its own number, 0 for the worst. `against`: a mark against takes a point
    away ("minus") or is worth nothing ("nothing").
    """

    ranking: Worths | Literal["borda"] = "borda"
    grades: Worths | None = None
    against: Literal["minus", "nothing"] = "minus"

    @field_validator("ranking")
    @classmethod
    def _first_place_first(cls, places: tuple[int, ...] | str) -> tuple[int, ...] | str:
        if not isinstance(places, str) and list(places) != sorted(places, reverse=True):
            raise wrong(say("A place may not be worth more than the place before it."))
        return places

    @field_validator("grades")
    @classmethod
    def _worst_grade_first(cls, grades: tuple[int, ...] | None) -> tuple[int, ...] | None:
        if grades is not None and list(grades) != sorted(grades):
            raise wrong(say("A better grade may not be worth less than the grade below it."))
        return grades


PLAIN = Scale()


def points_of(profile: Profile, scale: Scale = PLAIN) -> NDArray[np.int64]:
    """What each mark of the profile is worth: whole points (for points ballots in `unit`ths of a point), shape (k,).

    Only marks against can be negative. Raises ValueError on a place below 1, or a grade that the scale does not hold.
    """
    value = profile.value
    if value is None:
        return np.ones(len(profile.project), np.int64)
    match profile.kind:
        case "ranking":
            return _of_places(profile, value, scale)
        case "grades":
            return value if scale.grades is None else _looked_up(value, scale.grades)
        case "for_against" if scale.against == "nothing":
            return np.maximum(value, 0)
        case _:
            return value


def score(profile: Profile, scale: Scale = PLAIN) -> Whole:
    """For each project the sum of its points over all ballots, exact: shape (m,). Raises ValueError where it would not fit 64 bits."""
    points = points_of(profile, scale)
    highest = max(int(points.max()), -int(points.min())) if len(points) else 0
    if highest * profile.total >= 2**63:
        raise ValueError("the points of all ballots together are too many")
    return summed(profile.project, points * profile.each, profile.size)


def _of_places(profile: Profile, place: Whole, scale: Scale) -> Whole:
    if len(place) and place.min() < 1:
        raise ValueError("the first place is 1")
    if isinstance(scale.ranking, str):
        sizes = np.diff(profile.start)
        return np.maximum(np.repeat(sizes, sizes) - place, 0)
    points: Whole = np.array([*scale.ranking, 0], np.int64)[np.minimum(place, len(scale.ranking) + 1) - 1]
    return points


def _looked_up(grade: Whole, worths: tuple[int, ...]) -> Whole:
    if len(grade) and (grade.min() < 0 or grade.max() >= len(worths)):
        raise ValueError("a ballot gives a grade that the scale does not hold")
    points: Whole = np.array(worths, np.int64)[grade]
    return points
