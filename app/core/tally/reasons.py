"""The sentences of a count: why each project won or lost, and how near a loser came."""

from __future__ import annotations

from fractions import Fraction

from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.tally.election import Project
from app.core.tally.outcome import Action, Step


def greedy_reason(step: Step, project: Project, votes: int, currency: str) -> Message:
    """What happened to this project at its turn."""
    cost, left = Money(project.cost_cents, currency), Money(step.left_before_cents, currency)
    match step.action:
        case Action.BOUGHT:
            return say_count(
                "%(count)d vote; %(cost)s of the %(left)s still left.",
                "%(count)d votes; %(cost)s of the %(left)s still left.",
                votes,
                cost=cost,
                left=left,
            )
        case Action.TOO_DEAR:
            return say_count(
                "%(count)d vote; it asks for %(cost)s and %(left)s was left.",
                "%(count)d votes; it asks for %(cost)s and %(left)s was left.",
                votes,
                cost=cost,
                left=left,
            )
        case Action.STOPPED:
            return say_count(
                "%(count)d vote; the count had stopped before, at a project that no longer fitted.",
                "%(count)d votes; the count had stopped before, at a project that no longer fitted.",
                votes,
            )
        case _:
            return carrier_full(votes)


def below_minimum(votes: int, needed: int) -> Message:
    """The project had too few votes to take part."""
    return say_count(
        "%(count)d vote, and at least %(needed)d are needed.",
        "%(count)d votes, and at least %(needed)d are needed.",
        votes,
        needed=needed,
    )


def carrier_full(votes: int) -> Message:
    """The carrier has had all the awards that the rule gives to one."""
    return say_count(
        "%(count)d vote; its carrier had already won as many projects as the rule allows.",
        "%(count)d votes; its carrier had already won as many projects as the rule allows.",
        votes,
    )


def waits_for_draw(members: tuple[str, ...]) -> Message:
    """Nothing can be said before the public draw."""
    return say("A public draw must first decide between these projects: %(projects)s.", projects=members)


def nearest(votes: int | None, cents: int | None, currency: str) -> Message:
    """What would have made a loser of a greedy count win: votes, money, either, or nothing that was found."""
    amount = Money(cents or 0, currency)
    if votes is not None and cents is not None:
        return say_count(
            "It would have won with %(count)d more vote, or with %(amount)s more in the envelope.",
            "It would have won with %(count)d more votes, or with %(amount)s more in the envelope.",
            votes,
            amount=amount,
        )
    if votes is not None:
        return say_count("It would have won with %(count)d more vote.", "It would have won with %(count)d more votes.", votes)
    if cents is not None:
        return say("More votes would not have helped; it would have won with %(amount)s more in the envelope.", amount=amount)
    return say("More votes would not have helped, and no larger envelope was found with which it would have won.")


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


def shares_nearest(votes: int | None, share: Fraction, currency: str) -> Message:
    """How many further supporters, with shares of the same size, would have bought a losing project."""
    if votes is None:
        return say("Further supporters would not have helped.")
    return say_count(
        "It would have won with %(count)d more supporter naming only this project, with the same share of %(share)s for each voter.",
        "It would have won with %(count)d more supporters naming only this project, with the same share of %(share)s for each voter.",
        votes,
        share=Money(int(share), currency),
    )
