"""What a reader says of the own ballot, so that the browser can work out what it paid for: ticks, points, places or grades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.ballots import AnyStyle, Grades, Points, Star
from app.core.messages import Localised, Message, say
from app.core.tally import Outcome

TICK = say("Tick the projects you chose.")
NUMBER = say("Say how many points you gave to each project.")
PLACE = say("Say which place you gave to each project: 1 for the first.")
CHOICE = say("Say what you gave to each project.")
CHOSEN, STARRED = say("Chosen"), say("Chosen, with a star")


@dataclass(frozen=True)
class Asked:
    """How the page asks for each project.

    `how`: a tick, a number up to `most`, a place up to `most`, or one of `options`, each with the points it is worth. `places`: the
    points of the places, the first place first; empty where they are as many as places follow it on the ballot (Borda).
    """

    how: Literal["tick", "number", "place", "choice"]
    said: Message
    most: int = 1
    options: tuple[tuple[int, Message | Localised], ...] = ()
    places: tuple[int, ...] = ()


def asked_of(style: AnyStyle, rule: object, outcome: Outcome) -> Asked:
    """What the ballots of this style have to be asked for: points only where voters paid by the point."""
    while hasattr(rule, "rule"):
        rule = rule.rule
    utility, scale = getattr(rule, "utility", ""), getattr(rule, "scale", None)
    if outcome.share is None or utility not in ("points", "borda", "grades"):
        return Asked("tick", TICK)
    if style.profile_kind == "ranking":
        worths = () if utility == "borda" or scale is None or scale.ranking == "borda" else scale.ranking
        return Asked("place", PLACE, getattr(style, "max_places", None) or len(outcome.rows), places=worths)
    match style:
        case Points(total=total, max_per_project=most):
            return Asked("number", NUMBER, min(total, most or total))
        case Grades(grades=grades):
            marks = range(len(grades) - 1, -1, -1)
            worths = scale.grades if scale is not None and scale.grades else range(len(grades))
            return Asked("choice", CHOICE, options=tuple((worths[mark], style.word(mark)) for mark in marks))
        case Star():
            return Asked("choice", CHOICE, options=((2, STARRED), (1, CHOSEN)))
    return Asked("tick", TICK)
