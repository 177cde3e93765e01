"""The contrasts of the house, measured from its style sheet: which text stands on which ground, and what it must reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.look import Token, contrast
from app.core.messages import Message, say

BODY, TEXT, SHAPE = 7.0, 4.5, 3.0
"""WCAG 2.2: what body text reaches here (AAA), what any text must reach (AA), what a border or a drawing must reach."""
LEVELS: Mapping[float, Message] = {BODY: say("body text"), TEXT: say("text"), SHAPE: say("borders and drawings")}
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(("ink", ground, BODY) for ground in ("paper", "surface", "sunk", "soft", "ok-soft", "warn-soft", "err-soft")),
    *(("ink2", ground, BODY) for ground in ("paper", "surface")), ("ink2", "sunk", TEXT),
    *(("brand", ground, TEXT) for ground in ("paper", "surface", "sunk", "soft")), ("on-brand", "brand", TEXT),
    *((name, ground, TEXT) for name in ("accent", "visited", "ok", "warn", "err") for ground in ("paper", "surface")),
    *((name, f"{name}-soft", TEXT) for name in ("ok", "warn", "err")),
    *(("edge", ground, SHAPE) for ground in ("paper", "surface")),
    *((f"s{number}", "surface", SHAPE) for number in range(1, 9)),
)  # fmt: skip
"""(what is written or drawn, what it stands on, the contrast it must reach)."""
NEITHER = frozenset({"line", "halo", "shadow"})
"""Colours that carry no meaning: thin rules, the halo around the focus, shadows."""


@dataclass(frozen=True)
class Measured:
    """One pair in both modes. `light` and `dark` are contrast ratios."""

    text: Token
    ground: Token
    light: float
    dark: float
    wanted: float

    @property
    def holds(self) -> bool:
        """Whether it reaches what it must in both modes."""
        return min(self.light, self.dark) >= self.wanted


def measured(tokens: Mapping[str, Token]) -> list[Measured]:
    """Every pair, measured. Raises KeyError for a token that the style sheet does not have."""
    found = []
    for name, on, wanted in PAIRS:
        text, ground = tokens[name], tokens[on]
        found.append(Measured(text, ground, contrast(text.light, ground.light), contrast(text.dark, ground.dark), wanted))
    return found
