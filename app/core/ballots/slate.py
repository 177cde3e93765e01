"""What stands on the ballot paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.messages import Message
from app.core.money import Money


@dataclass(frozen=True)
class Slate:
    """The cost of each project by its id, and the envelope, both in cents.

    Only ballots in parts look at the rest: `districts` and `themes` name those of the projects that have one (a project without
    a district belongs to the whole city), `envelopes` the money of each district in cents ("" is that of the whole city), and
    `own_district` the voter's own where the paper was made for one district; "" where nobody knows, as in an open ballot box.
    `envelope_words` says in words which envelope is meant where it is not one sum for all.
    """

    costs: Mapping[str, int]
    envelope_cents: int
    currency: str = "EUR"
    districts: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    envelopes: Mapping[str, int] = field(default_factory=dict)
    own_district: str = ""
    envelope_words: Message | None = None

    def money(self, cents: int) -> Money:
        """An amount in the currency of the paper."""
        return Money(cents, self.currency)

    def envelope(self) -> Money | Message:
        """The envelope as people are told of it."""
        return self.envelope_words or self.money(self.envelope_cents)
