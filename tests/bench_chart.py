"""A plain line chart as SVG, both axes logarithmic: enough to see how something grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

WIDTH, HEIGHT, EDGE = 640, 400, 60
COLOURS = ("#1d4e89", "#c8553d", "#4f772d")


def chart(title: str, across: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Lines through (x, seconds), each with its name, every point labelled with its seconds. All numbers must be above 0."""
    points = [point for line in lines.values() for point in line]
    left, right = (log10(pick(point[0] for point in points)) for pick in (min, max))
    low, high = (log10(pick(max(point[1], 1e-5) for point in points)) for pick in (min, max))

    def place(x: float, y: float) -> tuple[float, float]:
        across_ = EDGE + (log10(x) - left) / ((right - left) or 1) * (WIDTH - 2 * EDGE)
        return across_, HEIGHT - EDGE - (log10(max(y, 1e-5)) - low) / ((high - low) or 1) * (HEIGHT - 2 * EDGE)

    drawn = [_text(WIDTH / 2, 24, title, "middle", 16), _text(WIDTH / 2, HEIGHT - 12, across, "middle", 13)]
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        spots = [place(x, y) for x, y in line]
        drawn.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}"/>'
        )
        for (x, y), (number, seconds) in zip(spots, line, strict=True):
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            drawn.append(_text(x, y - 8, f"{seconds:.3g} s", "middle", 10, colour))
            drawn.append(_text(x, HEIGHT - EDGE + 18, f"{number:g}", "middle", 10))
        drawn.append(_text(spots[-1][0] + 8, spots[-1][1] + 4, name, "start", 12, colour))
    axis = f'<path d="M{EDGE} {EDGE}V{HEIGHT - EDGE}H{WIDTH - EDGE}" fill="none" stroke="#777"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">{axis}{"".join(drawn)}</svg>\n'


def _text(x: float, y: float, words: str, anchor: str, size: int, colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(words)}</text>'
