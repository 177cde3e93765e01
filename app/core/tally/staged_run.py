"""The run of a count in stages: who stands, what money there is, and what earlier stages have used up of the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.messages import say
from app.core.tally.election import Election, Project
from app.core.tally.limits import Bar, Gate
from app.core.tally.outcome import Outcome
from app.core.tally.overflow import followed
from app.core.tally.part_of import part_of
from app.core.tally.plain_rules import PlainRule
from app.core.tally.progress import Told, part_told, untold
from app.core.tally.stage import Stage


@dataclass(frozen=True, eq=False)
class Counted:
    """One count of one stage: the part of the election it looked at, what came out, and whom earlier stages had shut out of it."""

    stage: Stage
    value: str | None
    election: Election
    outcome: Outcome
    barred: Mapping[str, Bar]

    @property
    def label(self) -> str:
        """What its steps bear as their stage."""
        return self.stage.label(self.value)

    @property
    def passed_cents(self) -> int:
        """What goes on to the stages after it."""
        return self.outcome.left_cents if self.stage.leftover == "next" else 0


class Run:
    """All counts so far. `rest` is the money that is not set aside, `last` the last count in which each project stood.

    After a count that needs a public draw nothing more is counted; `waiting` are then the stages that were not counted to their end.
    """

    def __init__(self, election: Election, gate: Gate, needed: Mapping[str, int], set_aside: Mapping[str, int]) -> None:
        self.counted: list[Counted] = []
        self.waiting: list[Stage] = []
        self.last: dict[str, Counted] = {}
        self.gate, self.needed = gate, needed
        self.rest = election.budget_cents - sum(set_aside.values())
        self.needs_draw: tuple[str, ...] = ()
        self._election, self._set_aside = election, set_aside
        votes = election.votes
        self._standing = {one.id: one for one in election.projects if votes[one.id] >= needed[one.id]}

    def may_still_win(self, project: Project) -> bool:
        """Whether a stage that waits for the draw may still take this project, which has won nothing so far."""
        last = self.last.get(project.id)
        return project.id in self._standing and any(one.admits(project) and (not last or last.stage is not one) for one in self.waiting)

    def meet(self, stage: Stage, told: Told = untold) -> None:
        """Count this stage: each of its counts with its part of the money."""
        if self.needs_draw:
            self.waiting.append(stage)
            return
        if stage.on_the_rest:
            money, self.rest = self.rest, 0
        else:
            money = self._set_aside[stage.key]
        counts = stage.counts(list(self._election.projects), money)
        # What no part of the stage can have is left over as a whole.
        self.rest += money - sum(cents for _, cents in counts) if stage.leftover == "next" else 0
        for place, (value, cents) in enumerate(counts):
            if self.needs_draw:
                self.waiting.append(stage)
                break
            told(say("Counting the part “%(name)s”", name=stage.called(value)), 100 * place // len(counts))
            self._count(stage, value, cents, part_told(told, place, len(counts)))

    def _count(self, stage: Stage, value: str | None, cents: int, told: Told) -> None:
        members = stage.members(list(self._standing.values()), value)
        barred = {one.id: bar for one in members if (bar := self.gate.bar(one))}
        part = part_of(self._election, [one.id for one in members if one.id not in barred], cents)
        rule = _with_limits(stage.rule, self.gate)
        outcome = followed(stage.after, rule, part, rule.count_aloud(part, told))
        counted = Counted(stage, value, part, outcome, barred)
        self.counted.append(counted)
        self.last |= {one.id: counted for one in members}
        self.rest += counted.passed_cents
        self.needs_draw = outcome.needs_draw
        for id in outcome.selected:
            self.gate.give(self._standing.pop(id))


def _with_limits(rule: PlainRule, gate: Gate) -> PlainRule:
    """The rule of a stage with what is left of the limits that hold over all of them."""
    return rule.model_copy(update={"limits": (*rule.limits, *gate.remaining())}) if not gate.open else rule
