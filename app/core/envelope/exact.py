"""Field types that hold exact numbers only: cents as whole numbers, percents and weights as decimals or fractions in text."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.core.messages import say
from app.core.sentences import wrong

# Short on purpose: Fraction("1e999999999") would fill the memory of the server.
_NUMBER = re.compile(r"\d{1,15}([.,]\d{1,12})?|\d{1,12}/\d{1,12}", re.ASCII)


class Rule(BaseModel):
    """Base of every rule kept as data: frozen, and a field it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def exact(text: str) -> Fraction:
    """The number written in an `Exact` field: "0.3" -> 3/10, "1/3" -> 1/3."""
    return Fraction(text)


def written(number: Fraction) -> str:
    """One way of writing for each number, so that equal rules have equal hashes: a decimal if it ends, else a fraction."""
    rest, places = number.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    if rest != 1 or places > 12:
        return f"{number.numerator}/{number.denominator}"
    whole, decimals = divmod(number * 10**places, 10**places)
    return f"{whole}.{int(decimals):0{places}d}" if places else str(number.numerator)


def _read(given: Any) -> str:
    if isinstance(given, bool | float):
        raise wrong(say("Write this number as text, such as 0.3 or 1/4: a floating-point number is not exact."))
    text = format(given, "f") if isinstance(given, Decimal) else str(given).strip()
    if not _NUMBER.fullmatch(text):
        raise wrong(say("Type a number such as 0.3 or a fraction such as 1/4."))
    try:
        return written(Fraction(text.replace(",", ".")))
    except ZeroDivisionError:
        raise wrong(say("Type a number such as 0.3 or a fraction such as 1/4.")) from None


def _as_percent(text: str) -> str:
    if not 0 < exact(text) <= 100:
        raise wrong(say("Type a percentage above 0 and up to 100."))
    return text


Exact = Annotated[str, BeforeValidator(_read)]
"""A number of at least 0, exact, as text: "0.3" or "1/3"; "0,30" is read as "0.3". Floats are refused."""

Percent = Annotated[str, BeforeValidator(lambda given: _as_percent(_read(given)))]
"""A percentage above 0 and up to 100, exact, as text: "0.3" is 0.3 %."""

Cents = Annotated[int, Field(strict=True, ge=0, le=10**15)]
"""An amount in hundredths of the currency's unit, at least 0."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""A short text typed by an official: what a figure is called, where it comes from."""
