"""What an envelope is made of: each kind of term, its amount and the line that explains it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from app.core.envelope.exact import Cents, Name, Percent, Rule, exact
from app.core.messages import Message, say, say_count
from app.core.money import Money, UnitPrice

FIGURE_KINDS: dict[str, Message] = {"municipale": say("municipal population"), "totale": say("total population")}


class PopulationFigure(Rule):
    """How many people live in a commune, according to whom and when: kind and vintage alone can move an envelope."""

    commune: Annotated[str, Field(pattern="^[0-9][0-9AB][0-9]{3}$")]
    """INSEE code, such as "35238" or "2A004"."""
    name: Name
    value: Annotated[int, Field(strict=True, gt=0, le=10**8)]
    figure_kind: Literal["municipale", "totale"]
    vintage: Annotated[int, Field(strict=True, ge=1900, le=2200)]
    """The year people were counted; the figure comes into force about two years later."""
    in_force: date | None = None
    source: Name


class PerInhabitant(Rule):
    """So many cents for each inhabitant: « 1 € par habitant·e »."""

    kind: Literal["per_inhabitant"] = "per_inhabitant"
    rate_cents: Annotated[int, Field(strict=True, gt=0, le=10**9)]
    figure: PopulationFigure

    def worth(self) -> int:
        """Rate × inhabitants, in cents."""
        return self.rate_cents * self.figure.value

    def line(self, currency: str) -> Message:
        """The formula of this term, with its figure, kind, vintage and source."""
        return say_count(
            "%(count)s inhabitant (%(figure)s %(vintage)s, %(source)s) × %(rate)s = %(amount)s",
            "%(count)s inhabitants (%(figure)s %(vintage)s, %(source)s) × %(rate)s = %(amount)s",
            self.figure.value,
            figure=FIGURE_KINDS[self.figure.figure_kind],
            vintage=str(self.figure.vintage),
            source=self.figure.source,
            rate=UnitPrice(self.rate_cents, currency),
            amount=Money(self.worth(), currency),
        )


class PercentOfBudget(Rule):
    """A percentage of a named budget: the base is stored and shown, the same percentage of another base is another sum."""

    kind: Literal["percent_of_budget"] = "percent_of_budget"
    percent: Percent
    base_cents: Cents
    base_name: Name
    base_year: Annotated[int, Field(strict=True, ge=1900, le=2200)]
    source: Name

    def worth(self) -> int:
        """Percent × base, rounded down to the cent."""
        return _part_of(self.percent, self.base_cents)

    def line(self, currency: str) -> Message:
        """The formula of this term, with the name, year and source of its base."""
        return say(
            "%(percent)s of %(base)s (%(name)s %(year)s, %(source)s) = %(amount)s",
            percent=exact(self.percent) / 100,
            base=Money(self.base_cents, currency),
            name=self.base_name,
            year=str(self.base_year),
            source=self.source,
            amount=Money(self.worth(), currency),
        )


class Levy(Rule):
    """A share of a service's resources under the law (water: "loi Oudin-Santini"), within the law's cap and the city's own."""

    kind: Literal["levy"] = "levy"
    rate_percent: Percent
    base_cents: Cents
    base_name: Name
    source: Name
    own_cap_cents: Cents | None = None
    legal_cap_percent: Percent | None = None
    """The most the law allows, as a percentage of the same base."""
    legal_reference: Annotated[str, Field(max_length=200)] = ""

    def worth(self) -> int:
        """The lowest of: rate × base rounded down to the cent, the legal cap, the own cap."""
        return min([_part_of(self.rate_percent, self.base_cents), *(cents for cents, _ in self._caps())])

    def line(self, currency: str) -> Message:
        """The formula of this term, with the cap that holds it down if one does."""
        full = _part_of(self.rate_percent, self.base_cents)
        formula = say(
            "%(percent)s of %(base)s (%(name)s, %(source)s) = %(amount)s",
            percent=exact(self.rate_percent) / 100,
            base=Money(self.base_cents, currency),
            name=self.base_name,
            source=self.source,
            amount=Money(full, currency),
        )
        cents, why = min(self._caps(), key=lambda cap: cap[0], default=(full, formula))
        if cents >= full:
            return formula
        return say("%(formula)s, limited to %(cap)s (%(why)s)", formula=formula, cap=Money(cents, currency), why=why)

    def _caps(self) -> list[tuple[int, Message]]:
        caps = []
        if self.legal_cap_percent is not None:
            percent = exact(self.legal_cap_percent) / 100
            why = say("legal cap: %(percent)s", percent=percent)
            if self.legal_reference:
                why = say("legal cap: %(percent)s, %(reference)s", percent=percent, reference=self.legal_reference)
            caps.append((_part_of(self.legal_cap_percent, self.base_cents), why))
        if self.own_cap_cents is not None:
            caps.append((self.own_cap_cents, say("the city's own cap")))
        return caps


class Fixed(Rule):
    """A sum decided as such, with what it is called."""

    kind: Literal["fixed"] = "fixed"
    cents: Cents
    label: Name

    def worth(self) -> int:
        """The sum, in cents."""
        return self.cents

    def line(self, currency: str) -> Message:
        """The sum with its name."""
        return say("%(label)s: %(amount)s", label=self.label, amount=Money(self.cents, currency))


class CarryOver(Rule):
    """What an earlier edition left unspent."""

    kind: Literal["carry_over"] = "carry_over"
    cents: Cents
    from_edition: Name

    def worth(self) -> int:
        """The sum carried over, in cents."""
        return self.cents

    def line(self, currency: str) -> Message:
        """The sum with the edition it comes from."""
        return say("Carried over from %(edition)s: %(amount)s", edition=self.from_edition, amount=Money(self.cents, currency))


Term: TypeAlias = Annotated[PerInhabitant | PercentOfBudget | Levy | Fixed | CarryOver, Field(discriminator="kind")]
"""The registry of terms: to add one, write its class here and name it in this union."""


def _part_of(percent: str, base_cents: int) -> int:
    part: Fraction = exact(percent) / 100 * base_cents
    return part.numerator // part.denominator
