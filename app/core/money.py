"""Money: integer cents and a currency. No float ever holds an amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount: `cents` (hundredths of the unit, may be negative) of `currency` (ISO 4217)."""

    cents: int
    currency: str = "EUR"

    def __str__(self) -> str:
        sign, cents = ("-", -self.cents) if self.cents < 0 else ("", self.cents)
        return f"{sign}{cents // 100}.{cents % 100:02d} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents, self._same(other))

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents, self._same(other))

    def _same(self, other: Money) -> str:
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return self.currency


class UnitPrice(Money):
    """A price for one unit ("1,00 € for each inhabitant"): an amount that is always shown with its cents."""


def share_out(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split `total` (≥ 0, any whole unit) over `weights` (≥ 0) so that the parts sum to it exactly.

    Largest remainder (Hamilton): each part is first rounded down, then the units left go one each to the
    largest remainders, the earlier part first when two are equal. Raises ValueError if no weight is positive.
    """
    whole = sum(weights, Fraction(0))
    if total < 0 or any(weight < 0 for weight in weights) or whole == 0:
        raise ValueError("a split needs a total of at least 0 and at least one positive weight")
    exact = [total * Fraction(weight) / whole for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
