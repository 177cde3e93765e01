"""How near a project came under a greedy rule: the fewest further votes and the smallest larger envelope."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.tally.election import Project
from app.core.tally.rule import Awards

MOST_ENVELOPES = 5000
"""How many larger envelopes are tried before giving up: between two of them nothing changes."""


def places_to_win(project: Project, rivals: Sequence[Project], budget_cents: int, max_per_carrier: int | None, *, stop: bool) -> int:
    """The number of first places in which this project would win, set between its rivals in their order.

    A project wins in every place before its last good one: money and awards only shrink along the walk.
    """
    left, awards = budget_cents, Awards(max_per_carrier)
    for place, rival in enumerate(rivals):
        if project.cost_cents > left or awards.full(project):
            return place
        if awards.full(rival):
            continue
        if rival.cost_cents <= left:
            left -= rival.cost_cents
            awards.give(rival)
        elif stop:
            return place + 1
    return len(rivals) + (project.cost_cents <= left and not awards.full(project))


def fewest(enough: Callable[[int], bool], most: int) -> int | None:
    """The smallest k from 1 to `most` that is enough, where more is never worse; None if even `most` is not."""
    if most < 1 or not enough(most):
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def least_increase(project: Project, ahead: Sequence[Project], budget_cents: int, max_per_carrier: int | None, *, stop: bool) -> int | None:
    """The smallest increase of the envelope, in cents, with which this project wins behind those `ahead` of it.

    A larger envelope is not always better: it may let in a dearer project first. So the envelope grows from one
    change to the next, never past one. None if no envelope helps, or if none was found in MOST_ENVELOPES changes.
    """
    more = 0
    for _ in range(MOST_ENVELOPES):
        won, gap = _last_turn([*ahead, project], budget_cents + more, max_per_carrier, stop)
        if won:
            return more
        if gap is None:
            return None
        more += gap
    return None


def _last_turn(order: Sequence[Project], left: int, max_per_carrier: int | None, stop: bool) -> tuple[bool, int | None]:
    """Whether the last of these wins, and by how much the money must grow before any turn changes (None: never)."""
    awards, gap, won = Awards(max_per_carrier), None, False
    for project in order:
        won = False
        if awards.full(project):
            continue
        missing = project.cost_cents - left
        if missing <= 0:
            left, won = -missing, True
            awards.give(project)
            continue
        gap = missing if gap is None else min(gap, missing)
        if stop:
            return False, gap
    return won, gap
