"""One act that takes two people: all that it will do, read before it is confirmed; confirming it; taking it back.

The shares of an opening key pass through the memory of this server alone: they are written nowhere, and no answer that shows them is kept.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from app.accounts.people import Person
from app.core.ballots import Slate, read_style
from app.core.calendar import PHASE_LABELS
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Problem
from app.core.sides import Side
from app.core.tally import read_rule
from app.core.transparency import digest
from app.core.transparency.shares import fingerprint
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork, acting_as
from app.ledger.models import Motion
from app.ledger.motions import OVER, motion_at
from app.pages.addresses import Address
from app.pages.staff import box_view, staff_page
from app.pages.staff.box_apart import open_apart
from app.pages.staff.codes import letters_page
from app.pages.staff.edition_parts import Official, load
from app.polls import two_people
from app.polls.extending import EXTENSION, confirm_extension, extension_in, windows_in
from app.polls.freezing import FREEZE, confirm_freeze, freeze_of
from app.polls.opening import OPENING, confirm_opening
from app.polls.opening_apart import begin_opening, is_large
from app.polls.register_changes import Change, Done, confirm_change, lines_named
from app.results.rule_words import rule_words
from app.unit import Work

router = APIRouter(include_in_schema=False)
ROWS_SHOWN = 200
Done_ = TypeVar("Done_")


@router.get("/staff/editions/{slug}/box/motions/{motion}", dependencies=[staff("see_turnout")])
def show(request: Request, work: InWork, who: Official, slug: Address, motion: Address) -> Response:
    """What is proposed, in full for those who may decide on it."""
    return _page(request, work, slug, motion, who)


@router.post("/staff/editions/{slug}/box/motions/{motion}/confirmation", dependencies=[staff("confirm_register")])
def confirm(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address, motion: Address) -> Response:
    """Confirm what somebody else proposed: from here on it is done."""
    return _confirmed(request, work, who, sent, slug, motion, opening=False)


@router.post("/staff/editions/{slug}/box/motions/{motion}/opening", dependencies=[staff("open_box")])
@acting_as(Side.COUNT)
def open_box(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address, motion: Address) -> Response:
    """Open the box as somebody else proposed, with enough shares of its key."""
    return _confirmed(request, work, who, sent, slug, motion, opening=True)


def _confirmed(request: Request, work: Work, who: Person, sent: SentForm, slug: str, public_id: str, *, opening: bool) -> Response:
    edition, motion = load(work, slug), public_id
    try:
        proposed = motion_at(work, edition.id or 0, motion)
        if opening and proposed.act == OPENING and is_large(work, edition):
            return _opened_apart(request, work, edition, proposed, sent, who)
        done = _carry_out(work, edition, proposed, sent, who, opening=opening)
    except Problem as problem:
        work.db.rollback()
        told: dict[str, Any] = {"errors": problem.errors} if isinstance(problem, Invalid) else {"refused": problem.message}
        return _page(request, work, slug, motion, who, status=problem.status, values=sent.simple(), **told)
    if done is not None and done.letters:
        return letters_page(request, work, edition, done.batch, done.label, done.letters)
    return go(f"/staff/editions/{slug}/box", done="agreed")


@router.post("/staff/editions/{slug}/box/motions/{motion}/withdrawal", dependencies=[staff("see_turnout")])
def withdraw(request: Request, work: InWork, who: Official, slug: Address, motion: Address) -> Response:
    """Take a proposal back."""
    edition = load(work, slug)
    try:
        two_people.withdraw(work, edition, motion_at(work, edition.id or 0, motion), by=who)
    except Problem as problem:
        work.db.rollback()
        return _page(request, work, slug, motion, who, status=problem.status, refused=problem.message)
    return go(f"/staff/editions/{slug}/box", done="withdrawn")


def _carry_out(work: Work, edition: Edition, motion: Motion, sent: Sent, who: Person, *, opening: bool) -> Done | None:
    two_people.act_of(motion)
    if opening is not (motion.act == OPENING):
        raise Conflict(OVER)
    if motion.act == FREEZE:
        confirm_freeze(work, edition, motion, by=who)
    elif motion.act == EXTENSION:
        confirm_extension(work, edition, motion, by=who)
    elif motion.act == OPENING:
        _open(work, edition, motion, sent, who)
    else:
        return confirm_change(work, edition, motion, by=who)
    return None


def _opened_apart(request: Request, work: Work, edition: Edition, motion: Motion, sent: Sent, who: Person) -> Response:
    """Answer first, then open: unsealing takes longer than a browser waits."""
    apart = _with_shares(work, edition, sent, lambda shares, names: begin_opening(work, edition, motion, shares, by=who, names=names))
    answer = go(f"/staff/editions/{edition.slug}/box", done="begun")
    answer.background = BackgroundTask(open_apart, request.app.state.engine, apart)
    return answer


def _open(work: Work, edition: Edition, motion: Motion, sent: Sent, who: Person) -> None:
    """Open with the shares that were typed."""
    _with_shares(work, edition, sent, lambda shares, names: confirm_opening(work, edition, motion, shares, by=who, names=names))


def _with_shares(work: Work, edition: Edition, sent: Sent, act: Callable[[list[str], list[Message]], Done_]) -> Done_:
    """Act with the shares that were typed; places left empty are skipped, and each sentence comes back to its own place."""
    typed = [(place, text) for place in range(1, _places(work, edition)[1] + 1) if (text := sent.get(f"share_{place}").strip())]
    try:
        names = [say("Share %(number)d", number=place) for place, _ in typed]
        return act([text for _, text in typed], names)
    except Invalid as problem:
        at = {f"share_{number}": f"share_{place}" for number, (place, _) in enumerate(typed, 1)}
        raise Invalid({at.get(name, ""): sentence for name, sentence in problem.errors.items()}) from None


def _places(work: Work, edition: Edition) -> tuple[int, int]:
    """How many shares open the box, and how many there are; (0, 0) before the freeze."""
    frozen = freeze_of(work, edition)
    keys = box_view.read_definition(frozen.definition)["keys"] if frozen else {"threshold": 0, "shares": 0}
    return keys["threshold"], keys["shares"]


def _page(request: Request, work: Work, slug: str, public_id: str, who: Person, **more: Any) -> Response:
    edition = load(work, slug)
    motion = motion_at(work, edition.id or 0, public_id)
    two_people.act_of(motion)
    proposal = box_view.proposal(work, motion, who)
    shown = {
        "proposal": proposal, "motion": motion, "waits": motion.seconded_at is None and motion.withdrawn_at is None, "refused": None,
        "in_full": proposal.may_confirm or who.may(proposal.act.proposes), "phase_labels": PHASE_LABELS, "details": "register",
        **_details(work, edition, motion),
    }  # fmt: skip
    return staff_page(request, "staff/box/motion.html", zone=programme_of(work, edition).zone, edition=edition, **shown | more)


def _details(work: Work, edition: Edition, motion: Motion) -> dict[str, Any]:
    """What each kind of act adds to its page."""
    if motion.act == FREEZE:
        return {"details": "freeze", **definition_view(motion.payload["definition"])}
    if motion.act == EXTENSION:
        return {"details": "extension", "extension": extension_in(motion), "windows": windows_in(motion)}
    if motion.act == OPENING:
        threshold, shares = _places(work, edition)
        return {"details": "opening", "head": motion.payload, "threshold": threshold, "shares": shares}
    waits = motion.seconded_at is None and motion.withdrawn_at is None
    listed = motion.payload.get("text", "").splitlines() if motion.act == Change.IMPORT else []
    return {
        "lines": lines_named(work, edition, motion) if waits else [], "listed": listed[: ROWS_SHOWN + 1],
        "left": max(len(listed) - ROWS_SHOWN - 1, 0), "payload": motion.payload,
    }  # fmt: skip


def definition_view(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition in words: what a person reads before confirming it."""
    costs = {one["id"]: one["cost_cents"] for one in definition["projects"]}
    slate = Slate(costs, definition["envelope_cents"], definition["currency"])
    return {
        "definition": definition, "definition_text": json.dumps(definition, ensure_ascii=False, indent=1),
        "definition_hash": digest(definition), "title": box_view.title_of(definition["title"]),
        "opens": box_view.read_instant(definition["opens"]), "closes": box_view.read_instant(definition["closes"]),
        "style_words": read_style(definition["style"]).rule_line(slate), "key_fingerprint": fingerprint(definition["keys"]["opening"]),
        "rule_words": rule_words(read_rule(definition["rule"]), definition["currency"]),
    }  # fmt: skip
