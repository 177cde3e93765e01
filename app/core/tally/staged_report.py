"""From the counts of all stages to one outcome: steps with their stage, the money of each part, and a reason for every project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.core.messages import Message, say
from app.core.money import Money
from app.core.tally.barred import barred
from app.core.tally.election import Election, Project
from app.core.tally.outcome import Outcome, Portion, Row, Status
from app.core.tally.reasons import below_minimum, waits_for_draw
from app.core.tally.staged_run import Counted, Run


def report(run: Run, election: Election) -> Outcome:
    """One outcome of all stages: winners first, in the order in which they were taken, then losers, in the order of their last stage."""
    outcomes = [counted.outcome for counted in run.counted]
    spent = sum(outcome.spent_cents for outcome in outcomes)
    return Outcome(
        selected=tuple(id for outcome in outcomes for id in outcome.selected),
        rows=tuple(replace(row, rank=rank) for rank, row in enumerate(_rows(run, election), 1)),
        steps=tuple(replace(step, stage=counted.label) for counted in run.counted for step in counted.outcome.steps),
        ties=tuple(tie for outcome in outcomes for tie in outcome.ties),
        budget_cents=election.budget_cents,
        spent_cents=spent,
        currency=election.currency,
        valid=election.valid,
        blank=election.blank,
        needs_draw=run.needs_draw,
        runs=sum(outcome.runs for outcome in outcomes) or 1,
        notes=tuple(note for counted in run.counted for note in _notes(counted, election.currency)),
        portions=tuple(_portion(counted) for counted in run.counted),
        reserve_list=tuple(dict.fromkeys(id for outcome in outcomes for id in outcome.reserve_list if run.last[id].outcome is outcome)),
        reserve_cents=sum(outcome.reserve_cents for outcome in outcomes),
    )


def in_part(counted: Counted, sentence: Message) -> Message:
    """A sentence about one part of the envelope."""
    return say("%(part)s: %(sentence)s", part=counted.stage.called(counted.value), sentence=sentence)


def _portion(counted: Counted) -> Portion:
    budget, spent = counted.election.budget_cents, counted.outcome.spent_cents
    return Portion(counted.label, counted.stage.called(counted.value), budget, spent, counted.passed_cents)


def _notes(counted: Counted, currency: str) -> Iterator[Message]:
    """What this part had and gave out, then what its own rule has to say."""
    budget, spent = Money(counted.election.budget_cents, currency), Money(counted.outcome.spent_cents, currency)
    if counted.passed_cents:
        passed = Money(counted.passed_cents, currency)
        line = say("%(spent)s given out of %(budget)s; %(passed)s go on to what follows.", spent=spent, budget=budget, passed=passed)
    else:
        line = say("%(spent)s given out of %(budget)s.", spent=spent, budget=budget)
    yield in_part(counted, line)
    for note in counted.outcome.notes:
        yield in_part(counted, note)


def _rows(run: Run, election: Election) -> Iterator[Row]:
    stood: dict[str, list[tuple[Counted, Row]]] = {project.id: [] for project in election.projects}
    for counted in run.counted:
        rows = {row.project: row for row in counted.outcome.rows}
        for id, row in rows.items():
            stood[id].append((counted, row))
        for id in counted.outcome.selected:
            near = rows[id].nearest
            yield replace(rows[id], reason=in_part(counted, rows[id].reason), nearest=in_part(counted, near) if near else None)
    won = {id for counted in run.counted for id in counted.outcome.selected}
    losers = [project for project in election.projects if project.id not in won]
    for project in sorted(losers, key=lambda one: _order(run, stood[one.id], election.votes[one.id], one.id)):
        yield _loser(run, project, election, stood[project.id])


def _order(run: Run, stood: list[tuple[Counted, Row]], votes: int, id: str) -> tuple[int, int, int, str]:
    """By the last stage in which a project stood, there in its order; what limits shut out after that, then what stood nowhere."""
    last = run.last.get(id)
    if last is None:
        return len(run.counted), 0, -votes, id
    rank = next((row.rank for counted, row in stood if counted is last), len(last.election.projects) + 1)
    return run.counted.index(last), rank, -votes, id


def _loser(run: Run, project: Project, election: Election, stood: list[tuple[Counted, Row]]) -> Row:
    id, votes, last = project.id, election.votes[project.id], run.last.get(project.id)
    plain = Row(id, 0, votes, project.cost_cents, Status.LOST, say("No part of the envelope was open to this project."))
    if votes < run.needed[id]:
        return replace(plain, reason=below_minimum(votes, run.needed[id]))
    if run.may_still_win(project):
        return replace(plain, status=Status.OPEN, reason=waits_for_draw(run.needs_draw))
    if last is None:
        return plain
    row = next((row for counted, row in stood if counted is last), plain)
    bar = last.barred.get(id)
    reason = barred(votes, bar, project, election.currency) if bar else row.reason
    return _nearest(replace(row, reason=in_part(last, reason)), stood)


def _nearest(row: Row, stood: list[tuple[Counted, Row]]) -> Row:
    """How near this loser came, told for the part in which the fewest votes were missing, the latest of these."""
    told = [(counted, other) for counted, other in reversed(stood) if other.nearest]
    if not told or row.status is Status.OPEN:
        return row
    counted, best = min(told, key=lambda pair: (pair[1].missing_votes is None, pair[1].missing_votes or 0))
    assert best.nearest, "only those with a sentence are asked"
    return replace(
        best,
        reason=row.reason,
        nearest=in_part(counted, best.nearest),
        left_before_cents=row.left_before_cents,
        left_after_cents=row.left_after_cents,
        points=row.points,
        grades=row.grades,
        parted=row.parted,
    )
