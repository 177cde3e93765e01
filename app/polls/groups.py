"""The groups of projects that a part of the envelope or a quota may be about, as the form offers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from app.core.messages import Localised, Value, say
from app.countries import country_name
from app.editions.models import Edition
from app.polls.choices import EACH_LABELS, ONE_LABELS, Same
from app.polls.models import Candidate

Options: TypeAlias = list[tuple[Value, list[tuple[str, Value]]]]
"""Groups of choices: what they are called, and each choice with its name."""


def groups(edition: Edition, candidates: Sequence[Candidate]) -> dict[str, Options]:
    """For "parts" and "quotas": one theme, country or district; and every one of them, by itself or the best of each."""
    known: dict[Same, list[str]] = {
        "theme": [theme.key for theme in edition.themes],
        "country": _found(candidates, "country"),
        "district": [one.key for one in edition.districts] or _found(candidates, "district"),
    }
    named = names_in(edition)
    one: Options = [
        (ONE_LABELS[key], [(f"{key}:{value}", named(key, value)) for value in values]) for key, values in known.items() if values
    ]
    every = [key for key, values in known.items() if values]
    each: Options = [(say("Each by itself"), [(f"each:{key}", EACH_LABELS[key]) for key in every])] if every else []
    best: Options = [(say("The best of each, from one purse"), [(f"best:{key}", EACH_LABELS[key]) for key in every])] if every else []
    return {"parts": [*each, *best, *one], "quotas": [*each, *one]}


def names_in(edition: Edition) -> Callable[[str, str], Value]:
    """What one theme, country or district of this edition is called, from its key and its value."""
    lists = {"theme": edition.themes, "district": edition.districts}
    labels = {(key, one.key): Localised(one.label) for key, choices in lists.items() for one in choices}

    def name(key: str, value: str) -> Value:
        return country_name(value) if key == "country" else labels.get((key, value), value)

    return name


def _found(candidates: Sequence[Candidate], key: str) -> list[str]:
    return sorted({value for one in candidates if (value := getattr(one, key))})
