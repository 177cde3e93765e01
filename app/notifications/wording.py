"""The words of a message: the usual ones from their templates, or the city's own, which hold `{places}` and nothing that runs.

No template language ever reads what staff typed: places are replaced in one pass, escaped in HTML, and links lead to this site only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from sqlmodel import col, select

from app.core.messages import Message, say
from app.notifications.kinds import KINDS, Kind
from app.notifications.models import MailWording
from app.notifications.places import News
from app.rendering import render, speaking, translate
from app.rich_text import rich
from app.settings import settings
from app.unit import Work

PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\n]*)\)")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|javascript:|data:)[^\s)>\]]*", re.IGNORECASE)
_MARK = re.compile(r"QPx\d+xPQ")
_HREF = re.compile(r' href="([^"]*)"')
_BETWEEN = re.compile(r"\n\s*\n")
_FOOT = "\n--\n"


@dataclass(frozen=True)
class Letter:
    """A message ready to go: one line of subject, the text, the page."""

    subject: str
    text: str
    html: str


def usual(name: str, values: Mapping[str, Any], *, language: str, zone: str) -> Letter:
    """The message as its templates say it."""
    context = {"base_url": settings().base_url, "site_name": settings().site_name, **values}
    subject = " ".join(render(f"emails/{name}/subject.txt", context, language=language, zone=zone).split())
    text, html = (render(f"emails/{name}/body.{kind}", context, language=language, zone=zone) for kind in ("txt", "html"))
    return Letter(subject, text, html)


def wording_of(work: Work, name: str, language: str) -> MailWording | None:
    """The city's own words that count today, None where the usual ones do. Read once in a transaction, however many mails it queues."""
    if name not in KINDS:
        return None
    known: dict[tuple[str, str], MailWording | None] = work.db.info.setdefault("wordings", {})
    if (name, language) not in known:
        newest = select(MailWording).where(MailWording.name == name, MailWording.language == language)
        known[name, language] = work.db.exec(newest.order_by(col(MailWording.id).desc()).limit(1)).first()
    found = known[name, language]
    return found if found is not None and found.body else None


def written(kind: Kind, subject: str, body: str, values: Mapping[str, Any], *, language: str, zone: str) -> Letter:
    """The message in the city's words. What stands in the places is escaped, and is never read as Markdown. No secret in the subject."""
    told = _told(kind, values, language, zone)
    body = _filled_paragraphs(kind, body, told)
    with speaking(language, zone):
        page = _page(kind, body, told, {one.name: _linked(values[one.name]) for one in kind.places if _is_news(values.get(one.name))})
    context = {"site_name": values.get("site_name", settings().site_name), "written": page, "text": _plain(body, told)}
    text, html = (render(f"emails/_written.{ending}", context, language=language, zone=zone) for ending in ("txt", "html"))
    open_to_all = told | {one.name: "" for one in kind.places if one.secret}
    return Letter(" ".join(_filled(subject, open_to_all).split()), text, html)


def _told(kind: Kind, values: Mapping[str, Any], language: str, zone: str) -> dict[str, str]:
    """Each place in words, in the reader's language."""
    with speaking(language, zone):
        return {place.name: _in_words(place.value_in(values, settings().base_url)) for place in kind.places}


def _is_news(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, News) for one in value)


def _linked(news: Sequence[News]) -> Markup:
    """News as HTML: the title of each project leads to its page."""
    return Markup("<br>").join(
        Markup('<a href="{}" dir="auto">{}</a>: {}').format(one.link, one.title, translate(one.what)) for one in news
    )


def _in_words(value: Any) -> str:
    if _is_news(value):
        return "\n\n".join(f"- {one.title}: {translate(one.what)}\n  {one.link}" for one in value)
    return "\n".join(f"- {translate(one)}" for one in value) if isinstance(value, list) else translate(value)


def _filled(text: str, told: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: told.get(found[1], found[0]), text)


def _filled_paragraphs(kind: Kind, body: str, told: Mapping[str, str]) -> str:
    """The body without the paragraphs that name only optional places where nothing stands, or such lines of one that names others."""
    empty = {one.name for one in kind.places if one.optional and not told[one.name]}
    if not empty:
        return body
    parts = (part if _says_something(part, empty) else "" for part in _BETWEEN.split(body))
    lines = ((line for line in part.splitlines() if _says_something(line, empty)) for part in parts if part)
    return "\n\n".join("\n".join(kept) for kept in lines)


def _says_something(text: str, empty: Collection[str]) -> bool:
    """Whether a text names no empty place, or another place beside it."""
    named = set(PLACE.findall(text))
    return named.isdisjoint(empty) or not named.issubset(empty)


def _plain(body: str, told: Mapping[str, str]) -> str:
    """The text: a link is its words, then its address."""
    return _filled(_LINK.sub(lambda found: f"{found[1]} {found[2]}" if found[1] != found[2] else found[2], body), told)


def _page(kind: Kind, body: str, told: Mapping[str, str], drawn: Mapping[str, Markup]) -> Markup:
    """The same as HTML: Markdown first, with marks in the places; then what stands there, escaped or `drawn` already."""
    marks = {place.name: f"QPx{number}xPQ" for number, place in enumerate(kind.places)}
    links = {marks[place.name]: told[place.name] for place in kind.places if place.is_link}
    html = str(rich(PLACE.sub(lambda found: marks.get(found[1], found[0]), body)))
    html = _HREF.sub(lambda found: f' href="{escape(links[found[1]])}"' if found[1] in links else found[0] if _ours(found[1]) else "", html)
    for mark, link in links.items():  # a link that stands on a line of its own can be followed
        shown = str(escape(link))
        html = re.sub(rf"(<p>|<br>\s*){mark}", rf'\1<a href="{shown}">{shown}</a>', html)
    filled = {mark: drawn.get(name) or str(escape(told[name])).replace("\n", "<br>") for name, mark in marks.items()}
    return Markup(_MARK.sub(lambda found: filled.get(found[0], found[0]), html))  # in one pass: what stands in a place is not read again


def _ours(address: str) -> bool:
    base = settings().base_url
    return address == base or address.startswith((f"{base}/", f"{base}#"))


def faults(kind: Kind, subject: str, body: str) -> dict[str, Message]:
    """Field -> sentence for what cannot be saved: a place this message does not have, a secret in the subject, a link to another site."""
    found: dict[str, Message] = {}
    for field, text in (("subject", subject), ("body", body)):
        strange = next((name for name in PLACE.findall(text) if kind.place(name) is None), None)
        if strange is not None:
            found[field] = say("There is no place “{%(name)s}” in this message. Use those listed below.", name=strange)
    secret = next((one.name for one in kind.places if one.secret and one.name in PLACE.findall(subject)), None)
    if "subject" not in found and secret is not None:
        found["subject"] = say("“{%(name)s}” is for the reader alone, and a subject is seen by others. Put it in the text.", name=secret)
    if "body" not in found and (target := _foreign(kind, body)) is not None:
        found["body"] = say("Links may only lead to this site. This one does not: %(link)s", link=target[:100])
    return found


def _foreign(kind: Kind, body: str) -> str | None:
    """The first address in a text that leads elsewhere."""
    for _, target in _LINK.findall(body):
        place = PLACE.fullmatch(target)
        known = kind.place(place[1]) if place else None
        if not (known.is_link if known else _ours(target)):
            return str(target)
    return next((address for address in _ADDRESS.findall(body) if not _ours(address)), None)


def missing(kind: Kind, body: str) -> list[Message]:
    """What the message should say and does not: a warning for each required place that is left out."""
    there = set(PLACE.findall(body))
    lost = [place for place in kind.places if place.required and place.name not in there]
    return [
        say("{%(name)s} is missing: %(what)s. Without it readers miss something they need.", name=one.name, what=one.label) for one in lost
    ]


def starting_point(kind: Kind, language: str, site: str = "") -> tuple[str, str]:
    """The usual subject and text with places instead of values: what an official begins from.

    Texts stand as their place from the start; dates and amounts are found again by the words that a sample makes.
    """
    values = kind.sample() | {"base_url": settings().base_url, "site_name": site or settings().site_name}
    shown: dict[str, str] = {}
    for place in kind.places:
        mark, source = f"{{{place.name}}}", place.source or place.name
        if place.path:
            shown[mark] = settings().base_url + place.path.format_map(values)
        elif isinstance(place.sample, str):
            values[source] = mark
        elif isinstance(place.sample, list) and not _is_news(place.sample):
            values[source] = [mark]
        else:
            with speaking(language):
                shown[mark] = _in_words(values[source])
    letter = usual(kind.name, values, language=language, zone="Europe/Paris")
    subject, text = letter.subject, letter.text.rpartition(_FOOT)[0]
    for mark, words in shown.items():
        subject, text = subject.replace(words, mark), text.replace(words, mark)
    return subject, re.sub(r"\n{3,}", "\n\n", text.replace("- {contents}", "{contents}")).strip()
