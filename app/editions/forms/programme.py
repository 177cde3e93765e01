"""Forms for a programme, a new edition, its texts and its lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from app.core.calendar import known_zone
from app.core.forms import Form, Text
from app.core.messages import Localised, Message, say
from app.core.problems import Invalid
from app.core.sentences import wrong
from app.editions.communes import find_commune
from app.editions.models import Choice

ZONES: tuple[tuple[str, Message], ...] = (
    ("Europe/Paris", say("Metropolitan France")),
    ("America/Guadeloupe", say("Guadeloupe")),
    ("America/Martinique", say("Martinique")),
    ("America/Cayenne", say("French Guiana")),
    ("Indian/Reunion", say("Réunion")),
    ("Indian/Mayotte", say("Mayotte")),
    ("America/Miquelon", say("Saint Pierre and Miquelon")),
    ("Pacific/Tahiti", say("French Polynesia")),
    ("Pacific/Noumea", say("New Caledonia")),
    ("Pacific/Wallis", say("Wallis and Futuna")),
)


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) or len(text) > 60:
        raise wrong(say("Use small letters without accents, digits and hyphens, for example budget-2027. At most 60."))
    if text == "new":
        raise wrong(say("This word is reserved. Choose another."))
    return text


def _zone(name: str) -> str:
    try:
        known_zone(name)
    except Invalid as problem:
        raise wrong(problem.message) from None
    return name


def _commune(code: str) -> str:
    found = find_commune(code) if code else None
    if found is None:
        raise wrong(say("Search for the commune by its name, then choose it in the list."))
    return found.code


Slug = Annotated[Text, AfterValidator(_slug)]
"""A part of an address: "budget-2027"."""
Name = Annotated[Text, StringConstraints(min_length=1, max_length=150)]
Short = Annotated[Text, StringConstraints(max_length=300)]
Long = Annotated[Text, StringConstraints(max_length=8000)]


def localised(**texts: str) -> Localised:
    """The texts that were given, by language."""
    return Localised({language: text for language, text in texts.items() if text})


class ProgrammeEdit(Form):
    """A programme's own texts and places; French is required, English falls back on it."""

    name_fr: Name
    name_en: Short = ""
    tagline_fr: Short = ""
    tagline_en: Short = ""
    operator: Annotated[Text, StringConstraints(max_length=200)] = ""
    commune: Annotated[Text, AfterValidator(_commune)] = Field(default="", validate_default=True)
    zone: Annotated[Text, AfterValidator(_zone)] = "Europe/Paris"

    @property
    def name(self) -> Localised:
        return localised(fr=self.name_fr, en=self.name_en)

    @property
    def tagline(self) -> Localised:
        return localised(fr=self.tagline_fr, en=self.tagline_en)


class ProgrammeForm(ProgrammeEdit):
    """A new programme: also its address, which never changes."""

    slug: Slug


class EditionForm(Form):
    """A new edition: its name, its address, and what it starts from ("empty", "preset", or "copy:" and an edition's address)."""

    name_fr: Name
    name_en: Short = ""
    slug: Slug
    start: Annotated[Text, StringConstraints(pattern=r"^(empty|preset|copy:[a-z0-9-]+)$")] = "empty"

    @property
    def name(self) -> Localised:
        return localised(fr=self.name_fr, en=self.name_en)


class Change(Form):
    """What every change of an edition carries: the revision its author saw and, once it is public, the reason."""

    revision: int
    reason: Annotated[Text, StringConstraints(max_length=1000)] = ""


class Publish(Form):
    """Publishing the edition as its author saw it."""

    revision: int


class TextsForm(Change):
    """Name and introduction by language."""

    name_fr: Name
    name_en: Short = ""
    introduction_fr: Long = ""
    introduction_en: Long = ""

    @property
    def name(self) -> Localised:
        return localised(fr=self.name_fr, en=self.name_en)

    @property
    def introduction(self) -> Localised:
        return localised(fr=self.introduction_fr, en=self.introduction_en)


def _choices(text: object) -> object:
    if not isinstance(text, str):
        return text
    found: list[Choice] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        key, *labels = (part.strip() for part in line.split(";"))
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key) or not labels or not labels[0] or len(labels) > 2:
            raise wrong(say("“%(line)s” cannot be read. Write: key; French name; English name (key: small letters and _).", line=line[:80]))
        if key in {choice.key for choice in found}:
            raise wrong(say("The key “%(key)s” is given twice.", key=key))
        found.append(Choice(key=key, label=localised(fr=labels[0], en=labels[1] if len(labels) == 2 else "")))
    return tuple(found)


Choices = Annotated[tuple[Choice, ...], BeforeValidator(_choices)]
"""Lines "key; French name; English name", read as choices."""


class ListsForm(Change):
    """Themes, districts and other schemes, one on each line."""

    themes: Choices = ()
    districts: Choices = ()
    redirects: Choices = ()


def lines_of(choices: Iterable[Choice]) -> str:
    """The lines from which `ListsForm` reads these choices back."""
    return "\n".join("; ".join(filter(None, (choice.key, choice.label.get("fr", ""), choice.label.get("en", "")))) for choice in choices)
