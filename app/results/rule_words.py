"""Every rule in words anyone can read: how projects are chosen, what they need, what limits them, how ties fall."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.envelope.exact import exact
from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.tally import AnyRule, EqualShares, Greedy, TallyRule
from app.core.tally.compared import Compared
from app.core.tally.completed import Completed
from app.core.tally.limit_words import Named, as_written, limit_words
from app.core.tally.majority import MajorityJudgment
from app.core.tally.overflow import Overflow
from app.core.tally.panel import Panel
from app.core.tally.phragmen import Phragmen
from app.core.tally.staged import Staged
from app.results.stage_words import stage_words
from app.results.words import in_turn

GREEDY: Mapping[str, Message] = {
    "votes": say("Projects are taken in order of their votes, as long as the envelope lasts."),
    "votes_per_cost": say("Projects are taken in order of their votes for each unit of money asked, as long as the envelope lasts."),
    "points": say("Projects are taken in order of their points, as long as the envelope lasts."),
    "points_per_cost": say("Projects are taken in order of their points for each unit of money asked, as long as the envelope lasts."),
}
ON_MISS: Mapping[str, Message] = {
    "skip": say("A project that costs more than what is left is passed over, and the next one is looked at."),
    "stop": say("The count stops at the first project that costs more than what is left."),
}
UTILITY: Mapping[str, Message] = {
    "cost": say("Equal Shares: every voter holds the same part of the envelope; a project counts for its cost to those who chose it."),
    "cardinality": say("Equal Shares: every voter holds the same part of the envelope; each project counts for one to those who chose it."),
    "points": say(
        "Equal Shares: every voter holds the same part of the envelope; a project counts for the points that the ballot gives it."
    ),
    "borda": say("Equal Shares: every voter holds the same part of the envelope; a project counts for its place on the ballot."),
    "grades": say(
        "Equal Shares: every voter holds the same part of the envelope; a project counts for the grade that the ballot gives it."
    ),
}
COMPLETION: Mapping[str, Message] = {
    "none": say("What no group of voters can spend stays unspent."),
    "add1_until_exhaustive": say("The parts are raised together until no further project fits in the envelope."),
    "add1_until_infeasible": say("The parts are raised together as long as the projects chosen fit in the envelope."),
}
UNGRADED: Mapping[str, Message] = {
    "worst": say("A project without a grade on a ballot has the worst grade there."),
    "ignored": say("Only the grades given are counted; a project without a grade on a ballot loses nothing there."),
}
OTHERS: Mapping[str, Message] = {
    "max_welfare": say("The set of projects is chosen that is worth most to the voters and fits in the envelope."),
    "panel": say("A committee chose the projects; there was no vote."),
}
ALIKE = say("There too, the same minimum and the same limits hold, and equal projects are parted in the same way.")
MEASURES: Mapping[str, Message] = {
    "projects": say("A voter prefers the outcome with more of the projects on the ballot."),
    "money": say("A voter prefers the outcome with more money for the projects on the ballot."),
}


def rule_words(rule: AnyRule, currency: str = "EUR", named: Named = as_written) -> list[Message]:
    """The rule as sentences; its amounts are in `currency`, its themes, countries and districts are called as `named` says."""
    match rule:
        case Staged():
            words = [sentence for one in rule.stages for sentence in stage_words(one, currency, named, _plain, _after)]
            return [*words, *_shared(rule.min_votes, rule.max_per_carrier), *limit_words(rule.limits, currency, named)]
        case Compared():
            return [
                *rule_words(rule.rule, currency, named),
                say("The ballots are also counted another way, and that outcome stands if more voters prefer it:"),
                *_rival(rule, currency, named),
                MEASURES[rule.measure],
            ]
        case Completed():
            return [*rule_words(rule.rule, currency, named), *_after(rule.after, currency)]
        case _:
            return _plain(rule, currency, named)


def _rival(rule: Compared, currency: str, named: Named) -> list[Message]:
    """The other way of counting; what is alike in both is not said twice."""
    if _alike(rule.rule, rule.rival):
        return [*_heart(rule.rival, currency), ALIKE]
    if isinstance(rule.rule, Staged) and isinstance(rule.rival, Staged) and _same_parts(rule.rule, rule.rival):
        return [say("in the same parts of the envelope, and under the same limits."), *_heart(rule.rival.stages[0].rule, currency)]
    return rule_words(rule.rival, currency, named)


def _same_parts(one: Staged, other: Staged) -> bool:
    """Whether two counts in stages differ in nothing but the rule, which is one and the same in all stages of the other."""
    hearts = {rule.model_copy(update={"limits": ()}).model_dump_json() for rule in (stage.rule for stage in other.stages)}
    return len(hearts) == 1 and _frame(one) == _frame(other)


def _frame(staged: Staged) -> Staged:
    """The same stages without their rules, but with the limits of these."""
    bare = (stage.model_copy(update={"rule": getattr(stage.rule, "limits", ())}) for stage in staged.stages)
    return staged.model_copy(update={"stages": tuple(bare)})


def _alike(rule: AnyRule, rival: AnyRule) -> bool:
    """Whether both have the same minimum, the same limits and the same order among equals."""
    if not (isinstance(rule, TallyRule) and isinstance(rival, TallyRule)):
        return False
    return all(getattr(rule, name) == getattr(rival, name) for name in TallyRule.model_fields if name != "kind")


def _plain(rule: AnyRule, currency: str, named: Named) -> list[Message]:
    words = _heart(rule, currency)
    if isinstance(rule, Panel):
        words += [*_shared(0, rule.max_per_carrier), *limit_words(rule.limits, currency, named)]
    if isinstance(rule, TallyRule):
        words += [*_shared(rule.min_votes, rule.max_per_carrier), *limit_words(rule.limits, currency, named)]
        words += [say("Between equal projects: %(criteria)s.", criteria=in_turn(rule.tie_break))] if rule.tie_break else []
    return words


def _heart(rule: AnyRule, currency: str) -> list[Message]:
    """How this rule chooses."""
    match rule:
        case Greedy():
            return [GREEDY[rule.utility], ON_MISS[rule.on_miss], *_most(rule.winners)]
        case EqualShares():
            step = Money(rule.step_cents, currency)
            raised = [say("Each time, every part grows by %(step)s.", step=step)] if rule.completion != "none" else []
            filled = [say("What is still left goes to the projects with most votes that fit.")] if rule.then == "greedy" else []
            return [UTILITY[rule.utility], COMPLETION[rule.completion], *raised, *filled]
        case Phragmen():
            speed = say(
                "Every voter earns money at the same speed; a project is bought as soon as those who chose it can pay for it together."
            )
            return [speed, ON_MISS[rule.on_miss]]
        case MajorityJudgment():
            grade = say("Every project has the grade in the middle of all its grades; the best grades win, as long as the envelope lasts.")
            return [grade, UNGRADED[rule.ungraded], ON_MISS[rule.on_miss], *_most(rule.winners)]
        case _:
            return [OTHERS[rule.kind]]


def _most(winners: int | None) -> list[Message]:
    return [] if winners is None else [say_count("%(count)d project wins at most.", "%(count)d projects win at most.", winners)]


def _shared(min_votes: int, max_per_carrier: int | None) -> list[Message]:
    words = [say("A project needs at least %(votes)d votes.", votes=min_votes)] if min_votes > 1 else []
    if max_per_carrier is None:
        return words
    most = say_count("A carrier can win %(count)d project at most.", "A carrier can win %(count)d projects at most.", max_per_carrier)
    return [*words, most]


def _after(after: Overflow, currency: str) -> list[Message]:
    """What becomes of the money left, and who waits."""
    words = []
    if after.reserve_percent is not None:
        part = exact(after.reserve_percent) / 100
        words.append(say("If %(share)s of the next project can be paid, a reserve adds the rest.", share=part))
    if after.reserve_cents is not None:
        words.append(say("The reserve adds %(most)s at most.", most=Money(after.reserve_cents, currency)))
    if after.partial:
        words.append(say("What is left may go to a project whose carrier accepts that much."))
    if after.reserve_list:
        words.append(
            say_count(
                "The reserve list names %(count)d more project.", "The reserve list names %(count)d more projects.", after.reserve_list
            )
        )
    return words
