"""The vote of an edition, for the city: its set-up before it opens, its turnout after. Never a choice."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import PhaseKind, Stage
from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.problems import Invalid
from app.editions.models import Edition
from app.editions.queries import calendar_of, programme_of
from app.electorate.queries import roll_size
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import queries, service
from app.polls.choices import COMPLETION_LABELS, RULE_LABELS, SAFEGUARD_LABELS, STYLE_LABELS, TIE_LABELS
from app.polls.forms import PollForm
from app.polls.share_step import suggested_step
from app.polls.shown import values_of
from app.polls.starting_points import offered, start_from
from app.results.queries import previous_result
from app.results.rule_words import rule_words
from app.unit import Work

router = APIRouter(include_in_schema=False)
USUAL = {
    "style": "approval", "min_choices": 3, "max_choices": 6, "rule": "greedy_skip", "min_votes": 1, "max_per_carrier": 1,
    "tie_first": "cheaper",
}  # fmt: skip
"""What the form proposes at first: the choices of the model edition."""

OPTIONS: Mapping[str, list[tuple[str, Message]]] = {
    "styles": [(one.value, label) for one, label in STYLE_LABELS.items()],
    "rules": [(one.value, label) for one, label in RULE_LABELS.items()],
    "completions": [(one.value, label) for one, label in COMPLETION_LABELS.items()],
    "safeguards": [(one.value if one else "", label) for one, label in SAFEGUARD_LABELS.items()],
    "ties": [(one.value, label) for one, label in TIE_LABELS.items()],
}


@router.get("/staff/editions/{slug}/poll", dependencies=[staff("see_turnout")])
def show(request: Request, work: InWork, who: Official, slug: Address, preset: str = "") -> Response:
    """The set-up of the vote and its turnout; with `preset`, the form as this preset fills it."""
    edition = load(work, slug)
    poll = queries.poll_of(work, edition)
    values = values_of(queries.style_of(poll), queries.rule_of(poll), poll.draw_source) if poll else USUAL
    start = start_from(preset, edition.envelope.amount().cents if edition.envelope else None) if preset else None
    if start:
        values = {**start.values, "draw_source": poll.draw_source if poll else ""}
    return _page(request, work, edition, may_set_up=who.may("set_up_poll"), values=values, start=start)


@router.post("/staff/editions/{slug}/poll", dependencies=[staff("set_up_poll")])
def fix(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Fix the vote as the form says."""
    edition = load(work, slug)
    try:
        service.fix(work, edition, sent.check(PollForm), by=who)
    except Invalid as problem:
        work.db.rollback()
        typed = {"values": sent.simple(), "errors": problem.errors, "status": problem.status}
        return _page(request, work, load(work, slug), may_set_up=True, start=None, **typed)
    return go(f"/staff/editions/{slug}/poll", done="saved")


def _page(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    programme, poll, calendar = programme_of(work, edition), queries.poll_of(work, edition), calendar_of(work, edition)
    stage = calendar.stage(PhaseKind.voting, work.now)
    shown, roll = stage in (Stage.before, Stage.absent), roll_size(work, edition)
    return staff_page(
        request, "staff/polls/show.html", zone=programme.zone, currency=programme.currency, edition=edition, poll=poll, stage=stage.value,
        window=calendar.window(PhaseKind.voting), waiting=queries.ballot_projects(work, edition) if shown else [],
        rule_line=queries.style_of(poll).rule_line(queries.slate(work, edition, poll)) if poll else None,
        rule_words=rule_words(queries.rule_of(poll), programme.currency) if poll else [],
        turnout=queries.turnout(work, edition) if poll else None, roll=roll, presets=offered(),
        step_hint=_step_hint(work, edition, sum(roll.values())) if shown else None, **OPTIONS, **more,
    )  # fmt: skip


def _step_hint(work: Work, edition: Edition, on_roll: int) -> Message:
    """Which amount each share may well be raised by: from the ballots of the edition before, else from the roll."""
    general = say("A round amount of about a hundredth of one voter's share is fine enough, and easy to read out.")
    before = previous_result(work, edition)
    voters = before.ballots if before and before.ballots else on_roll
    if not voters or edition.envelope is None:
        return general
    envelope = edition.envelope.amount()
    numbers: dict[str, Money | Message] = {
        "share": Money(envelope.cents // voters, envelope.currency),
        "step": Money(suggested_step(envelope.cents, voters), envelope.currency),
        "general": general,
    }
    if before and before.ballots:
        return say_count(
            "%(general)s With %(count)d ballot, as in the edition before, a share is %(share)s: %(step)s, for example.",
            "%(general)s With %(count)d ballots, as in the edition before, a share is %(share)s: %(step)s, for example.",
            voters,
            **numbers,
        )
    return say_count(
        "%(general)s If the %(count)d person on the roll votes, a share is %(share)s: %(step)s, for example.",
        "%(general)s If all %(count)d people on the roll vote, a share is %(share)s: %(step)s, for example.",
        voters,
        **numbers,
    )
