"""The desk of an organisation, for those who act for it: what is to be done and until when, its files, people and documents."""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from app.core.calendar import PhaseKind
from app.core.eligibility import SponsorWord
from app.core.lifecycle import EDITABLE, State
from app.core.messages import Message, Value, say
from app.core.permissions import CARRIER, MEMBER_ROLE_LABELS, MemberRole
from app.editions.calls import last_instant
from app.editions.queries import listed_editions
from app.http.answers import page
from app.http.audience import SIGNED_IN
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations import invitations, papers, queries
from app.organisations.forms import PAPER_LABELS
from app.organisations.models import Organisation, Paper
from app.pages.addresses import Address
from app.pages.file_views import row_of, title_of
from app.pages.members_only import known, mine
from app.pages.papers import row_of as paper_row
from app.pages.undertakings import WORDS
from app.proposals.dossier import dossiers_of
from app.proposals.queries import CarrierFile, files_of
from app.proposals.sponsors import OPEN, files_to_answer
from app.unit import Work

router = APIRouter(include_in_schema=False)


class ToDo(NamedTuple):
    """One thing to do, where, and until when."""

    title: Message
    url: str
    until: Value | None = None


@router.get("/organisations/{slug}/desk", dependencies=[SIGNED_IN])
def desk(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    organisation = mine(work, slug, who)
    role = queries.role_in(work, organisation.id, who) or MemberRole.READER
    deadlines = {one.edition.id: one.calendar.deadline(PhaseKind.submission) for one in listed_editions(work)}
    files = [file for file in files_of(work, known(who)) if file.organisation.id == organisation.id]
    held, asked = papers.current(work, [organisation.id]), _asked(work, organisation)
    todos = [*_of_files(work, files, deadlines), *_of_sponsor(asked), *_of_papers(work, organisation, held)]
    todos += _of_itself(work, organisation, role)
    return page(
        request, "organisations/desk.html", organisation=organisation, role=MEMBER_ROLE_LABELS[role], todos=todos,
        files=[row_of(file, deadlines.get(file.edition.id)) for file in files], asked=asked, may_edit=role in CARRIER["edit_organisation"],
        members=queries.members_of(work, organisation.id), roles=MEMBER_ROLE_LABELS, may_write=role in CARRIER["write_file"],
        papers=[paper_row(work, slug, one) for one in held], sponsor=queries.sponsor_of(work, organisation),
    )  # fmt: skip


def _of_files(work: Work, files: list[CarrierFile], deadlines: dict[int | None, Any]) -> list[ToDo]:
    """Drafts to submit and files to complete, each with its last instant; the passed ones are nothing to do any more."""
    found = []
    for file in files:
        state = State(file.proposal.state)
        closes = {State.DRAFT: deadlines.get(file.edition.id), State.INCOMPLETE: file.proposal.complete_by}.get(state)
        if state not in EDITABLE or closes is None or closes <= work.now:
            continue
        title: Any = title_of(file.proposal)
        act = say("Submit “%(title)s”", title=title) if state is State.DRAFT else say("Complete “%(title)s” and send it back", title=title)
        found.append((closes, ToDo(act, f"/files/{file.proposal.public_id}", last_instant(closes, file.programme.zone))))
    return [todo for _, todo in sorted(found, key=lambda one: one[0])]


def _asked(work: Work, organisation: Organisation) -> list[dict[str, Any]]:
    """The files of collectives on which this association was asked, with what it says of each now."""
    rows = files_to_answer(work, organisation)
    dossiers = dossiers_of(work, [proposal for proposal, _ in rows])
    found = []
    for proposal, collective in rows:
        carrier = dossiers[proposal.id or 0].carrier
        word = (carrier.sponsor_word if carrier else None) or SponsorWord.NOT_ASKED
        label, kind = WORDS[word]
        waits = word in (SponsorWord.ASKED, SponsorWord.OUTDATED) and State(proposal.state) in OPEN
        found.append({"url": f"/sponsorships/{proposal.public_id}", "title": title_of(proposal), "collective": collective.name,
                      "word": label, "kind": kind, "waits": waits})  # fmt: skip
    return found


def _of_sponsor(asked: list[dict[str, Any]]) -> list[ToDo]:
    waiting = (one for one in asked if one["waits"])
    return [ToDo(say("Answer %(name)s: “%(title)s”", name=one["collective"], title=one["title"]), one["url"]) for one in waiting]


def _of_papers(work: Work, organisation: Organisation, held: list[Paper]) -> list[ToDo]:
    """Documents that ran out, then those that soon will, then those an association usually needs and has not handed in."""
    url, today = f"/organisations/{organisation.slug}/documents", work.now.date()
    late = [one for one in held if not papers.is_valid(one, today)]
    soon = [one for one in held if papers.runs_out_soon(one, today)]
    found = [ToDo(say("Replace a document that is no longer valid: %(kind)s", kind=PAPER_LABELS[one.kind]), url) for one in late]
    found += [ToDo(say("Replace a document in time: %(kind)s", kind=PAPER_LABELS[one.kind]), url, one.valid_until) for one in soon]
    lacking = [label for kind, label in PAPER_LABELS.items() if kind not in {one.kind for one in held}]
    if lacking and organisation.kind == "association":
        found.append(ToDo(say("Hand in the documents that count for all files: %(kinds)s", kinds=tuple(lacking)), url))
    return found


def _of_itself(work: Work, organisation: Organisation, role: MemberRole) -> list[ToDo]:
    """What the organisation has not said of itself, for those who may say it."""
    found, edit = [], f"/organisations/{organisation.slug}/edit"
    if role in CARRIER["edit_organisation"]:
        if organisation.kind == "association" and not organisation.siret:
            found.append(ToDo(say("Give the SIRET number: without it the city cannot pay a grant."), edit))
        if organisation.kind == "collective" and organisation.sponsor_id is None:
            found.append(ToDo(say("Name the association that signs for the collective."), edit))
    if role in CARRIER["manage_members"]:
        over = [one for one in invitations.pending(work, organisation) if one.expires_at <= work.now]
        if over:
            found.append(ToDo(say("Send invitations again that ran out, or withdraw them"), f"/organisations/{organisation.slug}/members"))
    return found
