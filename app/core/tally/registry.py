"""The register of tally rules: to add one, write it in its own file and name it here."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter

from app.core.tally.equal_shares import EqualShares
from app.core.tally.greedy import Greedy

AnyRule: TypeAlias = Annotated[Greedy | EqualShares, Field(discriminator="kind")]

_READER: TypeAdapter[Greedy | EqualShares] = TypeAdapter(AnyRule)


def rule_from(kind: str, /, **parameters: Any) -> Greedy | EqualShares:
    """The rule of this kind ("greedy", "equal_shares") with these parameters. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python({"kind": kind, **parameters})


def read_rule(stored: Any) -> Greedy | EqualShares:
    """The rule stored as `rule.model_dump(mode="json")`. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python(stored)
