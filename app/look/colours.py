"""The colours of the house as its style sheet gives them, and the small style sheet of a city's own colour."""

from __future__ import annotations

from functools import cache, lru_cache

from app.core.look import Grounds, Token, Twin, tokens_in, twins_of
from app.settings import ROOT


@cache
def tokens() -> dict[str, Token]:
    """The tokens of static/app.css."""
    return tokens_in((ROOT / "static" / "app.css").read_text())


@cache
def grounds(dark: bool) -> Grounds:
    """What is written on, on light pages or on dark ones."""
    known = tokens()
    paper, surface, sunk, ink = ((known[name].dark if dark else known[name].light) for name in ("paper", "surface", "sunk", "ink"))
    return Grounds(paper, surface, sunk, ink, dark)


@lru_cache(maxsize=256)
def twins(colour: str) -> tuple[Twin, Twin]:
    """The colour for light pages and for dark ones, on the grounds of the house. Raises Unfit."""
    return twins_of(colour, grounds(False), grounds(True))


def sheet(colour: str, selector: str = ":root") -> str:
    """The style sheet that puts a colour (one that fits) in the place of the house's: three tokens and nothing else."""
    light, dark = twins(colour)
    plain = f"--brand: {light.brand}; --on-brand: {light.on}; --soft: {light.soft};"
    both = " ".join(
        f"--{name}: light-dark({one}, {other});"
        for name, one, other in (("brand", light.brand, dark.brand), ("on-brand", light.on, dark.on), ("soft", light.soft, dark.soft))
    )
    supports = f"@supports (color: light-dark(#000, #fff)) {{ {selector} {{ {both} }} }}"
    return f"@layer tokens {{\n  {selector} {{ {plain} }}\n  {supports}\n}}\n"
