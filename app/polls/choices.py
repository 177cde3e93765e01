"""What an official may choose when setting up a vote, and how each choice is called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, TypeAlias

from app.core.messages import Message, say

Same: TypeAlias = Literal["theme", "country", "district"]
"""What projects of an edition may have in common, beside their carrier and their site."""


class StyleChoice(StrEnum):
    """How one ballot is filled."""

    APPROVAL = "approval"
    KNAPSACK = "knapsack"
    POINTS = "points"
    RANKING = "ranking"
    GRADES = "grades"
    FOR_AGAINST = "for_against"
    STAR = "star"


class GradeScale(StrEnum):
    """The words of the grades."""

    PARIS = "paris"
    SEVEN = "seven"


class RuleChoice(StrEnum):
    """How the ballots are counted."""

    GREEDY_SKIP = "greedy_skip"
    GREEDY_STOP = "greedy_stop"
    PER_COST = "per_cost"
    SHARES_COST = "shares_cost"
    SHARES_CARDINALITY = "shares_cardinality"
    PHRAGMEN_STOP = "phragmen_stop"
    PHRAGMEN_SKIP = "phragmen_skip"
    POINTS = "points"
    POINTS_PER_COST = "points_per_cost"
    SHARES_POINTS = "shares_points"
    MAJORITY = "majority_judgment"


MOST_VOTES = frozenset({RuleChoice.GREEDY_SKIP, RuleChoice.GREEDY_STOP})
RANKING = MOST_VOTES | {RuleChoice.PER_COST, RuleChoice.POINTS, RuleChoice.POINTS_PER_COST, RuleChoice.MAJORITY}
SHARES = frozenset({RuleChoice.SHARES_COST, RuleChoice.SHARES_CARDINALITY, RuleChoice.SHARES_POINTS})
POINTED = frozenset({RuleChoice.POINTS, RuleChoice.POINTS_PER_COST, RuleChoice.SHARES_POINTS})
CHOSEN = frozenset(RuleChoice) - POINTED - {RuleChoice.MAJORITY}
COUNTED: Mapping[StyleChoice, frozenset[RuleChoice]] = {
    StyleChoice.APPROVAL: CHOSEN, StyleChoice.KNAPSACK: CHOSEN, StyleChoice.POINTS: POINTED, StyleChoice.RANKING: POINTED,
    StyleChoice.STAR: POINTED, StyleChoice.GRADES: frozenset({RuleChoice.MAJORITY, RuleChoice.POINTS}),
    StyleChoice.FOR_AGAINST: frozenset({RuleChoice.POINTS, RuleChoice.POINTS_PER_COST}) | MOST_VOTES,
}  # fmt: skip
"""How ballots of each style can be counted, so that every mark a voter makes plays its part."""


class Completion(StrEnum):
    """What Equal Shares does with the money left over."""

    NONE = "none"
    EXHAUSTIVE = "add1_until_exhaustive"
    INFEASIBLE = "add1_until_infeasible"


class Safeguard(StrEnum):
    """By what a voter prefers one outcome to another, where the rule is compared with most votes first."""

    PROJECTS = "projects"
    MONEY = "money"


class TieChoice(StrEnum):
    """What tells equal projects apart before the public draw does."""

    CHEAPER = "cheaper"
    VOTES = "votes"
    OLDER = "older"


STYLE_LABELS: dict[StyleChoice, Message] = {
    StyleChoice.APPROVAL: say("Choose projects"),
    StyleChoice.KNAPSACK: say("Share out the envelope"),
    StyleChoice.POINTS: say("Share out points among projects"),
    StyleChoice.RANKING: say("Rank projects"),
    StyleChoice.GRADES: say("Give each project a grade"),
    StyleChoice.FOR_AGAINST: say("Vote for and against projects"),
    StyleChoice.STAR: say("Choose projects, and give some a star that counts double"),
}
SCALE_LABELS: dict[GradeScale, Message] = {
    GradeScale.PARIS: say("Four grades: favourite, I like it, why not, I am not convinced"),
    GradeScale.SEVEN: say("Seven grades, from excellent to reject"),
}
RULE_LABELS: dict[RuleChoice, Message] = {
    RuleChoice.GREEDY_SKIP: say("Most votes first; a project that no longer fits is skipped"),
    RuleChoice.GREEDY_STOP: say("Most votes first; the count stops at the first project that does not fit"),
    RuleChoice.PER_COST: say("Most votes for the money asked first; a project that no longer fits is skipped"),
    RuleChoice.SHARES_COST: say("Equal Shares, a project being worth its cost to those who chose it"),
    RuleChoice.SHARES_CARDINALITY: say("Equal Shares, every project being worth the same"),
    RuleChoice.PHRAGMEN_STOP: say("Phragmén; the count stops at the first project that does not fit"),
    RuleChoice.PHRAGMEN_SKIP: say("Phragmén; a project that no longer fits is skipped"),
    RuleChoice.POINTS: say("Most points first; a project that no longer fits is skipped (places, stars and votes against give points too)"),
    RuleChoice.POINTS_PER_COST: say("Most points for the money asked first; a project that no longer fits is skipped"),
    RuleChoice.SHARES_POINTS: say("Equal Shares, a project being worth the points that the ballot gives it"),
    RuleChoice.MAJORITY: say("Majority judgment: the best middle grade first; a project that no longer fits is skipped"),
}
COMPLETION_LABELS: dict[Completion, Message] = {
    Completion.NONE: say("Leave it unspent"),
    Completion.EXHAUSTIVE: say("Raise every share until no further project fits"),
    Completion.INFEASIBLE: say("Raise every share as long as the envelope allows"),
}
SAFEGUARD_LABELS: dict[Safeguard | None, Message] = {
    None: say("No comparison"),
    Safeguard.PROJECTS: say("Compare by the number of projects that each voter chose and gets"),
    Safeguard.MONEY: say("Compare by the money for the projects that each voter chose"),
}
TIE_LABELS: dict[TieChoice, Message] = {
    TieChoice.CHEAPER: say("The cheaper project"),
    TieChoice.VOTES: say("The project with more votes"),
    TieChoice.OLDER: say("The file submitted earlier"),
}
EACH_LABELS: Mapping[Same, Message] = {"theme": say("Every theme"), "country": say("Every country"), "district": say("Every district")}
ONE_LABELS: Mapping[Same, Message] = {"theme": say("One theme"), "country": say("One country"), "district": say("One district")}
