"""The answers of a complete file that meets every rule of Rennes, page by page, as its forms send them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

DECLARED = ["general_interest", "no_worship_or_political_purpose", "no_youth_worksite", "non_profit"]


def complete_answers(now: datetime) -> dict[str, dict[str, Any]]:
    """Section -> answers. A well for three villages: 12 000 € asked of 20 000 €, starting after the usual council."""
    starts = (now + timedelta(days=300)).date().isoformat()
    return {
        "project": {
            "title": "Un forage solaire pour trois villages", "summary": "Un forage et six bornes-fontaines pour 2 350 personnes.",
            "description": "Trois villages partagent un puits qui tarit dès mars. Les écoles ferment faute d’eau.", "language": "fr",
        },
        "need": {"need": "Le puits tarit dès mars.", "origin": "L’assemblée des trois villages, en 2025."},
        "beneficiaries": {
            "beneficiaries": "2350", "beneficiaries_who": "Les familles des trois villages", "women_0_14": "500", "men_0_14": "450",
            "women_15_24": "300", "men_15_24": "250", "women_25_59": "400", "men_25_59": "350", "women_60_on": "60", "men_60_on": "40",
        },
        "place": {"country": "SN", "place": "Région de Matam", "latitude": "15,66", "longitude": "-13,26"},
        "partner": {"partner_name": "Comité de gestion de l’eau", "partner_kind": "community_committee", "partner_letter": "yes"},
        "theme": {"theme": "infrastructure", "nature": "development", "main_sdg": "6", "sdgs": ["7"], "purpose_code": "14031"},
        "calendar": {"starts_on": starts, "duration_months": "18"},
        "activities": {
            "objectives": "De l’eau toute l’année.",
            "activities": [
                {"label": "Étude et forage", "month": "1", "months": "6"}, {"label": "Formation du comité", "month": "7", "months": "3"},
            ],
        },
        "markers": {"gender_equality": "1", "gender_equality_reason": "Les femmes siègent à parité au comité."},
        "indicators": {
            "indicators": [
                {"label": "Temps de collecte", "unit": "min/jour", "baseline": "150", "target": "25", "source": "Enquête du comité"},
            ],
        },
        "risks": {"risks": [{"what": "Nappe trop profonde", "likelihood": "low", "answer": "Étude avant le forage"}]},
        "budget": {
            "requested": "12 000",
            "charges": [
                {"account": "60", "label": "Pompe et réservoir", "amount": "16 500"},
                {"account": "625", "label": "Deux missions", "amount": "3500"},
                {"account": "864", "label": "Bénévoles", "amount": "5040"},
            ],
            "products": [
                {"account": "758", "label": "Dons", "amount": "5000", "status": "confirmed"},
                {"account": "74", "label": "Région Bretagne", "amount": "3000", "status": "requested"},
                {"account": "870", "label": "Bénévolat", "amount": "5040", "status": "confirmed"},
            ],
        },
        "feedback": {"feedback": "Une exposition dans trois écoles du Blosne.", "feedback_place": "Écoles du Blosne"},
        "sustainability": {"sustainability": "Un compte d’entretien à la mutuelle."},
        "declarations": {"declared": DECLARED},
    }


def as_sent(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers under the names of the inputs of a page: rows become charges-0-account, …"""
    sent: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            sent |= {f"{name}-{number}-{column}": text for number, row in enumerate(value) for column, text in row.items()}
        else:
            sent[name] = value
    return sent
