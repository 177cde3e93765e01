"""A vote from the freeze to the publication of its result, with as many ballots as a test wants."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from app import keyring
from app.core.ballots import BallotStyle
from app.core.permissions import Role
from app.core.tally.rule import Counting
from app.core.transparency import as_letters
from app.core.verification import Verdict, read_zip, verify
from app.editions.models import Edition
from app.electorate.models import RollLine
from app.exchange import bundling
from app.polls import sequencing
from app.results import service as results
from app.results.bundles import bundle_at
from app.results.forms import PublicationForm
from app.unit import work
from app.voting import changing, clock
from app.voting import service as voting
from app.voting.merging import merge
from app.voting.paper import close_lot, enter_paper, open_lot
from tests.bureau import close_and_open
from tests.cast import Cast
from tests.voting.poll import OpenPoll

ADDRESS = "rennes-2027"


Fill = Callable[[Random, list[str]], list[str]]
"""Fills in a ballot over these projects."""


def some_choices(dice: Random, ids: list[str]) -> list[str]:
    """Three, four or six choices, or a blank ballot."""
    return dice.sample(ids, dice.choice([0, 3, 4, 6]))


class Held:
    """One vote: `receipts` in the order of casting; `finish` closes, opens, counts and publishes it."""

    def __init__(
        self, cast: Cast, now: Any, many: int, style: BallotStyle | None = None, rule: Counting | None = None, fill: Fill = some_choices,
        **safekeeping: str,
    ) -> None:  # fmt: skip
        self.cast, self.poll, self.fill = cast, OpenPoll(cast, now, style=style, rule=rule, safekeeping=safekeeping), fill
        self.dice, self.now = Random(many), now
        self.receipts: list[voting.Receipt] = []
        with work(cast.engine, now=now) as unit:
            for number in range(many + 10):
                line = RollLine(public_id=f"declared-{number:04d}", edition_id=self.poll.id, origin="email", added_on=now.date())
                unit.db.add(line)
        for first in range(0, many, 25):
            self._cast(range(first, min(first + 25, many)))

    def _cast(self, numbers: Sequence[int]) -> None:
        """A batch, and what the worker merges of it."""
        with clock.held_at(self.now), work(self.cast.engine, now=self.now) as unit:
            for number in numbers:
                choices = self.fill(self.dice, self.poll.ids)
                self.receipts.append(self.poll.cast(unit, number, choices, seed=f"seed-{number:021d}"))
            merge(unit, self.poll.id, keyring.log_key())
        self.now += timedelta(minutes=20)

    def change(self, number: int, choices: list[str]) -> voting.Receipt:
        """The resident of this number changes the vote."""
        old, poll = self.receipts[number], self.poll
        with clock.held_at(self.now), work(self.cast.engine, now=self.now) as unit:
            made = changing.change(
                unit, poll.id, old.tracking_code, old.secret, voting.Slip(choices, f"again-{number:020d}"), style=poll.style,
                candidates=poll.slate, opens=poll.opens, closes=poll.closes,
            )  # fmt: skip
        assert len(as_letters(made.secret)) == 26
        self.receipts[number] = made
        return made

    def paper(self, *ballots: tuple[list[str], str | None]) -> None:
        """A lot of paper ballots, each handed out before: (choices, why it is null)."""
        with clock.held_at(self.now), work(self.cast.engine, now=self.now) as unit:
            lot = open_lot(unit, self.poll.id, "Mairie")
            for serial, (choices, reason) in enumerate(ballots, 1):
                voting.spend(unit, self.poll.id, self.poll.key(1000 + serial), "paper", self.now.date().isoformat())
                enter_paper(unit, lot, serial, choices, reason)
            close_lot(unit, lot)

    def finish(self, *, bundled: bool = True) -> None:
        """Close, open, count, publish; the worker makes the bundle, unless it is not to be `bundled` yet."""
        after = self.poll.closes + timedelta(hours=1)
        with clock.held_at(after):
            close_and_open(self.cast, self.poll.edition, at=after)
            bureau, publisher, other = (
                self.cast.official(role, email=f"{name}@example.org", name=name)
                for role, name in ((Role.BUREAU_MEMBER, "b"), (Role.PUBLISHER, "p"), (Role.PUBLISHER, "q"))
            )
            with work(self.cast.engine, now=after) as unit:
                edition = unit.db.get_one(Edition, self.poll.id)
                made = results.count(unit, edition, by=bureau)
                motion = results.propose_publication(unit, edition, PublicationForm(count=made.number), by=publisher)
                results.confirm_publication(unit, edition, motion, by=other)
                sequencing.log_acts(unit)
            if bundled:
                self.bundle(after)

    def bundle(self, at: Any) -> None:
        """What the worker's job does."""
        with work(self.cast.engine, now=at) as unit:
            bundling.make(unit, {"edition": self.poll.id})

    def zip(self) -> bytes:
        """The bundle as it is kept."""
        with work(self.cast.engine, writing=False) as unit:
            return bundle_at(unit, ADDRESS).content


def checked(content: bytes, receipt: Any = None) -> Verdict:
    """What the verifier says of a zip."""
    return verify(read_zip(io.BytesIO(content)), receipt)


def faults(verdict: Verdict) -> dict[str, list[str]]:
    """The checks that do not hold, with their sentences."""
    return {one.id: [str(text) for text in one.sentences] for one in verdict.checks if one.holds is False}
