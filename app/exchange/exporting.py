"""A published result as files: JSON with its schema, CSV in two variants, and the Pabulib .pb that lets anyone count again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.core.ballots import AnyStyle, Approval, Knapsack, Points, Ranking, Star
from app.core.calendar import PhaseKind, Window
from app.core.formats import Entry, Heading, TableStyle, election_file, write_pabulib, write_table
from app.core.formats.csv_tables import Cell
from app.core.formats.result_json import ResultDocument, result_document
from app.core.messages import Message, say
from app.core.problems import Missing
from app.core.tally import Status
from app.editions.communes import find_commune
from app.editions.queries import calendar_of
from app.polls.models import Candidate
from app.polls.queries import style_of
from app.rendering import WHOLE, speaking, translate
from app.results.bundles import too_few
from app.results.comparisons import given_to_voters
from app.results.counting import drawn_by, lines_of
from app.results.queries import Result, Standing
from app.unit import Work
from app.voting.tallying import profile

LANGUAGE = "fr"
"""The language of what a file says once only, such as the name of an edition."""

PROJECT_COLUMNS: dict[str, Message] = {
    "rank": say("Rank"),
    "number": say("Number"),
    "id": say("Identifier"),
    "title": say("Project"),
    "carrier": say("Carrier"),
    "votes": say("Votes"),
    "cost": say("Amount asked"),
    "given": say("Amount before the council"),
    "left_before": say("Left before"),
    "left_after": say("Left after"),
    "status": say("Result of the vote"),
    "state": say("State of the file"),
    "reason": say("Why"),
    "missing_votes": say("Votes missing"),
    "missing_amount": say("Amount missing"),
}
STATUS_WORDS: dict[Status, Message] = {
    Status.WON: say("Chosen"),
    Status.LOST: say("Not chosen"),
    Status.OPEN: say("Waits for the draw"),
}
BALLOT_COLUMNS: dict[str, Message] = {"ballot": say("Ballot"), "choices": say("Projects marked")}


def document(work: Work, result: Result) -> ResultDocument:
    """The result as the document of the published JSON Schema, its sentences in every language of the site."""
    gives = None if result.few else given_to_voters(work, result.count)
    made = result_document(
        heading(work, result), result.names, result.outcome, result.rule, null=result.null, speak=in_every_language, gives=gives
    )
    return made.totals_only(dict(in_every_language(too_few(result.few)))) if result.few else made


def in_every_language(message: Message) -> Mapping[str, str]:
    """A sentence in each language of the site."""
    spoken = {}
    for language in WHOLE:
        with speaking(language):
            spoken[language] = translate(message)
    return spoken


def projects_table(result: Result, style: TableStyle, language: str | None) -> bytes:
    """The projects in the order of the result, with the reasons. Columns bear their code, or words in `language`."""
    with speaking(language or "en"):
        listed = sorted(result.standings, key=lambda one: (not one.won, one.candidate.number)) if result.few else result.standings
        rows = [_project(result, standing, words=language is not None) for standing in listed]
    return write_table(_columns(PROJECT_COLUMNS, language), rows, style=style)


def _project(result: Result, standing: Standing, *, words: bool) -> Sequence[Cell]:
    """One line: result and state as codes for programs, in `words` for people."""
    row, candidate, money = standing.row, standing.candidate, result.money
    before, after, missing = (
        None if cents is None else money(cents) for cents in (row.left_before_cents, row.left_after_cents, row.missing_cents)
    )
    status, state = (translate(STATUS_WORDS[row.status]), translate(standing.label)) if words else (row.status.value, standing.state.value)
    given = money(standing.given_cents) if standing.won else None
    if result.few:
        named: list[Cell] = [None, candidate.number, row.project, candidate.title, candidate.carrier, None, money(row.cost_cents), given]
        return [*named, None, None, status, state, translate(too_few(result.few)), None, None]
    return [
        row.rank, candidate.number, row.project, candidate.title, candidate.carrier, row.votes, money(row.cost_cents),
        given, before, after, status, state, translate(standing.reason), row.missing_votes, missing,
    ]  # fmt: skip


def ballots_table(work: Work, result: Result, style: TableStyle, language: str | None) -> bytes:
    """Every ballot that counts, blank ones too, as its sorted project identifiers; in one order that says nothing of who or when.

    Raises Missing where only totals are published.
    """
    result.refuse_few()
    lines = lines_of(profile(work, result.edition.id or 0).ballots)
    return write_table(_columns(BALLOT_COLUMNS, language), [[at, " ".join(line)] for at, line in enumerate(lines, 1)], style=style)


def election_text(work: Work, result: Result) -> str:
    """The election as a .pb file: projects in the order of the count, ballots sorted. Raises Missing where only totals are published."""
    result.refuse_few()
    entries = [
        Entry(
            one.row.project, one.candidate.title, one.row.cost_cents, one.won, category=one.candidate.theme,
            carrier=_carrier(one.candidate), country=one.candidate.country, filed=one.candidate.number,
        )
        for one in result.standings
    ]  # fmt: skip
    style, drawn = style_of(result.poll), drawn_by(result.draw, result.poll)
    ballots = [style.marks_in(line) or {} for line in lines_of(profile(work, result.edition.id or 0).ballots)]
    return write_pabulib(
        election_file(heading(work, result), entries, ballots, kind=style.profile_kind, rule=result.count.rule, draw=drawn)
    )


def _carrier(candidate: Candidate) -> str:
    """Who would receive the award; an imported project, whose file named nobody, is its own carrier here and nobody's there."""
    return "" if candidate.carrier == candidate.id else candidate.carrier


def heading(work: Work, result: Result) -> Heading:
    """What a file says of the election. Days are days of the place; the last one still holds a vote."""
    voting, zone = _voting(work, result), ZoneInfo(result.programme.zone)
    country, unit = _place(result)
    style = style_of(result.poll)
    least, most, limit = _limits(style, result.outcome.budget_cents)
    return Heading(
        description=result.programme.name.best(LANGUAGE)[1] or result.programme.slug,
        country=country,
        unit=unit,
        instance=result.edition.slug,
        budget_cents=result.outcome.budget_cents,
        begin=voting.opens.astimezone(zone).date(),
        end=(voting.closes - timedelta(microseconds=1)).astimezone(zone).date(),
        currency=result.outcome.currency,
        language=LANGUAGE,
        min_length=least,
        max_length=most,
        max_total_cents=limit,
        points=style.total if isinstance(style, Points) else None,
    )


def _limits(style: AnyStyle, envelope_cents: int) -> tuple[int, int | None, int | None]:
    """Fewest and most projects on a ballot, and what they may cost together (cents)."""
    match style:
        case Approval():
            return style.min_choices, style.max_choices, style.max_total_cents
        case Knapsack():
            return 0, None, envelope_cents if style.budget == "envelope" else style.budget
        case Ranking():
            return style.min_places, style.max_places, None
        case Points():
            return style.min_projects, None, None
        case Star():
            return _limits(style.choice, envelope_cents)
        case _:
            return 0, None, None


def _place(result: Result) -> tuple[str, str]:
    """Country and city. An imported programme keeps both in the name of who runs it."""
    commune = find_commune(result.programme.commune)
    if commune is not None:
        return "France", commune.name
    city, _, country = result.programme.operator.rpartition(", ")
    return country or "Unknown", city or result.programme.slug


def _voting(work: Work, result: Result) -> Window:
    window = calendar_of(work, result.edition).window(PhaseKind.voting)
    if window is None:
        raise Missing(say("This edition has no voting dates."))
    return window


def _columns(columns: Mapping[str, Message], language: str | None) -> list[str]:
    if language is None:
        return list(columns)
    with speaking(language):
        return [translate(label) for label in columns.values()]
