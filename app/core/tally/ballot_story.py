"""What one ballot did in a count, worked out from the public steps alone: which of its projects won, and what its part paid for.

Nothing is asked of the ballot box: whoever knows a ballot computes this where they are, in a browser or on a command line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.messages import Message, say
from app.core.money import UnitPrice
from app.core.tally.outcome import Action, Outcome, Row, Status


@dataclass(frozen=True)
class Line:
    """One project of the ballot: whether it won, and where voters pay, what this ballot paid for it and had left (exact cents)."""

    project: str
    won: bool
    said: Message
    paid: Fraction | None = None
    left: Fraction | None = None


@dataclass(frozen=True)
class Story:
    """A ballot's lines, the winners first in order of purchase. `share` is what it held, `left` what nobody spent (exact cents)."""

    lines: tuple[Line, ...]
    share: Fraction | None
    left: Fraction | None
    said: tuple[Message, ...]


def story(outcome: Outcome, choices: Collection[str] | Mapping[str, int], names: Mapping[str, str] | None = None) -> Story:
    """What a ballot that supports `choices` (ids) did in this count; `names` gives titles for the sentences.

    Where voters pay, its part of the envelope is followed through the published steps: for each purchase of a project it supports it
    pays the price, or all it has left. Where the price is one for each point, `choices` says how many points each project has from this
    ballot. Raises KeyError on a project that did not stand.
    """
    called = names or {}
    rows = [row for row in outcome.rows if row.project in choices]
    if unknown := sorted(set(choices) - {row.project for row in rows}):
        raise KeyError(unknown[0])
    pays = outcome.share is not None and not outcome.needs_draw
    points = dict(choices) if isinstance(choices, Mapping) else dict.fromkeys(choices, 1)
    lines, left = _purchases(outcome, points, called, outcome.share if pays else None)
    told = {line.project for line in lines}
    lost = [Line(row.project, row.status is Status.WON, _named(row, called)) for row in rows if row.project not in told]
    share = outcome.share if pays else None
    return Story((*lines, *lost), share, left, _summary(outcome, rows, share, left))


def _purchases(
    outcome: Outcome, points: Mapping[str, int], names: Mapping[str, str], share: Fraction | None
) -> tuple[list[Line], Fraction | None]:
    """The purchases of what this ballot names, in their order, and what is left of its share."""
    lines, left = [], share
    taken = [step for step in outcome.steps if step.action in (Action.BOUGHT, Action.PARTIAL, Action.RESERVE)]
    for place, step in enumerate(taken, 1):
        if step.project not in points:
            continue
        if left is None or step.price is None:
            lines.append(Line(step.project, True, _named(outcome.row(step.project), names)))
            continue
        price = step.price * points[step.project]
        had, paid = left, min(price, left)
        left -= paid
        said = _paid(place, names.get(step.project, step.project), price, had, UnitPrice(int(paid), outcome.currency))
        lines.append(Line(step.project, True, said, paid, left))
    return lines, left


def _paid(place: int, name: str, price: Fraction, had: Fraction, paid: UnitPrice) -> Message:
    if not had:
        return say("Round %(round)d: %(project)s was bought; nothing was left of your part.", round=place, project=name)
    if had < price:
        return say("Round %(round)d: all that was left of your part, %(paid)s, went to %(project)s.", round=place, paid=paid, project=name)
    return say("Round %(round)d: your part paid %(paid)s for %(project)s.", round=place, paid=paid, project=name)


def _named(row: Row, names: Mapping[str, str]) -> Message:
    """The reason that everyone reads, under the name of the project."""
    return say("%(project)s: %(reason)s", project=names.get(row.project, row.project), reason=row.reason)


def _summary(outcome: Outcome, rows: list[Row], share: Fraction | None, left: Fraction | None) -> tuple[Message, ...]:
    won = sum(row.status is Status.WON for row in rows)
    told = [say("Projects on your ballot that were chosen: %(won)d of %(named)d.", won=won, named=len(rows))]
    if share is not None and left is not None and rows:
        money = {"share": UnitPrice(int(share), outcome.currency), "left": UnitPrice(int(left), outcome.currency)}
        told.append(say("Your part of the envelope was %(share)s; %(left)s of it was not spent.", **money))
        told.append(say("Amounts are rounded down to the cent."))
    return tuple(told)
