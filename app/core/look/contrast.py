"""Contrast of two colours as WCAG 2.2 measures it. A colour is "#RRGGBB"."""

from __future__ import annotations

import colorsys
import re

from app.core.messages import Message, say

IS_A_COLOUR = re.compile(r"#[0-9A-F]{6}")


def read_colour(typed: str) -> str | None:
    """ "#RRGGBB" in capitals from "0a5c55", "#0A5C55" or "#05a"; None for anything else."""
    text = typed.strip().upper().removeprefix("#")
    text = "".join(sign * 2 for sign in text) if len(text) == 3 else text
    return f"#{text}" if IS_A_COLOUR.fullmatch(f"#{text}") else None


def parts(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255. Raises ValueError for what is no "#RRGGBB"."""
    if IS_A_COLOUR.fullmatch(colour.upper()) is None:
        raise ValueError(f"{colour!r} is no colour such as #0A5C55")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """The relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """The contrast ratio, 1 (none) to 21 (black on white); the order does not matter."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shown(ratio: float) -> float:
    """A ratio as it is written: one decimal, rounded down, so that no page says 4.5 of a colour that stays below."""
    return int(ratio * 10 + 1e-9) / 10


def ratio_words(ratio: float) -> Message:
    """A ratio in a sentence: « 4,5 »."""
    tenths = round(shown(ratio) * 10)
    return say("%(whole)d.%(tenth)d", whole=tenths // 10, tenth=tenths % 10)


def lightness(colour: str) -> float:
    """How light the colour is, 0 to 1 (the L of HSL)."""
    return colorsys.rgb_to_hls(*(part / 255 for part in parts(colour)))[1]


def with_lightness(colour: str, light: float) -> str:
    """The same hue and saturation, this light."""
    hue, _, saturation = colorsys.rgb_to_hls(*(part / 255 for part in parts(colour)))
    return _written(colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation))


def mixed(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of the first colour over the second."""
    pairs = zip(parts(one), parts(other), strict=True)
    return _written(tuple((share * a + (1 - share) * b) / 255 for a, b in pairs))


def _written(values: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(value * 255):02X}" for value in values)
