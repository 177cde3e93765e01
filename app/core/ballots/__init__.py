"""Ballot styles: rules as data that say what may stand on one ballot, and how a voter's basket fills."""

from app.core.ballots.approval import Approval
from app.core.ballots.knapsack import Knapsack
from app.core.ballots.registry import AnyStyle, read_style, style_from
from app.core.ballots.style import Basket, Slate, Style

__all__ = ["AnyStyle", "Approval", "Basket", "Knapsack", "Slate", "Style", "read_style", "style_from"]
