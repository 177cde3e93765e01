"""Panel decision: no ballot decides; the ordered list of a committee enters as data, and is checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from app.core.messages import Localised, Message, say
from app.core.money import Money
from app.core.problems import Invalid
from app.core.sentences import wrong
from app.core.tally.election import Election, Project
from app.core.tally.limits import Gate, MaxPer, MaxSpending
from app.core.tally.outcome import Action, Outcome, Row, Status, Step
from app.core.tally.rule import Counting

Limit = Annotated[MaxPer | MaxSpending, Field(discriminator="kind")]


class Panel(Counting):
    """The projects `selected` by a committee, in its order, with its `reasons` where it gave some, for any project.

    The envelope and the limits hold for a committee too: a list that breaks them is refused, not shortened. Ballots, if there are any,
    decide nothing.
    """

    kind: Literal["panel"] = "panel"
    selected: Annotated[tuple[str, ...], Field(max_length=10_000)] = ()
    reasons: Mapping[str, Localised] = Field(default_factory=dict)
    max_per_carrier: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    limits: Annotated[tuple[Limit, ...], Field(max_length=50)] = ()

    @field_validator("selected")
    @classmethod
    def _each_once(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(ids)) < len(ids):
            raise wrong(say("The list of the committee names a project twice."))
        return ids

    def gate(self) -> Gate:
        """A fresh gate with the limits of this rule."""
        own = () if self.max_per_carrier is None else (MaxPer(key="carrier", most=self.max_per_carrier),)
        return Gate(own + self.limits)

    def count(self, election: Election) -> Outcome:
        """The committee's choice as an outcome. Raises Invalid where a project does not stand, or the envelope or a limit is broken."""
        if strangers := sorted({*self.selected, *self.reasons}.difference(election.ids)):
            raise Invalid({"selected": say("The committee names projects that do not stand: %(projects)s.", projects=tuple(strangers))})
        steps = self._steps(election)
        chosen = set(self.selected)
        rest = sorted((id for id in election.ids if id not in chosen), key=lambda id: (-election.votes[id], id))
        left = steps[-1].left_after_cents if steps else election.budget_cents
        return Outcome(
            selected=self.selected,
            rows=tuple(self._row(election, id, rank, steps) for rank, id in enumerate([*self.selected, *rest], 1)),
            steps=steps,
            ties=(),
            budget_cents=election.budget_cents,
            spent_cents=election.budget_cents - left,
            currency=election.currency,
            valid=election.valid,
            blank=election.blank,
        )

    def _steps(self, election: Election) -> tuple[Step, ...]:
        left, gate, steps = election.budget_cents, self.gate(), []
        for id in self.selected:
            project, before = election.project(id), left
            if bar := gate.bar(project):
                raise Invalid({"selected": _broken(project, bar.by)})
            if project.cost_cents > left:
                amounts = {"cost": Money(project.cost_cents, election.currency), "left": Money(left, election.currency)}
                text = say(
                    "The list of the committee does not fit: %(project)s asks for %(cost)s, and %(left)s is left.", project=id, **amounts
                )
                raise Invalid({"selected": text})
            left -= project.cost_cents
            gate.give(project)
            steps.append(Step(id, Action.BOUGHT, before, left))
        return tuple(steps)

    def _row(self, election: Election, id: str, rank: int, steps: tuple[Step, ...]) -> Row:
        votes, cost, why = election.votes[id], election.project(id).cost_cents, self.reasons.get(id)
        if rank > len(steps):
            text = say("The committee did not choose it: %(why)s", why=why) if why else say("The committee did not choose it.")
            return Row(id, rank, votes, cost, Status.LOST, text)
        place = {"place": rank, "many": len(steps)}
        text = say("Chosen by the committee, place %(place)d of %(many)d.", **place)
        if why:
            text = say("Chosen by the committee, place %(place)d of %(many)d: %(why)s", why=why, **place)
        step = steps[rank - 1]
        return Row(id, rank, votes, cost, Status.WON, text, step.left_before_cents, step.left_after_cents)


def _broken(project: Project, by: tuple[str, ...]) -> Message:
    if not by:
        return say("The list of the committee breaks a limit: %(project)s alone asks for too much.", project=project.id)
    return say("The list of the committee breaks a limit: %(project)s may not win beside %(others)s.", project=project.id, others=by)
