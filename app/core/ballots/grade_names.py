"""The names of grades: words that the house translates, or the city's own in its languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Field

from app.core.messages import Localised, Message, say
from app.core.sentences import wrong

KnownGrade: TypeAlias = Literal[
    "love", "like", "why_not", "not_convinced", "excellent", "very_good", "good", "fairly_good", "passable", "poor", "reject"
]
"""Grades with a word of the house: the four of Paris 2021, and the seven of Balinski and Laraki's first elections."""

GradeName: TypeAlias = KnownGrade | Localised

_WORDS: Mapping[str, Message] = {
    "love": say("Favourite"),
    "like": say("I like it"),
    "why_not": say("Why not"),
    "not_convinced": say("I am not convinced"),
    "excellent": say("Excellent"),
    "very_good": say("Very good"),
    "good": say("Good"),
    "fairly_good": say("Fairly good"),
    "passable": say("Passable"),
    "poor": say("Poor"),
    "reject": say("To reject"),
}
assert set(_WORDS) == set(get_args(KnownGrade)), "each known grade has its word"


def _named_apart(names: tuple[GradeName, ...]) -> tuple[GradeName, ...]:
    told = [dict(name) if isinstance(name, Localised) else name for name in names]
    if any(name in told[:index] for index, name in enumerate(told)):
        raise wrong(say("Two grades have the same name."))
    if any(isinstance(name, Localised) and not any(text.strip() for text in name.values()) for name in names):
        raise wrong(say("A grade has no name."))
    return names


GradeNames: TypeAlias = Annotated[tuple[GradeName, ...], Field(min_length=2, max_length=12), AfterValidator(_named_apart)]
"""The grades of a ballot from the best to the worst."""

PARIS: tuple[GradeName, ...] = ("love", "like", "why_not", "not_convinced")
"""The grades of the Paris participatory budget since 2021, the best first."""


def grade_word(name: GradeName) -> Message | Localised:
    """The word of a grade as a value for `say`, in the language of the reader."""
    return name if isinstance(name, Localised) else _WORDS[name]
