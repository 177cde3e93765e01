"""Writing a letter: the facts of the decision, rule by rule, with the ways and dates of appeal, frozen in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import func, select

from app.accounts.models import Account
from app.core.calendar import show_instant, start_of_day
from app.core.lifecycle import STATES, State
from app.editions.models import Edition, Programme
from app.organisations.models import Organisation
from app.proposals.models import Proposal
from app.rendering import WHOLE
from app.review.letters.models import AppealTerms, Letter
from app.review.models import RuleVerdict
from app.unit import Work

APPEALABLE = frozenset({"inadmissible", "ineligible"})
"""The outcomes that a carrier may contest; an appeal is decided once."""


def terms_of(work: Work, edition: Edition) -> AppealTerms:
    """The terms of an edition, the defaults where none were set."""
    return work.db.get(AppealTerms, edition.id) or AppealTerms(edition_id=edition.id or 0)


def days_after(instant: datetime, days: int, zone: str) -> datetime:
    """The end of the last of `days` whole days after the day of `instant`, which itself does not count."""
    today = date.fromisoformat(show_instant(instant, zone, end=False)[0])
    return start_of_day(today + timedelta(days=days + 1), zone)


def last_day(end: datetime, zone: str) -> date:
    """The last whole day before an instant that ends one, as people say a deadline."""
    return date.fromisoformat(show_instant(end, zone, end=True)[0])


def write(
    work: Work,
    proposal: Proposal,
    outcome: str,
    motive: str,
    *,
    by: int,
    verdicts: Sequence[RuleVerdict] = (),
    redirect: str | None = None,
    complete_by: datetime | None = None,
    more: dict[str, Any] | None = None,
) -> Letter:
    """Write the letter of a decision that was just taken. `by`: the account that decided, `more`: facts of an appeal.

    `outcome` is a key of TITLES. Whoever records a decision calls this once, in the same transaction.
    """
    edition = work.db.get_one(Edition, proposal.edition_id)
    programme = work.db.get_one(Programme, edition.programme_id)
    terms = terms_of(work, edition)
    until = days_after(work.now, terms.days, programme.zone) if outcome in APPEALABLE else None
    number = work.db.exec(select(func.count()).select_from(Letter).where(Letter.proposal_id == proposal.id)).one() + 1
    facts = _facts(work, proposal, edition, programme, by) | {
        "motive": motive, "findings": _findings(edition, verdicts), "terms": _terms(terms),
        "redirect": next((choice.label for choice in edition.redirects if choice.key == redirect), None) if redirect else None,
        "complete_by": complete_by.isoformat() if complete_by else None, **(more or {}),
    }  # fmt: skip
    letter = Letter(
        public_id=work.code(26),
        proposal_id=proposal.id or 0,
        reference=f"{edition.slug}-{proposal.number or 0:03d}-{number}",
        outcome=outcome,
        language=proposal.language if proposal.language in WHOLE else "fr",
        facts=facts,
        issued_at=work.now,
        decided_by_id=by,
        appeal_until=until,
    )
    work.db.add(letter)
    work.db.flush()
    return letter


def _facts(work: Work, proposal: Proposal, edition: Edition, programme: Programme, by: int) -> dict[str, Any]:
    carrier = work.db.get_one(Organisation, proposal.organisation_id)
    terms = terms_of(work, edition)
    decided = work.db.get_one(Account, by).display_name
    return {
        "operator": programme.operator, "programme": dict(programme.name), "edition": dict(edition.name), "zone": programme.zone,
        "title": proposal.title, "number": proposal.number, "carrier": carrier.name, "public_id": proposal.public_id,
        "decided_by": decided, "signatory": terms.signatory or decided, "signatory_title": terms.signatory_title,
        "state": STATES[State(proposal.state)].label.to_json(),
    }  # fmt: skip


def _terms(terms: AppealTerms) -> dict[str, Any]:
    return {
        "days": terms.days, "answer_days": terms.answer_days, "address": terms.address, "court": terms.court,
        "court_months": terms.court_months,
    }  # fmt: skip


def _findings(edition: Edition, verdicts: Sequence[RuleVerdict]) -> list[dict[str, Any]]:
    """Every rule that was answered, as the city wrote it, with what was found by whom; the officer's answer beside the machine's."""
    order = {rule.key: place for place, rule in enumerate(edition.rulebook.rules)}
    rules = {rule.key: rule for rule in edition.rulebook.rules}
    known = sorted((one for one in verdicts if one.rule_key in rules), key=lambda one: (order[one.rule_key], one.source != "automatic"))
    asked = {one.rule_key for one in known if one.source == "officer"}
    return [
        {
            "article": rules[one.rule_key].article or "", "wording": dict(rules[one.rule_key].wording),
            "blocking": rules[one.rule_key].blocking, "source": one.source, "verdict": one.verdict,
            "fact": one.fact or None, "comment": one.comment,
        }
        for one in known if one.source == "officer" or one.rule_key not in asked
    ]  # fmt: skip
