"""Ballot styles: rules as data that say what may stand on one ballot, and how a voter's basket fills."""

from app.core.ballots.approval import Approval
from app.core.ballots.ballot_style import BallotStyle, Marks
from app.core.ballots.basket import Basket, basket_of
from app.core.ballots.for_against import ForAgainst
from app.core.ballots.grades import Grades
from app.core.ballots.knapsack import Knapsack
from app.core.ballots.part import Part
from app.core.ballots.points import Points
from app.core.ballots.ranking import Ranking
from app.core.ballots.registry import AnyBallotStyle, AnyStyle, read_ballot_style, read_style, style_from
from app.core.ballots.scoped import Scoped
from app.core.ballots.slate import Slate
from app.core.ballots.star import Star
from app.core.ballots.style import Style

__all__ = [
    "AnyBallotStyle",
    "AnyStyle",
    "Approval",
    "BallotStyle",
    "Basket",
    "ForAgainst",
    "Grades",
    "Knapsack",
    "Marks",
    "Part",
    "Points",
    "Ranking",
    "Scoped",
    "Slate",
    "Star",
    "Style",
    "basket_of",
    "read_ballot_style",
    "read_style",
    "style_from",
]
