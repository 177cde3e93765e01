"""Where one euro went: an envelope in a hundred parts, shared out exactly among what it paid for and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.money import share_out

HUNDRED = 100
"""A euro in centimes."""


def your_euro(spent: Mapping[str, int], envelope_cents: int) -> tuple[dict[str, int], int]:
    """(centimes for each key of `spent`, centimes not spent) of one euro of the envelope; together always 100.

    `spent` is what each theme cost in cents (≥ 0). Largest remainder; of two equal remainders the earlier key gets the centime.
    Where more was spent than the envelope held, the euro is shared over what was spent. Raises ValueError where both are zero.
    """
    left = max(envelope_cents - sum(spent.values()), 0)
    *parts, rest = share_out(HUNDRED, [*spent.values(), left])
    return dict(zip(spent, parts, strict=True)), rest
