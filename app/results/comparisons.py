"""Reading what a count gives the voters, and what other rules would have given them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import col, select

from app.core.messages import Localised, Message, say
from app.core.money import Money
from app.core.problems import Missing
from app.core.tally.comparison import ComparedRule, Comparison
from app.core.tally.proportionality import in_words
from app.core.tally.statistics import Part
from app.editions.models import Edition, Programme
from app.editions.queries import find_edition, programme_of
from app.facts import read_until_changed
from app.jobs import Job
from app.polls.models import Candidate, Poll
from app.polls.queries import fixed_poll
from app.results.bundles import too_few, withheld
from app.results.models import Count, Publication, SimulatedRule, Simulation
from app.results.queries import NO_RESULT
from app.results.simulating import compared_in, job_key, official_of
from app.unit import Work

NO_REPORT = say("There is no report at this address.")
MOST_TOLD = 5
"""How many neglected groups are told of each rule; the files name them all."""


class Standing(Protocol):
    """A project as the tables show it."""

    @property
    def id(self) -> str:
        """Its identifier on the ballot."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def number(self) -> int:
        """Its place in the list."""


@dataclass(frozen=True)
class SideBySide:
    """Rules side by side on the same ballots. `entries` are those that have counted, `total` is how many there will be."""

    envelope: Money
    entries: tuple[ComparedRule, ...]
    total: int

    @property
    @abstractmethod
    def standing(self) -> Sequence[Standing]:
        """The projects, in the order of their list."""

    @property
    def complete(self) -> bool:
        """Whether every rule has counted."""
        return len(self.entries) == self.total

    @property
    def names(self) -> Mapping[str, str]:
        """Title by the id on the ballot."""
        return {one.id: one.title for one in self.standing}

    @property
    def currency(self) -> str:
        """The currency of the count."""
        return self.envelope.currency

    def money(self, cents: int) -> Money:
        """An amount in the currency of the count."""
        return Money(cents, self.currency)

    @property
    def grid(self) -> list[tuple[Standing, list[bool]]]:
        """Each project that some rule chooses, and which rules do; those that most rules choose first."""
        chosen = [set(one.selected) for one in self.entries]
        rows = [(one, [one.id in each for each in chosen]) for one in self.standing]
        return sorted((row for row in rows if any(row[1])), key=lambda row: (-sum(row[1]), row[0].number))

    def neglected(self, entry: ComparedRule) -> list[Message]:
        """The groups that miss their part under this rule, as sentences; the largest first, MOST_TOLD at most."""
        found = sorted((one for one in entry.fair_by_money.violations if not one.barred), key=lambda one: (-one.voters, one.project))
        return [in_words(one, "money", self.currency, self.names) for one in found[:MOST_TOLD]]


@dataclass(frozen=True)
class Beside(SideBySide):
    """Rules side by side on the ballots of one count."""

    edition: Edition
    programme: Programme
    poll: Poll
    count: Count
    simulation: Simulation | None = None
    failed: str = ""

    @property
    def standing(self) -> Sequence[Candidate]:
        """The candidates of the vote."""
        return self.poll.candidates

    @property
    def changed(self) -> bool:
        """Whether the envelope is another one than that of the count."""
        return self.envelope.cents != self.count.budget_cents


def beside_result(work: Work, slug: str) -> Beside:
    """The rules beside the published result of a public edition. Raises Missing, before publication too."""
    edition = find_edition(work, slug)
    publication = work.db.get(Publication, edition.id)
    simulation = official_of(work, publication.count_id) if publication else None
    if publication is None or simulation is None:
        raise Missing(NO_RESULT)
    _refuse_few(work, edition)
    return beside(work, edition, simulation)


def report_at(work: Work, public_id: str) -> Beside:
    """The report of a what-if. Raises Missing, also where its edition is not public any more."""
    found = work.db.exec(select(Simulation).where(Simulation.public_id == public_id, col(Simulation.official).is_(False))).first()
    if found is None:
        raise Missing(NO_REPORT)
    count = work.db.get_one(Count, found.count_id)
    edition = find_edition(work, work.db.get_one(Edition, count.edition_id).slug)
    _refuse_few(work, edition)
    return beside(work, edition, found)


def _refuse_few(work: Work, edition: Edition) -> None:
    """Raises Missing where only totals are published."""
    if least := withheld(work, edition):
        raise Missing(too_few(least))


def beside(work: Work, edition: Edition, simulation: Simulation) -> Beside:
    """A simulation, read with all it takes to show it."""
    programme, count = programme_of(work, edition), work.db.get_one(Count, simulation.count_id)
    entries, envelope = compared_in(work, simulation), Money(simulation.envelope_cents, count.outcome["currency"])
    job = work.db.exec(select(Job).where(Job.key == job_key(simulation))).first()
    failed = job.last_error if job else ""
    return Beside(envelope, entries, len(simulation.rules), edition, programme, fixed_poll(work, edition), count, simulation, failed)


def tried(work: Work, edition: Edition, count: Count, made: Comparison) -> Beside:
    """A comparison that was counted at once, read with all it takes to show it."""
    poll, envelope = fixed_poll(work, edition), Money(made.budget_cents, made.currency)
    return Beside(envelope, made.rules, len(made.rules), edition, programme_of(work, edition), poll, count)


def reports_of(work: Work, count: Count) -> list[Simulation]:
    """The reports made of a count, the newest first."""
    wanted = select(Simulation).where(Simulation.count_id == count.id, col(Simulation.official).is_(False))
    return list(work.db.exec(wanted.order_by(col(Simulation.id).desc())))


@read_until_changed
def given_to_voters(work: Work, count: Count) -> ComparedRule | None:
    """What a count gives the voters; None for a count made before this was kept."""
    first = select(SimulatedRule).join(Simulation, col(Simulation.id) == col(SimulatedRule.simulation_id))
    wanted = first.where(Simulation.count_id == count.id, col(Simulation.official).is_(True), SimulatedRule.position == 0)
    kept = work.db.exec(wanted).first()
    return ComparedRule.model_validate(kept.data) if kept else None


def part_name(edition: Edition, key: str, part: Part) -> Message | Localised | str:
    """What people call one theme, country or district."""
    if not part.value:
        return say("Not given")
    themes = {one.key: Localised(one.label) for one in edition.themes} if key == "theme" else {}
    return themes.get(part.value, part.value)
