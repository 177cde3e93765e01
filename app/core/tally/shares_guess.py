"""At which purchases losing projects came nearest, in quick numbers with their doubts: where it is worth an exact look.

All losers are looked at together, in tables with a row for each of them and a column for each purchase. What the accounts of a
loser bound from above is looked at only where that might be better than the best so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.core.tally.profile import Whole
from app.core.tally.shares_books import Account
from app.core.tally.shares_market import Market
from app.core.tally.shares_purses import Purses
from app.core.tally.shares_replay import Film

Floats = NDArray[np.float64]
Spots = NDArray[np.intp]


@dataclass
class Guess:
    """For one loser: the purchases at which it is worked out what its supporters could give (`able`), and how many votes more it needs
    (`few`), and those at which a lower cost is looked for, with a bound of it.

    Where the doubt left one whole number only, and no tie, nothing is left to work out: `sure_votes` and `sure_cost` are the best of
    these.
    """

    sure_votes: int | None = None
    sure_cost: int | None = None
    able: set[int] = field(default_factory=set)
    few: set[int] = field(default_factory=set)
    cheaper: dict[int, float] = field(default_factory=dict)


class Table:
    """What each loser (row) could be given before each purchase (column), as far as it is known.

    `most`, `fewest`, `dearest`: so much its supporters could surely give at some time, so few votes more are enough, so high a lower
    cost wins.
    """

    def __init__(self, market: Market, film: Film, accounts: Mapping[int, Account], new_worth: int) -> None:
        self.market, self.film, self.ones = market, film, list(accounts)
        self.own = np.array(self.ones, np.intp)
        purses, kept, size = film.purses, list(accounts.values()), len(film.rates)
        self.unit = 2.0**-purses.shift
        self.cost = self._row([market.cost[one] for one in self.ones])
        behind = self._row([market.behind_count[one] for one in self.ones])
        self.doubt = (purses.slack + 4) * behind * self.unit + 1e-9 * (self.cost + 1) + 1e-12 * behind * float(purses.share)
        self.rate = np.array([float(rate) for rate in film.rates])
        self.cap = self._row([market.useful[one] for one in self.ones])[:, None] * self.rate
        self.held = np.array([one.held for one in kept]).reshape(-1, size + 1)
        live = np.array([one.live if market.worth is None else one.live * 0 + market.parts[own] for own, one in accounts.items()])
        self.live = live.reshape(-1, size + 1)[:, :size]
        self.bound = np.minimum(self.live * self.cap, self.held[:, :size]) * (1 + 1e-9) + self.doubt[:, None]
        self.open = self._open()
        self.stands = np.isin(self.ones, market.standing)
        self.each = np.where(self.open[:, :size], np.minimum(float(purses.share), self.cap * new_worth), 0.0)
        end, share = self.held[:, size], float(purses.share) if new_worth else 0.0
        able = self.open[:, size]
        self.most = end - self.doubt
        self.dearest = np.where(able & self.stands, np.maximum(end - self.doubt, 0.0), -1.0)
        short = np.ceil((self.cost - end + self.doubt) / (share or 1.0) + 1e-9) + 1
        self.fewest = np.where(able, short, inf) if share else np.full(len(end), inf)

    def _row(self, values: list[int]) -> Floats:
        return np.array(values, np.float64)

    def _open(self) -> NDArray[np.bool_]:
        """Whether no limit keeps this loser out before this purchase, and at the end."""
        size, market = len(self.film.rates), self.market
        if market.gate().open:
            return np.ones((len(self.ones), size + 1), bool)
        columns = [[not moment.gate.full(market.projects[one]) for one in self.ones] for moment in self.film.moments()]
        return np.array(columns, bool).reshape(size + 1, -1).T

    def given(self, row: Spots, column: Spots, cap: Floats) -> tuple[Floats, Whole]:
        """If nobody gives more than `cap` cents (a ballot, or a point): what those give who have less, and how many give the cap."""
        poor, rich = np.zeros(len(row)), np.zeros(len(row), np.int64)
        order = np.argsort(column, kind="stable")
        wanted = {int(column[spots[0]]): spots for spots in np.split(order, np.flatnonzero(np.diff(column[order])) + 1) if len(spots)}
        for moment in self.film.moments() if wanted else ():
            spots = wanted.pop(moment.index, None)
            if spots is not None:
                poor[spots], rich[spots] = self._split(moment.purses, self.own[row[spots]], cap[spots])
            if not wanted:
                break
        return poor, rich

    def _split(self, purses: Purses, ones: Spots, cap: Floats) -> tuple[Floats, Whole]:
        market, columns = self.market, self.market.columns
        if market.worth is not None:
            sides = zip(ones.tolist(), cap.tolist(), strict=True)
            held, rich = np.array([columns.cover(purses.money, *purses.of(one), most / self.unit)[:2] for one, most in sides], np.int64).T
            return np.multiply(held, self.unit, dtype=np.float64), rich
        most = np.minimum(cap / self.unit, 2.0**61).astype(np.int64)
        given, rich = columns.capped_each(purses.money, market.column, market.owner, market.weight, ones, most)
        return np.multiply(given - rich * most, self.unit, dtype=np.float64), rich


def guesses(market: Market, film: Film, accounts: Mapping[int, Account], new_worth: int, *, costs: bool = True) -> dict[int, Guess]:
    """The guesses of all losers: first where most could be expected, then wherever the bounds leave something better.

    Lower costs are not looked for without `costs`.
    """
    table = Table(market, film, accounts, new_worth)
    search = _Search(table, costs=costs)
    if len(table.rate) and len(table.ones):
        search.nearest()
        if costs:
            search.cheapest()
    return search.found


class _Search:
    """The looks, and what they found."""

    def __init__(self, table: Table, *, costs: bool) -> None:
        self.table, self._by_looks = table, costs and table.market.utility != "cost"
        self.found = {one: Guess() for one in table.ones}
        self._seen = np.zeros(table.bound.shape, bool)
        self._able = np.full(table.bound.shape, -inf)
        self._few = np.full(table.bound.shape, inf)

    def nearest(self) -> None:
        """Where its supporters could give most, and further votes would be fewest."""
        table = self.table
        rows = np.flatnonzero(table.cost > 0)
        self._look(rows, np.argmax(table.bound[rows], axis=1))
        better, votes = self._better()
        rows = np.flatnonzero(better.any(axis=1))
        self._look(rows, np.argmin(np.where(better, votes, inf)[rows], axis=1))
        self._look(*np.nonzero(self._better()[0]))
        few = (self._few <= table.fewest[:, None]) & (self._few < inf) | (table.cost == 0)[:, None]
        for row, column in np.argwhere(self._able >= table.most[:, None]).tolist():
            self.found[table.ones[row]].able.add(column)
        for row, column in np.argwhere(few).tolist():
            self.found[table.ones[row]].few.add(column)

    def _better(self) -> tuple[NDArray[np.bool_], Floats]:
        """Where no look was taken yet and the bounds leave something better than the best so far, and how few votes would be enough."""
        table = self.table
        with np.errstate(divide="ignore", invalid="ignore"):
            least = (table.cost[:, None] - table.bound) / table.each
        some = table.each > 0
        votes = np.where(some, least <= table.fewest[:, None], (table.bound >= table.cost[:, None]) & table.open[:, :-1])
        better = (table.bound >= table.most[:, None]) | votes
        if self._by_looks:
            better |= table.bound >= table.dearest[:, None]
        return better & ~self._seen & (table.cost > 0)[:, None], np.where(some, least, np.finfo(np.float64).max)

    def _look(self, row: Spots, column: Spots) -> None:
        table = self.table
        cap, doubt, each = table.cap[row, column], table.doubt[row], table.each[row, column]
        poor, rich = table.given(row, column, cap)
        given = poor + rich * cap
        self._seen[row, column], self._able[row, column] = True, given + doubt
        np.maximum.at(table.most, row, given - doubt)
        if self._by_looks:
            self._costs(row, column, given - doubt, given + doubt)
        short, some = table.cost[row] - given, each > 0
        part = np.where(some, each, 1.0)
        few, many = np.ceil((short - doubt) / part - 1e-9), np.ceil((short + doubt) / part + 1e-9)
        sure = some & (few == many)
        for one, votes in zip(row[sure].tolist(), few[sure].tolist(), strict=True):
            guess = self.found[table.ones[one]]
            guess.sure_votes = int(votes) if guess.sure_votes is None else min(guess.sure_votes, int(votes))
        free = ~some & table.open[row, column] & (given + doubt >= table.cost[row])
        self._few[row, column] = np.where(free, -inf, np.where(some & ~sure, few, inf))
        np.minimum.at(table.fewest, row[some], (many + (few != many))[some])

    def cheapest(self) -> None:
        """Where a lower cost would be highest."""
        table = self.table
        for row in np.flatnonzero((table.dearest < 0) & (table.cost > 0)).tolist():
            self._for_nothing(row)
        if table.market.utility == "cost":
            self._roots()
        for row, one in enumerate(table.ones):
            guess = self.found[one]
            guess.cheaper = {column: high for column, high in guess.cheaper.items() if high >= table.dearest[row]}

    def _for_nothing(self, row: int) -> None:
        """For nothing it goes before whatever costs something."""
        table = self.table
        for column, rate in enumerate(table.rate.tolist()):
            self._worth_a_look(row, column, table.doubt[row])
            if rate and table.open[row, column] and table.stands[row]:
                table.dearest[row] = max(table.dearest[row], 0.0)
                return

    def _worth_a_look(self, row: int, column: int, high: float) -> None:
        cheaper = self.found[self.table.ones[row]].cheaper
        cheaper[column] = max(cheaper.get(column, -inf), float(high))

    def _costs(self, row: Spots, column: Spots, low: Floats, high: Floats) -> None:
        """Bounds of the highest cost with which a loser goes before a purchase."""
        table = self.table
        for one, index, least, most in zip(row.tolist(), column.tolist(), low.tolist(), high.tolist(), strict=True):
            if most < table.dearest[one]:
                continue
            if not (table.open[one, index] and table.stands[one]):
                self._worth_a_look(one, index, most)
                continue
            guess, room = self.found[table.ones[one]], min(int(least), table.market.cost[table.ones[one]] - 1)
            table.dearest[one] = max(table.dearest[one], min(least, table.cost[one]) - 2)
            if int(least) == int(most) and room > 0:
                guess.sure_cost = max(guess.sure_cost or 0, room)
            else:
                self._worth_a_look(one, index, most)

    def _roots(self) -> None:
        """By cost: Newton's method, from above, for all at once; see `shares_costs.highest_cost`."""
        table = self.table
        high = np.minimum(table.bound, table.held[:, :-1] + table.doubt[:, None])
        able = (table.live * table.rate >= 1 - 1e-9) & (high >= table.dearest[:, None]) & (table.cost > 0)[:, None]
        row, column = self._reaching(*np.nonzero(able))
        cost = high[row, column]
        for _ in range(50):
            rate, doubt = table.rate[column], table.doubt[row]
            poor, rich = table.given(row, column, rate * cost)
            slope = 1 - rich * rate
            sloping = slope > 1e-9
            following = np.where(sloping, poor / np.where(sloping, slope, 1.0), cost)
            error = doubt / np.maximum(slope, 1e-9)
            near = following >= cost * (1 - 1e-12)
            small = following + error < 1
            # Only if its supporters, all paying in full, would give more than is needed, is every lower cost better than a tie.
            better = sloping & (table.live[row, column] * rate > 1 + 1e-9)
            error += 1e-9 * cost
            done = near & ~small
            least = np.where(better & ~small, np.maximum(cost - error, 0.0), 0.0)
            most = np.where(small, 1.0, np.minimum(cost + error, high[row, column]))
            self._costs(row[done], column[done], least[done], most[done])
            self._costs(row[small], column[small], least[small], most[small])
            left = ~(near | small) & (following + error >= table.dearest[row])
            row, column, cost = row[left], column[left], following[left]
            if not len(row):
                return
        self._costs(row, column, np.zeros(len(row)), high[row, column])

    def _reaching(self, row: Spots, column: Spots) -> tuple[Spots, Spots]:
        """Those at which a cost as high as the best so far may win: its supporters could give it, as all lower ones."""
        table = self.table
        some = table.dearest[row] <= 0
        asked = np.flatnonzero(~some)
        cap = table.dearest[row[asked]] * table.rate[column[asked]]
        poor, rich = table.given(row[asked], column[asked], cap)
        some[asked] = poor + rich * cap + table.doubt[row[asked]] >= table.dearest[row[asked]]
        return row[some], column[some]
