"""What values inside the files look like: exact keys, whole numbers, hexadecimal letters and base 64 in the one way of writing them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from app.core.messages import say
from app.core.verification.bundle import Malformed


def shaped(value: Mapping[str, Any], keys: Mapping[str, type | tuple[type, ...]]) -> bool:
    """Whether the object has exactly these keys, each of its type; True is no number."""
    return value.keys() == keys.keys() and all(_is(value[key], kind) for key, kind in keys.items())


def _is(part: Any, kind: type | tuple[type, ...]) -> bool:
    return type(part) in kind if isinstance(kind, tuple) else type(part) is kind


def expect(good: bool, name: str, number: int) -> None:
    """Raise Malformed on this line unless it is `good`."""
    if not good:
        raise Malformed(name, number, say("this line does not hold what the format of the bundle asks for."))


def unhex(text: Any, size: int) -> bytes:
    """The `size` bytes in lower-case hexadecimal letters. Raises ValueError on anything else."""
    if not isinstance(text, str) or len(text) != 2 * size or text != text.lower() or not text.isascii():
        raise ValueError("not so many bytes in hexadecimal letters")
    raw = bytes.fromhex(text)
    if raw.hex() != text:
        raise ValueError("not only hexadecimal letters")
    return raw


def unbase64(text: Any) -> bytes:
    """The bytes in base 64, written in its one way. Raises ValueError on anything else."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError):
        raise ValueError("not base 64") from None
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not the one way of writing base 64")
    return raw
