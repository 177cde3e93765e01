"""Whether a letter that was signed still says what the file says."""

import pytest

from app.core.money import Money
from app.proposals.models import Proposal
from app.proposals.partner_letter import still_holds
from app.rendering import money, speaking


@pytest.mark.parametrize(
    ("title", "asked", "cost", "holds"),
    [
        ("Un puits", 13_000, 20_000, True),
        ("Un puits solaire", 13_000, 20_000, False),
        ("Un", 13_000, 20_000, False),
        ("Un puits", 3_000, 20_000, False),
        ("Un puits", 13_000, 1_020_000, False),
        ("Un puits", 20_000, 20_000, False),
        ("Un puits", 20_000, 13_000, True),  # two amounts that changed places cannot be told apart without the words between them
    ],
)
@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_a_letter_holds_as_long_as_it_quotes_the_file(title: str, asked: int, cost: int, holds: bool, language: str) -> None:
    marks = {"fr": "« Un puits »", "en": "“Un puits”", "es": "“Un puits”"}[language]
    with speaking(language):
        letter = f"Nous, Comité, {marks}, Ker Teranga. {money(Money(2_000_000))} … {money(Money(1_300_000))}."
    proposal = Proposal(title=title, requested_cents=asked * 100, partner_role="")  # type: ignore[call-arg]
    assert still_holds(letter, language, proposal, "Ker Teranga", Money(cost * 100)) == holds
