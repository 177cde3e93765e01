"""The tokens of a style sheet, read from its text: what a page says of a colour is then what browsers are given."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCK = re.compile(r":root\s*\{([^{}]*)\}")
_VALUE = re.compile(r"--([\w-]+):\s*([^;{}]+);")
_PAIR = re.compile(r"light-dark\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)")


@dataclass(frozen=True)
class Token:
    """One custom property, its value on light pages and on dark ones."""

    name: str
    light: str
    dark: str

    @property
    def is_colour(self) -> bool:
        """Whether it is a plain colour, which can be measured."""
        return all(re.fullmatch(r"#[0-9A-Fa-f]{6}", value) for value in (self.light, self.dark))


def tokens_in(css: str) -> dict[str, Token]:
    """Every `--name: value` of every `:root` rule but those for print and for more contrast; the later one wins, as in a browser.

    A value `light-dark(a, b)` gives both modes; any other stands for both.
    """
    tokens: dict[str, Token] = {}
    for rule in _BLOCK.findall(re.sub(r"/\*.*?\*/", "", _first_layer(css), flags=re.DOTALL)):
        for name, value in _VALUE.findall(rule):
            pair = _PAIR.fullmatch(value.strip())
            light, dark = pair.groups() if pair else (value.strip(), value.strip())
            tokens[name] = Token(name, light, dark)
    return tokens


def _first_layer(css: str) -> str:
    """The rules of `@layer tokens`; the whole text where there is no such layer."""
    start = css.find("@layer tokens {")
    if start < 0:
        return css
    depth = 0
    for at in range(css.index("{", start), len(css)):
        depth += {"{": 1, "}": -1}.get(css[at], 0)
        if depth == 0:
            return css[start : at + 1]
    return css[start:]
