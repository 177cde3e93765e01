"""From a run of Phragmén's rule to rows and ties: why each project won or lost, and how near it was."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.messages import Message
from app.core.tally.barred import barred
from app.core.tally.election import Project
from app.core.tally.greedy_reasons import lower_cost, more_money, nearest
from app.core.tally.outcome import Action, Row, Status, Tie
from app.core.tally.phragmen_envelope import Recount
from app.core.tally.phragmen_ground import Ground
from app.core.tally.phragmen_margins import Near, near_wins
from app.core.tally.phragmen_reasons import above_envelope, more_supporters, saved_first, saved_part, saved_too_late
from app.core.tally.phragmen_run import Turn
from app.core.tally.reasons import below_minimum, waits_for_draw
from app.core.tally.room import votes_needed
from app.core.tally.rule import TallyRule

MOST_REPLAYS = 20
"""How many other falls of ties are tried to see whether they mattered."""


def rows(rule: TallyRule, recount: Recount) -> tuple[Row, ...]:
    """Every project once: in the order of turns, then the others, most votes first."""
    ground, run, standing = recount.ground, recount.run, set(recount.standing)
    election, turns = ground.election, {turn.project: turn for turn in run.turns}
    rest = sorted(set(election.ids).difference(turns), key=lambda id: (-election.votes[id], id))
    near: Mapping[str, Near] = {} if run.unparted else near_wins(rule, ground, run)
    money = {} if run.unparted else recount.larger()
    told = []
    for rank, id in enumerate([*turns, *rest], 1):
        project, votes, turn = election.project(id), election.votes[id], turns.get(id)
        stood = ground.place[id] in standing and project.cost_cents <= election.budget_cents
        if run.unparted and stood and turn is None:
            told.append(Row(id, rank, votes, project.cost_cents, Status.OPEN, waits_for_draw(run.unparted)))
            continue
        reason = _reason(rule, ground, project, turn, near.get(id))
        told.append(_row(rank, project, votes, turn, reason, near.get(id), money.get(id), election.currency, held=stood and turn is None))
    return tuple(told)


def _row(
    rank: int,
    project: Project,
    votes: int,
    turn: Turn | None,
    reason: Message,
    near: Near | None,
    cents: int | None,
    currency: str,
    *,
    held: bool,
) -> Row:
    won = turn is not None and turn.action is Action.BOUGHT
    return Row(
        project.id,
        rank,
        votes,
        project.cost_cents,
        Status.WON if won else Status.LOST,
        reason,
        turn.left_before_cents if turn else None,
        turn.left_after_cents if turn else None,
        near.votes if near else None,
        cents,
        nearest(more_supporters(near.votes), more_money(cents, currency), lower_cost(near.cost_cents, currency)) if near else None,
        near.cost_cents if near else None,
        support=near.held / project.cost_cents if held and near and near.held is not None and project.cost_cents else None,
    )


def _reason(rule: TallyRule, ground: Ground, project: Project, turn: Turn | None, near: Near | None) -> Message:
    election, votes = ground.election, ground.election.votes[project.id]
    needed = max(votes_needed(rule, election, project), 1)
    if turn is None:
        if votes < needed:
            return below_minimum(votes, needed)
        if near is None or near.held is None or project.cost_cents > election.budget_cents:
            return above_envelope(votes, project.cost_cents, election.budget_cents, election.currency)
        return saved_part(votes, near.held, project.cost_cents, election.currency)
    if turn.bar:
        return barred(votes, turn.bar, project, election.currency)
    if turn.action is Action.BOUGHT:
        return saved_first(votes, turn.level, election.currency)
    return saved_too_late(votes, project.cost_cents, turn.left_before_cents, election.currency)


def ties(recount: Recount) -> tuple[Tie, ...]:
    """The ties of a run; what is left of a tie after its first turn is not told again. The one that needs a draw is not told here."""
    run = recount.run
    told: list[Tie] = []
    tries = 0
    for number, turn in enumerate(run.turns):
        members = turn.equal.flat
        if len(members) == 1 or any(set(members) <= set(tie.members) for tie in told):
            continue
        others = [id for id in members if id != turn.project]
        tries += 0 if turn.commute else len(others)
        mattered = False if turn.commute else None
        if not turn.commute and not run.unparted and tries <= MOST_REPLAYS:
            mattered = any(set(recount.again({number: id}).bought) != set(run.bought) for id in others)
        told.append(Tie(members, turn.equal.by, mattered))
    return tuple(told)
