"""Reading the marks of a paper ballot on which more than a cross is written: points, places, grades, for and against, stars."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.core.ballots import BallotStyle, ForAgainst, Grades, Points, Ranking, Star
from app.core.messages import Message, say

SEPARATORS = re.compile(r"[\s,;]+")
HINTS: Mapping[type[BallotStyle], Message] = {
    Points: say("A number and its points for each project: 3=5 7=2."),
    Ranking: say("The numbers in the order of the places, the first place first: 7 3 12."),
    Grades: say("A number and the letter of its grade for each project, A for the best: 3=A 7=C."),
    ForAgainst: say("A number with + for a vote for, - for a vote against: 3+ 7-."),
    Star: say("The numbers chosen, with * for a star: 3* 7 12."),
}
"""How an agent types what is marked on a ballot of each style."""


def marked(text: str, by_number: Mapping[str, str], style: BallotStyle) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The entries that these words of an agent make (`by_number`: project by its number), and the words that make none.

    A project written twice is a word that makes none, so that somebody looks at the ballot again.
    """
    marks: dict[str, int] = {}
    strange: list[str] = []
    for word in filter(None, SEPARATORS.split(text)):
        number, mark = _parts(word, style, len(marks) + 1)
        id = by_number.get(number.lstrip("0"))
        if id is None or mark is None or id in marks or not style.means(mark):
            strange.append(word)
        else:
            marks[id] = mark
    return style.entries(marks), tuple(dict.fromkeys(strange))


def _parts(word: str, style: BallotStyle, place: int) -> tuple[str, int | None]:
    """(number of the project, mark) in one word; no mark where it is not written as this style has it."""
    match style:
        case Ranking():
            return word, place
        case Star():
            return word.rstrip("*"), 2 if word.endswith("*") and not word.endswith("**") else 1 if word.isdigit() else None
        case ForAgainst():
            return word[:-1], {"+": 1, "-": -1}.get(word[-1])
        case Grades():
            number, _, letter = word.partition("=")
            place = ord(letter.upper()) - ord("A") if len(letter) == 1 else -1
            return number, style.mark_of(place) if 0 <= place < len(style.grades) else None
        case _:
            number, _, points = word.partition("=")
            return number, int(points) if points.isascii() and points.isdigit() and len(points) < 5 else None
