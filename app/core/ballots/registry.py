"""The register of ballot styles: to add one, write it in its own file and name it here."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter

from app.core.ballots.approval import Approval
from app.core.ballots.for_against import ForAgainst
from app.core.ballots.grades import Grades
from app.core.ballots.knapsack import Knapsack
from app.core.ballots.points import Points
from app.core.ballots.ranking import Ranking
from app.core.ballots.scoped import Scoped
from app.core.ballots.star import Star

AnyStyle: TypeAlias = Annotated[Approval | Knapsack | Points | Ranking | Grades | ForAgainst | Star, Field(discriminator="kind")]
"""What the booth, the desk and the ballot box can draw, read and keep: polls accept no other style."""

AnyBallotStyle: TypeAlias = Annotated[
    Approval | Knapsack | Points | Ranking | Grades | ForAgainst | Star | Scoped, Field(discriminator="kind")
]
"""Every style that core can check and count, ballots in parts too: for presets, files and simulations, which no booth has to draw."""

_READER: TypeAdapter[AnyStyle] = TypeAdapter(AnyStyle)
_ANY_READER: TypeAdapter[AnyBallotStyle] = TypeAdapter(AnyBallotStyle)


def style_from(kind: str, /, **parameters: Any) -> AnyStyle:
    """The style of this kind ("approval", "points" …) with these parameters. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python({"kind": kind, **parameters})


def read_style(stored: Any) -> AnyStyle:
    """The style stored as `style.model_dump(mode="json")`. Raises pydantic.ValidationError on anything else."""
    return _READER.validate_python(stored)


def read_ballot_style(stored: Any) -> AnyBallotStyle:
    """Any style, stored in the same way. Raises pydantic.ValidationError on anything else."""
    return _ANY_READER.validate_python(stored)
