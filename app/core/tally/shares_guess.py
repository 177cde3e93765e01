"""At which purchases a losing project came nearest, in quick numbers with their doubts: where it is worth an exact look."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, inf

from app.core.tally.shares_costs import room_for
from app.core.tally.shares_market import Market
from app.core.tally.shares_purses import Purses
from app.core.tally.shares_replay import Moment, replay
from app.core.tally.shares_run import Walk


@dataclass
class Guess:
    """For one loser: at which purchases its supporters could give most, further votes would be fewest, or a lower cost would be highest.

    Each list holds purchases with what might be reached there at best; `most`, `fewest`, `dearest` are reached in any case. Where the
    doubt leaves one whole number only, and no tie, nothing is left to work out: `sure_votes` and `sure_cost` are the best of these.
    `poor` and `rich` are of the last look: those who gave all held so much together, and so many gave in full.
    """

    cover: list[tuple[int, float]] = field(default_factory=list)
    votes: list[tuple[int, float]] = field(default_factory=list)
    cost: list[tuple[int, float]] = field(default_factory=list)
    most: float = 0.0
    fewest: float = inf
    dearest: float = -1.0
    sure_votes: int | None = None
    sure_cost: int | None = None
    poor: float = inf
    rich: int = 0
    chosen: frozenset[int] = frozenset()
    cheaper: dict[int, float] = field(default_factory=dict)

    def choose(self) -> None:
        """Settle which purchases are `chosen` for an exact look, and at which a lower cost is (`cheaper`), with a bound of that cost."""
        self.cheaper = {place: high for place, high in self.cost if high >= self.dearest}
        able = {place for place, high in self.cover if high >= self.most} | {place for place, low in self.votes if low <= self.fewest}
        self.chosen = frozenset(able)


def guesses(market: Market, walk: Walk, losers: list[int], new_worth: int) -> dict[int, Guess]:
    """The guesses of all losers, by one replay. Only what could beat the best so far, first the end of the run, is looked at."""
    found = {one: Guess() for one in losers}
    end, share = walk.purses, float(walk.run.share)
    for one in losers:
        held, doubt = _given(market, walk, one, inf)[0], _doubt(market, end, one)
        found[one].most = held - doubt
        if walk.gate.full(market.projects[one]):
            continue
        found[one].dearest = max(held - doubt, 0.0) if one in market.standing else -1.0
        if share and new_worth:
            found[one].fewest = ceil((market.cost[one] - held + doubt) / share + 1e-9) + 1
    for moment in replay(market, walk):
        for one in losers if moment.round is not None else ():
            _look(market, moment, one, found[one], (share, new_worth))
    for guess in found.values():
        guess.choose()
    return found


def _given(market: Market, at: Walk | Moment, one: int, cap: float) -> tuple[float, int]:
    """If nobody gives more than `cap` cents (a ballot, or a point): what those give who have less, and how many give the cap."""
    purses = at.purses
    owner, weight, worth = purses.of(one)
    units = 2.0**-purses.shift
    poor, rich, _ = market.columns.cover(purses.money, owner, weight, worth, cap / units)
    return poor * units, rich


def _doubt(market: Market, purses: Purses, one: int) -> float:
    """How far such a sum may be from the truth, in cents: generous."""
    return 2 * purses.slack * market.behind_count[one] * 2.0**-purses.shift + 1e-9 * (market.cost[one] + 1)


def _look(market: Market, moment: Moment, one: int, guess: Guess, new: tuple[float, int]) -> None:
    cost, rate = market.cost[one], float(moment.rate)
    cap, index = rate * market.useful[one], moment.index
    if not cost:
        guess.votes.append((index, -inf))
        return
    is_open, doubt = not moment.gate.full(market.projects[one]), _doubt(market, moment.purses, one)
    each = min(new[0], cap * new[1]) if is_open else 0.0
    if _hopeless(market, one, guess, (rate, each, doubt)):
        return
    guess.poor, guess.rich = _given(market, moment, one, cap)
    given = guess.poor + guess.rich * cap
    guess.cover.append((index, given + doubt))
    guess.most = max(guess.most, given - doubt)
    if each:
        _votes(guess, index, (cost - given - doubt) / each - 1e-9, (cost - given + doubt) / each + 1e-9)
    elif is_open and given + doubt >= cost:
        guess.votes.append((index, -inf))
    if guess.dearest < 0:
        # For nothing it goes before whatever costs something.
        guess.cost.append((index, doubt))
        guess.dearest = 0.0 if rate and is_open and one in market.standing else guess.dearest
    if given + doubt < guess.dearest or (market.utility == "cost" and market.parts[one] * rate < 1 - 1e-9):
        return
    low, high = (given - doubt, given + doubt) if market.utility != "cost" else _root(market, moment, one, (rate, given, doubt))
    if not (is_open and one in market.standing):
        guess.cost.append((index, high))
        return
    guess.dearest = max(guess.dearest, min(low, cost) - 2)
    room = min(int(low), room_for(market, moment.gate, one))
    if int(low) == int(high) and room > 0:
        guess.sure_cost = max(guess.sure_cost or 0, room)
    else:
        guess.cost.append((index, high))


def _votes(guess: Guess, index: int, low: float, high: float) -> None:
    """Further votes between these bounds: one whole number, or something to work out."""
    fewest, most = ceil(low), ceil(high)
    if fewest == most:
        guess.sure_votes = fewest if guess.sure_votes is None else min(guess.sure_votes, fewest)
    else:
        guess.votes.append((index, fewest))
    guess.fewest = min(guess.fewest, most + (fewest != most))


def _hopeless(market: Market, one: int, guess: Guess, at: tuple[float, float, float]) -> bool:
    """Whether nothing can be better at this rate than before. Purses only shrink: the poor of the last look cannot give more now."""
    rate, each, doubt = at
    cap, cost, slope = rate * market.useful[one], market.cost[one], 1 - guess.rich * rate
    most = min(market.parts[one] * cap, guess.poor + guess.rich * cap) * (1 + 1e-9) + doubt
    # By cost, its supporters can give no more than this for a lower cost either.
    dear = min(most, guess.poor / slope * (1 + 1e-9) + doubt / slope) if market.utility == "cost" and slope > 1e-9 else most
    return most < guess.most and dear < guess.dearest and ((cost - most) / each > guess.fewest if each else most < cost)


def _root(market: Market, moment: Moment, one: int, at: tuple[float, float, float]) -> tuple[float, float]:
    """Bounds of the highest cost with which it goes before a purchase at this rate; see `shares_costs.highest_cost`."""
    rate, given, doubt = at
    purses, cost = moment.purses, given + doubt
    owner, weight, worth = purses.of(one)
    units = 2.0**-purses.shift
    for _ in range(50):
        poor, rich, _few = market.columns.cover(purses.money, owner, weight, worth, rate * cost / units)
        slope = 1 - rich * rate
        following = poor * units / slope if slope > 1e-9 else cost
        if following + doubt / max(slope, 1e-9) < 1:
            return 0.0, 1.0
        if following >= cost * (1 - 1e-12):
            break
        cost = following
    else:
        return 0.0, given + doubt
    error = doubt / max(slope, 1e-9) + 1e-9 * cost
    # Only if its supporters, all paying in full, would give more than is needed, is every lower cost better than a tie.
    better = slope > 1e-9 and market.columns.cover(purses.money, owner, weight, worth, 1.0)[1] * rate > 1 + 1e-9
    return max(cost - error, 0.0) if better else 0.0, min(cost + error, given + doubt)
