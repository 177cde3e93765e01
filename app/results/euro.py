"""“Your euro”: of each euro of the envelope, how many centimes went to which theme of the edition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from app.core.envelope import PerInhabitant
from app.core.messages import Localised, Message, say
from app.core.your_euro import your_euro
from app.editions.models import Edition
from app.results.queries import Result

OTHER = say("Other")


@dataclass(frozen=True)
class ThemePart:
    """One theme: its centimes of the euro, what its projects get in cents, and how many they are."""

    label: Localised | Message
    centimes: int
    cents: int
    projects: int


@dataclass(frozen=True)
class EuroTold:
    """The euro by theme, the largest part first, and the centimes not spent. `each`: one euro was given for each inhabitant."""

    parts: tuple[ThemePart, ...]
    rest: int
    rest_cents: int
    each: bool


def euro_of(edition: Edition, result: Result) -> EuroTold | None:
    """Where the euro of a published result went; None where there is no money, or another currency than the euro."""
    budget = result.outcome.budget_cents
    if result.outcome.currency != "EUR" or budget <= 0:
        return None
    by_theme: defaultdict[str, list[int]] = defaultdict(list)
    for one in result.winners:
        by_theme[one.proposal.theme or ""].append(one.given_cents)
    labels: dict[str, Localised | Message] = {choice.key: Localised(choice.label) for choice in edition.themes}
    # The order of the edition's list decides between two equal remainders, so that the page says the same each time.
    order = [key for key in (*labels, *sorted(by_theme.keys() - labels.keys())) if key in by_theme]
    spent = {key: sum(by_theme[key]) for key in order}
    centimes, rest = your_euro(spent, budget)
    parts = [ThemePart(labels.get(key, OTHER), centimes[key], spent[key], len(by_theme[key])) for key in order]
    parts.sort(key=lambda part: -part.cents)
    return EuroTold(tuple(parts), rest, max(budget - sum(spent.values()), 0), _one_for_each(edition))


def _one_for_each(edition: Edition) -> bool:
    """Whether the envelope is one euro for each inhabitant and nothing else."""
    terms = edition.envelope.terms if edition.envelope else ()
    return len(terms) == 1 and isinstance(terms[0], PerInhabitant) and terms[0].rate_cents == 100
