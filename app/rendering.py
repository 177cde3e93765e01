"""The one Jinja environment and the translations: pages, e-mails and documents all render here."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from numbers import Number
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import figures
from app.accessibility import statement
from app.core.messages import Localised, Message, set_in_french
from app.core.money import Money, UnitPrice
from app.countries import country_name
from app.language_of_parts import in_lang_of, lang_of, plain_of, show_of
from app.quick_templates import DrawnOnce, DrawnWith, OwnTemplate, QuickContext, Spoken, icon_of
from app.rich_text import APART, TOGETHER, rich
from app.settings import ROOT

LANGUAGES: dict[str, str] = {
    "fr": "Français", "fr@falc": "Français facile", "en": "English", "es": "Español", "it": "Italiano", "de": "Deutsch", "ar": "العربية"
}  # fmt: skip
"""The languages of the interface, each under its own name."""
FALLBACK: dict[str, str] = {"ar": "fr", "fr@falc": "fr"}
"""Languages in which the resident's way to the vote is written, and what stands elsewhere; all others are complete."""
WHOLE = tuple(code for code in LANGUAGES if code not in FALLBACK)
"""The languages in which every sentence is written."""
GUEST_LANGUAGES: dict[str, str] = {code: LANGUAGES[code] for code in ("fr", "en", "es")}
"""Those of the page and the e-mails of a local partner abroad."""
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}

PLACE = re.compile(r"%\(\w+\)[sd]")
_language: ContextVar[str] = ContextVar("language", default="fr")
_zone: ContextVar[str] = ContextVar("zone", default="Europe/Paris")


@contextmanager
def speaking(language: str, zone: str = "Europe/Paris") -> Iterator[None]:
    """Render in `language`, instants shown in `zone`, for as long as the block lasts."""
    tokens = _language.set(language), _zone.set(zone)
    try:
        yield
    finally:
        _language.reset(tokens[0])
        _zone.reset(tokens[1])


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language: all its files, one for each room, merged. English is the text in the code."""
    merged: NullTranslations = NullTranslations()
    for path in sorted((ROOT / "app" / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue, compiled = read_po(file, locale=base_of(language)), io.BytesIO()
            for one in catalogue if base_of(language) == "fr" else ():
                one.string = set_in_french(one.string)
            write_mo(compiled, catalogue)
        compiled.seek(0)
        room = Translations(compiled)
        merged = merged.merge(room) if isinstance(merged, Translations) else room
    if language in FALLBACK:
        merged.add_fallback(translations(FALLBACK[language]))
    return merged


def base_of(language: str) -> str:
    """The language itself, for dates, numbers and readers: « fr » of « fr@falc »."""
    return language.partition("@")[0]


def _locale() -> str:
    """What formats dates and numbers now."""
    return base_of(_language.get())


def gettext(text: str) -> str:
    """`text` in the language being spoken."""
    return str(translations(_language.get()).gettext(text))


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of a sentence that fits `count` in the language being spoken."""
    return str(translations(_language.get()).ngettext(singular, plural, count))


def translate(value: object) -> str:
    """A `Message`, `Localised` text or plain value as plain text in the language being spoken."""
    match value:
        case Message(text=text, values=values, plural=plural, count=count):
            known = gettext(text) if plural is None or count is None else ngettext(text, plural, count)
            if _is_borrowed(text, plural, count, known):
                with speaking(FALLBACK[_language.get()], _zone.get()):
                    return _apart(translate(value))
            return known % {name: _shown(part) for name, part in values.items()} if values else known
        case dict():
            written_in, found = Localised(value).best(_language.get(), _locale(), "fr", "en")
            return _apart(found) if _locale() in RIGHT_TO_LEFT and written_in not in RIGHT_TO_LEFT and found else found
        case None:
            return ""
        case _:
            return str(_shown(value))


def _is_borrowed(text: str, plural: str | None, count: int | None, known: str) -> bool:
    """Whether a sentence of a page from right to left is one of the language it falls back to."""
    if _locale() not in RIGHT_TO_LEFT or (lender := FALLBACK.get(_language.get())) is None:
        return False
    theirs = translations(lender)
    if not any(sign.isalpha() for sign in PLACE.sub("", text)):
        return False  # no word of its own
    return known == (theirs.gettext(text) if plural is None or count is None else theirs.ngettext(text, plural, count))


def foreign(value: object) -> str:
    """The language in which a Message or a text of the city is written, where it is not that of the page; else ""."""
    match value:
        case Message(text=text, plural=plural, count=count):
            known = gettext(text) if plural is None or count is None else ngettext(text, plural, count)
            return base_of(FALLBACK[_language.get()]) if _is_borrowed(text, plural, count, known) else ""
        case dict():
            written_in = base_of(Localised(value).best(_language.get(), _locale(), "fr", "en")[0])
            return "" if written_in == _locale() else written_in
    return ""


def _apart(text: str) -> str:
    """A text from left to right, set apart on a page from right to left, so that its full stop and its brackets stand on their own side."""
    return f"{APART}{text}{TOGETHER}"


def _shown(value: object) -> object:
    match value:
        case Message() | dict():
            return translate(value)
        case Money():
            return money(value)
        case Fraction():
            return percent(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case tuple():
            return format_list([_named(part) for part in value], locale=_locale())
        case int() if not isinstance(value, bool):
            return Digits(value)
        case Decimal():
            return str(format_decimal(value, "#,##0.##########", locale=_locale()))
        case float():
            return str(format_decimal(Decimal(str(value)).normalize(), "#,##0.######", locale=_locale()))
        case _:
            return value


def _named(part: object) -> str:
    """One of several in a sentence; on a page from right to left a name keeps its own direction, so that each stays in one piece."""
    shown = str(_shown(part))
    return _apart(shown) if isinstance(part, str) and _locale() in RIGHT_TO_LEFT else shown


class Digits(int):
    """A whole number that prints with the thousands separator of the language, and still obeys %d."""

    def __str__(self) -> str:
        return number(int(self))


def money(value: Money, cents: bool = False) -> str:
    """« 230 890 € », with cents only where there are some, or always (`cents`); the price of a unit always with them (« 1,00 € »)."""
    whole = value.cents % 100 == 0 and not cents and not isinstance(value, UnitPrice)
    return figures.money(value.cents, value.currency, whole, _locale())


def amount(cents: int, currency: str = "EUR") -> str:
    """An amount in cents as text."""
    return money(Money(cents, currency))


def number(value: int | float) -> str:
    """« 230 890 »."""
    return figures.number(value, _locale())


def percent(share: Fraction | float) -> str:
    """« 68 % » or « 63,16 % »: two decimals, four for the smallest shares (« 0,031 % »)."""
    return figures.percent(share, _locale())


def day(value: date | datetime) -> str:
    """« 14 mai 2027 », an instant in the zone being used."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(_zone.get())).date()
    return figures.day(value, _locale())


def moment(value: datetime) -> str:
    """« 14 mai 2027 à 9 h », in the zone being used."""
    local = value.astimezone(ZoneInfo(_zone.get()))
    return gettext("%(day)s at %(time)s") % {"day": day(local.date()), "time": figures.clock(local, _locale())}


def country(iso2: str | None) -> str:
    """The name of a country, as the city says it."""
    return country_name(iso2, (_locale(),))[_locale()] if iso2 else ""


@cache
def static(path: str) -> str:
    """The address of a static file, with the hash of its bytes, so that browsers may keep it for ever."""
    digest = hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


OURS = frozenset({
    "t", "static", "url", "money", "amount", "number", "percent", "day", "moment", "country", "languages",
    "accessibility_label", "_", "ngettext", "say", "lang_of", "in_lang", "as_shown", "as_plain", "as_drawn", "drawn_once", "drawn_with",
})  # fmt: skip
"""Names that belong to every template: a page that took one for a value of its own would break the macros it imports."""


@cache
def environment() -> Environment:
    """The Jinja environment: undefined names are errors, everything is escaped but the plain text of e-mails."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=lambda name: not (name or "").endswith(".txt"),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.context_class, made.template_class = QuickContext, OwnTemplate
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["_"] = Spoken(gettext, _language.get)
    made.globals.update(
        t=translate,
        static=static,
        url=lambda path: path,
        money=money,
        amount=amount,
        number=number,
        percent=percent,
        day=day,
        moment=moment,
        country=country,
        languages=list(LANGUAGES.items()),
        accessibility_label=lambda: statement().label,
        say=show_of(translate, foreign, _shown, (str,)),
        as_shown=show_of(translate, foreign, _shown, (str, Number)),
        as_plain=plain_of(translate),
        lang_of=lang_of(foreign),
        in_lang=in_lang_of(_locale),
        as_drawn=icon_of(static),
        drawn_once=DrawnOnce(_language.get),
        drawn_with=DrawnWith(_language.get),
    )
    made.filters["rich"] = rich
    return made


def render(template: str, values: Mapping[str, Any], *, language: str, zone: str = "Europe/Paris") -> str:
    """Render a template of templates/ in a language."""
    if not template.startswith("emails/") and (hidden := values.keys() & OURS):  # an e-mail imports no macro that needs them
        raise TypeError(f"{template}: these values would hide functions that every template may call: {', '.join(sorted(hidden))}")
    with speaking(language, zone):
        context = {"locale": base_of(language), "tongue": language, "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr", **values}
        return environment().get_template(template).render(context)
