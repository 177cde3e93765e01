"""Phases of an edition: a phase is open because of its dates, not because someone clicked."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from app.core.calendar.local_time import known_zone
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.core.sentences import wrong


class PhaseKind(StrEnum):
    """The phases an edition may have, in the order they are shown."""

    submission = "submission"
    completion = "completion"
    review = "review"
    appeal = "appeal"
    campaign = "campaign"
    voting = "voting"
    count = "count"  # type: ignore[assignment]  # hides str.count, which nobody calls on a phase
    council = "council"
    agreement = "agreement"
    delivery = "delivery"
    evaluation = "evaluation"


PHASE_LABELS: dict[PhaseKind, Message] = {
    PhaseKind.submission: say("Submission of projects"),
    PhaseKind.completion: say("Completion of files"),
    PhaseKind.review: say("Review of files"),
    PhaseKind.appeal: say("Complaints about refusals"),
    PhaseKind.campaign: say("Presentation of the projects"),
    PhaseKind.voting: say("Vote"),
    PhaseKind.count: say("Public count"),
    PhaseKind.council: say("Council decision"),
    PhaseKind.agreement: say("Agreements and first payments"),
    PhaseKind.delivery: say("Delivery and follow-up"),
    PhaseKind.evaluation: say("Citizen evaluation"),
}

# Only these must follow one another; every other phase may overlap its neighbours.
SEQUENCE = (PhaseKind.submission, PhaseKind.voting, PhaseKind.count, PhaseKind.council)
REQUIRED = (PhaseKind.submission, PhaseKind.voting)


class Stage(StrEnum):
    """Where an instant stands beside a phase."""

    absent = "absent"
    before = "before"
    open = "open"
    after = "after"


class Window(BaseModel):
    """One phase: open from `opens` (included) to `closes` (excluded), both UTC instants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PhaseKind
    opens: AwareDatetime
    closes: AwareDatetime

    @field_validator("opens", "closes", mode="after")
    @classmethod
    def _in_utc(cls, instant: datetime) -> datetime:
        return instant.astimezone(UTC)

    def stage(self, now: datetime) -> Stage:
        """Before, open or after, at the instant `now`."""
        if now < self.opens:
            return Stage.before
        return Stage.open if now < self.closes else Stage.after


class Calendar(BaseModel):
    """The phases of one edition and the zone its people live in (IANA name, such as "Europe/Paris")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str
    windows: tuple[Window, ...] = ()

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            known_zone(zone)
        except Invalid as problem:
            raise wrong(problem.message) from None
        return zone

    @field_validator("windows")
    @classmethod
    def _one_window_a_kind(cls, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        seen = set()
        for window in windows:
            if window.kind in seen:
                raise wrong(say("The phase “%(phase)s” is given twice.", phase=PHASE_LABELS[window.kind]))
            seen.add(window.kind)
        return windows

    def window(self, kind: PhaseKind) -> Window | None:
        """The dates of a phase, None if this edition does not have it."""
        return next((window for window in self.windows if window.kind == kind), None)

    def stage(self, kind: PhaseKind, now: datetime) -> Stage:
        """Where `now` stands beside a phase; `absent` if this edition does not have it."""
        window = self.window(kind)
        return window.stage(now) if window else Stage.absent

    def is_open(self, kind: PhaseKind, now: datetime) -> bool:
        """Is the phase open at this instant? Its last second is open, its closing instant is not."""
        return self.stage(kind, now) is Stage.open

    def open_now(self, now: datetime) -> list[Window]:
        """The phases open at `now`, the first to close first."""
        return sorted((window for window in self.windows if window.stage(now) is Stage.open), key=lambda window: window.closes)

    def upcoming(self, now: datetime) -> Window | None:
        """The next phase to open after `now`, None if all have opened."""
        return min((window for window in self.windows if window.opens > now), key=lambda window: window.opens, default=None)

    def deadline(self, kind: PhaseKind) -> datetime | None:
        """The first instant that is too late for a phase (UTC), None if this edition does not have it."""
        window = self.window(kind)
        return window.closes if window else None

    def check(self) -> dict[str, Message]:
        """What an official must correct: form field ("voting_opens", "voting_closes") -> sentence; empty if all is well.

        The instants inside the sentences carry the edition's zone: show them as they are.
        """
        return self._missing() | self._wrong_order() | self._ends_before_starts()

    def _missing(self) -> dict[str, Message]:
        return {
            f"{kind}_opens": say("Give the dates of the phase “%(phase)s”: an edition cannot do without it.", phase=PHASE_LABELS[kind])
            for kind in REQUIRED
            if self.window(kind) is None
        }

    def _ends_before_starts(self) -> dict[str, Message]:
        return {
            f"{window.kind}_closes": say(
                "“%(phase)s” ends on %(closes)s, which is not after its start on %(opens)s. Choose a later end.",
                phase=PHASE_LABELS[window.kind],
                opens=self._local(window.opens),
                closes=self._local(window.closes),
            )
            for window in self.windows
            if window.closes <= window.opens
        }

    def _wrong_order(self) -> dict[str, Message]:
        chain = [window for kind in SEQUENCE if (window := self.window(kind))]
        return {
            f"{later.kind}_opens": say(
                "“%(phase)s” starts on %(opens)s, before the end of “%(earlier)s” on %(closes)s. Start it later, or end the other sooner.",
                phase=PHASE_LABELS[later.kind],
                opens=self._local(later.opens),
                earlier=PHASE_LABELS[earlier.kind],
                closes=self._local(earlier.closes),
            )
            for earlier, later in pairwise(chain)
            if later.opens < earlier.closes
        }

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))
