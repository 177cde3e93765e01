"""Eligibility rules as data: each rule has a kind, its parameters, its check, and its sentence."""

from app.core.eligibility.dossier import BudgetLine, Carrier, CarrierForm, Context, CountryList, Dossier, Partner, SponsorWord
from app.core.eligibility.rule import BaseRule, FileField, Finding, Section, Verdict
from app.core.eligibility.rulebook import RULE_KINDS, AnyRule, PlainRule, Rule, Rulebook, read_rulebook

__all__ = [
    "RULE_KINDS",
    "AnyRule",
    "BaseRule",
    "BudgetLine",
    "Carrier",
    "CarrierForm",
    "Context",
    "CountryList",
    "Dossier",
    "FileField",
    "Finding",
    "Partner",
    "PlainRule",
    "Rule",
    "Rulebook",
    "Section",
    "SponsorWord",
    "Verdict",
    "read_rulebook",
]
