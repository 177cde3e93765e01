"""Make app/editions/data/world.csv, the outlines of countries, from npm's world-atlas (Natural Earth) and i18n-iso-countries (codes).

Usage: python tools/trim_world.py path/to/world-atlas path/to/i18n-iso-countries
Equirectangular, in units of a drawing 1,000 wide and 420 high (180° W to 180° E, 84° N to 67° S); Antarctica is left out.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "app/editions/data/world.csv"
COLUMNS = ("iso2", "x", "y", "path")
TOP, WIDTH = 84.0, 1000.0
SMALLEST = 0.5
"""Islands smaller than this, in square units of the drawing, are left out where the country has larger ones."""
Point = tuple[float, float]


def main(atlas: str, codes: str) -> None:
    """Write the table: outlines of the coarse atlas; where to put a number from the fine one, which also has small islands."""
    alpha2 = {row[2]: row[0] for row in json.loads((Path(codes) / "codes.json").read_text())}
    coarse, fine = (json.loads((Path(atlas) / f"countries-{scale}.json").read_text()) for scale in ("110m", "50m"))
    paths = {id: "".join(map(written, kept(rings))) for id, rings in countries(coarse, alpha2)}
    middles = {id: middle(max(rings, key=area)) for id, rings in countries(fine, alpha2)}
    rows = []
    for id in sorted(paths.keys() | middles.keys()):
        if id != "AQ":
            x, y = middles.get(id, (0.0, 0.0)) if id else (0.0, 0.0)
            rows.append((id, f"{x:.1f}", f"{y:.1f}", paths.get(id, "")))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)
    print(f"{len(rows)} countries and territories, {TARGET.stat().st_size} bytes")


def countries(topology: dict[str, Any], alpha2: dict[str, str]) -> Iterator[tuple[str, list[list[Point]]]]:
    """(code, outlines) of each country; those without a code of their own come together under ""."""
    arcs = [list(unpacked(arc, topology["transform"])) for arc in topology["arcs"]]
    found: dict[str, list[list[Point]]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        outlines = [[placed(point) for point in joined(polygon[0], arcs)] for polygon in polygons]
        found.setdefault(alpha2.get(str(country.get("id", "")), ""), []).extend(outlines)
    yield from found.items()


def unpacked(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """The points of an arc in degrees (TopoJSON writes differences of whole numbers)."""
    (sx, sy), (tx, ty), x, y = transform["scale"], transform["translate"], 0, 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * sx + tx, y * sy + ty


def joined(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> Iterator[Point]:
    """The points of a ring; a negative number is an arc walked backwards."""
    for number in ring:
        yield from (arcs[number] if number >= 0 else arcs[~number][::-1])[1:]


def placed(point: Point) -> Point:
    """Degrees as a place on the drawing."""
    return (point[0] + 180) * WIDTH / 360, (TOP - point[1]) * WIDTH / 360


def area(ring: Sequence[Point]) -> float:
    """The area of a ring in square units."""
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def middle(ring: Sequence[Point]) -> Point:
    """The middle of the box around a ring, or around its largest piece."""
    ring = max(pieces(ring), key=area)
    return tuple((min(axis) + max(axis)) / 2 for axis in zip(*ring, strict=True))  # type: ignore[return-value]


def kept(rings: list[list[Point]]) -> list[list[Point]]:
    """The largest outline and all others that can be seen."""
    largest = max(rings, key=area)
    return [ring for ring in rings if ring is largest or area(ring) >= SMALLEST]


def written(ring: Sequence[Point]) -> str:
    """A ring as a path of an SVG."""
    return "".join(_path(piece) for piece in pieces(ring) if len(piece) > 2)


def pieces(ring: Sequence[Point]) -> list[list[Point]]:
    """A ring cut where it goes over the edge of the drawing at 180°, so that no line runs all across."""
    cuts = [at for at, (before, point) in enumerate(pairwise(ring), 1) if abs(point[0] - before[0]) > WIDTH / 2]
    if not cuts:
        return [list(ring)]
    inner = [list(ring[first:last]) for first, last in pairwise(cuts)]
    return [[*ring[cuts[-1] :], *ring[: cuts[0]]], *inner]


def _path(ring: Sequence[Point]) -> str:
    """A closed line in relative steps of a tenth."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    steps = [(x - u, y - v) for (u, v), (x, y) in pairwise(tenths) if (x, y) != (u, v)]
    return f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}l" + " ".join(f"{x / 10:g} {y / 10:g}" for x, y in steps) + "z"


if __name__ == "__main__":
    main(*sys.argv[1:])
