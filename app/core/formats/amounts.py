"""Amounts and points as files write them: decimal text in, exact integers and decimals out, and back."""

from __future__ import annotations

import re
from decimal import Decimal

_AMOUNT = re.compile(r"(\d{1,13})(?:[.,](\d{1,20}))?", re.ASCII)
_POINTS = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)


def cents_of(text: str) -> int | None:
    """The amount written in `text`, in hundredths of the unit ("12.5" and "12,50" are 1250); None where it is not exact to them."""
    found = _AMOUNT.fullmatch(text)
    decimals = (found[2] or "").rstrip("0") if found else ""
    if not found or len(decimals) > 2:
        return None
    return int(found[1]) * 100 + int(decimals.ljust(2, "0"))


def plain(cents: int) -> str:
    """An amount in hundredths as the shortest exact decimal: 1250 -> "12.5", 1200 -> "12"."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def points_of(text: str) -> Decimal | None:
    """The points written in `text`; None where it is not a plain decimal number."""
    return Decimal(text) if _POINTS.fullmatch(text) else None
