"""A rule's own sentence inside a Pydantic validator, kept translatable on its way to the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from app.core.messages import Message


def wrong(message: Message) -> PydanticCustomError:
    """The error to raise in a validator: `raise wrong(say("The floor is above the cap."))`.

    Pydantic would keep the English text only; the whole message travels in the error's context under "say".
    """
    return PydanticCustomError("sentence", "{message}", {"message": str(message), "say": message.to_json()})


def sentence_of(error: Mapping[str, Any]) -> Message | None:
    """The message put in by `wrong`, from one item of `ValidationError.errors()`; None for Pydantic's own errors."""
    packed = error.get("ctx", {}).get("say")
    return Message.from_json(packed) if packed else None
