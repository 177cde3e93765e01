"""Ready-made editions to start from: the one-euro-per-inhabitant programme of Rennes, with its 22 rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.eligibility import Rulebook, read_rulebook
from app.core.envelope import Envelope, PerInhabitant
from app.editions.communes import population_figure
from app.editions.models import Choice

RULES = Path(__file__).parent / "data" / "rules_rennes.json"
RENNES = "35238"


@dataclass(frozen=True)
class Preset:
    """What an edition can be started with; its dates are always the city's own."""

    envelope: Envelope
    rulebook: Rulebook
    themes: tuple[Choice, ...]
    redirects: tuple[Choice, ...]


@cache
def rennes_rulebook() -> Rulebook:
    """The 22 rules of the Rennes programme, each with its public wording in French and English."""
    return read_rulebook(json.loads(RULES.read_text("utf-8")))


def one_euro_each(commune: str, currency: str = "EUR") -> Envelope:
    """One unit of money for each inhabitant of a commune. Raises Invalid (field "commune") where it has no figure."""
    return Envelope(terms=(PerInhabitant(rate_cents=100, figure=population_figure(commune)),), currency=currency)


def rennes_preset(commune: str = RENNES, currency: str = "EUR") -> Preset:
    """The Rennes programme for any commune: 1 € each, its rules, three themes. Raises Invalid where there is no figure."""
    return Preset(one_euro_each(commune, currency), _rules_for(commune), THEMES, REDIRECTS)


def _rules_for(commune: str) -> Rulebook:
    """The rules, with the carrier's seat in this commune instead of Rennes; its wording names the city, so that goes too."""
    if commune == RENNES:
        return rennes_rulebook()
    rules = []
    for rule in rennes_rulebook().model_dump(mode="json", exclude_none=True)["rules"]:
        if rule["kind"] == "carrier_seat":
            wording = {"fr": "Siège ou activité principale dans la commune.", "en": "Seat or main activity in the commune."}
            rule |= {"communes": [commune], "wording": wording}
        if rule["key"] == "rennes_feedback":
            wording = {"fr": "Une action de restitution dans la commune est prévue.", "en": "A feedback event in the commune is planned."}
            rule |= {"key": "local_feedback", "wording": wording}
        rules.append(rule)
    return read_rulebook({"rules": rules})


THEMES = (
    Choice(key="infrastructure", label={"fr": "Infrastructures", "en": "Infrastructure"}),
    Choice(key="sustainable_development", label={"fr": "Développement soutenable", "en": "Sustainable development"}),
    Choice(key="climate", label={"fr": "Climat", "en": "Climate"}),
)
REDIRECTS = (Choice(key="emergency_fund", label={"fr": "Fonds d’aide d’urgence", "en": "Emergency aid fund"}),)
