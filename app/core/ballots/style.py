"""Styles in which a voter chooses projects: one rule in one line, a check of the choices, and a basket that fills."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.core.ballots.ballot_style import BallotStyle, Marks, ProfileKind, unknown
from app.core.ballots.basket import Basket, basket_of
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count


class Style(BallotStyle):
    """Base of the styles in which a project is chosen or not, and a basket fills: those that the booth can draw."""

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

    def entries(self, marks: Marks) -> tuple[str, ...]:
        """The projects chosen, sorted."""
        return tuple(sorted(marks))

    def marks_in(self, entries: Iterable[str]) -> dict[str, int] | None:
        """A mark of 1 for each project named; None where one is named twice."""
        listed = tuple(entries)
        marks = dict.fromkeys(listed, 1)
        return marks if len(marks) == len(listed) else None

    def named(self, entries: Iterable[str]) -> set[str]:
        """The projects chosen."""
        return set(entries)

    def longest_mark(self, projects: int) -> str:
        """None: the project is all there is to write."""
        return ""

    def largest(self, ids: Sequence[str]) -> tuple[str, ...]:
        """A ballot that names them all."""
        return tuple(ids)

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

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many choices, and of how many."""
        most = self.limit_choices()
        if most is None:
            return say_count("%(count)d project chosen", "%(count)d projects chosen", len(marks))
        return say_count("%(count)d project chosen of %(limit)d", "%(count)d projects chosen of %(limit)d", len(marks), limit=most)

    def state(self, choices: Sequence[str], slate: Slate) -> Basket:
        """The basket that holds these choices."""
        return basket_of(self, choices, slate)


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
