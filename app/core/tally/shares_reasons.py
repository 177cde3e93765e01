"""The sentences of Equal Shares: why each project won or lost, and how near a loser came."""

from __future__ import annotations

from fractions import Fraction

from app.core.messages import Message, say, say_count
from app.core.money import Money


def shares_won(round_: int, votes: int, price: Fraction, currency: str) -> Message:
    """A project bought by its supporters; the price is rounded up to the cent."""
    most = Money(-(-price.numerator // price.denominator), currency)
    return say_count(
        "%(count)d vote; bought in round %(round)d, each supporter paying at most %(price)s.",
        "%(count)d votes; bought in round %(round)d, each supporter paying at most %(price)s.",
        votes,
        round=round_,
        price=most,
    )


def shares_lost(votes: int, cost_cents: int, whole: Fraction, held: Fraction, currency: str) -> Message:
    """A project whose supporters could not pay: never, or no longer. Their money is rounded down to the cent."""
    cost = Money(cost_cents, currency)
    if whole < cost_cents:
        return say_count(
            "%(count)d vote; all its supporters' shares together make %(held)s, and it asks for %(cost)s.",
            "%(count)d votes; all its supporters' shares together make %(held)s, and it asks for %(cost)s.",
            votes,
            held=Money(int(whole), currency),
            cost=cost,
        )
    return say_count(
        "%(count)d vote; its supporters had paid for other projects and had %(held)s left at the end, and it asks for %(cost)s.",
        "%(count)d votes; its supporters had paid for other projects and had %(held)s left at the end, and it asks for %(cost)s.",
        votes,
        held=Money(int(held), currency),
        cost=cost,
    )


def shares_filled(votes: int, cost_cents: int, left_cents: int, currency: str) -> Message:
    """A project taken at the end, with money that no voter's share had bought anything for."""
    return say_count(
        "%(count)d vote; taken with the %(left)s left at the end, as it had most votes of those that fitted; it asks for %(cost)s.",
        "%(count)d votes; taken with the %(left)s left at the end, as it had most votes of those that fitted; it asks for %(cost)s.",
        votes,
        left=Money(left_cents, currency),
        cost=Money(cost_cents, currency),
    )


def shares_nearest(votes: int | None, cents: int | None, share: Fraction, currency: str) -> Message:
    """How many further supporters with shares of the same size, or how much larger an envelope, would have bought a losing project."""
    amount, each = Money(cents or 0, currency), Money(int(share), currency)
    if votes is None and cents is None:
        return say("Further supporters would not have helped.")
    if votes is None:
        return say(
            "Further supporters would not have helped; it would have won with %(amount)s more in the envelope, shared out equally.",
            amount=amount,
        )
    if cents is None:
        return say_count(
            "It would have won with %(count)d more supporter naming only this project, with the same share of %(share)s for each voter.",
            "It would have won with %(count)d more supporters naming only this project, with the same share of %(share)s for each voter.",
            votes,
            share=each,
        )
    return say_count(
        "It would have won with %(count)d more supporter naming only this project, with the same share of %(share)s for each voter, "
        "or with %(amount)s more in the envelope, shared out equally.",
        "It would have won with %(count)d more supporters naming only this project, with the same share of %(share)s for each voter, "
        "or with %(amount)s more in the envelope, shared out equally.",
        votes,
        share=each,
        amount=amount,
    )
