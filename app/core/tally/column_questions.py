"""What the engine of Equal Shares asks of its columns of whole numbers, plain or compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.core.tally.profile import Places, Whole

NEVER = 2**31 - 1
"""The round in which a purse that still holds money was emptied."""


class Look(NamedTuple):
    """One look at the supporters of a project, money in units.

    `total` is what they hold, `live` how many ballots still hold anything. The filter then leaves `rest` of the cost to be split over
    `rich` (ballots, or their points), after the `poor` ballots gave all; `gap` is the least that a rich one holds above its part.
    """

    total: int
    live: int
    rest: int
    rich: int
    poor: int
    gap: float


Rows: TypeAlias = tuple[Whole, Places, Whole | None]
"""The marks by piles: where those of each begin, their projects, and their points (None: the same to all)."""

Full: TypeAlias = NDArray[np.bool_] | None
"""Whether a pile (row) paid in full in a round (column)."""

Stride: TypeAlias = Callable[[Any, NDArray[np.float64], int], Any]
"""A compiled walk: given a `Walk`, the bounds of what it can still buy, and the limit of spending, it answers with an `Advance`."""


class Columns(Protocol):
    """What the engine asks of its columns."""

    name: str

    def index(self, start: Whole, project: Places, size: int, *, wanted: bool) -> tuple[Whole, NDArray[np.integer], Places]:
        """Where each project's marks begin, the marks in order of project (anything if not `wanted`), and the pile of each."""

    def look(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, need: int, slack: int, hint: int = 0) -> Look:
        """Split `need` over these piles, each ballot paying the same (for each point), the poor giving all they hold.

        `hint`: about what each will pay, best a little less. The answer does not depend on it.
        """

    def capped(self, money: Whole, owner: Places, weight: Whole | None, cap: int) -> tuple[int, int]:
        """If each ballot pays `cap` or all it holds: what they pay together, and how many pay the cap."""

    def capped_each(
        self, money: Whole, column: Whole, owner: Places, weight: Whole | None, ones: NDArray[np.intp], caps: Whole
    ) -> tuple[Whole, Whole]:
        """The same for the piles behind each of these projects, each with a cap of its own."""

    def cover(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, cap: float) -> tuple[int, int, int]:
        """If nobody pays more than `cap` (a point): what the poor hold, how many ballots (or points) pay the cap, how many are poor."""

    def pay(
        self, money: Whole, out: Places, owner: Places, worth: Whole | None, part: tuple[float, float], price: tuple[int, int], round_: int
    ) -> Places | None:
        """Empty the purses below their part, part[0] (a point), noting the round; the others pay price[0] / price[1]. The emptied piles.

        None, and nothing is paid, if any purse that still holds money is within part[1] of its part.
        """

    def paid(
        self, piles: Places, weight: Whole | None, before: int, out: Places, rows: Rows, order: Places, size: int, full: Full = None
    ) -> Whole:
        """For each purchase before round `before`, how many ballots (or points) of these piles paid for it in full.

        `full` tells the same as the marks for each pile (row) and round (column), where that is known already.
        """

    def fates(self, piles: Places, weight: Whole | None, out: Places, rows: Rows, order: Places, size: int, full: Full = None) -> Whole:
        """A row for each of `size` rounds in which piles were emptied, the last for none: how many ballots (or points) paid in each.

        The last column tells how many ballots are in the row. Where `full` is known, the piles come in the order of `out`.
        """

    def spread(self, start: Whole, project: Places, piles: Places, each: NDArray[np.float64], total: NDArray[np.float64]) -> None:
        """Add to the total of each project what each of these piles that supports it adds; exact for whole numbers below 2**53."""

    def tell_apart(self, kind: Whole, owner: Places, out: Places, round_: int) -> None:
        """Double the number of each pile's kind, and add one where these piles, which could pay in this round, were not emptied by it."""

    def behind(self, column: Whole, owner: Places, weight: Whole | None, kind: Whole, size: int) -> tuple[Whole, Places, Whole]:
        """The kinds of ballots behind each project, given the `kind` of each pile, and how many of their ballots support it.

        First where those of each project begin, then the kinds (below `size`), ascending, and the ballots of each.
        """

    def stride(self, market: Any) -> Stride | None:
        """A compiled walk over this market, or None where every step is made in Python."""
