"""The walk of a greedy count: each project has its turn, in order, against the money and the awards that are left."""

from __future__ import annotations

from app.core.tally.election import Election, Project
from app.core.tally.outcome import Action, Step, Tie
from app.core.tally.rule import Awards
from app.core.tally.ties import Arranged


class Walk:
    """One pass over the projects. `meet` takes equal projects at once, so that their tie can be looked at first.

    A turn: a project whose carrier has had its awards is passed over, whatever money is left; one that costs
    more than is left is too dear, and with `stop` nothing after it is bought.
    """

    def __init__(self, election: Election, max_per_carrier: int | None, *, stop: bool) -> None:
        self.left = election.budget_cents
        self.steps: list[Step] = []
        self.ties: list[Tie] = []
        self.needs_draw: tuple[str, ...] = ()
        self.order: list[str] = []
        self.parted = True
        self._election = election
        self._awards = Awards(max_per_carrier)
        self._stop = stop
        self._stopped = False

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
                self._turn(self._election.project(id))

    def _turn(self, project: Project) -> None:
        before = self.left
        if self._stopped:
            action = Action.STOPPED
        elif self._awards.full(project):
            action = Action.CARRIER
        elif project.cost_cents > self.left:
            action, self._stopped = Action.TOO_DEAR, self._stop
        else:
            action = Action.BOUGHT
            self.left -= project.cost_cents
            self._awards.give(project)
        self.steps.append(Step(project.id, action, before, self.left))

    def _matters(self, ids: tuple[str, ...]) -> bool:
        """Whether the order of these equal projects changes who wins.

        It does unless all that could win alone win together, or none could. Where the walk stops at the first miss,
        a project that does not fit also counts among those that must fit together: before the others it ends the walk.
        """
        asking = [project for id in ids if not self._awards.full(project := self._election.project(id))]
        fitting = [project for project in asking if project.cost_cents <= self.left]
        if self._stopped or not fitting:
            return False
        together = asking if self._stop else fitting
        return sum(project.cost_cents for project in together) > self.left or not self._awards.room_for_all(together)
