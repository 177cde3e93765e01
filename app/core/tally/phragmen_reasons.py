"""The sentences of Phragmén's rule: voters are given money at the same pace, and buy as soon as they can."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from app.core.messages import Message, say_count
from app.core.money import Money


def saved_first(votes: int, level: Fraction, currency: str) -> Message:
    """A project bought by its supporters; what each voter had been given by then is rounded up to the cent."""
    return say_count(
        "%(count)d vote; its supporters could pay for it once each voter had been given %(given)s.",
        "%(count)d votes; its supporters could pay for it once each voter had been given %(given)s.",
        votes,
        given=Money(ceil(level), currency),
    )


def saved_too_late(votes: int, cost_cents: int, left_cents: int, currency: str) -> Message:
    """A project whose supporters could pay when the envelope could not."""
    return say_count(
        "%(count)d vote; when its supporters could pay for it, %(left)s of the envelope was left, and it asks for %(cost)s.",
        "%(count)d votes; when its supporters could pay for it, %(left)s of the envelope was left, and it asks for %(cost)s.",
        votes,
        left=Money(left_cents, currency),
        cost=Money(cost_cents, currency),
    )


def saved_part(votes: int, held: Fraction, cost_cents: int, currency: str) -> Message:
    """A project for which the count stopped too early; what its supporters held is rounded down to the cent."""
    return say_count(
        "%(count)d vote; when the count stopped, its supporters held %(held)s of the %(cost)s it asks for.",
        "%(count)d votes; when the count stopped, its supporters held %(held)s of the %(cost)s it asks for.",
        votes,
        held=Money(floor(held), currency),
        cost=Money(cost_cents, currency),
    )


def above_envelope(votes: int, cost_cents: int, budget_cents: int, currency: str) -> Message:
    """A project that asks for more than the whole envelope takes no part."""
    return say_count(
        "%(count)d vote; it asks for %(cost)s, more than the whole envelope of %(budget)s.",
        "%(count)d votes; it asks for %(cost)s, more than the whole envelope of %(budget)s.",
        votes,
        cost=Money(cost_cents, currency),
        budget=Money(budget_cents, currency),
    )


def more_supporters(votes: int | None) -> Message | None:
    """With so many further ballots that name only this project."""
    if votes is None:
        return None
    return say_count(
        "with %(count)d more supporter naming only this project", "with %(count)d more supporters naming only this project", votes
    )
