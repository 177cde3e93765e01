"""The register of ballot styles: to add one, write it in its own file and name it here."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter

from app.core.ballots.approval import Approval
from app.core.ballots.knapsack import Knapsack

AnyStyle: TypeAlias = Annotated[Approval | Knapsack, Field(discriminator="kind")]

_READER: TypeAdapter[Approval | Knapsack] = TypeAdapter(AnyStyle)


def style_from(kind: str, /, **parameters: Any) -> Approval | Knapsack:
    """The style of this kind ("approval", "knapsack") with these parameters. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python({"kind": kind, **parameters})


def read_style(stored: Any) -> Approval | Knapsack:
    """The style stored as `style.model_dump(mode="json")`. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python(stored)
