"""Styles in which a voter chooses projects: one rule in one line, a check of the choices, and the state of a basket."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.ballots.ballot_style import BallotStyle, Marks, ProfileKind, unknown
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count


@dataclass(frozen=True)
class Basket:
    """A ballot being filled: what is chosen, and what is left of choices and of money (None: no limit).

    `spent_cents` counts each known project once. The lefts never fall below 0.
    """

    style: Style
    slate: Slate
    choices: tuple[str, ...]
    count: int
    spent_cents: int
    limit_cents: int | None
    left_cents: int | None
    left_choices: int | None

    @property
    def problems(self) -> tuple[Message, ...]:
        """Why this ballot cannot be cast as it is; empty if it can."""
        return self.style.check(self.choices, self.slate)

    def can_add(self, project: str) -> Message | None:
        """Why this project cannot be added now, and by how much it is too dear; None if it can."""
        if project in self.choices:
            return say("You have already chosen this project.")
        if project not in self.slate.costs:
            return unknown(project)
        if self.left_choices == 0:
            return say_count("You have already made your %(count)d choice.", "You have already made your %(count)d choices.", self.count)
        cost = self.slate.costs[project]
        if self.left_cents is not None and cost > self.left_cents:
            money = self.slate.money
            return say(
                "It costs %(cost)s and you have %(left)s left: that is %(over)s too much.",
                cost=money(cost),
                left=money(self.left_cents),
                over=money(cost - self.left_cents),
            )
        return None


class Style(BallotStyle):
    """Base of the styles in which a project is chosen or not, and a basket fills: those that the booth can draw."""

    @abstractmethod
    def limit_cents(self, slate: Slate) -> int | None:
        """What the choices of one ballot may cost together; None if that does not matter."""

    @abstractmethod
    def limit_choices(self) -> int | None:
        """How many projects one ballot may name; None if as many as there are."""

    @abstractmethod
    def count_problems(self, chosen: int) -> tuple[Message, ...]:
        """Too few or too many choices, told with numbers; `chosen` is at least 1."""

    @property
    def profile_kind(self) -> ProfileKind:
        """A choice is an approval."""
        return "approval"

    def means(self, mark: int) -> bool:
        """Chosen, or not named."""
        return mark == 1

    def canonical(self, choices: Iterable[str]) -> tuple[str, ...]:
        """The one way of writing these choices, whatever order they were made in."""
        return tuple(sorted(choices))

    def check(self, choices: Sequence[str] | Marks, slate: Slate) -> tuple[Message, ...]:
        """Everything that is wrong with this ballot, given as its choices or as marks of 1; empty if it can be cast."""
        if isinstance(choices, Mapping):
            return super().check(choices, slate)
        problems = [unknown(id) for id in sorted(set(choices) - slate.costs.keys())]
        twice = sorted(id for id, many in Counter(choices).items() if many > 1)
        problems += [say("Project %(project)s is chosen more than once.", project=id) for id in twice]
        return (*problems, *self._whole_problems(choices, slate))

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """Too few or too many choices, or too much money."""
        return self._whole_problems(tuple(marks), slate)

    def _whole_problems(self, choices: Sequence[str], slate: Slate) -> tuple[Message, ...]:
        problems = list(self.count_problems(len(set(choices)))) if choices else []
        spent, limit = _cost(choices, slate), self.limit_cents(slate)
        if limit is not None and spent > limit:
            problems.append(
                say(
                    "Your choices cost %(spent)s together: that is %(over)s more than the %(limit)s allowed.",
                    spent=slate.money(spent),
                    over=slate.money(spent - limit),
                    limit=slate.money(limit),
                )
            )
        return tuple(problems)

    def state(self, choices: Sequence[str], slate: Slate) -> Basket:
        """The basket that holds these choices."""
        count, spent = len(set(choices)), _cost(choices, slate)
        limit, most = self.limit_cents(slate), self.limit_choices()
        return Basket(
            style=self,
            slate=slate,
            choices=tuple(choices),
            count=count,
            spent_cents=spent,
            limit_cents=limit,
            left_cents=None if limit is None else max(limit - spent, 0),
            left_choices=None if most is None else max(most - count, 0),
        )


def too_few(least: int, chosen: int) -> Message:
    """The ballot names fewer projects than it must."""
    return say_count(
        "Choose at least %(count)d project; you have chosen %(chosen)d.",
        "Choose at least %(count)d projects; you have chosen %(chosen)d.",
        least,
        chosen=chosen,
    )


def _cost(choices: Iterable[str], slate: Slate) -> int:
    return sum(slate.costs.get(id, 0) for id in set(choices))
