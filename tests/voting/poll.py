"""A vote that is open: an edition with projects on its ballot, a fixed poll, an open box, and as many voting keys as one likes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from app import keyring
from app.core.ballots import Approval, BallotStyle, Slate
from app.core.credentials import issue
from app.core.tally import Greedy
from app.core.tally.rule import Counting
from app.editions.models import Edition
from app.electorate.codes import registrar_key
from app.polls.models import Candidate, Poll
from app.proposals.models import Proposal
from app.unit import Work, work
from app.voting import service as voting
from app.voting.box import facts_of
from app.voting.merging import merge
from app.voting.opening import open_ballots
from app.voting.sealing import Cast as Sealed
from app.voting.sealing import sealed_here
from tests.bureau import OPENING_KEY, freeze
from tests.cast import Cast
from tests.review.desk import hand_in

KEYS = ("P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08")
SEED = "k" * 26


Dates = dict[str, tuple[datetime, datetime] | None]


def calendar_of_a_vote(now: datetime, opens: datetime | None = None, closes: datetime | None = None) -> Dates:
    """The dates of an edition whose vote is open at `now`: since yesterday and for ten days, unless said otherwise."""
    opens, closes = opens or now - timedelta(days=1), closes or now + timedelta(days=10)
    day = timedelta(days=1)
    dates: Dates = dict.fromkeys(("completion", "review", "appeal", "campaign", "agreement", "delivery", "evaluation"))
    return dates | {
        "submission": (opens - 60 * day, opens - 30 * day), "voting": (opens, closes),
        "count": (closes, closes + day), "council": (closes + 5 * day, closes + 6 * day),
    }  # fmt: skip


class OpenPoll:
    """The vote of one edition. `ids` are the public ids of its projects, `key(n)` the voting key of the n-th resident."""

    def __init__(
        self, cast: Cast, now: datetime, *, style: BallotStyle | None = None, rule: Counting | None = None, keys: tuple[str, ...] = KEYS,
        safekeeping: dict[str, Any] | None = None, **phases: Any,
    ) -> None:  # fmt: skip
        self.engine: Engine = cast.engine
        self.style: BallotStyle = style or Approval(min_choices=3, max_choices=6)
        self.rule = rule or Greedy()
        dates = calendar_of_a_vote(now, **phases)
        self.edition: Edition = cast.edition(phases=dates)
        self.id = self.edition.id or 0
        self.opens, self.closes = dates["voting"] or (now, now)
        with work(self.engine, now=self.opens - timedelta(days=2)) as unit:
            files = [hand_in(unit, self.edition, key) for key in keys]
            for file in files:
                file.state = "on_ballot"
            self.ids = [file.public_id for file in files]
            self._fix(unit, files)
        freeze(cast, self.edition, at=self.opens - timedelta(days=1), **(safekeeping or {}))
        self.learn()

    def learn(self) -> None:
        """Read again what ballots of this vote are sealed with."""
        with work(self.engine, writing=False) as unit:
            self.facts = facts_of(unit, self.id)

    def _fix(self, unit: Work, files: list[Proposal]) -> None:
        self.candidates = [
            Candidate(id=one.public_id, number=one.number or 0, title=one.title, cost_cents=one.requested_cents or 0, carrier=f"Club {at}")
            for at, one in enumerate(files)
        ]
        envelope = self.edition.envelope.amount().cents if self.edition.envelope else 0
        self.slate = Slate({one.id: one.cost_cents for one in self.candidates}, envelope)
        self.box_key, self.registrar_key = voting.open_box(unit, self.id).key, registrar_key(unit, self.edition)
        unit.db.add(
            Poll(
                edition_id=self.id,
                style=self.style.model_dump(mode="json"),
                rule=self.rule.model_dump(mode="json"),
                candidates=self.candidates,
                fixed_at=self.opens,
            )
        )

    def key(self, number: int = 1) -> str:
        """A voting key of this vote."""
        return issue(self.registrar_key, self.box_key, str(self.id), f"line{number}")

    def cast(
        self, unit: Work, number: int = 1, choices: list[str] | None = None, seed: str = SEED, *, credential: str | None = None,
        sealed: str = "",
    ) -> voting.Receipt:  # fmt: skip
        """Cast a ballot (the first three projects, unless said otherwise) in this unit of work."""
        slip = voting.Slip(sealed=sealed) if sealed else voting.Slip(self.ids[:3] if choices is None else choices, seed)
        credential = self.key(number) if credential is None else credential
        return voting.cast(
            unit, self.id, credential, slip, style=self.style, candidates=self.slate, opens=self.opens, closes=self.closes
        )

    def sealed(self, seed: str = SEED, choices: list[str] | None = None) -> Sealed:
        """The entry that a ballot becomes, and its leaf."""
        return sealed_here(self.facts, self.ids[:3] if choices is None else choices, seed)

    def merge_and_open(self, unit: Work) -> None:
        """What the worker and the bureau do once the box is closed."""
        merge(unit, self.id, keyring.log_key())
        open_ballots(unit, self.id, OPENING_KEY, style=self.style, candidates=self.slate)

    def form(self, number: int = 1, choices: list[str] | None = None, seed: str = SEED, **more: str) -> dict[str, Any]:
        """What the last form of the booth sends."""
        chosen = self.ids[:3] if choices is None else choices
        return {"lang": "fr", "seed": seed, "choice": chosen, "credential": self.key(number), **more}


def all_rows(unit: Work, table: Any) -> list[Any]:
    """Every row of a table."""
    return list(unit.db.exec(select(table)))
