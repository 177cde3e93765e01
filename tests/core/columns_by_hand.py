"""What the columns of Equal Shares answer, in plain Python: one line for each sentence of the protocol `Columns`."""

from __future__ import annotations

from math import floor
from random import Random
from typing import NamedTuple, TypeAlias

import numpy as np

from app.core.tally.column_questions import NEVER, Look

Rows: TypeAlias = "list[tuple[int, int, int]]"


class Purses(NamedTuple):
    """Some piles: what a ballot of each still holds, how many ballots it has, and their points for the project looked at."""

    held: list[int]
    many: list[int]
    points: list[int]

    @classmethod
    def drawn(cls, dice: Random, largest: int) -> Purses:
        """One to seven piles; small numbers, so that equal ones and the edges of every comparison are met often."""
        size = dice.randint(1, 7)
        rows = [(dice.randint(0, largest), dice.randint(1, 3), dice.randint(1, 3)) for _ in range(size)]
        held, many, points = ([row[place] for row in rows] for place in range(3))
        return cls(held, many, points)

    def rows(self, weighted: bool, by_points: bool) -> Rows:
        """(held, ballots, points) of each pile."""
        ones = [1] * len(self.held)
        return list(zip(self.held, self.many if weighted else ones, self.points if by_points else ones, strict=True))


def look(rows: Rows, need: int, slack: int) -> Look:
    """Split `need`: each pays the same (a point) or all it holds."""
    total, live = sum(held * many for held, many, _ in rows), sum(many for held, many, _ in rows if held)
    if total + slack < need:
        return Look(total, 0, 0, 0, 0, 0.0)
    paying, rest = [row for row in rows if row[0]], need
    while paying:
        rich = sum(many * points for _, many, points in paying)
        level = rest / rich
        staying = [(held, many, points) for held, many, points in paying if held - points * level >= 0]
        if len(staying) == len(paying):
            gap = min(held - points * level for held, _, points in paying)
            return Look(total, live, rest, rich, live - sum(many for _, many, _ in paying), gap)
        rest -= sum(held * many for held, many, points in paying if held - points * level < 0)
        paying = staying
    return Look(total, live, rest, 0, live, 0.0)


def capped(rows: Rows, cap: int) -> tuple[int, int]:
    """Each pays `cap` or all it holds."""
    return sum(min(held, cap) * many for held, many, _ in rows), sum(many for held, many, _ in rows if held >= cap)


def cover(rows: Rows, cap: float) -> tuple[int, int, int]:
    """Nobody pays more than `cap` a point."""
    poor = [(held, many) for held, many, points in rows if held < points * cap]
    rich = sum(many * points for held, many, points in rows if held >= points * cap)
    return sum(held * many for held, many in poor), rich, sum(many for held, many in poor if held)


def pay(rows: Rows, part: tuple[float, float], price: tuple[int, int], by_points: bool) -> tuple[list[int], list[int]] | None:
    """What each holds afterwards, and which piles gave all; None where one is too near to its part to tell."""
    level, slack = part
    if any(held and abs(held - points * level) <= slack for held, _, points in rows):
        return None
    poor = [held < points * level for held, _, points in rows]
    own = [floor(points * price[0] / price[1]) if by_points else price[0] // price[1] for _, _, points in rows]
    left = [0 if few else held - one for (held, _, _), few, one in zip(rows, poor, own, strict=True)]
    return left, [pile for pile, few in enumerate(poor) if few and rows[pile][0]]


class Marks(NamedTuple):
    """Who marked what, in which round each project was bought (-1: never) and each pile was emptied (NEVER: not yet)."""

    start: list[int]
    project: list[int]
    points: list[int]
    order: list[int]
    out: list[int]

    @classmethod
    def drawn(cls, dice: Random, piles: int, rounds: int) -> Marks:
        """Marks of so many piles for five projects, of which `rounds` were bought."""
        lists = [sorted(dice.sample(range(5), dice.randint(0, 4))) for _ in range(piles)]
        order = dice.sample([*range(rounds), *[-1] * (5 - rounds)], 5)
        start = [sum(map(len, lists[:pile])) for pile in range(piles + 1)]
        project = [one for marked in lists for one in marked]
        out = [dice.choice([*range(rounds), NEVER]) for _ in range(piles)]
        return cls(start, project, [dice.randint(1, 3) for _ in project], order, out)

    def paid_in_full(self, pile: int, before: int, each: list[int] | None) -> list[tuple[int, int]]:
        """(round, points) of what this pile paid its full part of, before it was emptied and before a round."""
        spots = range(self.start[pile], self.start[pile + 1])
        bought = [(self.order[self.project[spot]], 1 if each is None else each[spot]) for spot in spots]
        return [(round_, worth) for round_, worth in bought if 0 <= round_ < min(before, self.out[pile])]


def paid(marks: Marks, piles: list[int], many: list[int], each: list[int] | None, before: int, size: int) -> list[int]:
    """For each purchase, how many ballots (or points) paid for it in full."""
    count = [0] * size
    for pile, ballots in zip(piles, many, strict=True):
        for round_, worth in marks.paid_in_full(pile, before, each):
            count[round_] += ballots * worth
    return count


def fates(marks: Marks, piles: list[int], many: list[int], each: list[int] | None, size: int) -> list[list[int]]:
    """The same by the round in which the piles were emptied; the last column counts the ballots."""
    table = [[0] * (size + 1) for _ in range(size + 1)]
    for pile, ballots in zip(piles, many, strict=True):
        row = min(marks.out[pile], size)
        table[row][size] += ballots
        for round_, worth in marks.paid_in_full(pile, row, each):
            table[row][round_] += ballots * worth
    return table


def whole(numbers: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A column of 64 bits."""
    return np.array(numbers, np.int64)


def places(numbers: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """A column of 32 bits."""
    return np.array(numbers, np.int32)
