"""What the pages of a file show: plain values for the templates, read in a few statements each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app import uploads
from app.core.calendar import PhaseKind
from app.core.eligibility import Section
from app.core.lifecycle import STATES, Actor, State, Verb, verbs_from
from app.core.messages import Localised, Message, Value, say, say_count
from app.core.money import Money
from app.editions.calls import last_instant
from app.editions.models import Edition
from app.editions.queries import Listed, calendar_of
from app.http.forms import Sent
from app.organisations.queries import sponsor_of
from app.organisations.service import not_for
from app.proposals import copying, documents, queries, service
from app.proposals.commitments import last_statement
from app.proposals.completeness import Completeness, Standing, assess
from app.proposals.lifecycle import BY_CARRIER, OVER, is_editable, is_judged_so
from app.proposals.logframe import GROUPS
from app.proposals.models import Document, Proposal, Transition
from app.proposals.queries import STATE_KINDS, CarrierFile
from app.proposals.sections import (
    BY_SECTION,
    LABELS,
    PAGES,
    shown,
)
from app.proposals.undertaken import kept_by
from app.review.appeals.queries import appeal_against, appeals_of, contested
from app.review.emails import until
from app.review.letters.models import Letter
from app.review.letters.queries import letters_of
from app.settings import settings
from app.unit import Work

UNTITLED = say("Project without a title yet")
STANDINGS = {
    Standing.COMPLETE: (say("Complete"), "ok"),
    Standing.INCOMPLETE: (say("Incomplete"), "warn"),
    Standing.OPTIONAL: (say("Optional"), ""),
}


class Row(NamedTuple):
    """A file in the list of mine."""

    url: str
    title: str | Message
    organisation: str
    edition: Localised
    number: int | None
    state: Message
    kind: str
    until: Value | None


def title_of(proposal: Proposal) -> str | Message:
    """The title, or words for a file that has none yet."""
    return proposal.title or UNTITLED


def row_of(file: CarrierFile, deadline: datetime | None) -> Row:
    """A file with what its carrier must know at a glance: where it stands, and until when something can be done."""
    proposal, state = file.proposal, State(file.proposal.state)
    closes = {State.DRAFT: deadline, State.INCOMPLETE: proposal.complete_by}.get(state)
    until = last_instant(closes, file.programme.zone) if closes else None
    return Row(
        f"/files/{proposal.public_id}", title_of(proposal), file.organisation.name, file.edition.name, proposal.number,
        STATES[state].label, STATE_KINDS.get(state, ""), until,
    )


def earlier(file: CarrierFile) -> tuple[str, str, str, Message]:
    """A file from which a new one can be started: its id, its organisation's address, that one's name, its own title and edition."""
    label = say("%(title)s (%(edition)s)", title=file.proposal.title, edition=file.edition.name)
    return file.proposal.public_id, file.organisation.slug, file.organisation.name, label


def head(work: Work, file: CarrierFile) -> dict[str, Any]:
    """What every page of a file needs: the file, its title, its state, whether it can still be changed."""
    state = State(file.proposal.state)
    return {
        "file": file, "title": title_of(file.proposal), "state": STATES[state].label, "state_kind": STATE_KINDS.get(state, ""),
        "draft": state is State.DRAFT, "editable": is_editable(file.proposal, work.now), "now": work.now,
        "not_writing": not_for("write_file"),
    }


def tasks(work: Work, file: CarrierFile) -> dict[str, Any]:
    """The task list: each page with its status, what is missing, which rules are not met, until when."""
    calendar = calendar_of(work, file.edition)
    found, deadline = assess(work, file, calendar), calendar.deadline(PhaseKind.submission)
    items = [_task(file, page.section, page.title, page.hint, found) for page in PAGES]
    asked = next((step for step in reversed(queries.history(work, file.proposal)) if step.target == State.INCOMPLETE), None)
    until = deadline if file.proposal.state == State.DRAFT else file.proposal.complete_by
    source, copied = copying.copied_pages(work, file) if file.proposal.state == State.DRAFT else (None, [])
    return head(work, file) | {
        "source": source, "source_title": title_of(source.proposal) if source else "", "copied": copied, "left_out": copying.LEFT_OUT,
        "items": items, "found": found, "total": len(found.required), "others": len(PAGES) - len(found.required),
        "until": until, "due": _due(file, until), "asked": asked,
        "late": until is not None and until <= work.now, "point_url": {point.section: _url(file, point.section) for point in found.points},
        "pages": BY_SECTION,
    }


def due(listed: Listed) -> Value | None:
    """Until when a file can be submitted to an edition, as people say it."""
    closes = listed.calendar.deadline(PhaseKind.submission)
    return last_instant(closes, listed.programme.zone) if closes else None


def _due(file: CarrierFile, until: datetime | None) -> Value | None:
    return last_instant(until, file.programme.zone) if until else None


def _task(file: CarrierFile, section: Section, title: Message, hint: Message, found: Completeness) -> dict[str, Any]:
    points, broken = found.of(section), found.broken(section)
    status, kind = STANDINGS[found.standing(section)]
    if broken:
        hint = say_count("%(count)d rule not met", "%(count)d rules not met", len(broken))
    elif points:
        hint = say_count("%(count)d thing missing", "%(count)d things missing", len(points))
    return {"url": _url(file, section), "title": title, "hint": hint, "status": status, "kind": kind}


def _url(file: CarrierFile, section: Section) -> str:
    if section is Section.IDENTITY:
        return f"/organisations/{file.organisation.slug}{'/edit' if file.may('edit_organisation') else ''}"
    return f"/files/{file.proposal.public_id}/{section.value}"


def after(public_id: str, name: str, then: str) -> str:
    """Where to go once a page is saved: the next page, the task list, or the same page again."""
    names = [page.section.value for page in PAGES if page.section is not Section.IDENTITY]
    following = names[names.index(name) + 1]
    return {"stay": f"/files/{public_id}/{name}", "list": f"/files/{public_id}"}.get(then, f"/files/{public_id}/{following}")


def conflict(work: Work, file: CarrierFile, name: str, problem: service.Overtaken, sent: Sent) -> dict[str, Any]:
    """Both versions of a page, field by field, and what is needed to send mine again."""
    theirs = dict(shown(service.answers(work, file.proposal, Section(name)), file.edition))
    mine = dict(shown(service.normal(problem.mine), file.edition))
    rows = [(LABELS[field], theirs.get(field), mine.get(field), theirs.get(field) != mine.get(field)) for field in mine]
    again = [(key, value) for key, values in sent.values.items() if key not in ("seen", "then") for value in values]
    latest = problem.latest
    return head(work, file) | {
        "page": BY_SECTION[name], "name": name, "rows": rows, "again": again, "seen": latest.number if latest else 0,
        "saved_at": latest.saved_at if latest else None, "message": problem.message,
    }


def check(work: Work, file: CarrierFile, late: Message | None = None) -> dict[str, Any]:
    """Everything a file says, page by page, with what still stands against it: the last look before it is sent."""
    calendar = calendar_of(work, file.edition)
    found, deadline = assess(work, file, calendar), calendar.deadline(PhaseKind.submission)
    pages = [
        {"title": page.title, "url": _url(file, page.section), "rows": _labelled(work, file, page.section)} for page in PAGES if page.form
    ]
    until = deadline if file.proposal.state == State.DRAFT else file.proposal.complete_by
    rules, sponsor = file.edition.rulebook, sponsor_of(work, file.organisation)
    return head(work, file) | {
        "rules": [(rule := rules.rule(one.rule_key), one, _where(file, rule.field.section)) for one in found.findings],
        "total": len(found.required), "found": found, "pages": pages, "labels": LABELS, "until": until, "due": _due(file, until),
        "sponsor": sponsor, "kept": kept_by(work, file.organisation, sponsor),
        "stated": last_statement(work, file.proposal), "not_submitting": not_for("submit_file"),
        "documents": _documents(work, file), "late": late,
        "point_url": {point.section: _url(file, point.section) for point in found.points},
        "places": {point.field: f"{_url(file, point.section)}#f-{point.field}" for point in found.points},
    }


def _where(file: CarrierFile, section: Section) -> tuple[str, Message] | None:
    """The page where a rule is answered: its address and title; None for what only an officer answers."""
    known = next((page for page in PAGES if page.section is section), None)
    return (_url(file, section), known.title) if known else None


def _labelled(work: Work, file: CarrierFile, section: Section) -> list[tuple[Message, Any]]:
    """The answers of a page under their labels."""
    return labelled(service.answers(work, file.proposal, section), file.edition)


def labelled(answers: Mapping[str, Any], edition: Edition) -> list[tuple[Message, Any]]:
    """Answers under their labels; of the groups of people, those that are counted."""
    told = {name: value for name, value in answers.items() if value is not None or name not in GROUPS}
    return [(LABELS[name], value) for name, value in shown(told, edition)]


def status(work: Work, file: CarrierFile) -> dict[str, Any]:
    """A file after its submission: state, history with public reasons, documents, what can still be done."""
    steps = queries.history(work, file.proposal)
    may_withdraw = Verb.WITHDRAW in verbs_from(State(file.proposal.state), by=(Actor.CARRIER,))
    return head(work, file) | {
        "steps": [{"when": step.at, "title": STATES[State(step.target)].label, "text": step.reason, "kind": "done"} for step in steps],
        "documents": _documents(work, file), "public": STATES[State(file.proposal.state)].public, "may_withdraw": may_withdraw,
        "over": OVER if is_judged_so(file.proposal, work.now) else None,
        "waiting": State(file.proposal.state) in (State.SUBMITTED, State.COMPLETED), "reason": _said_by_the_city(steps),
        "requested": Money(file.proposal.requested_cents) if file.proposal.requested_cents is not None else None,
        "letters": letters_of(work, file.proposal), "contested": _contestable(work, file), "until_words": until,
        "appeals": appeals_of(work, file.proposal),
    }


def _said_by_the_city(steps: Sequence[Transition]) -> str:
    """The reason of the last step, unless the carrier itself gave it."""
    return steps[-1].reason if steps and steps[-1].verb not in BY_CARRIER else ""


def _contestable(work: Work, file: CarrierFile) -> Letter | None:
    """The letter against which the carrier can still appeal: not once it has, nor when the time is over."""
    letter = contested(work, file.proposal)
    if letter is None or letter.appeal_until is None or letter.appeal_until <= work.now:
        return None
    appeal = appeal_against(work, letter)
    return None if appeal is not None and appeal.filed_at is not None else letter


def _documents(work: Work, file: CarrierFile) -> list[dict[str, Any]]:
    kinds = documents.document_kinds(file)
    return [
        {"url": f"/documents/{one.public_id}", "id": one.public_id, "name": one.name, "kind": kinds.get(one.kind, one.kind),
         "kilobytes": max(1, round(one.size / 1000)), "at": one.added_at, "is_picture": one.is_picture, "alt": one.alt,
         "small_size": one.small_size,
         "shared": one.shared, "from_partner": one.from_partner}
        for one in queries.documents_of(work, file.proposal)
    ]


def documents_page(work: Work, file: CarrierFile, found: Completeness) -> dict[str, Any]:
    """The documents of a file and the form for one more."""
    kinds: Sequence[tuple[str, Any]] = list(documents.document_kinds(file).items())
    return head(work, file) | {
        "documents": _documents(work, file), "kinds": kinds, "accept": uploads.ACCEPT, "points": found.of(Section.DOCUMENTS),
        "limit": settings().upload_limit_mb, "kept": kept_by(work, file.organisation, sponsor_of(work, file.organisation)),
    }


def document_page(file: CarrierFile, document: Document) -> dict[str, Any]:
    """What is said of one document, to be corrected."""
    kinds = documents.document_kinds(file)
    values = {"alt": document.alt, "shared": "yes" if document.shared else "", "consent": "yes" if document.consented_at else ""}
    return {
        "file": file, "document": document, "kind": kinds.get(document.kind, document.kind), "values": values,
        "may_be_public": document.kind not in documents.NEVER_PUBLIC,
    }
