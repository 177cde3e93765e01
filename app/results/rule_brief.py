"""The rule of a count in one plain sentence, for those who are voting; `rule_words` tells it in full."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.messages import Localised, Message, say
from app.core.tally import AnyRule, Compared, Completed, Greedy, Staged

GREEDY: Mapping[str, Message] = {
    "votes": say("The projects with the most votes win, as long as the envelope lasts."),
    "votes_per_cost": say("The projects with the most votes for the money they ask win, as long as the envelope lasts."),
    "points": say("The projects with the most points win, as long as the envelope lasts."),
    "points_per_cost": say("The projects with the most points for the money they ask win, as long as the envelope lasts."),
}
OTHERS: Mapping[str, Message] = {
    "equal_shares": say("Every voter holds an equal part of the envelope; those who chose a project pay for it together (Equal Shares)."),
    "phragmen": say("Every voter earns money at the same speed; a project wins as soon as those who chose it can pay for it (Phragmén)."),
    "majority_judgment": say("The projects with the best grade in the middle of all their grades win, as long as the envelope lasts."),
    "max_welfare": say("The set of projects wins that is worth most to the voters and fits in the envelope."),
    "panel": say("A committee chooses the projects."),
}


def rule_in_brief(rule: AnyRule) -> Message:
    """How winners are found, in a sentence; what else decides (limits, minima, ties) is left to the full words."""
    match rule:
        case Completed():
            return rule_in_brief(rule.rule)
        case Compared():
            return say("%(rule)s A second way of counting stands instead if more voters prefer its outcome.", rule=rule_in_brief(rule.rule))
        case Staged():
            names = tuple(Localised(stage.name) for stage in rule.stages)
            alike = {str(brief): brief for stage in rule.stages for brief in [rule_in_brief(stage.rule)]}
            parts = say("The envelope is given out in parts, one after another: %(names)s.", names=names)
            return say("%(parts)s In each: %(rule)s", parts=parts, rule=next(iter(alike.values()))) if len(alike) == 1 else parts
        case Greedy():
            return GREEDY[rule.utility]
        case _:
            return OTHERS[rule.kind]
