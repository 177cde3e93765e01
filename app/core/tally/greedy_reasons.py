"""The sentences of a greedy count, and what would have made a loser win, for every rule that can say so."""

from __future__ import annotations

from fractions import Fraction

from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.tally.election import Project
from app.core.tally.outcome import Action, Step


def greedy_reason(step: Step, project: Project, votes: int, currency: str) -> Message:
    """What happened to this project with so many votes at its turn, where no limit barred it."""
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
        case _:
            return say_count(
                "%(count)d vote; the count had stopped before, at a project that no longer fitted.",
                "%(count)d votes; the count had stopped before, at a project that no longer fitted.",
                votes,
            )


def all_places_taken(votes: int, winners: int) -> Message:
    """The fixed number of winners was complete before its turn."""
    return say_count(
        "%(count)d vote; all places for winners were taken before its turn: %(winners)d.",
        "%(count)d votes; all places for winners were taken before its turn: %(winners)d.",
        votes,
        winners=winners,
    )


def with_points(points: int, unit: int, reason: Message) -> Message:
    """The same reason, led by the points that put the project in its place (in `unit`ths of a point)."""
    whole, rest = divmod(abs(points), unit)
    if rest:
        return say("%(points)s points; %(reason)s", points=_decimal(points, unit), reason=reason)
    return say_count("%(count)d point; %(reason)s", "%(count)d points; %(reason)s", whole if points >= 0 else -whole, reason=reason)


def too_few_points(needed: int) -> Message:
    """The project had too few points to take part; `needed` in whole points."""
    return say("at least %(needed)d points are needed.", needed=needed)


def nearest(*ways: Message | None) -> Message:
    """What would each alone have made a loser win: further votes, a larger envelope, a lower cost, or nothing that was found."""
    known = [way for way in ways if way]
    if not known:
        return say("Nothing was found that would alone have made it win.")
    *others, how = known
    for other in reversed(others):
        how = say("%(one)s, or %(other)s", one=other, other=how)
    return say("It would have won %(how)s.", how=how)


def more_votes(votes: int | None) -> Message | None:
    """With so many votes more."""
    return None if votes is None else say_count("with %(count)d more vote", "with %(count)d more votes", votes)


def more_points(points: int | None, unit: int) -> Message | None:
    """With so many points more, in `unit`ths of a point."""
    if points is None:
        return None
    if points % unit:
        return say("with %(points)s more points", points=_decimal(points, unit))
    return say_count("with %(count)d more point", "with %(count)d more points", points // unit)


def more_money(cents: int | None, currency: str) -> Message | None:
    """With so much more in the envelope."""
    return None if cents is None else say("with %(amount)s more in the envelope", amount=Money(cents, currency))


def lower_cost(cents: int | None, currency: str) -> Message | None:
    """Had it asked for so much or less."""
    return None if cents is None else say("by asking for %(cost)s at most", cost=Money(cents, currency))


def _decimal(points: int, unit: int) -> str:
    """Parts of a point as text: a decimal number where it ends, else a fraction."""
    exact = Fraction(points, unit)
    return f"{float(exact):g}" if 10**6 % exact.denominator == 0 else str(exact)
