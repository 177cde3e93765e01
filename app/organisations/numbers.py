"""The numbers that name a French association: SIREN, SIRET and RNA, checked as their issuers compute them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.fr import siren, siret

from app.core.messages import say
from app.core.sentences import wrong


def _digits(value: Any) -> Any:
    """Drop the spaces, dots and dashes people put between groups; what is blank becomes None."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", value) or None if isinstance(value, str) else value


def _siren(value: Any) -> Any:
    number = _digits(value)
    if not isinstance(number, str):
        return number
    try:
        return str(siren.validate(number))
    except (InvalidLength, InvalidFormat):
        raise wrong(say("A SIREN number has 9 digits.")) from None
    except ValidationError:
        raise wrong(say("This SIREN number does not exist: check its digits, one of them is wrong.")) from None


def _siret(value: Any) -> Any:
    number = _digits(value)
    if not isinstance(number, str):
        return number
    try:
        return str(siret.validate(number))
    except (InvalidLength, InvalidFormat):
        raise wrong(say("A SIRET number has 14 digits: the 9 of the SIREN, then 5 for the place.")) from None
    except (InvalidChecksum, InvalidComponent, ValidationError):
        raise wrong(say("This SIRET number does not exist: check its digits, one of them is wrong.")) from None


def _rna(value: Any) -> Any:
    number = _digits(value)
    if not isinstance(number, str):
        return number
    if not re.fullmatch(r"W[0-9]{9}", number.upper()):
        raise wrong(say("An RNA number is the letter W and 9 digits, such as W353990001."))
    return number.upper()


Siren = Annotated[str | None, BeforeValidator(_siren)]
"""Nine digits with a right Luhn key, or None."""
Siret = Annotated[str | None, BeforeValidator(_siret)]
"""Fourteen digits, the first nine a right SIREN, or None."""
Rna = Annotated[str | None, BeforeValidator(_rna)]
"""`W` and nine digits, or None (Alsace-Moselle keeps another register)."""
