"""What pressing a button of the booth does to the ballot, by its style: add, take out, move up or down, give a star."""

from __future__ import annotations

from app.core.ballots import AnyStyle, Basket, basket_of
from app.core.messages import Message, say
from app.http.forms import Sent

FIELDS = frozenset({"points", "grades", "for_against"})
"""Styles whose booth is one form with a field for each project; in the others each press gives the ballot anew."""


def pressed(basket: Basket, style: AnyStyle, sent: Sent) -> tuple[dict[str, int], Message, str] | None:
    """(marks, what to say of it with a %(title)s, project) after a press; None where nothing was pressed that is on this paper.

    Where a project cannot be added the marks stay as they are, and the sentence tells why.
    """
    marks = dict(basket.marks)
    if (swapped := _swapped(basket, style, sent.get("swap"))) is not None:
        return swapped
    for name, act in (("add", _add), ("remove", _remove), ("up", _up), ("down", _down), ("star", _star), ("unstar", _unstar)):
        if (id := sent.get(name)) in basket.slate.costs:
            changed = act(marks, id, style)
            if name == "add" and changed is not None and (reason := basket.can_add(id)) is not None:
                return marks, reason, id
            return None if changed is None else (*changed, id)
    return None


def _swapped(basket: Basket, style: AnyStyle, both: str) -> tuple[dict[str, int], Message, str] | None:
    """One project out, another in, in one press: `both` is "out:in". Where that is not enough nothing changes, and it is said why."""
    out, _, id = both.partition(":")
    gone = _remove(dict(basket.marks), out, style) if id in basket.slate.costs and id not in basket.marks else None
    if gone is None:
        return None
    if (reason := basket_of(style, style.entries(gone[0]), basket.slate).can_add(id)) is not None:
        return dict(basket.marks), reason, id
    added = _add(gone[0], id, style)
    assert added is not None
    return added[0], say("“%(out)s” is taken out to make room; “%(title)s” is in your vote. %(total)s", out=out), id


def _add(marks: dict[str, int], id: str, style: AnyStyle) -> tuple[dict[str, int], Message] | None:
    if id in marks:
        return None
    return marks | {id: len(marks) + 1 if style.kind == "ranking" else 1}, say("“%(title)s” is in your vote. %(total)s")


def _remove(marks: dict[str, int], id: str, style: AnyStyle) -> tuple[dict[str, int], Message] | None:
    if id not in marks:
        return None
    gone = marks[id]
    ranked = style.kind == "ranking"
    left = {other: mark - 1 if ranked and mark > gone else mark for other, mark in marks.items() if other != id}
    return left, say("“%(title)s” is taken out. %(total)s")


def _up(marks: dict[str, int], id: str, style: AnyStyle) -> tuple[dict[str, int], Message] | None:
    return _moved(marks, id, style, -1)


def _down(marks: dict[str, int], id: str, style: AnyStyle) -> tuple[dict[str, int], Message] | None:
    return _moved(marks, id, style, 1)


def _moved(marks: dict[str, int], id: str, style: AnyStyle, by: int) -> tuple[dict[str, int], Message] | None:
    """The project one place up or down; the one that stood there takes its place."""
    if style.kind != "ranking" or id not in marks or not 1 <= marks[id] + by <= len(marks):
        return None
    here, there = marks[id], marks[id] + by
    swapped = {other: here if mark == there else mark for other, mark in marks.items()}
    return swapped | {id: there}, say("“%(title)s” is now in place %(place)d.", place=there)


def _star(marks: dict[str, int], id: str, style: AnyStyle) -> tuple[dict[str, int], Message] | None:
    if style.kind != "star" or marks.get(id) != 1:
        return None
    if sum(mark == 2 for mark in marks.values()) >= style.stars:
        return marks, say("You have no star left: take one back first.")
    return marks | {id: 2}, say("“%(title)s” has a star: it counts double.")


def _unstar(marks: dict[str, int], id: str, style: AnyStyle) -> tuple[dict[str, int], Message] | None:
    if style.kind != "star" or marks.get(id) != 2:
        return None
    return marks | {id: 1}, say("“%(title)s” has no star any more.")
