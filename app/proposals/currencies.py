"""Costs in another currency: what was paid or will be, at which dated rate, and the euros that makes.

The rule, said on the page too: amount ÷ rate, rounded to the nearest cent, half a cent upwards. The rate is the number of units of
the currency for one euro, as central banks publish it. All arithmetic is exact: no float ever holds an amount or a rate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from app.core.forms import Day, Form, Text
from app.core.messages import Message, say
from app.core.money import Money
from app.core.sentences import wrong
from app.organisations.forms import at_most
from app.proposals.models import BudgetLine

FOREIGN = ("currency", "foreign_millis", "rate", "rate_on", "rate_source")
RATE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10})?")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")


def euro_cents(foreign_millis: int, rate: str) -> int:
    """Euro cents for thousandths of a currency at `rate` units for one euro: to the nearest cent, half a cent upwards."""
    exact = Fraction(foreign_millis, 10) / Fraction(rate)
    return int(exact + Fraction(1, 2))


def _plain(value: Any) -> Any:
    """« 655,957 » and "1 250 000.5" as digits and one point; text alone is changed."""
    return re.sub(r"[\s\u00a0\u202f\u2009]", "", value).replace(",", ".") if isinstance(value, str) else value


def _millis(value: Any) -> Any:
    text = _plain(value)
    if not isinstance(text, str):
        return value
    if not text:
        return None
    if not AMOUNT.fullmatch(text):
        raise wrong(say("Enter an amount, such as 250000 or 1250,5, with three decimals at most."))
    return int(Decimal(text) * 1000)


def _needed(info: ValidationInfo) -> bool:
    return info.data.get("currency") != ""


class ForeignCost(Form):
    """The parts of a cost in another currency; without a `currency` none of them is asked for, nor kept."""

    currency: Annotated[Text, BeforeValidator(lambda value: value.strip().upper() if isinstance(value, str) else value)] = ""
    foreign_millis: Annotated[int | None, BeforeValidator(_millis), Field(validate_default=True)] = None
    rate: Annotated[Text, BeforeValidator(_plain), Field(validate_default=True)] = ""
    rate_on: Annotated[Day, Field(validate_default=True)] = None
    rate_source: Annotated[Text, at_most(120), Field(validate_default=True)] = ""

    @field_validator("currency")
    @classmethod
    def _a_code(cls, value: str) -> str:
        if value in ("", "EUR"):
            return ""
        if not re.fullmatch(r"[A-Z]{3}", value):
            raise wrong(say("Enter the three letters of the currency, such as XOF."))
        return value

    @field_validator("foreign_millis")
    @classmethod
    def _an_amount(cls, value: int | None, info: ValidationInfo) -> int | None:
        if not _needed(info):
            return None
        if not value:
            raise wrong(say("Enter the amount in this currency."))
        return value

    @field_validator("rate")
    @classmethod
    def _a_rate(cls, value: str, info: ValidationInfo) -> str:
        if not _needed(info):
            return ""
        if not RATE.fullmatch(value) or not Fraction(value):
            raise wrong(say("Enter how many units of this currency one euro is worth, such as 655,957."))
        return value

    @field_validator("rate_on")
    @classmethod
    def _dated(cls, value: Any, info: ValidationInfo) -> Any:
        if not _needed(info):
            return None
        if value is None:
            raise wrong(say("Enter the day of this rate."))
        return value

    @field_validator("rate_source")
    @classmethod
    def _sourced(cls, value: str, info: ValidationInfo) -> str:
        if not _needed(info):
            return ""
        if not value:
            raise wrong(say("Say who published this rate, for instance the European Central Bank."))
        return value


def foreign_parts(line: BudgetLine) -> dict[str, Any]:
    """The parts of a line as its form has them, as JSON."""
    return {
        "currency": line.currency,
        "foreign_millis": line.foreign_millis,
        "rate": line.rate,
        "rate_on": line.rate_on.isoformat() if line.rate_on else None,
        "rate_source": line.rate_source,
    }


def computed_cents(currency: str, amount: str, rate: str) -> int | None:
    """What typed parts make in euro cents; None without a currency, or while they cannot be read."""
    try:
        millis, plain = _millis(amount), _plain(rate)
    except ValueError:
        return None
    return euro_cents(millis, plain) if currency.strip() and millis and RATE.fullmatch(plain) and Fraction(plain) else None


def amount_typed(millis: int) -> str:
    """Thousandths as a person writes them: 250000, or 1250.5."""
    return f"{Decimal(millis) / 1000:f}"


def foreign_said(line: Mapping[str, Any]) -> Message | None:
    """How the euros of a line were computed, in one sentence; None for a line in euros."""
    if not line.get("currency"):
        return None
    millis, currency, day = line["foreign_millis"], line["currency"], line["rate_on"]
    return say(
        "%(amount)s at %(rate)s %(currency)s for one euro on %(day)s (%(source)s)",
        amount=f"{amount_typed(millis)} {currency}" if millis % 10 else Money(millis // 10, currency),
        rate=Decimal(line["rate"]),
        currency=currency,
        source=line["rate_source"],
        day=date.fromisoformat(day) if isinstance(day, str) else day,
    )
