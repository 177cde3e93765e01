"""The result of an edition for everyone: the page that explains it, and the files that let anyone check it."""

from enum import StrEnum

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.core.calendar import PhaseKind, Window
from app.core.formats import FRENCH_SHEET, OPEN_DATA, TableStyle
from app.core.formats.comparison_json import rounded
from app.core.formats.result_json import result_schema
from app.core.messages import Message, say, say_count
from app.core.sides import Side
from app.editions.models import Edition
from app.editions.queries import calendar_of, find_edition, programme_of
from app.exchange import exporting
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork, acting_as
from app.pages.addresses import Address
from app.polls.groups import names_in
from app.polls.queries import style_of
from app.results import bundles, queries
from app.results.comparisons import given_to_voters, part_name
from app.results.euro import euro_of
from app.results.forms import CouncilOutcome
from app.results.own_ballot import Asked, asked_of
from app.results.rule_words import rule_words
from app.results.words import headline, tie_words
from app.unit import Work
from app.voting.paper import NULL_LABELS, NullReason

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)
CHANNELS = {"online": say("Ballots sent online"), "paper": say("Ballots on paper")}


class Variant(StrEnum):
    """The two ways a table is written: for programs, and for a spreadsheet set to French."""

    OPEN = "open"
    FRENCH = "french"


STYLES: dict[Variant, tuple[TableStyle, str | None]] = {Variant.OPEN: (OPEN_DATA, None), Variant.FRENCH: (FRENCH_SHEET, "fr")}


@router.get("/editions/results.schema.json", dependencies=[EVERYONE])
def schema() -> Response:
    """The JSON Schema of every results.json."""
    return JSONResponse(result_schema(), media_type="application/schema+json")


@router.get("/editions/{slug}/results", dependencies=[EVERYONE])
@until_changed
def show(request: Request, work: InWork, slug: Address) -> Response:
    """Who won, why each project won or lost; before publication, when that will be known."""
    edition = find_edition(work, slug)
    result = queries.result_of(work, edition)
    if result is None:
        return _waiting(request, work, edition)
    told = rule_words(result.rule, result.outcome.currency, names_in(edition))
    return page(
        request, "results/show.html", zone=result.programme.zone, result=result, edition=edition,
        headline=headline(len(result.winners), result.spent, result.budget), rule=told,
        ties=[tie_words(tie, result.names, waits=bool(result.outcome.needs_draw)) for tie in result.outcome.ties],
        past=queries.previous_result(work, edition),
        channels=[(CHANNELS[name], many) for name, many in result.channels.items()],
        nulls=[(NULL_LABELS[NullReason(name)], many) for name, many in result.nulls.items()],
        council=_coming(work, edition, PhaseKind.council), decided=_decided(result),
        voters=None if result.few else given_to_voters(work, result.count), bundle=bundles.bundle_state(work, edition),
        few=bundles.too_few(result.few) if result.few else None, part_name=part_name, rounded=rounded,
        euro=euro_of(edition, result) if result.winners else None, own=_own(result),
    )  # fmt: skip


def _own(result: queries.Result) -> Asked | None:
    """How the reader says what the own ballot was; None where nobody filled one in."""
    return asked_of(style_of(result.poll), result.rule, result.outcome) if result.poll.style else None


@router.get("/editions/{slug}/results.json", dependencies=[EVERYONE])
def as_json(work: InWork, slug: Address) -> Response:
    """The result as JSON; its schema is named in a Link header."""
    found = exporting.document(work, queries.published_result(work, slug)).model_dump(mode="json")
    return JSONResponse(found, headers={"Link": '</editions/results.schema.json>; rel="describedby"'})


@router.get("/editions/{slug}/projects.csv", dependencies=[EVERYONE])
def projects(work: InWork, slug: Address, variant: Variant = Variant.OPEN) -> Response:
    """The projects with votes, money and reasons."""
    style, language = STYLES[variant]
    return file_answer(exporting.projects_table(queries.published_result(work, slug), style, language), "text/csv", f"{slug}-projects.csv")


@router.get("/editions/{slug}/ballots.csv", dependencies=[EVERYONE])
@acting_as(Side.COUNT)
def ballots(work: InWork, slug: Address, variant: Variant = Variant.OPEN) -> Response:
    """The ballots, sorted."""
    style, language = STYLES[variant]
    result = queries.published_result(work, slug)
    return file_answer(exporting.ballots_table(work, result, style, language), "text/csv", f"{slug}-ballots.csv")


@router.get("/editions/{slug}/results/bundle.zip", dependencies=[EVERYONE])
def bundle(work: InWork, slug: Address) -> Response:
    """All that is needed to check the result, signed; 404 until the worker has made it."""
    content = bundles.bundle_at(work, slug).content
    disposition = {"Content-Disposition": f'attachment; filename="{slug}-bundle.zip"'}
    return Response(content, media_type="application/zip", headers=disposition)


@router.get("/editions/{slug}/election.pb", dependencies=[EVERYONE])
@acting_as(Side.COUNT)
def election(work: InWork, slug: Address) -> Response:
    """The whole election in the Pabulib format."""
    text = exporting.election_text(work, queries.published_result(work, slug))
    return file_answer(text.encode(), "text/plain", f"{slug}.pb")


def _decided(result: queries.Result) -> list[Message]:
    """What the council has said so far."""
    awarded, refused = (result.decisions(outcome) for outcome in (CouncilOutcome.AWARDED, CouncilOutcome.REFUSED))
    told = []
    if awarded:
        told.append(say_count("The council awarded %(count)d grant.", "The council awarded %(count)d grants.", awarded))
    if refused:
        told.append(say_count("The council refused %(count)d project.", "The council refused %(count)d projects.", refused))
    return told


def file_answer(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved under this name."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers=disposition)


def _coming(work: Work, edition: Edition, kind: PhaseKind) -> Window | None:
    """The dates of a phase that is still to come."""
    window = calendar_of(work, edition).window(kind)
    return window if window and window.opens > work.now else None


def _waiting(request: Request, work: Work, edition: Edition) -> Response:
    calendar = calendar_of(work, edition)
    windows = {kind.value: calendar.window(kind) for kind in (PhaseKind.voting, PhaseKind.count, PhaseKind.council)}
    return page(request, "results/waiting.html", zone=programme_of(work, edition).zone, edition=edition, windows=windows, now=work.now)
