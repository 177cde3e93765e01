"""Forms drawn from the fields of a frozen Pydantic model: a new kind of rule or of term needs no page of its own.

`inputs` lists what to ask, `data_of` reads what was typed, `typed_of` shows a value again, `errors_at` puts faults at their input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from app.core.forms import Cents, Day, errors_of
from app.core.messages import Message, say
from app.editions.forms.labels import HINTS, LABELS, OPTIONS

Options: TypeAlias = Sequence[tuple[str, Any]]
Typed: TypeAlias = Mapping[str, Any]
LANGUAGES = (("fr", say("in French")), ("en", say("in English")))


@dataclass(frozen=True)
class Input:
    """One input of a drawn form. `path` is where its value goes in the model; `kind` names the macro that draws it."""

    path: tuple[str, ...]
    kind: Literal["money", "whole", "exact", "text", "long", "day", "tick", "choice", "choices", "lines"]
    label: Message
    hint: Message | None
    required: bool
    options: Options = ()
    language: str | None = None
    default: Any = None

    @property
    def name(self) -> str:
        """The name of the input: rate_cents, figure_value, wording_fr."""
        return "_".join(self.path)


def inputs(model: type[BaseModel], *, skip: Iterable[str] = (), offers: Mapping[str, Options] | None = None) -> tuple[Input, ...]:
    """What to ask for a model; `offers` gives the choices of a field that depend on the edition (its themes, say)."""
    return tuple(one for name, field in model.model_fields.items() if name not in skip for one in _inputs((name,), field, offers or {}))


def data_of(drawn: Iterable[Input], typed: Typed) -> dict[str, Any]:
    """The values typed, each put where the model wants it; what is blank is left out, what cannot be read stays as it is."""
    data: dict[str, Any] = {}
    for one in drawn:
        value = _read(one, typed.get(one.name, ""))
        if value is None:
            continue
        place = data
        for step in one.path[:-1]:
            place = place.setdefault(step, {})
        place[one.path[-1]] = value
    return data


def typed_of(drawn: Iterable[Input], value: BaseModel) -> dict[str, Any]:
    """What the form shows for a value; `data_of` reads the same value back."""
    return {one.name: _shown(one, _at(value, one.path)) for one in drawn}


def defaults_of(drawn: Iterable[Input]) -> dict[str, Any]:
    """What an empty form shows: the defaults of the model."""
    return {one.name: _shown(one, one.default) for one in drawn}


def errors_at(faults: ValidationError, drawn: Sequence[Input], typed: Typed) -> dict[str, Message]:
    """Input -> sentence. A fault of the whole model stands at its first input."""
    errors = unreadable(drawn, typed)
    for place, sentence in errors_of(faults).items():
        path = tuple(place.split("-")) if place else ()
        errors.setdefault(_nearest(path, drawn), sentence)
    return errors


def unreadable(drawn: Iterable[Input], typed: Typed) -> dict[str, Message]:
    """Input -> sentence, for the amounts and days that cannot be read: better words than those of the model that then refuses them."""
    found: dict[str, Message] = {}
    for one in drawn:
        if one.kind in ("money", "day"):
            try:
                TypeAdapter(Cents if one.kind == "money" else Day).validate_python(str(typed.get(one.name, "")))
            except ValidationError as faults:
                found[one.name] = next(iter(errors_of(faults).values()))
    return found


def _nearest(path: tuple[str, ...], drawn: Sequence[Input]) -> str:
    for one in drawn:
        if path[: len(one.path)] == one.path or one.path[: len(path)] == path:
            return one.name
    return drawn[0].name if drawn else ""


def _inputs(path: tuple[str, ...], field: FieldInfo, offers: Mapping[str, Options]) -> list[Input]:
    name, kind = path[-1], _bare(field.annotation)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [one for inner, part in kind.model_fields.items() for one in _inputs((*path, inner), part, offers)]
    label, hint = LABELS.get(name, say("%(name)s", name=name.replace("_", " "))), HINTS.get(name)
    required = field.is_required()
    if get_origin(kind) is dict:
        written = [say("%(label)s, %(language)s", label=label, language=words) for _, words in LANGUAGES]
        return [
            Input((*path, code), "long", words, hint if code == "fr" else None, required and code == "fr", language=code)
            for (code, _), words in zip(LANGUAGES, written, strict=True)
        ]
    default = None if required else field.get_default(call_default_factory=True)
    options = offers.get(name, ()) or _own_options(name, kind)
    return [Input(path, _kind(name, kind, bool(options)), label, hint, required, options, default=default)]


def _kind(name: str, kind: Any, has_options: bool) -> Any:
    if get_origin(kind) is tuple:
        return "choices" if has_options else "lines"
    if has_options:
        return "choice"
    if name.endswith("cents"):
        return "money"
    plain: dict[Any, str] = {bool: "tick", int: "whole", date: "day", Decimal: "exact"}
    return plain.get(kind, "exact" if "percent" in name or name in ("weight", "share") else "text")


def _bare(annotation: Any) -> Any:
    """The type itself, without its constraints and without "or None"."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(kind for kind in get_args(annotation) if kind is not type(None)))
    return annotation


def _own_options(name: str, kind: Any) -> Options:
    inner = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
    words = OPTIONS.get(name, {})
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return [(str(value), words.get(str(value), str(value))) for value in inner]
    if get_origin(inner) is Literal:
        return [(str(value), words.get(str(value), str(value))) for value in get_args(inner)]
    return list(words.items())


def _read(one: Input, given: Any) -> Any:
    if one.kind == "choices":
        return [value for value in ([given] if isinstance(given, str) else given) if value]
    text = str(given).strip().replace("\x00", "")
    if one.kind == "tick":
        return text == "yes"
    if not text:
        return None
    match one.kind:
        case "money":
            return _convert(Cents, text)
        case "day":
            return _convert(Day, text)
        case "whole":
            bare = re.sub(r"[\s\u00a0\u202f]", "", text)
            return int(bare) if re.fullmatch(r"-?[0-9]{1,18}", bare) else text
        case "exact":
            return text.replace(",", ".").removesuffix("%").strip()
        case "lines":
            return [line.strip() for line in re.split(r"[\n,;]", text) if line.strip()]
        case _:
            return text.replace("\r\n", "\n")


def _convert(kind: Any, text: str) -> Any:
    """The value, or the text itself: the model then refuses it, and the sentence stands at the input."""
    try:
        return TypeAdapter(kind).validate_python(text)
    except ValidationError:
        return text


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
    return value


def _shown(one: Input, value: Any) -> Any:
    if one.kind == "choices":
        return [str(item) for item in value or ()]
    if value is None:
        return ""
    match one.kind:
        case "money":
            return f"{value // 100},{value % 100:02d}" if value % 100 else str(value // 100)
        case "tick":
            return "yes" if value else ""
        case "lines":
            return "\n".join(map(str, value))
        case "exact":
            return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
        case _:
            return str(value)
