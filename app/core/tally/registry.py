"""The register of tally rules: to add one, write it in its own file and name it here, or in `plain_rules` if it needs no other."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter

from app.core.tally.compared import Compared
from app.core.tally.completed import Completed
from app.core.tally.plain_rules import PlainRule
from app.core.tally.staged import Staged

AnyRule: TypeAlias = Annotated[PlainRule | Staged | Compared | Completed, Field(discriminator="kind")]

_READER: TypeAdapter[AnyRule] = TypeAdapter(AnyRule)


def rule_from(kind: str, /, **parameters: Any) -> AnyRule:
    """The rule of this kind ("greedy", "equal_shares" …) with these parameters. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python({"kind": kind, **parameters})


def read_rule(stored: Any) -> AnyRule:
    """The rule stored as `rule.model_dump(mode="json")`. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python(stored)
