"""The count: rules as data that choose the winners of an election, exactly, and say why."""

from app.core.tally.compared import Compared
from app.core.tally.completed import Completed
from app.core.tally.election import Election, Project
from app.core.tally.equal_shares import EqualShares
from app.core.tally.greedy import Greedy
from app.core.tally.majority import MajorityJudgment
from app.core.tally.max_welfare import MaxWelfare
from app.core.tally.outcome import Action, Flow, Outcome, Portion, Row, Status, Step, Tie
from app.core.tally.panel import Panel
from app.core.tally.phragmen import Phragmen
from app.core.tally.profile import Profile
from app.core.tally.registry import AnyRule, read_rule, rule_from
from app.core.tally.rule import TallyRule
from app.core.tally.staged import Staged

__all__ = [
    "Action",
    "AnyRule",
    "Compared",
    "Completed",
    "Election",
    "EqualShares",
    "Flow",
    "Greedy",
    "MajorityJudgment",
    "MaxWelfare",
    "Outcome",
    "Panel",
    "Phragmen",
    "Portion",
    "Profile",
    "Project",
    "Row",
    "Staged",
    "Status",
    "Step",
    "TallyRule",
    "Tie",
    "read_rule",
    "rule_from",
]
