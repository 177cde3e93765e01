"""From the final run of Equal Shares to an outcome: steps, ties, rows and reasons."""

from __future__ import annotations

from itertools import accumulate

from app.core.tally.election import Election
from app.core.tally.outcome import Action, Outcome, Row, Status, Step, Tie
from app.core.tally.reasons import below_minimum, carrier_full, shares_lost, shares_nearest, shares_won, waits_for_draw
from app.core.tally.rule import TallyRule
from app.core.tally.shares_margins import Losers
from app.core.tally.shares_run import Market, Round, Run

MOST_REPLAYS = 50
"""How many other falls of a tie are tried to see whether it mattered."""


def report(rule: TallyRule, election: Election, market: Market, final: Run, runs: int, ties: list[Round]) -> Outcome:
    """The outcome of the final run; all is open if a public draw must come first."""
    decided = not final.unparted
    steps = _steps(election, final) if decided else ()
    return Outcome(
        selected=final.bought if decided else (),
        rows=_winners(election, final, steps) + _losers(rule, election, market, final) if decided else _open(rule, election, final),
        steps=steps,
        ties=_ties(market, final, ties),
        budget_cents=election.budget_cents,
        spent_cents=final.spent if decided else 0,
        currency=election.currency,
        valid=election.valid,
        blank=election.blank,
        needs_draw=final.unparted,
        share=final.share,
        runs=runs,
    )


def _steps(election: Election, run: Run) -> tuple[Step, ...]:
    costs = [election.project(id).cost_cents for id in run.bought]
    left = list(accumulate(costs, lambda money, cost: money - cost, initial=election.budget_cents))
    return tuple(
        Step(one.project, Action.BOUGHT, left[index], left[index + 1], one.price, one.payers, one.part_payers)
        for index, one in enumerate(run.rounds)
    )


def _winners(election: Election, run: Run, steps: tuple[Step, ...]) -> tuple[Row, ...]:
    rows = []
    for rank, (one, step) in enumerate(zip(run.rounds, steps, strict=True), 1):
        votes, cost = election.votes[one.project], election.project(one.project).cost_cents
        reason = shares_won(rank, votes, one.price, election.currency)
        rows.append(Row(one.project, rank, votes, cost, Status.WON, reason, step.left_before_cents, step.left_after_cents))
    return tuple(rows)


def _losers(rule: TallyRule, election: Election, market: Market, run: Run) -> tuple[Row, ...]:
    watch = Losers(rule, election, market, run)
    market.run(run.share, run.spent, watch=watch)
    rows = []
    for rank, id in enumerate(_by_votes(election, set(election.votes).difference(run.bought)), len(run.rounds) + 1):
        votes, cost = election.votes[id], market.cost[id]
        if id not in market.standing:
            reason = below_minimum(votes, max(rule.min_votes, 1))
        elif id in run.barred:
            reason = carrier_full(votes)
        else:
            reason = shares_lost(votes, cost, votes * run.share, watch.held[id], election.currency)
        more = watch.missing.get(id)
        near = shares_nearest(more, run.share, election.currency)
        rows.append(Row(id, rank, votes, cost, Status.LOST, reason, missing_votes=more, nearest=near))
    return tuple(rows)


def _open(rule: TallyRule, election: Election, run: Run) -> tuple[Row, ...]:
    rows = []
    for rank, id in enumerate(_by_votes(election, set(election.votes)), 1):
        votes, cost = election.votes[id], election.project(id).cost_cents
        if votes >= max(rule.min_votes, 1):
            rows.append(Row(id, rank, votes, cost, Status.OPEN, waits_for_draw(run.unparted)))
        else:
            rows.append(Row(id, rank, votes, cost, Status.LOST, below_minimum(votes, max(rule.min_votes, 1))))
    return tuple(rows)


def _by_votes(election: Election, ids: set[str]) -> list[str]:
    return sorted(ids, key=lambda id: (-election.votes[id], id))


def _ties(market: Market, final: Run, elsewhere: list[Round]) -> tuple[Tie, ...]:
    """The ties of the final run, then those of other runs; what is left of a tie after its first purchase is not told again."""
    told: list[Tie] = []
    tries = 0
    for index, one in enumerate(final.rounds):
        members = one.equal.flat
        if len(members) == 1 or any(set(members) <= set(tie.members) for tie in told):
            continue
        others = [id for id in members if id != one.project]
        tries += 0 if one.commute else len(others)
        mattered = False if one.commute else None
        if not one.commute and tries <= MOST_REPLAYS:
            mattered = any(set(market.run(final.share, final.spent, first={index: id}).bought) != set(final.bought) for id in others)
        told.append(Tie(members, one.equal.by, mattered))
    for one in elsewhere:
        if not any(set(one.equal.flat) <= set(tie.members) for tie in told):
            told.append(Tie(one.equal.flat, one.equal.by, None))
    return tuple(told)
