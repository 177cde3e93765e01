"""The budget page: lines by account, the balance computed from what is typed, saved or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, ValidationInfo, field_validator

from app.core.eligibility import BudgetLine as Line
from app.core.eligibility import Dossier
from app.core.eligibility.dossier import IN_KIND_PRODUCTS
from app.core.forms import Cents, Form, Text
from app.core.messages import Message, say
from app.core.money import Money
from app.core.sentences import wrong
from app.editions.reference import budget_accounts
from app.organisations.forms import at_most
from app.proposals.currencies import FOREIGN, ForeignCost, computed_cents, euro_cents, foreign_parts
from app.proposals.forms import SectionForm
from app.proposals.models import BudgetLine, Proposal

LINE = ("account", "label", "amount", "status")
COST = (*LINE, *FOREIGN)
FAMILY = {"charges": ("6", "86"), "products": ("7", "87")}
"""Account numbers of each side begin so; 86 and 87 are the contributions in kind, which no total counts."""
STATUS_LABELS: dict[str, Message] = {"requested": say("requested"), "confirmed": say("confirmed")}
CITY_GRANT = "74"
TRAVEL = ("625",)
OVERHEAD = ("658",)
"""Indirect costs: what the association takes for its own running."""


def accounts_of(side: str) -> list[tuple[str, Any]]:
    """The accounts offered for "charges" or "products", with their names, in the order of the form."""
    return [(number, account.name) for number, account in budget_accounts().items() if number.startswith(FAMILY[side])]


class LineForm(Form):
    """One line of the budget; `amount` is typed in euros and kept in cents."""

    side: ClassVar[str]

    account: Annotated[Text, Field(validate_default=True)] = ""
    label: Annotated[Text, at_most(200)] = ""
    amount: Annotated[Cents, Field(validate_default=True)] = None
    status: Annotated[Literal["requested", "confirmed"], BeforeValidator(lambda value: value or "confirmed")] = "confirmed"

    @field_validator("account")
    @classmethod
    def _known(cls, value: str) -> str:
        if not value:
            raise wrong(say("Choose the account of this line."))
        if value not in budget_accounts() or not value.startswith(FAMILY[cls.side]):
            raise wrong(say("Choose one of the answers offered."))
        return value

    @field_validator("amount")
    @classmethod
    def _given(cls, value: int | None) -> int:
        if value is None:
            raise wrong(say("Enter the amount of this line, or empty the whole line to remove it."))
        return value


class ChargeLine(LineForm, ForeignCost):
    """A charge: accounts 60 to 69, and 86 for what is used in kind; in another currency its euros are computed, whatever was typed."""

    side = "charges"

    @field_validator("amount", mode="before")
    @classmethod
    def _computed(cls, value: Any, info: ValidationInfo) -> Any:
        if info.data.get("currency") == "":
            return value
        millis, rate = info.data.get("foreign_millis"), info.data.get("rate")
        return euro_cents(millis, rate) if millis and rate else 0  # what is wrong in these parts is told at them


class ProductLine(LineForm):
    """A product: accounts 70 to 79, and 87 for what is given in kind. Confirmed only where that is said; the grant asked is no line."""

    side = "products"

    status: Annotated[Literal["requested", "confirmed"], BeforeValidator(lambda value: value or "requested")] = "requested"


class BudgetForm(SectionForm):
    """What it costs, what is asked of the city, and who else pays."""

    groups = {"charges": COST, "products": LINE}

    requested: Cents = None
    charges: Annotated[list[ChargeLine], Field(max_length=100)] = []
    products: Annotated[list[ProductLine], Field(max_length=100)] = []

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        rows: dict[str, list[dict[str, Any]]] = {"charge": [], "product": []}
        for line in lines:
            row = {"account": line.account, "label": line.label, "amount": line.cents, "status": line.status}
            rows[line.side].append(row | (foreign_parts(line) if line.side == "charge" else {}))
        return {"requested": proposal.requested_cents, "charges": rows["charge"], "products": rows["product"]}

    def columns(self) -> dict[str, Any]:
        return {"requested_cents": self.requested}

    def rows(self, proposal_id: int) -> list[BudgetLine]:
        """The lines as rows, in the order typed."""
        return [
            BudgetLine(proposal_id=proposal_id, side=side, position=position, **line.model_dump(exclude={"amount"}), cents=line.amount or 0)
            for side, typed in (("charge", self.charges), ("product", self.products))
            for position, line in enumerate(typed)
        ]


@dataclass(frozen=True)
class Balance:
    """The sums of a budget: in money, and in kind. `share` is the part of the cost asked of the city, None without a cost."""

    requested: Money
    charges: Money
    products: Money
    kind_charges: Money
    kind_products: Money
    travel: Money
    overhead: Money
    confirmed: Money
    unread: int = 0

    @property
    def gap(self) -> Money:
        """Products less charges: what is missing where it is negative."""
        return self.products - self.charges

    @property
    def balanced(self) -> bool:
        """Whether charges equal products, in money and in kind."""
        return self.gap.cents == 0 and self.kind_charges == self.kind_products

    @property
    def share(self) -> Fraction | None:
        """The part of the cost asked of the city."""
        return self.part(self.requested)

    def part(self, money: Money) -> Fraction | None:
        """What part of the cost this is; None without a cost."""
        return Fraction(money.cents, self.charges.cents) if self.charges.cents else None


def balance_of(
    requested: int | None, charges: Sequence[tuple[str, int]], products: Sequence[tuple[str, int]], unread: int = 0, confirmed: int = 0
) -> Balance:
    """The balance of (account, cents) lines; the grant asked counts among the products. `confirmed`: cents that co-funders promised."""
    asked = [Line(CITY_GRANT, requested)] if requested else []
    dossier = Dossier(charges=tuple(Line(*line) for line in charges), products=(*asked, *(Line(*line) for line in products)))
    return Balance(
        Money(requested or 0), dossier.total_cost, dossier.total_products, dossier.in_kind_charges, dossier.in_kind_products,
        dossier.charged_to(TRAVEL), dossier.charged_to(OVERHEAD), Money(confirmed), unread,
    )


def balance_saved(requested: int | None, charges: Sequence[Mapping[str, Any]], products: Sequence[Mapping[str, Any]]) -> Balance:
    """The balance of the file as saved: amounts are cents."""
    uses, sources = ([(row["account"], row["amount"]) for row in side] for side in (charges, products))
    return balance_of(requested, uses, sources, confirmed=_confirmed(products, [cents for _, cents in sources]))


def balance_typed(requested: str, charges: Sequence[Mapping[str, str]], products: Sequence[Mapping[str, str]]) -> Balance:
    """The balance of what stands in the fields, saved or not; amounts that cannot be read are left out and counted."""
    asked = _read(requested)
    sides = [[(row["account"], cents_typed(row)) for row in side] for side in (charges, products)]
    unread = [asked, *(cents for side in sides for _, cents in side)].count(None)
    uses, sources = ([(account, cents or 0) for account, cents in side] for side in sides)
    return balance_of(asked, uses, sources, unread, _confirmed(products, [cents for _, cents in sources]))


def cents_typed(row: Mapping[str, str]) -> int | None:
    """The euro cents of a line as typed, computed where it is in another currency; None for what cannot be read."""
    if row.get("currency", "").strip().upper() in ("", "EUR"):
        return _read(row["amount"])
    return computed_cents(row["currency"], row.get("foreign_millis", ""), row.get("rate", ""))


def _confirmed(products: Sequence[Mapping[str, Any]], cents: Sequence[int]) -> int:
    """What co-funders have confirmed, contributions in kind apart."""
    pairs = zip(products, cents, strict=True)
    return sum(one for row, one in pairs if row["status"] == "confirmed" and not row["account"].startswith(IN_KIND_PRODUCTS))


_CENTS: TypeAdapter[int | None] = TypeAdapter(Cents)


def _read(text: str) -> int | None:
    """Cents, 0 for a blank, None for what cannot be read."""
    try:
        return _CENTS.validate_python(text) or 0
    except ValidationError:
        return None
