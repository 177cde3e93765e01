"""The rules that take an election as it is. Rules made of other rules choose among these, and stand in the register beside them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from app.core.tally.equal_shares import EqualShares
from app.core.tally.greedy import Greedy
from app.core.tally.majority import MajorityJudgment
from app.core.tally.max_welfare import MaxWelfare
from app.core.tally.panel import Panel
from app.core.tally.phragmen import Phragmen

PlainRule: TypeAlias = Annotated[Greedy | EqualShares | MajorityJudgment | Phragmen | MaxWelfare | Panel, Field(discriminator="kind")]
