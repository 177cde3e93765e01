"""How near a losing project came under Equal Shares, read off the final run.

A project that loses changes nothing in the run, and neither do new ballots that name only this project, nor a lower cost, until it
is bought. So for each purchase we ask what would have let it go first, and at the end what would have made up for what its supporters no
longer had; the best answer is exact, and no further run is needed. Quick numbers say at which purchase that was, and it is worked out
in fractions there.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from app.core.tally.shares_books import MOST, Books
from app.core.tally.shares_costs import highest_cost, room_for
from app.core.tally.shares_guess import Guess, guesses
from app.core.tally.shares_market import Market
from app.core.tally.shares_replay import Film, Moment
from app.core.tally.shares_run import Walk
from app.core.tally.shares_tie import goes_first


@dataclass
class Margin:
    """How near one loser came: see `Row`. `cover`: the most its supporters could have given for it at any time, `held`: at the end."""

    missing_votes: int | None = None
    winning_cost: int | None = None
    cover: Fraction = Fraction(0)
    held: Fraction = Fraction(0)

    def keep(self, votes: int | None, cost: int | None) -> None:
        """Note a better way to win."""
        if votes is not None and (self.missing_votes is None or votes < self.missing_votes):
            self.missing_votes = votes
        if cost is not None and (self.winning_cost is None or cost > self.winning_cost):
            self.winning_cost = cost


class Margins:
    """The margins of all losers of a finished run, their accounts, and what the supporters of each winner held before it was bought.

    `least`: the fewest further votes that are looked for; a negative number, for a project kept out of the run, finds votes to spare.
    """

    def __init__(self, market: Market, walk: Walk, losers: list[int] | None = None, least: int = 1) -> None:
        self.run, self._floor = walk.run, least
        bought = set(walk.run.bought)
        self.losers = [one for one in range(len(market.cost)) if one not in bought] if losers is None else losers
        self.of = {one: Margin() for one in self.losers}
        self.held: list[Fraction] = []
        books = Books(market, walk, together=len(self.losers) > 1)
        self.market, self.exact = books.market, books.exact
        self.accounts = books.accounts(self.losers, MOST if least > 0 else 0)
        self._new_worth = _most(market)
        film = Film(self.market, walk, self.exact)
        guess = guesses(self.market, film, self.accounts, self._new_worth, costs=least > 0)
        for one in self.losers:
            votes, cost = guess[one].sure_votes, guess[one].sure_cost
            self.of[one].keep(None if votes is None else self._least(one, Fraction(votes)), cost)
        wanted: dict[int, list[int]] = {}
        for one in self.losers:
            for index in {*guess[one].able, *guess[one].few, *guess[one].cheaper}:
                wanted.setdefault(index, []).append(one)
        for moment in film.moments():
            self._at(moment, wanted.get(moment.index, []), guess)

    def _at(self, moment: Moment, wanted: list[int], guess: dict[int, Guess]) -> None:
        if moment.round is None:
            for one in self.losers:
                self._at_end(moment, one)
            return
        if self._floor > 0:
            self.held.append(moment.purses.held(moment.round.project))
        for one in wanted:
            if moment.index in guess[one].able or moment.index in guess[one].few:
                self._before(moment, one, moment.index in guess[one].few)
            if (most := guess[one].cheaper.get(moment.index)) is not None:
                self._cheaper(moment, one, ceil(most) + 1)

    def nearness(self, one: int) -> float:
        """About the largest part of its cost that this loser's supporters could have paid at any time."""
        return float(self.of[one].cover) / self.market.cost[one] if self.market.cost[one] else 1.0

    def _at_end(self, moment: Moment, one: int) -> None:
        margin, cost = self.of[one], self.market.cost[one]
        margin.held = self.accounts[one].left
        margin.cover = max(margin.cover, margin.held)
        if not moment.gate.full(self.market.projects[one]):
            if cost and self.run.share and self._new_worth:
                held, share = margin.held, self.run.share
                short = (cost * held.denominator - held.numerator) * share.denominator
                margin.keep(max(self._least(one), -(-short // (held.denominator * share.numerator))), None)
            elif cost <= margin.held:
                margin.keep(self._least(one), None)
        room = min(room_for(self.market, moment.gate, one), margin.held.numerator // margin.held.denominator)
        margin.keep(None, room if room >= 0 else None)

    def _least(self, one: int, exact: Fraction | None = None) -> int:
        """At least this many (None: any), at least `least`, and enough to have the votes that it needs."""
        own = max(self._floor, self.market.needed[one] - self.market.votes[one])
        return own if exact is None else max(own, ceil(exact))

    def _cheaper(self, moment: Moment, one: int, most: int) -> None:
        """The highest lower cost, which is not above `most`, with which it goes before this purchase."""
        margin, room = self.of[one], min(room_for(self.market, moment.gate, one), most)
        if margin.winning_cost is None or room > margin.winning_cost:
            margin.keep(None, highest_cost(self.market, moment, one, room))

    def _before(self, moment: Moment, one: int, counting: bool) -> None:
        """What its supporters could give at this rate, and if `counting` how many further votes let it go before this purchase."""
        margin, cost = self.of[one], self.market.cost[one]
        is_open = not moment.gate.full(self.market.projects[one])
        if not cost:
            margin.keep(self._for_nothing(moment, one) if is_open else None, None)
            return
        cap = moment.rate * self.market.useful[one]
        poor, rich = moment.purses.split_at(one, cap)
        cover = poor + rich * cap
        margin.cover = max(margin.cover, cover)
        if not counting:
            return
        each = min(self.run.share, cap * self._new_worth)
        if each and is_open:
            # Just enough at exactly the same rate is a tie, unless all give all they have: then a lower cap is enough too.
            more = self._least(one, (cost - cover) / each)
            tie = more * each == cost - cover and (rich or self.run.share >= cap * self._new_worth)
            margin.keep(more if not tie or goes_first(self.market, moment, one, more) else more + 1, None)
        elif is_open and cover >= cost and (cover > cost or not rich or goes_first(self.market, moment, one, self._least(one))):
            margin.keep(self._least(one), None)

    def _for_nothing(self, moment: Moment, one: int) -> int | None:
        """A project that costs nothing goes before all that cost something, and is tied with those that do not."""
        least = self._least(one)
        if moment.rate or moment.round is None:
            return least
        ahead = self.market.votes[moment.round.project] - self.market.votes[one]
        return next((more for more in (least, ahead, ahead + 1) if more >= least and goes_first(self.market, moment, one, more)), None)


def _most(market: Market) -> int:
    """The most that a further ballot naming only one project can give it: what any ballot gives one; by Borda nothing."""
    if market.worth is None:
        return 1
    return 0 if market.utility == "borda" else int(market.worth.max(initial=0))
