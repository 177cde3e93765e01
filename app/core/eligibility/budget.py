"""Rules about money. All arithmetic is exact: 70.00 % passes a limit of 70 %, 70.01 % does not."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.core.eligibility.dossier import Context, Dossier
from app.core.eligibility.rule import BaseRule, Cents, FileField, Judgement, Percent, Section, failed, missing, passed, share
from app.core.messages import Message, say
from app.core.money import Money
from app.core.sentences import wrong

NO_REQUEST = say("Say how much you ask for.")
NO_CHARGES = say("Enter the charges of the budget.")
HAIR = Fraction(1, 10_000)
"""So close to a limit, a rounded share would read like the limit itself: the amounts are told instead."""

Account = Annotated[str, StringConstraints(pattern=r"^[6-8][0-9]{0,5}$")]


class Amount(BaseRule):
    """The request lies between `min_cents` and `max_cents`, both included; one of them may be absent."""

    kind: Literal["amount"] = "amount"
    min_cents: Cents | None = None
    max_cents: Cents | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    serves: ClassVar[FileField] = FileField(Section.BUDGET, "requested")

    @model_validator(mode="after")
    def _one_limit_at_least(self) -> Self:
        if self.min_cents is None and self.max_cents is None:
            raise wrong(say("Give a lowest amount, a highest amount, or both."))
        if self.min_cents is not None and self.max_cents is not None and self.min_cents > self.max_cents:
            raise wrong(say("The lowest amount is above the highest."))
        return self

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.requested_cents is None:
            return missing(NO_REQUEST)
        if dossier.currency != self.currency:
            return missing(say("Give the amounts in %(currency)s.", currency=self.currency))
        asked = Money(dossier.requested_cents, self.currency)
        if self.min_cents is not None and asked.cents < self.min_cents:
            return failed(say("The request is %(asked)s; at least %(limit)s.", asked=asked, limit=self._money(self.min_cents)))
        if self.max_cents is not None and asked.cents > self.max_cents:
            return failed(say("The request is %(asked)s; at most %(limit)s.", asked=asked, limit=self._money(self.max_cents)))
        return passed(say("The request is %(asked)s.", asked=asked))

    def plain(self, context: Context) -> Message:
        if self.min_cents is None:
            return say("The request is at most %(limit)s.", limit=self._money(self.max_cents or 0))
        if self.max_cents is None:
            return say("The request is at least %(limit)s.", limit=self._money(self.min_cents))
        lowest, highest = self._money(self.min_cents), self._money(self.max_cents)
        return say("The request is between %(lowest)s and %(highest)s.", lowest=lowest, highest=highest)

    def _money(self, cents: int) -> Money:
        return Money(cents, self.currency)


class ShareOfCost(BaseRule):
    """The request is at most `max_percent` of the cost, contributions in kind not counted."""

    kind: Literal["share_of_cost"] = "share_of_cost"
    max_percent: Percent
    serves: ClassVar[FileField] = FileField(Section.BUDGET, "requested")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.requested_cents is None:
            return missing(NO_REQUEST)
        total = dossier.total_cost
        if total.cents <= 0:
            return missing(NO_CHARGES)
        rate = Fraction(dossier.requested_cents, total.cents)
        fact = say(
            "The request is %(share)s of the cost (%(asked)s of %(total)s); at most %(limit)s.",
            share=rate,
            asked=Money(dossier.requested_cents, dossier.currency),
            total=total,
            limit=share(self.max_percent),
        )
        return passed(fact) if rate <= share(self.max_percent) else failed(fact)

    def plain(self, context: Context) -> Message:
        return say("The request is at most %(limit)s of what the project costs in money.", limit=share(self.max_percent))


class TravelShare(BaseRule):
    """Travel (account 625 and its sub-accounts, unless others are named) is at most `max_percent` of the cost."""

    kind: Literal["travel_share"] = "travel_share"
    max_percent: Percent
    accounts: tuple[Account, ...] = Field(default=("625",), min_length=1)
    serves: ClassVar[FileField] = FileField(Section.BUDGET, "charges")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        total = dossier.total_cost
        if total.cents <= 0:
            return missing(NO_CHARGES)
        travel, limit = dossier.charged_to(self.accounts), share(self.max_percent)
        part = Fraction(travel.cents, total.cents)
        fact = say("%(share)s of the budget is travel; at most %(limit)s.", share=part, limit=limit)
        if limit < part < limit + HAIR:
            fact = say("Travel is %(travel)s of a budget of %(total)s; at most %(limit)s.", travel=travel, total=total, limit=limit)
        return passed(fact) if part <= limit else failed(fact)

    def plain(self, context: Context) -> Message:
        return say("Travel is at most %(limit)s of the budget.", limit=share(self.max_percent))


class BalancedBudget(BaseRule):
    """Charges equal products, and contributions in kind balance too (accounts 86 and 87)."""

    kind: Literal["balanced_budget"] = "balanced_budget"
    in_kind: bool = True
    serves: ClassVar[FileField] = FileField(Section.BUDGET, "balance")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        charges, products = dossier.total_cost, dossier.total_products
        if charges.cents <= 0:
            return missing(NO_CHARGES)
        if products.cents <= 0:
            return missing(say("Enter the products of the budget: what pays for the project."))
        if charges != products:
            return failed(say("Charges are %(charges)s and products %(products)s.", charges=charges, products=products))
        uses, sources = dossier.in_kind_charges, dossier.in_kind_products
        if self.in_kind and uses != sources:
            fact = say("Contributions in kind: %(uses)s in accounts 86, %(sources)s in accounts 87.", uses=uses, sources=sources)
            return failed(fact)
        return passed(say("Charges and products are both %(total)s.", total=charges))

    def plain(self, context: Context) -> Message:
        if self.in_kind:
            return say("The budget is balanced: charges equal products, and contributions in kind balance too.")
        return say("The budget is balanced: charges equal products.")
