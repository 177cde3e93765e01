"""Forms: one Pydantic model serves the page, the API and an imported row.

`read(Model, values)` gives a checked form or raises `Invalid` with a sentence at each field. Field names in errors
use hyphens for nested rows ("charges-0-cents"), which are also the names of the inputs on the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from app.core.messages import Message, say, say_count
from app.core.problems import Invalid
from app.core.sentences import wrong

Checked = TypeVar("Checked", bound="Form")


class Form(BaseModel):
    """What someone sent, checked. Unknown fields are refused, spaces at both ends dropped, NUL characters never pass."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def read(form: type[Checked], values: Mapping[str, Any]) -> Checked:
    """Check `values` (what the door received) against `form`. Raises Invalid with all faults at once."""
    try:
        return form.model_validate(dict(values))
    except ValidationError as faults:
        raise Invalid(errors_of(faults)) from None


def errors_of(faults: ValidationError) -> dict[str, Message]:
    """Field -> sentence, the first fault of each field, translatable."""
    errors: dict[str, Message] = {}
    for fault in faults.errors():
        errors.setdefault("-".join(str(part) for part in fault["loc"] if not str(part).startswith("function-")), _sentence(fault))
    return errors


def _sentence(fault: Mapping[str, Any]) -> Message:
    context = fault.get("ctx", {})
    if "say" in context:
        return Message.from_json(context["say"])
    match fault["type"]:
        case "missing" | "string_too_short" | "too_short":
            return say("Fill in this field.")
        case "string_too_long" | "too_long":
            return say_count(
                "Keep this to %(count)d character at most.", "Keep this to %(count)d characters at most.", int(context["max_length"])
            )
        case "int_parsing" | "int_type" | "int_from_float":
            return say("Enter a whole number, such as 120.")
        case "float_parsing" | "float_type":
            return say("Enter a number, such as 12.5.")
        case "greater_than_equal":
            return say("Enter %(limit)s or more.", limit=_whole(context["ge"]))
        case "less_than_equal":
            return say("Enter %(limit)s at most.", limit=_whole(context["le"]))
        case "greater_than":
            return say("Enter more than %(limit)s.", limit=_whole(context["gt"]))
        case "less_than":
            return say("Enter less than %(limit)s.", limit=_whole(context["lt"]))
        case "literal_error" | "enum":
            return say("Choose one of the answers offered.")
        case "extra_forbidden":
            return say("This field is not expected here.")
        case "bool_parsing" | "bool_type":
            return say("Answer yes or no.")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return say("Enter a date, such as 2027-05-14.")
        case "value_error" if "email" in str(fault.get("msg", "")):
            return say("Enter a full e-mail address, such as name@example.org.")
        case _:
            return say("This answer cannot be read. Check it and try again.")


def _whole(limit: float) -> int | str:
    """A limit as people write it: whole where it is whole."""
    return int(limit) if limit == int(limit) else str(limit)


def _blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _cents(value: Any) -> Any:
    """Read « 12 345,67 € », "12345.67" or "12,345.67" as integer cents; what is blank stays None."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"[\s\u00a0\u202f\u2009€]|EUR", "", value)
    if not text:
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"\d{1,12}([.,]\d{1,2})?", text):
        raise wrong(say("Enter an amount in euros, such as 1250 or 1250,50."))
    whole, _, decimals = text.replace(",", ".").partition(".")
    return int(whole) * 100 + int(decimals.ljust(2, "0") or 0)


def _day(value: Any) -> Any:
    """Read "2027-05-14" or "14/05/2027"; what is blank stays None."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    if french := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text):
        text = f"{french[3]}-{int(french[2]):02d}-{int(french[1]):02d}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong(say("This date does not exist. Enter a date such as 14/05/2027.")) from None


def _no_nul(value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise wrong(say("This text holds a character that cannot be kept. Delete it and type it again."))
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


# A limit on a field that may be blank goes inside: Annotated[Annotated[int, Field(ge=0)] | None, …]; outside, it would meet None.
Text = Annotated[str, BeforeValidator(_no_nul)]
"""Plain text: NUL refused, line ends made one kind."""
Optional = Annotated[Text | None, BeforeValidator(_blank_to_none)]
"""A text that may be left blank (None)."""
Cents = Annotated[int | None, BeforeValidator(_cents)]
"""An amount typed in euros, kept as integer cents; blank is None."""
Whole = Annotated[int | None, BeforeValidator(_blank_to_none)]
"""A whole number; blank is None."""
Number = Annotated[float | None, BeforeValidator(_blank_to_none)]
"""A decimal number (a coordinate, never money); blank is None."""
Day = Annotated[date | None, BeforeValidator(_day)]
"""A calendar day; blank is None."""
Tick = Annotated[bool, BeforeValidator(lambda value: value if isinstance(value, bool) else value in ("yes", "on", "true", "1"))]
"""A ticked box, or one left alone (False)."""
YesNo = Annotated[bool | None, BeforeValidator(lambda value: {"yes": True, "no": False, "": None}.get(value, value))]
"""A question answered yes, no or not yet (None)."""
