"""Ten projects for each preset in which a panel decides, its lists, and the winners worked out by hand."""

from __future__ import annotations

from app.core.tally import Project
from tests.core.preset_elections import euros, made

Listed = tuple[int, tuple[Project, ...], tuple[str, ...], str]
"""The envelope in cents, the projects, a list for each panel, and who wins, in order."""

TAGS = {**dict.fromkeys("abcdef", frozenset({"capital"})), **dict.fromkeys("ghij", frozenset({"operating"}))}
NANTES = {
    **{"a": 300_000, "b": 200_000, "c": 500_000, "d": 100_000, "e": 250_000, "f": 50_000},
    **{"g": 100_000, "h": 100_000, "i": 100_001, "j": 150_000},
}

LISTS: dict[str, Listed] = {
    # Capital 1 000 000: c 500 000, a 300 000, b 200 000, nothing is left. Operating 300 000: g 100 000, j 150 000, 50 000 is left.
    "nantes_2022": (euros(1_300_000), made(NANTES, tags=TAGS), ("cab", "gj"), "cabgj"),
    # 2 000 000: b 900 000, e 600 000, j 500 000 make exactly that.
    "lublin_green": (
        euros(2_000_000),
        made({**dict.fromkeys("acdfghi", 400_000), "b": 900_000, "e": 600_000, "j": 500_000}),
        ("bej",),
        "bej",
    ),
    # 1 000 000: a 400 000 for water and waste, b and c 250 000 each for water; 100 000 is left, and the jury chose no more.
    "paris_solidae_2017": (
        euros(1_000_000),
        made({"a": 400_000, "b": 250_000, "c": 250_000, **dict.fromkeys("defghij", 150_000)}),
        ("abc",),
        "abc",
    ),
    # 40 500: nine files of 3 000 make 27 000; j asks 1 500 and comes first.
    "rennes_fad": (euros(40_500), made({**dict.fromkeys("abcdefghi", 3_000), "j": 1_500}), ("jabcdefghi",), "jabcdefghi"),
    # 80 000: five files of 15 000 make 75 000, one of 5 000 the rest.
    "paris_solidev": (
        euros(80_000),
        made({**dict.fromkeys("abcdefg", 15_000), **dict.fromkeys("hij", 5_000)}),
        ("abcdeh",),
        "abcdeh",
    ),
}
