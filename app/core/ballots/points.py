"""Points: a voter shares out a number of points among the projects, as many to each as it is worth to them."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationInfo, field_validator

from app.core.ballots.ballot_style import BallotStyle, Marks, Number, ProfileKind
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count
from app.core.sentences import wrong


class Points(BallotStyle):
    """`total` points to give out, all of them or (`all_of_them` False) at most so many, to at least `min_projects` projects.

    `max_per_project` is the most that one project may get, None as much as there is. Aarau 2023: 10 points to at least 3
    projects. A mark is a whole number of points; 0 is the same as not naming the project.
    """

    kind: Literal["points"] = "points"
    total: Number
    all_of_them: bool = True
    min_projects: Number = 1
    max_per_project: Number | None = None

    @field_validator("min_projects")
    @classmethod
    def _a_point_for_each(cls, least: int, info: ValidationInfo) -> int:
        if least > info.data.get("total", least):
            raise wrong(say("There are fewer points than projects that must get one."))
        return least

    @property
    def profile_kind(self) -> ProfileKind:
        """Points, counted one by one."""
        return "points"

    def means(self, mark: int) -> bool:
        """Any number of points."""
        return mark >= 0

    def written(self, marks: Marks) -> tuple[tuple[str, int], ...]:
        """As for every style; a project with no point is not named."""
        return tuple((id, mark) for id, mark in super().written(marks) if mark)

    def rule_line(self, slate: Slate) -> Message:
        """The points, the smallest number of projects and the most for one, each only where it limits."""
        line = self._points()
        if self.min_projects > 1:
            line = say("%(points)s Choose at least %(least)d projects.", points=line, least=self.min_projects)
        if self.max_per_project is not None:
            line = say("%(points)s One project may get at most %(most)d.", points=line, most=self.max_per_project)
        return line

    def longest_mark(self, projects: int) -> str:
        """All points that one project may get."""
        return str(min(self.total, self.max_per_project or self.total))

    def mark_words(self, mark: int) -> Message:
        """The number of points."""
        return say_count("%(count)d point", "%(count)d points", mark)

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many points are given, and of how many."""
        return say("%(given)d of %(total)d points given", given=sum(marks.values()), total=self.total)

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """Too many points or points left over, too few projects, too much for one project."""
        problems, given = [], sum(marks.values())
        if given > self.total:
            problems.append(
                say(
                    "You have given %(given)d points and have only %(total)d: take back %(over)d.",
                    given=given,
                    total=self.total,
                    over=given - self.total,
                )
            )
        elif self.all_of_them and given < self.total:
            left = self.total - given
            problems.append(say_count("You still have %(count)d point to give.", "You still have %(count)d points to give.", left))
        if len(marks) < self.min_projects:
            problems.append(self._too_few(len(marks)))
        most = self.max_per_project
        problems += [self._too_much(id, mark, most) for id, mark in sorted(marks.items()) if most is not None and mark > most]
        return tuple(problems)

    def _points(self) -> Message:
        if self.all_of_them:
            return say_count(
                "Give %(count)d point to a project of your choice.",
                "Share out %(count)d points among the projects of your choice.",
                self.total,
            )
        return say_count(
            "Give at most %(count)d point to a project of your choice.",
            "Share out at most %(count)d points among the projects of your choice.",
            self.total,
        )

    def _too_few(self, chosen: int) -> Message:
        return say_count(
            "Give points to at least %(count)d project; you have given some to %(chosen)d.",
            "Give points to at least %(count)d projects; you have given some to %(chosen)d.",
            self.min_projects,
            chosen=chosen,
        )

    def _too_much(self, project: str, given: int, most: int) -> Message:
        return say_count(
            "One project may get at most %(count)d point, and project %(project)s has %(given)d.",
            "One project may get at most %(count)d points, and project %(project)s has %(given)d.",
            most,
            project=project,
            given=given,
        )
