"""From the final run of Equal Shares to an outcome: steps, ties, rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.core.tally.outcome import Outcome, Tie
from app.core.tally.shares_completion import Completed
from app.core.tally.shares_fill import Filled, fill
from app.core.tally.shares_market import Market
from app.core.tally.shares_rows import Rows, open_rows
from app.core.tally.shares_run import Run, run_at

MOST_REPLAYS = 50
"""How many other falls of a tie are tried to see whether it mattered."""


def report(market: Market, done: Completed, *, filling: bool = False) -> Outcome:
    """The outcome of the final run; all is open if a public draw must come first."""
    final, election = done.final, market.election
    left = election.budget_cents - final.spent
    filled = fill(market, done.walk, left) if filling and not final.unparted else Filled(left=[left])
    unparted = final.unparted or filled.unparted
    rows = open_rows(market, unparted) if unparted else Rows(market, done, filled, filling=filling)
    steps = rows.steps if isinstance(rows, Rows) else ()
    return Outcome(
        selected=tuple(step.project for step in steps),
        rows=rows.all() if isinstance(rows, Rows) else rows,
        steps=steps,
        ties=_ties(market, final, done, filled),
        budget_cents=election.budget_cents,
        spent_cents=0 if unparted else election.budget_cents - filled.left[-1],
        currency=election.currency,
        valid=election.valid,
        blank=election.blank,
        needs_draw=tuple(market.ids[one] for one in unparted),
        share=final.share,
        runs=done.runs,
    )


@dataclass
class _Told:
    ties: list[Tie] = field(default_factory=list)

    def tell(self, members: tuple[str, ...], by: tuple[str, ...], mattered: bool | None) -> None:
        if not self.knows(members):
            self.ties.append(Tie(members, by, mattered))

    def knows(self, members: tuple[str, ...]) -> bool:
        return any(set(members) <= set(tie.members) for tie in self.ties)


def _ties(market: Market, final: Run, done: Completed, filled: Filled) -> tuple[Tie, ...]:
    """The ties of the final run, then those of other runs; what is left of a tie after its first purchase is not told again."""
    told, tries = _Told(), 0
    for index, one in enumerate(final.rounds):
        members = tuple(market.ids[member] for member in one.members)
        if len(members) == 1 or told.knows(members):
            continue
        others = [member for member in one.members if member != one.project]
        tries += 0 if one.commute else len(others)
        mattered = False if one.commute else None
        if not one.commute and tries <= MOST_REPLAYS:
            runs = (run_at(market, final.share, final.spent, {index: other}).run for other in others)
            mattered = any(set(run.bought) != set(final.bought) for run in runs)
        told.tell(members, one.by, mattered)
    for one in done.ties:
        told.tell(tuple(market.ids[member] for member in one.members), one.by, None)
    for equal, by in filled.ties:
        told.tell(tuple(market.ids[member] for member in equal), by, None)
    return tuple(told.ties)
