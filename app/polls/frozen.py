"""The frozen definition of a vote, as everybody may read it: its bytes, their hash, and what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from app.core.messages import say
from app.core.problems import Missing
from app.editions.models import Edition
from app.editions.queries import find_edition
from app.polls.freezing import freeze_of
from app.polls.models import Freeze
from app.unit import AtCore, Work

NOT_FROZEN = say("There is no public log of this vote: it begins when two members of the bureau freeze the vote.")
_freezes = SQLModel.metadata.tables[str(Freeze.__tablename__)].c


@dataclass(frozen=True)
class Frozen:
    """A frozen edition: the text whose SHA-256 is the election hash, and the value that it says."""

    edition: Edition
    text: str
    election_hash: str
    value: dict[str, Any]

    @property
    def witnesses(self) -> dict[str, bytes]:
        """The public key (Ed25519, 32 bytes) of each witness by its name."""
        return {one["name"]: bytes.fromhex(one["key"]) for one in self.value["witnesses"]}

    @property
    def least_batch(self) -> int:
        """The fewest ballots that may be shown together."""
        return int(self.value["least_batch"])


def frozen_at(work: Work, slug: str) -> Frozen:
    """The frozen vote of the public edition at an address. Raises Missing, before the freeze too."""
    found = frozen_of(work, find_edition(work, slug))
    if found is None:
        raise Missing(NOT_FROZEN)
    return found


def frozen_of(work: Work, edition: Edition) -> Frozen | None:
    """The frozen vote of an edition, None before."""
    freeze = freeze_of(work, edition)
    return Frozen(edition, freeze.definition, freeze.election_hash, _value(freeze.definition)) if freeze else None


@lru_cache(maxsize=16)
def _value(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value


_SHOWN: dict[str, bool] = {}
"""Whether each ballot will be shown with its code, by election hash: a definition never changes, so it is read once."""


def shown_with_codes(work: AtCore, election_hash: str) -> bool:
    """Whether the ballots of this vote are published in the order of the log, so that a code finds its ballot; False before the freeze."""
    if election_hash not in _SHOWN and election_hash:
        wanted = select(_freezes.definition).where(_freezes.election_hash == election_hash)
        _SHOWN[election_hash] = _value(str(work.core.execute(wanted).scalar_one()))["publication"] == "open"
    return _SHOWN.get(election_hash, False)
