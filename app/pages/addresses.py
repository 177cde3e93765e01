"""What the last part of an address of ours may look like: anything else leads nowhere, before any database is asked."""

import re
from typing import Annotated

from pydantic import AfterValidator

from app.core.messages import say
from app.core.problems import Missing

SHAPE = re.compile(r"[0-9A-Za-z_-]{1,80}")
NOTHING = say("There is no page at this address. It may have moved, or the link may be incomplete.")


def ours(text: str) -> str:
    """The same text. Raises Missing for what can be no slug and no public identifier."""
    if SHAPE.fullmatch(text) is None:
        raise Missing(NOTHING)
    return text


Address = Annotated[str, AfterValidator(ours)]
"""A slug or a public identifier from the path. Raises Missing for what can be neither, such as a text with a NUL."""
