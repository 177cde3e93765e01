"""The vote of an edition, for the city: its set-up before it opens, its turnout after. Never a choice."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.core.ballots import Slate
from app.core.calendar import PhaseKind, Stage
from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.problems import Invalid, Missing
from app.editions.models import Edition
from app.editions.queries import calendar_of, programme_of
from app.electorate.queries import roll_size
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import queries, service
from app.polls.choices import COMPLETION_LABELS, RULE_LABELS, SAFEGUARD_LABELS, SCALE_LABELS, STYLE_LABELS, TIE_LABELS
from app.polls.forms import PollForm, PresetForm
from app.polls.groups import groups, names_in
from app.polls.models import Poll
from app.polls.obstacles import left_out
from app.polls.rule_rows import PartRow, QuotaRow
from app.polls.share_step import suggested_step
from app.polls.shown import can_show, values_of
from app.polls.starting_points import Start, kept_whole, offered, start_from
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
    "scales": [(one.value, label) for one, label in SCALE_LABELS.items()],
    "safeguards": [(one.value if one else "", label) for one, label in SAFEGUARD_LABELS.items()],
    "ties": [(one.value, label) for one, label in TIE_LABELS.items()],
}


LABELS: Mapping[str, Message] = {
    "style": say("How a ballot is filled"), "min_choices": say("Fewest choices"), "max_choices": say("Most choices"),
    "max_total": say("Most money on one ballot"), "points": say("Points on one ballot"), "points_most": say("Most points for one project"),
    "points_spare": say("Points may be left over"), "scale": say("Grades"), "max_against": say("Most votes against"),
    "stars": say("Stars on one ballot"), "rule": say("How ballots are counted"), "winners": say("Most winners"),
    "completion": say("Money left over"), "step": say("Raise each share by"),
    "fill": say("Give what is still left to the projects with most votes that fit"),
    "safeguard": say("Comparison with most votes first"), "min_votes": say("Fewest votes to win"),
    "min_percent": say("Fewest votes as a percentage of all ballots"), "max_per_carrier": say("Most awards for one carrier"),
    "max_per_theme": say("Most awards for one theme"), "max_per_country": say("Most awards in one country"),
    "max_per_district": say("Most awards in one district"), "one_per_site": say("One award for each site"), "quotas": say("Quotas"),
    "parts": say("Parts of the envelope"), "reserve_percent": say("A reserve completes a project covered to"),
    "reserve_max": say("Most that the reserve adds"), "partial": say("Partial offer"), "reserve_list": say("Projects on the reserve list"),
    "tie_first": say("Which project comes first"), "tie_second": say("Then, if still equal"), "tie_third": say("Then, if equal even so"),
    "draw_source": say("Public draw"), "whole": say("Preset"),
}  # fmt: skip
"""The fields of the form, for its summary of errors and for the fields themselves."""
ROW_LABELS: Mapping[str, Message] = {
    "name": say("Name"), "who": say("Which projects"), "above": say("Asking more than"), "up_to": say("Asking at most"),
    "money": say("Amount"), "percent": say("Percentage of the envelope"), "most": say("Most winners of each"),
    "keep": say("What it leaves over is kept, and does not go to the next parts"),
}  # fmt: skip
"""The fields of a row."""
ROWS = {"parts": tuple(PartRow.model_fields), "quotas": tuple(QuotaRow.model_fields)}


@router.get("/staff/editions/{slug}/poll", dependencies=[staff("see_turnout")])
def show(request: Request, work: InWork, who: Official, slug: Address, preset: str = "", fresh: bool = False) -> Response:
    """The set-up of the vote and its turnout; with `preset`, the form as this preset fills it, with `fresh`, as it is at first."""
    edition = load(work, slug)
    poll = queries.poll_of(work, edition)
    draw = poll.draw_source if poll else ""
    start = start_from(preset, edition.envelope.amount().cents if edition.envelope else None) if preset else _kept(None if fresh else poll)
    values = {**(start.values if start else USUAL), "draw_source": draw}
    if poll and not preset and not fresh:
        values = values_of(queries.style_of(poll), queries.rule_of(poll), draw)
    return _page(request, work, edition, may_set_up=who.may("set_up_poll"), values=values, start=start, chosen=bool(preset))


def _kept(poll: Poll | None) -> Start | None:
    return kept_whole(queries.rule_of(poll)) if poll else None


@router.get("/staff/editions/{slug}/poll/presets/{key}.json", dependencies=[staff("see_turnout")])
def preset_json(work: InWork, slug: Address, key: str) -> Response:
    """A preset as data, with all that it assumes."""
    load(work, slug)
    return JSONResponse(start_from(key, None).preset.model_dump(mode="json"))


@router.get("/staff/editions/{slug}/poll/rule.json", dependencies=[staff("see_turnout")])
def rule_json(work: InWork, slug: Address) -> Response:
    """The ballot and the rule that are fixed, as data: what the count will be given."""
    poll = queries.poll_of(work, load(work, slug))
    if poll is None:
        raise Missing(queries.NOT_FIXED)
    return JSONResponse({"ballot": poll.style, "rule": poll.rule})


@router.post("/staff/editions/{slug}/poll", dependencies=[staff("set_up_poll")])
def fix(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Fix the vote as the form says."""
    edition, rows = load(work, slug), {name: sent.rows(name, fields) for name, fields in ROWS.items()}
    if sent.get("more"):
        return _page(request, work, edition, may_set_up=True, start=None, chosen=True, values=sent.simple() | rows)
    try:
        service.fix(work, edition, _form(sent, rows), by=who)
    except Invalid as problem:
        work.db.rollback()
        start = start_from(sent.get("whole"), None) if sent.get("whole") in offered() else None
        typed = {"values": sent.simple() | rows, "errors": problem.errors, "status": problem.status}
        return _page(request, work, load(work, slug), may_set_up=True, start=start, chosen=True, **typed)
    return go(f"/staff/editions/{slug}/poll", done="saved")


def _form(sent: Sent, rows: Mapping[str, list[dict[str, str]]]) -> PollForm:
    if sent.get("whole"):
        return sent.check(PresetForm)
    return sent.check(PollForm, parts=rows["parts"], quotas=rows["quotas"])


def _page(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    programme, poll, calendar = programme_of(work, edition), queries.poll_of(work, edition), calendar_of(work, edition)
    stage = calendar.stage(PhaseKind.voting, work.now)
    shown, roll = stage in (Stage.before, Stage.absent), roll_size(work, edition)
    waiting, currency = queries.ballot_projects(work, edition) if shown else [], programme.currency
    return staff_page(
        request, "staff/polls/show.html", zone=programme.zone, currency=currency, edition=edition, poll=poll, stage=stage.value,
        window=calendar.window(PhaseKind.voting), waiting=waiting,
        rule_line=queries.style_of(poll).rule_line(queries.slate(work, edition, poll)) if poll else None,
        rule_words=rule_words(queries.rule_of(poll), currency, names_in(edition)) if poll else [],
        nowhere=left_out(queries.rule_of(poll), poll.candidates) if poll else [],
        shows_all=not poll or can_show(queries.style_of(poll), queries.rule_of(poll)),
        turnout=queries.turnout(work, edition) if poll else None, roll=roll, presets=offered(), labels=LABELS, row_labels=ROW_LABELS,
        step_hint=_step_hint(work, edition, sum(roll.values())) if shown else None, **_start_words(edition, more["start"], currency),
        groups=groups(edition, waiting), **OPTIONS, **more,
    )  # fmt: skip


def _start_words(edition: Edition, start: Start | None, currency: str) -> dict[str, Any]:
    """What a preset says, in words: its count where it is kept whole, its ballot where it is another one than those filled here."""
    if start is None:
        return {"start_words": [], "start_ballot": None}
    slate = Slate({}, edition.envelope.amount().cents if edition.envelope else 0, currency)
    told = rule_words(start.preset.rule, start.preset.money.currency) if start.whole else []
    return {"start_words": told, "start_ballot": start.other_ballot.rule_line(slate) if start.other_ballot else None}


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
