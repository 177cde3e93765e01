"""The envelope: rules as data that say how much an edition may spend, why that much, and how it is divided."""

from app.core.envelope.exact import Exact, Percent, Rule, exact
from app.core.envelope.rule import Envelope
from app.core.envelope.split import Key, Part, Split
from app.core.envelope.terms import FIGURE_KINDS, CarryOver, Fixed, Levy, PercentOfBudget, PerInhabitant, PopulationFigure, Term

__all__ = [
    "FIGURE_KINDS",
    "CarryOver",
    "Envelope",
    "Exact",
    "Fixed",
    "Key",
    "Levy",
    "Part",
    "PerInhabitant",
    "Percent",
    "PercentOfBudget",
    "PopulationFigure",
    "Rule",
    "Split",
    "Term",
    "exact",
]
