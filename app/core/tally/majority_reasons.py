"""The sentences of majority judgment: what a project was judged, why it won or lost, and what would have made it win."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.ballots.grade_names import GradeName, grade_word
from app.core.messages import Message, Value, say, say_count
from app.core.money import Money
from app.core.tally.barred import barred
from app.core.tally.election import Project
from app.core.tally.limits import Bar
from app.core.tally.majority_order import Apart, majority_grade
from app.core.tally.outcome import Action, Step


def word(grade: int, names: Sequence[GradeName], best: int) -> Value:
    """The word of a grade counted from the worst; its number where the rule does not name its grades."""
    if names:
        return grade_word(names[len(names) - 1 - grade])
    return say("%(grade)d on a scale from 0 to %(best)d", grade=grade, best=best)


def judged(counts: Sequence[int], names: Sequence[GradeName]) -> Message:
    """The majority grade of a project, and how large a part of its grades is at least as good."""
    grade = majority_grade(counts)
    if grade is None:
        return say("Nobody judged it.")
    share = Fraction(sum(counts[grade:]), sum(counts))
    told = word(grade, names, len(counts) - 1)
    return say("Majority grade: %(grade)s; %(share)s of the grades are as good or better.", grade=told, share=share)


def majority_reason(
    verdict: Message, step: Step, project: Project, votes: int, currency: str, *, ended_by: Action, bar: Bar | None
) -> Message:
    """What happened to this project at its turn; `ended_by` is what was done at the turn that ended the count."""
    money = {"cost": Money(project.cost_cents, currency), "left": Money(step.left_before_cents, currency)}
    if bar is not None:
        return say("%(judged)s %(barred)s", judged=verdict, barred=barred(votes, bar, project, currency))
    match step.action:
        case Action.BOUGHT:
            return say("%(judged)s It takes %(cost)s of the %(left)s still left.", judged=verdict, **money)
        case Action.TOO_DEAR:
            return say("%(judged)s It asks for %(cost)s and %(left)s was left.", judged=verdict, **money)
        case _ if ended_by is Action.BOUGHT:
            return say("%(judged)s Before its turn, as many projects had won as the rule allows.", judged=verdict)
        case _:
            return say("%(judged)s The count had stopped before, at a project that no longer fitted.", judged=verdict)


def too_few_judged(votes: int, needed: int) -> Message:
    """Too few ballots gave the project a grade."""
    return say_count(
        "%(count)d ballot gives it a grade, and at least %(needed)d are needed.",
        "%(count)d ballots give it a grade, and at least %(needed)d are needed.",
        votes,
        needed=needed,
    )


def told_apart(before: str, parting: Apart, names: Sequence[GradeName], best: int) -> Message:
    """Why the project of this id stands before one with the same majority grade."""
    grades: dict[str, Value] = {"better": word(parting.grade, names, best), "grade": word(parting.other, names, best)}
    if parting.removed is None:
        return say(
            "%(before)s has the same majority grade and stands before it: once the middle %(middle)s of the grades are taken away "
            "from each, the next one is “%(better)s” there and “%(grade)s” here.",
            before=before,
            middle=parting.middle,
            **grades,
        )
    return say_count(
        "%(before)s has the same majority grade and stands before it: once one such grade is taken away from each, "
        "the next one is “%(better)s” there and “%(grade)s” here.",
        "%(before)s has the same majority grade and stands before it: once %(count)d grades are taken away from the middle of each, "
        "the next one is “%(better)s” there and “%(grade)s” here.",
        parting.removed,
        before=before,
        **grades,
    )


def majority_nearest(votes: int | None, cents: int | None, cost_cents: int | None, currency: str) -> Message:
    """What would have made a loser win: better grades, a larger envelope, a lower cost, or nothing that was found."""
    near = _nearest(votes, cents, currency)
    if cost_cents is None:
        return near
    return say("%(nearest)s At a cost of %(cost)s or less, it would have won.", nearest=near, cost=Money(cost_cents, currency))


def _nearest(votes: int | None, cents: int | None, currency: str) -> Message:
    amount = Money(cents or 0, currency)
    if votes is not None and cents is not None:
        return say_count(
            "It would have won if the one voter who thought least of it had given it the best grade, "
            "or with %(amount)s more in the envelope.",
            "It would have won if the %(count)d voters who thought least of it had given it the best grade, "
            "or with %(amount)s more in the envelope.",
            votes,
            amount=amount,
        )
    if votes is not None:
        return say_count(
            "It would have won if the one voter who thought least of it had given it the best grade.",
            "It would have won if the %(count)d voters who thought least of it had given it the best grade.",
            votes,
        )
    if cents is not None:
        return say("Better grades would not have helped; it would have won with %(amount)s more in the envelope.", amount=amount)
    return say("Better grades would not have helped, and no larger envelope was found with which it would have won.")
