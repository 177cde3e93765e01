"""Keys and hashes of the roll: the registrar's key, the one line of each person, the printed codes."""

from __future__ import annotations

import unicodedata
from datetime import date

from sqlmodel import select

from app.core.credentials import CROCKFORD, keyed, normalised
from app.editions.models import Edition
from app.electorate.models import Registrar
from app.unit import Work

CODE_LENGTH = 16
"""Letters of a printed code: 5 random bits each, 80 in all."""
HEX = "0123456789abcdef"


def registrar_key(work: Work, edition: Edition) -> bytes:
    """The registrar's key of an edition (32 bytes), made when it is first needed. It never changes: credentials come from it."""
    known = key_if_any(work, edition)
    if known is not None:
        return known
    registrar = Registrar(edition_id=edition.id or 0, key=bytes.fromhex(work.token(64, HEX)))
    work.db.add(registrar)
    work.db.flush()
    return registrar.key


def key_if_any(work: Work, edition: Edition) -> bytes | None:
    """The registrar's key for who only reads; None where nobody is on the roll and no code was made or asked for yet."""
    return work.db.exec(select(Registrar.key).where(Registrar.edition_id == edition.id)).first()


def plain_words(text: str) -> list[str]:
    """The words of a name, without accents, marks or capitals: « Le Goff-Éven » gives le, goff, even."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in bare).split()


def person_hash(key: bytes, name: str, birth_date: date, *, apart: str = "") -> str:
    """What makes two declarations the same person: the words of the name in any order, and the birth date.

    `apart` tells a true namesake born on the same day from the other; only the desk may say so.
    """
    return keyed(key, "person", " ".join(sorted(plain_words(name))), birth_date.isoformat(), " ".join(plain_words(apart))).hex()


def code_hash(key: bytes, typed: str) -> str | None:
    """What is kept of a printed code; None for what cannot be one."""
    code = normalised(typed)
    if len(code) != CODE_LENGTH or any(sign not in CROCKFORD for sign in code):
        return None
    return keyed(key, "code", code).hex()
