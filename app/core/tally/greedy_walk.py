"""The walk of a greedy count: each project has its turn, in order, against the money, the limits and the places that are left."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.core.tally.election import Election, Project
from app.core.tally.limits import Bar, MaxPer
from app.core.tally.outcome import Action, Step, Tie
from app.core.tally.rule import TallyRule
from app.core.tally.ties import Arranged


class Walk:
    """One pass over the projects. `meet` takes equal projects at once, so that their tie can be looked at first.

    A turn: a project that a limit bars is passed over, whatever money is left; one that costs more than is left is too dear, and with
    `stop` nothing after it is bought; nor is anything after the last of `winners`. `scores` are what steps publish.
    `order` holds all projects met, `bars` what barred some of them, and `ended` the place in `order` of the turn after which nothing
    could be bought any more, None if the walk went to its end.
    """

    def __init__(
        self, election: Election, rule: TallyRule, *, stop: bool, winners: int | None, scores: Mapping[str, Fraction | None] | None = None
    ) -> None:
        self.left = election.budget_cents
        self.steps: list[Step] = []
        self.ties: list[Tie] = []
        self.needs_draw: tuple[str, ...] = ()
        self.order: list[str] = []
        self.bars: dict[str, Bar] = {}
        self.parted = True
        self.ended: int | None = None
        self._election, self._rule, self._stop, self._winners = election, rule, stop, winners
        self._gate = rule.gate()
        self._scores = scores or {}
        self._places = len(election.projects) if winners is None else winners

    def meet(self, arranged: Arranged) -> None:
        """Give these equal projects their turns; if a draw must part them first, name them in `needs_draw` and do nothing more.

        `order` goes on growing all the same; `parted` turns false once nothing parts some of them, even where no one minds.
        """
        self.order += arranged.flat
        self.parted = self.parted and len(arranged.groups) == len(arranged.flat)
        if self.needs_draw:
            return
        if len(arranged.flat) > 1:
            self.ties.append(Tie(arranged.flat, arranged.by, self._matters(arranged.flat)))
        for group in arranged.groups:
            if len(group) > 1 and self._matters(group):
                self.needs_draw = group
                return
            for id in group:
                self.turn(self._election.project(id))

    def without(self, place: int) -> Walk:
        """A walk that stands where this one stood before the turn of this place."""
        walk = Walk(self._election, self._rule, stop=self._stop, winners=self._winners)
        for step in self.steps[:place]:
            if step.action is Action.BOUGHT:
                walk.turn(self._election.project(step.project))
        return walk

    def room_for(self, project: Project) -> bool:
        """Whether this project would be bought now."""
        return self.ended is None and project.cost_cents <= self.left and not self._gate.full(project)

    def turn(self, project: Project) -> None:
        """The turn of this project: bought, or passed over for a reason."""
        before = self.left
        bar = None if self._gate.open or self.ended is not None else self._gate.bar(project)
        if self.ended is not None:
            action = Action.STOPPED
        elif bar:
            action = bar_action(bar)
            self.bars[project.id] = bar
        elif project.cost_cents > self.left:
            action = Action.TOO_DEAR
            self._end_if(self._stop)
        else:
            action = Action.BOUGHT
            self.left -= project.cost_cents
            self._places -= 1
            self._gate.give(project)
            self._end_if(not self._places)
        self.steps.append(Step(project.id, action, before, self.left, score=self._scores.get(project.id)))

    def _end_if(self, reached: bool) -> None:
        if reached:
            self.ended = len(self.steps)

    def _matters(self, ids: tuple[str, ...]) -> bool:
        """Whether the order of these equal projects changes who wins.

        It does unless all that could win alone win together, or none could. Where the walk stops at the first miss,
        a project that does not fit also counts among those that must fit together: before the others it ends the walk.
        """
        asking = [project for id in ids if not self._gate.full(project := self._election.project(id))]
        fitting = [project for project in asking if project.cost_cents <= self.left]
        if self.ended is not None or not fitting:
            return False
        together = asking if self._stop else fitting
        if sum(project.cost_cents for project in together) > self.left or len(together) > self._places:
            return True
        return not self._gate.room_for_all(together)


def bar_action(bar: Bar) -> Action:
    """How a step says that a limit was reached."""
    return Action.CARRIER if isinstance(bar.limit, MaxPer) and bar.limit.key == "carrier" else Action.LIMIT
