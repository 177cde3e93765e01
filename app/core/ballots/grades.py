"""Grades: a voter says of each project what they think of it, in the words of the ballot."""

from __future__ import annotations

from typing import Literal

from app.core.ballots.ballot_style import BallotStyle, Marks, ProfileKind
from app.core.ballots.grade_names import PARIS, GradeNames, grade_word
from app.core.ballots.slate import Slate
from app.core.messages import Localised, Message, say, say_count


class Grades(BallotStyle):
    """Every project may be given one of `grades`, named from the best to the worst; none has to be.

    A mark is a grade as a number: 0 the worst, one less than the number of grades the best. What becomes of projects that a
    ballot leaves without a grade is written in the rule of the count.
    """

    kind: Literal["grades"] = "grades"
    grades: GradeNames = PARIS

    @property
    def profile_kind(self) -> ProfileKind:
        """Grades."""
        return "grades"

    def means(self, mark: int) -> bool:
        """One of the grades."""
        return 0 <= mark < len(self.grades)

    def mark_of(self, index: int) -> int:
        """The mark of the grade at this place of `grades`, the best at 0."""
        return len(self.grades) - 1 - index

    def word(self, mark: int) -> Message | Localised:
        """The word of this mark. Raises IndexError if it is no grade of the ballot."""
        if not self.means(mark):
            raise IndexError(mark)
        return grade_word(self.grades[self.mark_of(mark)])

    def rule_line(self, slate: Slate) -> Message:
        """The grades, the best first."""
        words = tuple(grade_word(name) for name in self.grades)
        return say("Give a grade to each project that you want to judge: %(grades)s.", grades=words)

    def longest_mark(self, projects: int) -> str:
        """The best grade."""
        return str(len(self.grades) - 1)

    def mark_words(self, mark: int) -> Message | Localised:
        """The word of the grade."""
        return self.word(mark)

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many projects have a grade, and of how many."""
        many, all = len(marks), len(slate.costs)
        return say_count("%(count)d project of %(all)d judged", "%(count)d projects of %(all)d judged", many, all=all)

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """None: any projects may have any grades."""
        return ()
