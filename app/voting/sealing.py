"""How a leaf lies in the box. Sealing it to the edition's public key belongs here: nothing else reads or writes these bytes."""

from __future__ import annotations

import json

from app.core.credentials import Leaf


def seal(leaf: Leaf) -> bytes:
    """The bytes kept for a leaf."""
    return leaf.text.encode()


def open_seal(sealed: bytes) -> frozenset[str]:
    """The choices in sealed bytes."""
    return frozenset(json.loads(sealed)["choices"])
