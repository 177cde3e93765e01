"""The count: rules as data that choose the winners of an election, exactly, and say why."""

from app.core.tally.election import Election, Project
from app.core.tally.equal_shares import EqualShares
from app.core.tally.greedy import Greedy
from app.core.tally.outcome import Action, Flow, Outcome, Row, Status, Step, Tie
from app.core.tally.profile import Profile
from app.core.tally.registry import AnyRule, read_rule, rule_from
from app.core.tally.rule import TallyRule

__all__ = [
    "Action",
    "AnyRule",
    "Election",
    "EqualShares",
    "Flow",
    "Greedy",
    "Outcome",
    "Profile",
    "Project",
    "Row",
    "Status",
    "Step",
    "TallyRule",
    "Tie",
    "read_rule",
    "rule_from",
]
