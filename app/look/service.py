"""Giving the site the city's own name, colour and sign."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlmodel import col, delete

from app.accounts.people import Person
from app.core.forms import Form, Text
from app.core.look import Unfit, read_colour
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Invalid, Refused
from app.core.sentences import wrong
from app.ledger import service as ledger
from app.look.colours import twins
from app.look.models import SiteSign
from app.site import SiteLook
from app.unit import Work
from app.uploads import look_at, refused

ONLY_PICTURES = say("The sign must be a picture: PNG, JPEG or WebP.")
SMALL_ENOUGH = 200_000
"""Bytes of a sign at most: every visitor loads it."""
TOO_HEAVY = say("This picture weighs %(kilobytes)d kB once drawn anew; %(limit)d kB at most, as every visitor loads it. Make it smaller.")


def _colour(typed: str) -> str:
    """The colour in capitals, blank for the house's. Raises what the form tells at the field."""
    if not typed:
        return ""
    if (colour := read_colour(typed)) is None:
        raise wrong(say("Enter a colour as # and six signs, such as #0A5C55."))
    try:
        twins(colour)
    except Unfit as unfit:
        raise wrong(unfit.reason) from None
    return colour


class LookForm(Form):
    """The city's name and colour; what is blank is the house's."""

    name: Annotated[Text, Field(max_length=80)] = ""
    colour: Annotated[Text, Field(max_length=20), AfterValidator(_colour)] = ""


def look_of(work: Work) -> SiteLook | None:
    """The look the site was given, None where it has the house's own."""
    return work.db.get(SiteLook, 1)


def sign_of(work: Work, digest: str) -> SiteSign | None:
    """The picture of a sign by the hash of its bytes."""
    return work.db.get(SiteSign, digest)


def set_look(work: Work, form: LookForm, *, by: Person) -> None:
    """Set the city's name and colour. Raises Refused."""
    look = _to_change(work, by)
    look.name, look.colour = form.name, form.colour
    ledger.record(work, "look:set", "site", f"{form.name} {form.colour}".strip(), by=by.id)


def set_sign(work: Work, name: str, content: bytes, *, by: Person) -> None:
    """Keep a picture as the city's sign, in the place of an earlier one. Raises Refused, and Invalid at "file"."""
    look = _to_change(work, by)
    sign = look_at(name, content)
    if not sign.is_picture:
        raise refused(ONLY_PICTURES)
    if len(sign.content) > SMALL_ENOUGH:
        values = {"kilobytes": len(sign.content) // 1000, "limit": SMALL_ENOUGH // 1000}
        raise Invalid({"file": say(TOO_HEAVY.text, **values)})
    digest = hashlib.sha256(sign.content).hexdigest()
    _forget_signs(work)
    work.db.add(SiteSign(hash=digest, media_type=sign.media_type, content=sign.content))
    look.sign_hash = digest
    ledger.record(work, "look:sign", "site", digest[:12], by=by.id)


def remove_sign(work: Work, *, by: Person) -> None:
    """Take the city's sign away: the house's stands again. Raises Refused."""
    look = _to_change(work, by)
    _forget_signs(work)
    look.sign_hash = ""
    ledger.record(work, "look:sign", "site", by=by.id)


def _to_change(work: Work, by: Person) -> SiteLook:
    if (reason := refusal(by.roles, "set_look")) is not None:
        raise Refused(reason)
    look = look_of(work) or SiteLook(changed_at=work.now)
    look.changed_at = work.now
    work.db.add(look)
    return look


def _forget_signs(work: Work) -> None:
    work.db.exec(delete(SiteSign).where(col(SiteSign.hash) != ""))
    work.db.flush()
