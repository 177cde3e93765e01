"""The envelope of an edition as data: a sum of terms, a floor, a cap, a rounding and a split."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from app.core.envelope.exact import Cents, Rule
from app.core.envelope.split import Part, Split
from app.core.envelope.terms import Term
from app.core.messages import Message, say
from app.core.money import Money
from app.core.sentences import wrong

UNITS = {"down_to_euro": 100, "to_cent": 1}


class Envelope(Rule):
    """What an edition may spend: Σ terms, raised to the floor or limited to the cap, then rounded down.

    Each term is rounded down to the cent, so that the lines of `formula` add up as they are read.
    """

    terms: Annotated[tuple[Term, ...], Field(max_length=20)]
    floor_cents: Cents | None = None
    cap_cents: Cents | None = None
    rounding: Literal["down_to_euro", "to_cent"] = "down_to_euro"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    split: Split | None = None

    @field_validator("terms")
    @classmethod
    def _at_least_one(cls, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        if not terms:
            raise wrong(say("An envelope needs at least one line: an amount for each inhabitant, a percentage, a fixed sum …"))
        return terms

    @field_validator("cap_cents")
    @classmethod
    def _floor_under_cap(cls, cap: int | None, info: ValidationInfo) -> int | None:
        floor = info.data.get("floor_cents")
        if cap is not None and floor is not None and floor > cap:
            raise wrong(say("The floor of the envelope is above its cap. Lower the floor or raise the cap."))
        return cap

    @field_validator("rounding")
    @classmethod
    def _rounding_keeps_the_floor(cls, rounding: str, info: ValidationInfo) -> str:
        if (info.data.get("floor_cents") or 0) % UNITS[rounding]:
            raise wrong(say("Rounding down to the unit would go below the floor. Give the floor without cents."))
        return rounding

    @field_validator("split")
    @classmethod
    def _split_divides_it(cls, split: Split | None, info: ValidationInfo) -> Split | None:
        # The fields before this one may have failed: their own sentences come first then.
        if split is None or not {"terms", "floor_cents", "cap_cents", "rounding", "currency"} <= info.data.keys():
            return split
        whole = cls.model_construct(**info.data)
        problem = split.problem(whole.amount().cents, UNITS[whole.rounding], whole.currency)
        if problem:
            raise wrong(problem)
        return split

    def amount(self) -> Money:
        """The exact amount, never above the cap, never below the floor."""
        bounded = self._bounded()
        return self._money(bounded - bounded % UNITS[self.rounding])

    def formula(self) -> tuple[Message, ...]:
        """Where the amount comes from: one line for each term, then sum, floor or cap, rounding, each only where it plays."""
        total, bounded, amount = self._sum(), self._bounded(), self.amount()
        lines = [term.line(self.currency) for term in self.terms]
        if len(self.terms) > 1:
            lines.append(say("Sum: %(amount)s", amount=self._money(total)))
        if bounded > total:
            lines.append(say("Raised to the floor: %(amount)s", amount=self._money(bounded)))
        if bounded < total:
            lines.append(say("Limited to the cap: %(amount)s", amount=self._money(bounded)))
        if amount.cents != bounded:
            lines.append(say("Rounded down: %(amount)s", amount=amount))
        return tuple(lines)

    def parts(self) -> tuple[tuple[Part, Money], ...]:
        """Each sub-envelope with its amount, in order; they sum to `amount()` exactly. Empty without a split."""
        if self.split is None:
            return ()
        cents = self.split.divide(self.amount().cents, UNITS[self.rounding])
        return tuple((part, self._money(share)) for part, share in zip(self.split.parts, cents, strict=True))

    def _sum(self) -> int:
        return sum(term.worth() for term in self.terms)

    def _bounded(self) -> int:
        total = max(self._sum(), self.floor_cents or 0)
        return total if self.cap_cents is None else min(total, self.cap_cents)

    def _money(self, cents: int) -> Money:
        return Money(cents, self.currency)
