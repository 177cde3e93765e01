"""Reading counts and results: what was counted, what was published, how it compares with the edition before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import chain

from sqlalchemy import and_
from sqlmodel import col, select

from app.accounts.models import Account
from app.core.calendar import PhaseKind
from app.core.lifecycle import STATES, State
from app.core.messages import Message, say
from app.core.money import Money
from app.core.problems import Missing
from app.core.tally import Outcome, Row, Status, read_rule
from app.core.tally.registry import AnyRule
from app.editions.models import Edition, Phase, Programme
from app.editions.queries import calendar_of, find_edition, programme_of
from app.facts import read_until_changed
from app.jobs import Job
from app.polls.models import Candidate, Poll
from app.polls.queries import Turned, fixed_poll, turnout
from app.proposals.models import Proposal
from app.results.bundles import too_few, withheld
from app.results.forms import CouncilOutcome
from app.results.models import CouncilDecision, Count, Draw, Publication
from app.results.service import candidates_of, count_key
from app.results.words import titled
from app.unit import Work

NO_RESULT = say("The result of this edition is not published yet.")


@dataclass(frozen=True)
class Standing:
    """One project in a result: its row of the count, its place on the ballot, its file, the council's decision if there is one."""

    row: Row
    candidate: Candidate
    proposal: Proposal
    decision: CouncilDecision | None

    @property
    def reason(self) -> Message:
        """Why it won or lost."""
        return self.row.reason

    @property
    def given_cents(self) -> int:
        """What it is given if it won: less than it asks for where the rule made a partial offer."""
        return self.row.cost_cents if self.row.paid_cents is None else self.row.paid_cents

    @property
    def won(self) -> bool:
        """Whether the count chose it; the council decides after."""
        return self.row.status is Status.WON

    @property
    def state(self) -> State:
        """Where its file stands now."""
        return State(self.proposal.state)

    @property
    def label(self) -> Message:
        """Its state in words: leading until the council has decided."""
        return STATES[self.state].label


@dataclass(frozen=True)
class CountView:
    """One count of an edition, read with all it takes to show it."""

    edition: Edition
    programme: Programme
    poll: Poll
    count: Count
    outcome: Outcome
    standings: tuple[Standing, ...]

    @property
    def rule(self) -> AnyRule:
        """The rule that was used."""
        return read_rule(self.count.rule)

    @cached_property
    def winners(self) -> list[Standing]:
        """The chosen projects in order of purchase."""
        by_id = {one.row.project: one for one in self.standings}
        return [by_id[id] for id in self.outcome.selected]

    @property
    def losers(self) -> list[Standing]:
        """The projects that were not chosen, the nearest to winning first."""
        return [one for one in self.standings if one.row.status is Status.LOST]

    @property
    def waiting(self) -> list[Standing]:
        """The projects of which only a draw can say whether they are chosen."""
        return [one for one in self.standings if one.row.status is Status.OPEN]

    @property
    def spent(self) -> Money:
        """What the chosen projects cost together."""
        return self.money(self.outcome.spent_cents)

    @property
    def budget(self) -> Money:
        """The envelope that was shared out."""
        return self.money(self.outcome.budget_cents)

    @cached_property
    def given(self) -> Money:
        """What the chosen projects are given together: what is spent of the envelope, and what a reserve adds."""
        return self.money(sum(one.given_cents for one in self.winners))

    @property
    def from_reserve(self) -> Money:
        """How much of that a reserve adds."""
        return self.money(self.given.cents - self.spent.cents)

    @cached_property
    def in_cents(self) -> bool:
        """Whether a table of this count has to show cents: then all its amounts do, one under the other."""
        rows = ((one.row.cost_cents, one.given_cents, one.row.left_after_cents or 0) for one in self.standings)
        return any(cents % 100 for cents in (self.outcome.budget_cents, *chain.from_iterable(rows)))

    @property
    def left(self) -> Money:
        """What remains of the envelope."""
        return self.money(self.outcome.left_cents)

    @property
    def nulls(self) -> Mapping[str, int]:
        """Null ballots by reason."""
        return dict(self.count.totals["null"])

    @property
    def null(self) -> int:
        """How many ballots were null."""
        return sum(self.nulls.values())

    @property
    def channels(self) -> Mapping[str, int]:
        """Ballots by channel, null ones too; empty where a file does not tell."""
        return {} if "file" in self.count.totals else dict(self.count.totals["channels"])

    @property
    def cast(self) -> int:
        """Every ballot that was in the box."""
        return self.outcome.valid + self.outcome.blank + self.null

    @property
    def recorded(self) -> tuple[str, ...] | None:
        """For an imported election, the winners its file records; None where it records none."""
        return tuple(self.count.totals["recorded"]) or None if "recorded" in self.count.totals else None

    @property
    def file(self) -> str | None:
        """The name of the file an imported election came from."""
        return self.count.totals.get("file")

    @property
    def names(self) -> dict[str, str]:
        """Title by the id on the ballot."""
        return {one.id: one.title for one in self.poll.candidates}

    def money(self, cents: int) -> Money:
        """An amount in the currency of the count."""
        return Money(cents, self.outcome.currency)


@dataclass(frozen=True)
class Result(CountView):
    """A published result."""

    publication: Publication
    turned: Turned
    draw: Draw | None
    few: int = 0
    """How many ballots it would take to show more than totals; 0 where everything is shown."""

    def refuse_few(self) -> None:
        """Raises Missing, with the reason, where only totals are published."""
        if self.few:
            raise Missing(too_few(self.few))

    @property
    def decided(self) -> bool:
        """Whether the council has decided on every leading project."""
        return all(one.state is not State.LEADING for one in self.winners)

    @property
    def voters(self) -> int:
        """How many people took part, by the marks of those who voted; by the ballots where an imported election has no marks."""
        return self.turned.total() or self.cast

    def decisions(self, outcome: CouncilOutcome) -> int:
        """On how many of the chosen projects the council has decided so."""
        return sum(one.decision is not None and one.decision.outcome == outcome.value for one in self.winners)


@dataclass(frozen=True)
class Past:
    """The edition before, in the same terms: for the comparison."""

    edition: Edition
    ballots: int
    winners: int
    projects: int
    budget: Money
    spent: Money


def counts_of(work: Work, edition: Edition) -> list[tuple[Count, str | None]]:
    """Every count, the newest first, with the name of who made it (None: the machine)."""
    wanted = select(Count, Account.display_name).outerjoin(Account, col(Account.id) == col(Count.counted_by_id))
    return list(work.db.exec(wanted.where(Count.edition_id == edition.id).order_by(col(Count.number).desc())))


def count_job(work: Work, edition: Edition) -> Job | None:
    """The count that the worker still has to make, None if none was asked for."""
    return work.db.exec(select(Job).where(Job.key == count_key(edition))).first()


def view_of(work: Work, edition: Edition, count: Count) -> CountView:
    """A count with its projects."""
    poll = fixed_poll(work, edition)
    outcome = Outcome.from_json(count.outcome)
    return CountView(edition, programme_of(work, edition), poll, count, outcome, _standings(work, edition, poll, outcome))


def published_result(work: Work, slug: str) -> Result:
    """The published result of a public edition. Raises Missing, before publication too."""
    result = result_of(work, find_edition(work, slug))
    if result is None:
        raise Missing(NO_RESULT)
    return result


@read_until_changed
def result_of(work: Work, edition: Edition) -> Result | None:
    """The published result of an edition, None before. No mark of a voter is added or taken away after that."""
    publication = work.db.get(Publication, edition.id)
    if publication is None:
        return None
    view = view_of(work, edition, work.db.get_one(Count, publication.count_id))
    turned, draw = turnout(work, edition), work.db.get(Draw, edition.id)
    held = {one.name: getattr(view, one.name) for one in fields(view)}
    return Result(**held, publication=publication, turned=turned, draw=draw, few=withheld(work, edition))


def _standings(work: Work, edition: Edition, poll: Poll, outcome: Outcome) -> tuple[Standing, ...]:
    candidates, files = {one.id: one for one in poll.candidates}, candidates_of(work, edition, poll)
    ids, names = [one.id for one in files.values()], {one.id: one.title for one in poll.candidates}
    decisions = {one.proposal_id: one for one in work.db.exec(select(CouncilDecision).where(col(CouncilDecision.proposal_id).in_(ids)))}
    standings = []
    for row in outcome.rows:
        proposal = files[row.project]
        told = titled(replace(row, reason=_reason(row, candidates, outcome)), names)
        standings.append(Standing(told, candidates[row.project], proposal, decisions.get(proposal.id or 0)))
    return tuple(standings)


def _reason(row: Row, candidates: Mapping[str, Candidate], outcome: Outcome) -> Message:
    """Why it won or lost; a project that waits for the draw names the tied ones by their numbers, not by identifiers."""
    if row.status is not Status.OPEN:
        return row.reason
    numbers = tuple(sorted(candidates[id].number for id in outcome.needs_draw))
    return say("A public draw must first decide between the projects with these numbers: %(numbers)s.", numbers=numbers)


@read_until_changed
def previous_result(work: Work, edition: Edition) -> Past | None:
    """The last published result of the same programme before this edition's vote, None if there is none."""
    ends = calendar_of(work, edition).deadline(PhaseKind.voting)
    if ends is None:
        return None
    wanted = (
        select(Edition.id, Publication.count_id)
        .join(Publication, col(Publication.edition_id) == col(Edition.id))
        .join(Phase, and_(col(Phase.edition_id) == col(Edition.id), col(Phase.kind) == PhaseKind.voting.value))
        .where(Edition.programme_id == edition.programme_id, col(Edition.published_at).is_not(None), col(Phase.closes_at) < ends)
        .order_by(col(Phase.closes_at).desc(), col(Edition.id))
        .limit(1)
    )
    found = work.db.exec(wanted).first()
    if found is None:
        return None
    last, count = work.db.get_one(Edition, found[0]), work.db.get_one(Count, found[1])
    outcome = Outcome.from_json(count.outcome)
    cast = outcome.valid + outcome.blank + sum(count.totals["null"].values())
    budget, spent = Money(outcome.budget_cents, outcome.currency), Money(outcome.spent_cents, outcome.currency)
    return Past(last, cast, len(outcome.selected), len(outcome.rows), budget, spent)
