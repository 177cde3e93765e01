"""Reading a file beside the rules, and the decisions already taken on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_rows
from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.calendar import Calendar
from app.core.eligibility import AnyRule, Context, Dossier, Finding, Verdict
from app.core.eligibility.rule import UNMET
from app.core.lifecycle import Actor, State, Verb, verbs_from
from app.core.messages import Message, say
from app.core.problems import Missing
from app.editions.models import Edition
from app.editions.queries import calendar_of, rules_context
from app.organisations.models import Membership, Organisation
from app.proposals.lifecycle import at, decided_state
from app.proposals.models import Proposal, SectionRevision, Transition
from app.review.dossiers import in_words
from app.review.models import Decision, RuleVerdict
from app.review.sheet import Sheet, parts_of
from app.unit import Work

NO_FILE = say("There is no submitted file at this address.")
_ORDER = {Verdict.FAIL: 0, Verdict.MISSING: 1, Verdict.OFFICER: 2, Verdict.LATER: 3, Verdict.PASS: 4}


@dataclass(frozen=True)
class Assessed:
    """One rule beside one file, and what the machine found."""

    rule: AnyRule
    finding: Finding

    @property
    def blocks(self) -> bool:
        """Whether the finding stands against admitting the file."""
        return self.finding.unmet and self.rule.blocking

    @property
    def asks(self) -> bool:
        """Whether an officer must answer: the machine alone does not settle the rule."""
        return self.finding.verdict is Verdict.OFFICER


@dataclass(frozen=True)
class Case(Sheet):
    """A submitted file as an officer needs it. `seen` changes whenever the file or its state does."""

    inside: ClassVar[bool] = True
    rules: Sequence[Assessed]
    calendar: Calendar
    seen: str
    verbs: frozenset[Verb]

    def failures(self) -> list[Assessed]:
        """The blocking rules that the file does not meet, for the machine to say."""
        return [one for one in self.rules if one.blocks]


def assess(edition: Edition, dossier: Dossier, context: Context) -> list[Assessed]:
    """Every rule with its finding: broken ones first, blocking before advisory, then the officer's questions."""
    found = [Assessed(rule, rule.check(dossier, context)) for rule in edition.rulebook.rules]
    return sorted(found, key=lambda one: (not one.blocks, _ORDER[one.finding.verdict]))


def find_file(work: Work, public_id: str, *, lock: bool = False) -> Proposal:
    """A file the city may read. Raises Missing for unknown addresses and for drafts, which are the carrier's alone."""
    query = select(Proposal).where(Proposal.public_id == public_id, Proposal.state != State.DRAFT)
    proposal = work.db.exec(query.with_for_update() if lock else query, execution_options={"populate_existing": lock}).first()
    if proposal is None:
        raise Missing(NO_FILE)
    return at(proposal, work.now)


def open_case(work: Work, public_id: str, *, lock: bool = False) -> Case:
    """A submitted file with its rules judged at this instant; with `lock`, nobody else changes it meanwhile."""
    proposal = find_file(work, public_id, lock=lock)
    parts = parts_of(work, proposal)
    edition, dossier = parts["edition"], parts["dossier"]
    calendar = calendar_of(work, edition)
    overdue = proposal.complete_by is not None and proposal.complete_by <= work.now
    return Case(
        **parts,
        rules=assess(edition, dossier, in_words(rules_context(edition, calendar), [dossier])),
        calendar=calendar,
        seen=_seen(work, proposal),
        verbs=frozenset(verbs_from(decided_state(proposal), by=(Actor.CASE_OFFICER,), overdue=overdue)),
    )


def _seen(work: Work, proposal: Proposal) -> str:
    step = work.db.exec(select(func.max(Transition.id)).where(Transition.proposal_id == proposal.id)).one()
    saves = work.db.exec(select(func.count()).select_from(SectionRevision).where(SectionRevision.proposal_id == proposal.id)).one()
    return f"{step or 0}.{saves}"


def acts_for(work: Work, person: Person, carrier: Organisation) -> bool:
    """Whether a person is a member of the carrier or of its sponsor, and so must not decide on its files."""
    return is_member(work, person.id, carrier)


def is_member(work: Work, account_id: int, carrier: Organisation) -> bool:
    """The same, of an account."""
    theirs = col(Membership.organisation_id).in_([carrier.id, carrier.sponsor_id])
    return work.db.exec(select(Membership).where(Membership.account_id == account_id, theirs)).first() is not None


def shown_by(now: datetime) -> ColumnElement[bool]:
    """The condition that a decision is shown to everybody at this instant."""
    return col(Decision.shown_at).is_(None) | (col(Decision.shown_at) <= now)


def decisions_of(work: Work, proposal: Proposal, *, hidden: bool = False) -> list[tuple[Decision, list[RuleVerdict]]]:
    """The decisions on a file with what was found on each rule, the latest first.

    With `hidden`, for the city alone, those not shown yet too.
    """
    newest = (col(Decision.decided_at).desc(), col(Decision.id).desc())
    query = select_rows(Decision, RuleVerdict).outerjoin(RuleVerdict, col(RuleVerdict.decision_id) == col(Decision.id))
    query = query.where(col(Decision.proposal_id) == proposal.id, *([] if hidden else [shown_by(work.now)]))
    found: dict[int, tuple[Decision, list[RuleVerdict]]] = {}
    for decision, verdict in work.db.execute(query.order_by(*newest)):
        verdicts = found.setdefault(decision.id or 0, (decision, []))[1]
        verdicts += [verdict] if verdict is not None else []
    return list(found.values())


@dataclass(frozen=True)
class Criterion:
    """How a project stands to one rule, for everyone to read: the rule, the verdict, the fact found, a word of the officer."""

    rule: AnyRule
    verdict: Verdict
    fact: Message | None
    comment: str = ""


def criteria_of(edition: Edition, verdicts: Sequence[RuleVerdict]) -> list[Criterion]:
    """What a decision recorded on each rule of the rulebook, broken ones first, then as in the rulebook; the officer's answer prevails."""
    by_key = {one.rule_key: one for one in sorted(verdicts, key=lambda one: one.source == "officer")}
    found = [_criterion(rule, by_key[rule.key]) for rule in edition.rulebook.rules if rule.key in by_key]
    return sorted(found, key=lambda one: one.verdict not in UNMET)


def _criterion(rule: AnyRule, record: RuleVerdict) -> Criterion:
    verdict = Verdict(record.verdict)
    comment = record.comment if verdict is Verdict.FAIL else ""
    return Criterion(rule, verdict, Message.from_json(record.fact) if record.fact else None, comment)
