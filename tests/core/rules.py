"""One stored rule of each kind, and what it says of a file."""

from __future__ import annotations

from typing import Any

from app.core.eligibility import RULE_KINDS, Context, Dossier, Rulebook, Verdict, read_rulebook

SAMPLES: dict[str, dict[str, Any]] = {
    "carrier_kind": {"forms": ["association"]},
    "carrier_seat": {"communes": ["35238", "2A004"]},
    "carrier_age": {"min_months": 12},
    "carrier_standing": {},
    "republican_commitment": {},
    "awards_per_carrier": {"max_awards": 1},
    "amount": {"min_cents": 200000, "max_cents": 3000000},
    "share_of_cost": {"max_percent": "70"},
    "travel_share": {"max_percent": "25.5", "accounts": ["625", "6241"]},
    "balanced_budget": {"in_kind": False},
    "country_in_list": {"as_of": "2026-10-15"},
    "theme": {"themes": ["climate"]},
    "nature_excluded": {"natures": ["emergency"]},
    "duration": {"min_months": 6, "max_months": 24},
    "start_after": {},
    "partner_letter": {},
    "required_document": {"document": "statutes"},
    "text_required": {"text": "feedback"},
    "declaration": {"declaration": "non_profit"},
    "officer_question": {"question": {"fr": "Est-ce réalisable ?", "en": "Is it feasible?"}},
}
KINDS = sorted(RULE_KINDS)


def rule(kind: str, /, **changes: Any) -> dict[str, Any]:
    """A rule of this kind as it is stored."""
    return {"key": f"rule_{kind}", "kind": kind, "wording": {"fr": "Une règle.", "en": "A rule."}, **SAMPLES[kind], **changes}


def book(*rules: dict[str, Any]) -> Rulebook:
    """A rulebook read from stored rules."""
    return read_rulebook({"rules": list(rules)})


def verdict(kind: str, dossier: Dossier, context: Context | None = None, **changes: Any) -> Verdict:
    """What one rule says of one file."""
    (found,) = book(rule(kind, **changes)).check(dossier, context or Context())
    return found.verdict
