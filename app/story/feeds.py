"""Atom feeds (RFC 4287): the events of one project, or the newest of an edition; each entry keeps its identity for ever."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
"""The namespace of the whole document, written on its root: prefixes are the library's to give, and shared with all who use it."""
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, escaped or not."""


@dataclass(frozen=True)
class Item:
    """One entry of a feed. `identity` is unique on this site and never changes."""

    identity: str
    title: str
    text: str
    address: str
    at: datetime


@dataclass(frozen=True)
class Feed:
    """A feed and its validators."""

    body: bytes
    updated: datetime

    @property
    def etag(self) -> str:
        """A strong validator: the fingerprint of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def feed(identity: str, title: str, address: str, own: str, author: str, language: str, items: Sequence[Item], empty_at: datetime) -> Feed:
    """The feed at `own` about the page at `address`. `empty_at`: its date while it has no item."""
    updated = max((item.at for item in items), default=empty_at)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _text(root, "id", _urn(identity))
    _text(root, "title", title)
    _text(root, "updated", updated.isoformat())
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": own})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _text(SubElement(root, "author"), "name", author)
    for item in sorted(items, key=lambda item: item.at, reverse=True):
        entry = SubElement(root, "entry")
        _text(entry, "id", _urn(item.identity))
        _text(entry, "title", item.title)
        _text(entry, "updated", item.at.isoformat())
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": item.address})
        _text(entry, "content", item.text or item.title, {"type": "text"})
    return Feed(tostring(root, encoding="utf-8", xml_declaration=True), updated)


def _text(parent: Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    SubElement(parent, name, attributes or {}).text = _UNFIT.sub("", text)


def _urn(identity: str) -> str:
    """A name that no change of the site's address touches."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'quotepart:{identity}')}"
