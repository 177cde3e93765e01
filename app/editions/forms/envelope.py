"""The envelope as officials type it: rows of terms, a split, and buttons that add or take away a row without saving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from app.core.envelope import Envelope, Key, Part, Split, Term
from app.core.forms import errors_of
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.editions.communes import population_figure
from app.editions.forms.drawn import Input, data_of, defaults_of, errors_at, inputs, typed_of, unreadable
from app.editions.models import Choice

TERMS: dict[str, type[BaseModel]] = {kind.model_fields["kind"].default: kind for kind in get_args(get_args(Term)[0])}
SETTINGS = ("floor_cents", "cap_cents", "rounding", "split_by")
PART_FIELDS = ("key", "label_fr", "label_en", "share", "cents")
KEY_FIELDS = ("kind", "weight", "name_fr", "name_en", "values")
SPLITS: tuple[tuple[str, Message], ...] = (
    ("", say("No split: one envelope for all")),
    ("theme", say("By theme")),
    ("district", say("By district")),
    ("cost_band", say("By size of project")),
)
Row = dict[str, str]


@cache
def drawn_term(kind: str) -> tuple[Input, ...]:
    """The inputs of a kind of term. Raises KeyError."""
    return inputs(TERMS[kind], skip=("kind",))


TERM_FIELDS = ("kind", "search", "pick", *sorted({one.name for kind in TERMS for one in drawn_term(kind)}))


@cache
def _envelope_settings() -> tuple[Input, ...]:
    return inputs(Envelope, skip=("terms", "split", "currency"))


@cache
def _part_inputs() -> tuple[Input, ...]:
    return inputs(Part)


@dataclass(frozen=True)
class Sheet:
    """What stands on the page: typed texts only, complete or not."""

    terms: tuple[Row, ...] = ()
    parts: tuple[Row, ...] = ()
    keys: tuple[Row, ...] = ()
    settings: Mapping[str, str] = field(default_factory=lambda: {"rounding": "down_to_euro", "split_by": ""})


def sheet_of(envelope: Envelope | None, commune: str = "") -> Sheet:
    """The sheet of an envelope; without one, a first term for the city's own commune where it has a figure."""
    if envelope is None:
        return Sheet(terms=(fresh_term("per_inhabitant", commune),))
    split = envelope.split
    settings = typed_of(_envelope_settings(), envelope) | {"split_by": split.by if split else ""}
    terms = tuple({"kind": term.kind, **typed_of(drawn_term(term.kind), term)} for term in envelope.terms)
    return Sheet(
        terms=terms,
        parts=tuple(typed_of(_part_inputs(), part) for part in split.parts) if split else (),
        keys=tuple(_typed_key(key) for key in split.keys) if split else (),
        settings=settings,
    )


def fresh_term(kind: str, commune: str = "") -> Row:
    """A new row of a kind; for inhabitants, with the figure of a commune if the table has one."""
    row: Row = {"kind": kind, **defaults_of(drawn_term(kind))}
    return _with_figure(row | {"rate_cents": "1"}, commune, strict=False) if kind == "per_inhabitant" else row


def press(sheet: Sheet, action: str, *, commune: str, themes: Iterable[Choice], districts: Iterable[Choice]) -> Sheet:
    """The sheet after a button: "add:fixed", "remove-term:0", "take:0", "fill-parts", "add-part", "remove-part:1", "add-key", …

    Any other action leaves it as it is. Raises Invalid where a commune without a figure is taken.
    """
    verb, _, what = action.partition(":")
    at = int(what) if what.isascii() and what.isdigit() and len(what) < 4 else -1
    match verb:
        case "add" if what in TERMS and len(sheet.terms) < 20:
            return replace(sheet, terms=(*sheet.terms, fresh_term(what, commune)))
        case "remove-term":
            return replace(sheet, terms=_without(sheet.terms, at))
        case "take" if 0 <= at < len(sheet.terms):
            row = _with_figure(sheet.terms[at], sheet.terms[at].get("pick", ""), at=at)
            return replace(sheet, terms=(*sheet.terms[:at], row, *sheet.terms[at + 1 :]))
        case "add-part":
            return replace(sheet, parts=(*sheet.parts, dict.fromkeys(PART_FIELDS, "") | {"key": f"part-{len(sheet.parts) + 1}"}))
        case "fill-parts":
            return replace(sheet, parts=_parts_from(themes if sheet.settings.get("split_by") == "theme" else districts))
        case "remove-part":
            return replace(sheet, parts=_without(sheet.parts, at))
        case "add-key":
            blank = "\n".join(f"{part['key']}: " for part in sheet.parts)
            return replace(sheet, keys=(*sheet.keys, {"kind": "population", "weight": "1", "name_fr": "", "name_en": "", "values": blank}))
        case "remove-key":
            return replace(sheet, keys=_without(sheet.keys, at))
    return sheet


def read_envelope(sheet: Sheet, currency: str = "EUR") -> Envelope:
    """The envelope typed. Raises Invalid: "terms-0-rate_cents", "parts-1-share", "keys-0-values", "cap_cents" … -> a sentence."""
    errors: dict[str, Message] = {}
    terms = [_read_term(number, row, errors) for number, row in enumerate(sheet.terms)]
    split = _read_split(sheet, errors)
    data = data_of(_envelope_settings(), sheet.settings) | {"currency": currency}
    probe = {"terms": [term for term in terms if term], "split": None} if errors else {"terms": terms, "split": split}
    try:
        envelope = Envelope.model_validate(data | probe)
    except ValidationError as faults:
        errors |= {_settings_name(place): sentence for place, sentence in errors_of(faults).items() if not (place == "terms" and errors)}
    errors |= unreadable(_envelope_settings(), sheet.settings)
    if errors:
        raise Invalid(errors)
    return envelope


def _settings_name(place: str) -> str:
    return {"terms": "", "split": "split_by"}.get(place, place)


def _read_term(number: int, row: Row, errors: dict[str, Message]) -> BaseModel | None:
    kind = row.get("kind", "")
    if kind not in TERMS:
        errors[""] = say("There is no such kind of term. Remove it and add another.")
        return None
    drawn = drawn_term(kind)
    try:
        return TERMS[kind].model_validate(data_of(drawn, row))
    except ValidationError as faults:
        errors |= {f"terms-{number}-{name}": sentence for name, sentence in errors_at(faults, drawn, row).items()}
        return None


def _read_split(sheet: Sheet, errors: dict[str, Message]) -> Split | None:
    by = sheet.settings.get("split_by", "")
    if not by:
        return None
    before = len(errors)
    parts = [_read_row("parts", number, Part, data_of(_part_inputs(), row), errors) for number, row in enumerate(sheet.parts)]
    keys = [_read_row("keys", number, Key, _key_data(number, row, errors), errors) for number, row in enumerate(sheet.keys)]
    for number, row in enumerate(sheet.parts):
        errors |= {f"parts-{number}-{name}": sentence for name, sentence in unreadable(_part_inputs(), row).items()}
    if len(errors) > before:
        return None
    try:
        return Split.model_validate({"by": by, "parts": parts, "keys": keys})
    except ValidationError as faults:
        errors["split_by"] = next(iter(errors_of(faults).values()))
        return None


def _read_row(group: str, number: int, model: type[BaseModel], data: dict[str, Any], errors: dict[str, Message]) -> BaseModel | None:
    try:
        return model.model_validate(data)
    except ValidationError as faults:
        for place, sentence in errors_of(faults).items():
            top = place.split("-")[0]
            name = {"label": "label_fr", "name": "name_fr"}.get(top, top)
            errors.setdefault(f"{group}-{number}-{name}", sentence)
        return None


def _key_data(number: int, row: Row, errors: dict[str, Message]) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": row.get("kind", ""), "weight": row.get("weight", "").replace(",", ".") or "1"}
    data["name"] = {code: row[f"name_{code}"].strip() for code in ("fr", "en") if row.get(f"name_{code}", "").strip()}
    values: dict[str, str] = {}
    for line in filter(None, map(str.strip, row.get("values", "").splitlines())) if data["kind"] != "equal" else ():
        key, sign, figure = line.partition(":")
        if not sign or not figure.strip():
            errors[f"keys-{number}-values"] = say("Write each line as: part: figure. This one cannot be read: %(line)s", line=line[:60])
        values[key.strip()] = "".join(figure.split())
    return data | {"values": values}


def _typed_key(key: Key) -> Row:
    lines = "\n".join(f"{part}: {figure}" for part, figure in key.values.items())
    names = {f"name_{code}": key.name.get(code, "") for code in ("fr", "en")}
    return {"kind": key.kind, "weight": key.weight, "values": lines, **names}


def _parts_from(choices: Iterable[Choice]) -> tuple[Row, ...]:
    labels = ({"key": one.key, "label_fr": one.label.get("fr", ""), "label_en": one.label.get("en", "")} for one in choices)
    return tuple({**row, "share": "", "cents": ""} for row in labels)


def _with_figure(row: Row, commune: str, *, at: int = 0, strict: bool = True) -> Row:
    try:
        figure = population_figure(commune)
    except Invalid as problem:
        if strict:
            raise Invalid({f"terms-{at}-search": problem.message}) from None
        return row
    shown = figure.model_dump(mode="json")
    return {**row, **{f"figure_{name}": "" if value is None else str(value) for name, value in shown.items()}}


def _without(rows: tuple[Row, ...], at: int) -> tuple[Row, ...]:
    return tuple(row for number, row in enumerate(rows) if number != at)
