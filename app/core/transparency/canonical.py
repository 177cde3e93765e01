"""One way only of writing a value as JSON, so that equal values have equal hashes on every machine (RFC 8785)."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value made of dicts, lists, text, whole numbers, booleans and None. Raises ValueError on anything else.

    Floating-point numbers are refused although the standard knows them: nothing that is signed here may depend on rounding.
    """
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as fault:
        raise ValueError(str(fault)) from None


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal letters."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("a floating-point number is not exact")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(part)
