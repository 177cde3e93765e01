"""Sentences for people, written where the rule lives and translated only where they are shown.

A `Message` holds an English template (the gettext message id) and typed values. Core and services build
messages with `say()` and `say_count()`; `app.rendering` translates them and formats money, shares and dates
in the reader's language. Messages can be stored: `to_json()` and `from_json()` keep the types of the values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from pydantic_core import core_schema

from app.core.money import Money, UnitPrice

Value: TypeAlias = "str | int | Decimal | Money | Fraction | date | datetime | Message | Localised | tuple[Value, ...]"


class Localised(dict[str, str]):
    """A text written by people in one or several languages: {"fr": "…", "en": "…"}."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        """Let Pydantic check and store such a text wherever a model or a column holds one."""
        text = core_schema.str_schema()
        return core_schema.no_info_after_validator_function(cls, core_schema.dict_schema(text, text))

    def best(self, *languages: str) -> tuple[str, str]:
        """Return (language, text): the first of `languages` that has a text, else any text, else ("", "")."""
        for language in (*languages, *self):
            if self.get(language):
                return language, self[language]
        return "", ""


@dataclass(frozen=True)
class Message:
    """A sentence to be translated later. `plural` and `count` are set together or not at all."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None

    def __str__(self) -> str:
        """The English sentence, for logs and tests."""
        text = self.plural if self.plural is not None and self.count != 1 else self.text
        return text % {name: _plain(value) for name, value in self.values.items()} if self.values else text

    def to_json(self) -> dict[str, Any]:
        """A JSON value from which `from_json` rebuilds an equal message."""
        packed: dict[str, Any] = {"text": self.text}
        if self.values:
            packed["values"] = {name: _pack(value) for name, value in self.values.items()}
        if self.plural is not None:
            packed |= {"plural": self.plural, "count": self.count}
        return packed

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Message:
        """Rebuild a message stored by `to_json`. Raises KeyError or ValueError on anything else."""
        values = {name: _unpack(value) for name, value in packed.get("values", {}).items()}
        return cls(packed["text"], values, packed.get("plural"), packed.get("count"))


def say(text: str, /, **values: Value) -> Message:
    """A sentence: `say("Choose at most %(limit)d projects.", limit=3)`."""
    return Message(text, values)


def say_count(singular: str, plural: str, count: int, /, **values: Value) -> Message:
    """A sentence that depends on a number, available in both forms as `%(count)d`."""
    return Message(singular, {"count": count, **values}, plural, count)


def _plain(value: Value) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return f"{float(value) * 100:.10g} %"
        case Localised():
            return value.best("en")[1]
        case tuple():
            return ", ".join(str(_plain(part)) for part in value)
        case int():
            return value
        case _:
            return str(value)


def _pack(value: Value) -> Any:
    match value:
        case Message():
            return {"message": value.to_json()}
        case UnitPrice():
            return {"unit_cents": value.cents, "currency": value.currency}
        case Money():
            return {"cents": value.cents, "currency": value.currency}
        case Decimal():
            return {"decimal": str(value)}
        case Fraction():
            return {"share": [value.numerator, value.denominator]}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case Localised():
            return {"localised": dict(value)}
        case tuple():
            return {"list": [_pack(part) for part in value]}
        case _:
            return value


def _unpack(packed: Any) -> Value:
    match packed:
        case {"message": message}:
            return Message.from_json(message)
        case {"cents": cents, "currency": currency}:
            return Money(cents, currency)
        case {"unit_cents": cents, "currency": currency}:
            return UnitPrice(cents, currency)
        case {"decimal": digits}:
            return Decimal(digits)
        case {"share": [top, bottom]}:
            return Fraction(top, bottom)
        case {"instant": instant}:
            return datetime.fromisoformat(instant)
        case {"date": day}:
            return date.fromisoformat(day)
        case {"localised": texts}:
            return Localised(texts)
        case {"list": parts}:
            return tuple(_unpack(part) for part in parts)
        case str() | int():
            return packed
        case _:
            raise ValueError(f"not a stored message value: {packed!r}")


def set_in_french(text: Any) -> Any:
    """French as it is set, in each of its forms: no line begins with « : » or « ? », none ends with an opening quotation mark."""
    if not isinstance(text, str):
        return tuple(map(set_in_french, text or ()))
    return re.sub(" (?=[:»])|(?<=«) ", "\u00a0", re.sub(" (?=[;?!])", "\u202f", text))
