"""Any way of counting, followed by what becomes of the money it leaves and by a reserve list."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from app.core.tally.compared import Compared
from app.core.tally.election import Election
from app.core.tally.outcome import Outcome
from app.core.tally.overflow import Overflow, free_cents, queue_of
from app.core.tally.plain_rules import PlainRule
from app.core.tally.progress import Told, untold
from app.core.tally.rule import Counting
from app.core.tally.staged import Staged

Countable: TypeAlias = Annotated[PlainRule | Staged | Compared, Field(discriminator="kind")]


class Completed(Counting):
    """Count by `rule`, then let `after` follow, once and over the whole envelope.

    A stage can have its own `after`, for its own part of the envelope; what a stage keeps is not given here. In a comparison it
    follows the outcome that was adopted.
    """

    kind: Literal["completed"] = "completed"
    rule: Countable
    after: Overflow

    def count(self, election: Election) -> Outcome:
        """Count, then follow."""
        return self.count_aloud(election, untold)

    def count_aloud(self, election: Election, told: Told) -> Outcome:
        """The same, told as the count it completes."""
        if isinstance(self.rule, Compared):
            return self._follow(*self.rule.choose(election, told), election, untold)
        return self._follow(self.rule, None, election, told)

    def _follow(self, rule: PlainRule | Staged, outcome: Outcome | None, election: Election, told: Told) -> Outcome:
        if isinstance(rule, Staged):
            counted, queue, left = rule.with_queue(election, told)
            return self.after.follow(election, outcome or counted, queue, left)
        outcome = outcome or rule.count_aloud(election, told)
        return self.after.follow(election, outcome, queue_of(rule, election, outcome), free_cents(rule, outcome))
