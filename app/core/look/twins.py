"""A city's own colour made fit to read: darkened for light pages, lightened for dark ones, with what is written on it.

The hue stays. How far a colour may be moved has a limit: beyond it, it is no longer the city's colour, and it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.look.contrast import contrast, lightness, mixed, ratio_words, with_lightness
from app.core.messages import Message, Value, say

ENOUGH = 4.5
BODY = 7.0
DARKENED_MOST = 0.42
LIGHTENED_MOST = 0.62
"""How far the lightness (0 to 1) may be moved."""
STEP = 0.005
SOFT_SHARES = (0.16, 0.14, 0.12, 0.10)
"""How much of the colour its soft ground may hold, the strongest first."""


@dataclass(frozen=True)
class Grounds:
    """What is written on in one mode: paper, surface, sunk, and the ink of the text."""

    paper: str
    surface: str
    sunk: str
    ink: str
    dark: bool = False

    @property
    def all(self) -> tuple[str, str, str]:
        """The three grounds."""
        return self.paper, self.surface, self.sunk


@dataclass(frozen=True)
class Twin:
    """The colour of one mode: itself, what is written on it, its soft ground; `least` is its smallest contrast on the grounds."""

    brand: str
    on: str
    soft: str
    least: float
    moved: bool


class Unfit(ValueError):
    """The colour cannot be read; `reason` says what was measured."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.text)
        self.reason = reason


def twins_of(colour: str, light: Grounds, dark: Grounds) -> tuple[Twin, Twin]:
    """The colour for light pages and for dark ones. Raises Unfit where it does not reach 4.5 on every ground without becoming another."""
    return _twin(colour, light), _twin(colour, dark)


def _twin(colour: str, grounds: Grounds) -> Twin:
    most, way = (LIGHTENED_MOST, 1) if grounds.dark else (DARKENED_MOST, -1)
    start, found = lightness(colour), colour
    for step in range(round(most / STEP) + 1):
        found = colour if step == 0 else with_lightness(colour, start + way * step * STEP)
        soft = _soft(found, grounds) if _least(found, grounds) >= ENOUGH else None
        if soft is not None:
            on = max(("#FFFFFF", mixed(found, "#000000", 0.16)), key=lambda one: contrast(one, found))
            return Twin(found, on, soft, _least(found, grounds), found != colour)
    raise Unfit(_too_weak(colour, found, grounds))


def _least(colour: str, grounds: Grounds) -> float:
    return min(contrast(colour, ground) for ground in grounds.all)


def _soft(brand: str, grounds: Grounds) -> str | None:
    """The strongest soft ground on which both the colour and the text can be read; None where there is none."""
    mixes = (mixed(brand, grounds.surface, share) for share in SOFT_SHARES)
    return next((one for one in mixes if contrast(brand, one) >= ENOUGH and contrast(grounds.ink, one) >= BODY), None)


def _too_weak(colour: str, last: str, grounds: Grounds) -> Message:
    measured, best = ratio_words(_least(colour, grounds)), ratio_words(_least(last, grounds))
    values: dict[str, Value] = {"colour": colour, "measured": measured, "best": best, "wanted": ratio_words(ENOUGH)}
    if grounds.dark:
        return say(
            "%(colour)s is too dark for dark pages: its contrast there is %(measured)s to 1, and %(best)s to 1 even when it is "
            "lightened; %(wanted)s to 1 is needed. Choose a lighter colour.", **values,
        )  # fmt: skip
    return say(
        "%(colour)s is too pale for light pages: its contrast there is %(measured)s to 1, and %(best)s to 1 even when it is "
        "darkened; %(wanted)s to 1 is needed. Choose a darker colour.", **values,
    )  # fmt: skip
