"""The sentences of maximum welfare."""

from __future__ import annotations

from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.tally.election import Election
from app.core.tally.max_welfare_solve import Choice


def belongs(votes: int) -> Message:
    """A project that was chosen."""
    return say_count(
        "%(count)d vote; it belongs to the choice with the highest total.",
        "%(count)d votes; it belongs to the choice with the highest total.",
        votes,
    )


def left_out(votes: int) -> Message:
    """A project that was not chosen."""
    return say_count(
        "%(count)d vote; no choice with it has a higher total.",
        "%(count)d votes; no choice with it has a higher total.",
        votes,
    )


def note_of(utility: str, total: int, choice: Choice, election: Election) -> tuple[Message, ...]:
    """What the total is, and whether another choice reaches it."""
    if utility == "cost":
        reached = say("The total of this choice, its costs each times its votes, is %(total)s.", total=Money(total, election.currency))
    elif utility == "cardinality":
        reached = say_count("The total of this choice is %(count)d vote.", "The total of this choice is %(count)d votes.", total)
    else:
        points = total // election.profile.unit
        reached = say_count("The total of this choice is %(count)d point.", "The total of this choice is %(count)d points.", points)
    if not choice.proved:
        return reached, say("It is the highest total that was found; that there is none higher has not been proved.")
    if choice.unique:
        return reached, say("It is the highest total there is, and no other choice reaches it.")
    return reached, say("It is the highest total there is, but other choices reach it too.")
