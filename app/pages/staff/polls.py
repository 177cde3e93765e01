"""The vote of an edition, for the city: its set-up before it opens, its turnout after. Never a choice."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import PhaseKind, Stage
from app.core.messages import Message
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
from app.polls.forms import COMPLETION_LABELS, RULE_LABELS, STYLE_LABELS, PollForm, RuleChoice, values_of
from app.polls.models import Poll
from app.unit import Work

router = APIRouter(include_in_schema=False)
USUAL = {"style": "approval", "min_choices": 3, "max_choices": 6, "rule": "greedy_skip", "min_votes": 1, "max_per_carrier": 1}
"""What the form proposes at first: the choices of the model edition."""


@router.get("/staff/editions/{slug}/poll", dependencies=[staff("see_turnout")])
def show(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """The set-up of the vote and its turnout."""
    edition = load(work, slug)
    poll = queries.poll_of(work, edition)
    first = USUAL | {"cheaper_first": True, "completion": "add1_until_infeasible"}
    values = values_of(queries.style_of(poll), queries.rule_of(poll), poll.draw_source) if poll else first
    return _page(request, work, edition, may_set_up=who.may("set_up_poll"), values=values)


@router.post("/staff/editions/{slug}/poll", dependencies=[staff("set_up_poll")])
def fix(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Fix the vote as the form says."""
    edition = load(work, slug)
    try:
        service.fix(work, edition, sent.check(PollForm), by=who)
    except Invalid as problem:
        work.db.rollback()
        values = sent.simple() | {"cheaper_first": sent.get("cheaper_first") == "yes"}
        return _page(request, work, load(work, slug), may_set_up=True, values=values, errors=problem.errors, status=problem.status)
    return go(f"/staff/editions/{slug}/poll", done="saved")


def _rule_label(poll: Poll | None) -> Message | None:
    """The counting rule of a poll, in words."""
    if poll is None:
        return None
    return RULE_LABELS[RuleChoice(values_of(queries.style_of(poll), queries.rule_of(poll), "")["rule"])]


def _page(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    programme, poll, calendar = programme_of(work, edition), queries.poll_of(work, edition), calendar_of(work, edition)
    stage = calendar.stage(PhaseKind.voting, work.now)
    shown = stage in (Stage.before, Stage.absent)
    return staff_page(
        request, "staff/polls/show.html", zone=programme.zone, currency=programme.currency, edition=edition, poll=poll, stage=stage.value,
        window=calendar.window(PhaseKind.voting), waiting=queries.ballot_projects(work, edition) if shown else [],
        rule_label=_rule_label(poll),
        rule_line=queries.style_of(poll).rule_line(queries.slate(work, edition, poll)) if poll else None,
        styles=list(STYLE_LABELS.items()), rules=list(RULE_LABELS.items()), completions=list(COMPLETION_LABELS.items()),
        turnout=queries.turnout(work, edition) if poll else None, roll=roll_size(work, edition), **more,
    )  # fmt: skip
