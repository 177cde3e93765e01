"""Runs of Equal Shares at several shares side by side, where each alone is so small that its many calls cost more than its numbers.

A lane is the run at one share. Lanes that have bought the same so far go on together, with a row of purses for each, and part where they
buy something else. Only quick numbers decide here, with doubts at least as strict as in `Purses` where a project is bought: a lane in
which they leave anything open is given up, for it to be run alone, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.tally.columns import PLAIN
from app.core.tally.profile import Places, Whole
from app.core.tally.shares_market import Market
from app.core.tally.shares_purses import TRUSTED, in_units, shift_for
from app.core.tally.shares_run import Before, Round, Run

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HUGE = 2**62
WIDER = 256
"""The bounds between which a purse is looked at lane by lane are by this part of them wider than need be."""

NOTHING, OPEN = -1, -2
"""Instead of a project: nothing can be bought any more, or quick numbers do not tell."""


@dataclass
class Group:
    """Lanes that have bought the same projects, each in its own order: one row of `bought` and of `money`, the purses, for each.

    What a project asks at least in each lane is in its row of `least`. Each purse holds in every lane something from `few` to `most`.
    """

    lanes: Whole
    bought: Whole
    money: Whole
    least: Floats
    few: Whole
    most: Whole
    slack: int = 1
    spent: int = 0

    def part(self, some: Flags) -> Group:
        """These lanes of it, to go their own way."""
        own = self.lanes[some], self.bought[some], self.money[some], self.least[:, some]
        return Group(*own, self.few.copy(), self.most.copy(), self.slack, self.spent)

    def together(self, other: Group) -> Group:
        """Both, which have bought the same."""
        lanes, bought, money = (np.concatenate((getattr(self, name), getattr(other, name))) for name in ("lanes", "bought", "money"))
        bounds = np.minimum(self.few, other.few), np.maximum(self.most, other.most)
        slack = max(self.slack, other.slack)
        return Group(lanes, bought, money, np.concatenate((self.least, other.least), axis=1), *bounds, slack, self.spent)


class Sides(NamedTuple):
    """The purses behind a project: those that hold something in some lane and less than `low` in all, `high` or more in all, and others.

    `weights` are of the poor and of those between (None: one ballot each). So many ballots (`many`) are rich in all lanes, and so many
    (`some`) hold something in any.
    """

    low: int
    high: int
    poor: Places
    rich: Places
    between: Places
    weights: tuple[Whole | None, Whole | None]
    many: int
    some: int


class Offers(NamedTuple):
    """What a project asks in each lane: bounds of its rate, and who pays what. Where it cannot be paid, both bounds are infinite.

    `high` holds if no purse is close to its part, which is looked at only where the project is bought; so is whether the purses really make
    a cost that they just make. Where they just fall short of it, the bounds are 0 and infinite.
    """

    low: Floats
    high: Floats
    level: Floats
    error: Floats
    rich: Whole
    held: Whole
    sides: Sides

    def of(self, some: Flags) -> Offers:
        """The same in these lanes."""
        own: list[Any] = [array[some] for array in self[:-1]]
        return self._replace(**dict(zip(self._fields, own, strict=False)))


class Lanes:
    """One block of runs, at these `shares`. `before`, what a run at about these shares bought, tells only where to look first.

    For utilities by which a project is worth the same to all its voters, rules without limits, and costs that 64 bits hold together, none
    of them 0 among the projects that stand.
    """

    def __init__(self, market: Market, shares: list[Fraction], limit: int, before: Before) -> None:
        self.market, self.shares, self.limit, self.before = market, shares, limit, before
        self.hints = list(before.hints)
        self._shift = shift_for(market, max(shares))
        self._scale = 2.0**-self._shift
        self._need = [min(in_units(one, self._shift), HUGE) for one in market.cost]
        self._trusted = max(float(in_units(min(shares), self._shift) // TRUSTED), 16.0)
        self._found: list[Run | None] = [None] * len(shares)

    def runs(self) -> list[Run | None]:
        """The run at each share, who paid it left out; None where it must be run alone."""
        size, units = len(self.shares), np.array([in_units(share, self._shift) for share in self.shares], np.int64)
        money = np.repeat(units[:, None], len(self.market.many), axis=1)
        least = np.full((len(self.market.cost), size), inf)
        for bound, one in self.market.opening:
            least[one] = bound
        bounds = money.min(axis=0), money.max(axis=0)
        groups = {frozenset[int](): Group(np.arange(size), np.zeros((size, 0), np.int64), money, least, *bounds)}
        while groups:
            for part in self._turn(groups.pop(min(groups, key=len))):
                same = frozenset(part.bought[0].tolist())
                groups[same] = groups[same].together(part) if same in groups else part
        return self._found

    def _turn(self, group: Group) -> list[Group]:
        """Buy once more in each of these lanes: those that go on, by what they bought."""
        choice, fresh = self._choose(group)
        following = []
        for one in sorted(set(choice.tolist())):
            some = choice == one
            whole = bool(some.all())
            part = group if whole else group.part(some)
            if one == NOTHING:
                self._finish(part, overspent=False)
            elif one != OPEN:
                part = self._buy(part, one, fresh[one] if whole else fresh[one].of(some))
                if part.spent > self.limit:
                    self._finish(part, overspent=True)
                elif len(part.lanes):
                    following.append(part)
        return following

    def _finish(self, group: Group, *, overspent: bool) -> None:
        for lane, bought in zip(group.lanes.tolist(), group.bought.tolist(), strict=True):
            rounds = [Round(one, 0, 0, ((one,),)) for one in bought]
            self._found[lane] = Run(self.shares[lane], rounds, group.spent, overspent)

    def _choose(self, group: Group) -> tuple[Whole, dict[int, Offers]]:
        """What each lane buys now, and the offers looked at."""
        size, round_ = group.bought.shape
        best, high, fresh = np.full(size, NOTHING), np.full(size, inf), {}
        guess = self.before.bought[round_] if round_ < len(self.before.bought) else NOTHING
        queue = [guess] if guess != NOTHING and group.least[guess, 0] < inf else self._near(group, high)
        top = inf
        while queue:
            one = queue.pop()
            if one != guess and self._waits(group, one, high, top):
                continue
            offers = fresh[one] = self._offers(group, one)
            group.least[one] = offers.low
            cheaper = offers.high < high
            best[cheaper], high[cheaper] = one, offers.high[cheaper]
            top = float(high.max())
            if one == guess:
                queue = [other for other in self._near(group, high) if other != guess]
        choice = best.copy()
        for one, offers in fresh.items():
            choice[(best != one) & (offers.low <= high) & (offers.low < inf)] = OPEN
        return choice, fresh

    def _waits(self, group: Group, one: int, high: Floats, top: float) -> bool:
        """Whether it asks more than the rate `high`, at most `top`, in every lane."""
        return bool((group.least[one] > high).all()) or self._all_dearer(group, one, top) or self._dearer(group, one, high)

    def _all_dearer(self, group: Group, one: int, high: float) -> bool:
        """The same with the most that any lane holds in each purse: it asks no less in any lane."""
        useful, (owner, weight, _) = self.market.useful[one], self.market.sides[one]
        cap = int(min(high * (useful / self._scale * (1 + 1e-14)) + 2, HUGE))
        held = np.minimum(group.most.take(owner), cap)
        given = int(np.add.reduce(held) if weight is None else held @ weight)
        short = (self._need[one] - group.slack * self.market.behind_count[one] - 1) - given
        if short <= 0:
            return False
        some = held == cap
        rich = int(np.count_nonzero(some) if weight is None else some @ weight)
        group.least[one] = (cap + short / rich) * (self._scale / useful * (1 - 2e-15)) if rich else inf
        return True

    def _near(self, group: Group, high: Floats) -> list[int]:
        """What may ask no more than this rate in some lane, the cheapest last."""
        near = np.flatnonzero(((group.least <= high) & (group.least < inf)).any(axis=1))
        ordered: list[int] = near[np.argsort(-group.least[near, 0], kind="stable")].tolist()
        return ordered

    def _dearer(self, group: Group, one: int, high: Floats) -> bool:
        """Whether it asks more than the rate `high` in every lane: its bounds are moved above it; see `Purses.more_than`."""
        useful = self.market.useful[one]
        caps = high * (useful / self._scale * (1 + 1e-14)) + 2
        if not caps.max() < HUGE:
            return False
        cap = caps.astype(np.int64)[:, None]
        owner, weight, _ = self.market.sides[one]
        held = np.minimum(group.money.take(owner, axis=1), cap)
        short = (self._need[one] - group.slack * self.market.behind_count[one] - 1) - _sum(held, weight)
        if short.min() <= 0:
            return False
        rich = _sum(held == cap, weight)
        group.least[one] = np.where(rich > 0, (cap[:, 0] + short / np.maximum(rich, 1)) * (self._scale / useful * (1 - 2e-15)), inf)
        return True

    def _offers(self, group: Group, one: int) -> Offers:
        """What this project asks in each lane; see `Purses.offer`. Those rich in all lanes need no look, those poor in all only a sum."""
        sides = self._sides(group, one, *self._bounds(group, one))
        held, weight = group.money.take(sides.between, axis=1), sides.weights[1]
        left = self._need[one] - _sum(group.money.take(sides.poor, axis=1), sides.weights[0])
        top, before = np.full(len(held), max(sides.low, 1)), None
        while True:
            row = top[:, None]
            rich = _sum(held >= row, weight)
            rest = left - _sum(np.minimum(held, row), weight) + top * rich
            rich += sides.many
            if before is not None and (rich == before).all():
                break
            # Nobody rich left: nobody will be.
            before, top = rich, np.where(rich > 0, -(-rest // np.maximum(rich, 1)), HUGE)
        offers = self._offer(group, one, rest / np.maximum(rich, 1), rich, held, sides)
        if not rich.all():
            short, doubt = left - _sum(held, weight), group.slack * self.market.behind_count[one] + 1
            offers.high[rich == 0] = inf
            offers.low[rich == 0] = np.where(short > doubt, inf, 0.0)[rich == 0]
        return offers

    def _bounds(self, group: Group, one: int) -> tuple[int, int]:
        """What each pays at least and at most in any lane: as if all purses held the most, or the least, of what they hold in any."""
        owner, weight, _ = self.market.sides[one]
        high, low = (PLAIN.look(purses, owner, weight, None, self._need[one], 0, self.hints[one]) for purses in (group.few, group.most))
        least, most = low.rest // low.rich if low.rich else HUGE, high.rest // high.rich if high.rich else HUGE
        self.hints[one] = least - least // 64
        # A little wider, so that no purse outside is close to a part.
        return least - least // WIDER - 64, min(most + most // WIDER + 64, HUGE)

    def _sides(self, group: Group, one: int, low: int, high: int) -> Sides:
        """The purses behind a project, sorted by these bounds."""
        owner, weight, _ = self.market.sides[one]
        most = group.most.take(owner)
        rich, filled, poor = group.few.take(owner) >= high, most > 0, most < low
        between = ~(poor | rich)
        poor &= filled
        sides = owner.compress(poor), owner.compress(rich), owner.compress(between)
        if weight is None:
            return Sides(low, high, *sides, (None, None), int(np.count_nonzero(rich)), int(np.count_nonzero(filled)))
        return Sides(low, high, *sides, (weight.compress(poor), weight.compress(between)), int(rich @ weight), int(filled @ weight))

    def _offer(self, group: Group, one: int, level: Floats, rich: Whole, held: Whole, sides: Sides) -> Offers:
        """The bounds of its rate, from the part that each pays."""
        some, unit = np.maximum(rich, 1), self._scale / self.market.useful[one]
        error = (group.slack * (sides.some - rich) + 1) / some + level * 2.0**-50
        low, high = (level - error) * (unit * (1 - 1e-14)), (level + error) * (unit * (1 + 1e-14))
        if (full := rich == self.market.behind_count[one]).any():
            rate = self.market.cost[one] / (some * float(self.market.useful[one]))
            low, high = np.where(full, rate * (1 - 1e-15), low), np.where(full, rate * (1 + 1e-15), high)
        return Offers(low, high, level, error, rich, held, sides)

    def _buy(self, group: Group, one: int, offers: Offers) -> Group:
        """Take the price in each lane; those are given up in which it is not sure who is poor, or what the price is. See `Purses.buy`."""
        sides, doubt = offers.sides, offers.error + (2 * group.slack + 3)
        above, below = np.floor(offers.level + doubt).astype(np.int64), np.ceil(offers.level - doubt).astype(np.int64)
        rich = offers.held > above[:, None]
        sure = _sum(rich, None) == _sum(offers.held >= np.maximum(below, 1)[:, None], None)
        sure &= (offers.error <= self._trusted) & (below > sides.low) & (above < sides.high)
        if not sure.all():
            group, offers, rich = group.part(sure), offers.of(sure), rich[sure]
        if len(group.lanes):
            part = offers.level.astype(np.int64)
            held, least, most = (offers.held - part[:, None]) * rich, int(part.min()), int(part.max())
            group.money[:, sides.poor] = group.most[sides.poor] = group.few[sides.poor] = 0
            group.money[:, sides.rich] -= part[:, None]
            group.most[sides.rich] -= least
            group.few[sides.rich] -= most
            group.money[:, sides.between] = held
            group.most[sides.between], group.few[sides.between] = held.max(axis=0), held.min(axis=0)
            group.least[one] = inf
            group.slack += int(offers.error.max()) + 2
            group.spent += self.market.cost[one]
            group.bought = np.column_stack((group.bought, np.full(len(group.lanes), one)))
        return group


def _sum(rows: Whole | Flags, weight: Whole | None) -> Whole:
    """The sum of each row, exact."""
    total: Whole = np.add.reduce(rows, axis=1, dtype=np.int64) if weight is None else rows @ weight
    return total
