"""`quotepart import`: a real election in a Pabulib file becomes a past edition, counted again by its declared rule."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import select

from app.core.ballots import style_from
from app.core.calendar import PhaseKind
from app.core.eligibility import Rulebook
from app.core.envelope import Envelope, Fixed
from app.core.formats import PabulibFile
from app.core.formats.amounts import cents_of
from app.core.lifecycle import State, Verb
from app.core.messages import Localised, Message, say
from app.core.problems import Conflict, Invalid
from app.core.tally import AnyRule
from app.editions.models import Edition, Phase, Programme
from app.exchange.counting import read_file
from app.exchange.declared import declared
from app.ledger import service as ledger
from app.organisations.models import Organisation
from app.polls.models import Candidate, Poll
from app.proposals import lifecycle
from app.proposals.models import Proposal
from app.proposals.search import search_text_for
from app.results.forms import CouncilForm, CouncilOutcome, PublicationForm
from app.results.models import Count
from app.results.service import make_count, make_decisions, make_public
from app.unit import Work
from app.voting.archive import pour
from app.voting.service import open_box

PLAIN = ("approval", "choose-1")
NEEDED = ("description", "country", "unit", "instance", "date_begin", "date_end")


@dataclass(frozen=True)
class Imported:
    """A past edition made of a file: its address, its count, the winners counted and those the file records (None: it records none)."""

    slug: str
    count: Count
    selected: tuple[str, ...]
    recorded: tuple[str, ...] | None
    ballots: int

    @property
    def told(self) -> Message:
        """How the two lists of winners compare."""
        if self.recorded is None:
            return say("The file records no winners.")
        if set(self.recorded) == set(self.selected):
            return say("The winners counted here are exactly those the file records.")
        apart = tuple(sorted(set(self.recorded) ^ set(self.selected)))
        return say("The winners counted here are not those the file records. They differ in: %(projects)s.", projects=apart)


def import_file(work: Work, path: Path) -> Imported:
    """Make a published past edition of the file at `path`; all of it or nothing.

    Raises Missing (no such file), Malformed (file, line, reason), Invalid (a vote that is not plain approval, a rule we do not
    know, dates that cannot be read or are not past) and Conflict (imported already).
    """
    file = read_file(path)
    if file.vote_type not in PLAIN:
        kind = {"file": path.name, "kind": file.vote_type}
        raise Invalid({"": say("%(file)s: only approval votes can be imported, and this is “%(kind)s”.", **kind)})
    if missing := tuple(key for key in NEEDED if not file.meta.get(key)):
        raise Invalid({"": say("%(file)s: META lacks what an edition needs: %(keys)s.", file=path.name, keys=missing)})
    rule, (opens, closes) = declared(file, path.name), dates(file, path.name)
    if closes > work.now:
        raise Invalid({"": say("%(file)s: this vote is not over yet.", file=path.name)})
    try:
        edition = _edition(work, file, path.name, opens, closes)
        _projects(work, edition, file, path.name)
        _poll(work, edition, file, rule)
    except ValidationError:
        raise Invalid({"": say("%(file)s: the META section holds values that cannot be used here.", file=path.name)}) from None
    cast = ((frozenset(one.choices), one.other.get("voting_method") == "internet") for one in file.ballots)
    many = pour(work, edition.id or 0, cast, origin=path.name)
    return _settle(work, edition, file, path.name, closes, many)


def dates(file: PabulibFile, name: str) -> tuple[datetime, datetime]:
    """When the vote began and ended (the day after its last one), in UTC. Reads "2020" and "15.06.2023". Raises Invalid."""
    first, last = _days(file.meta["date_begin"]), _days(file.meta["date_end"])
    if first is None or last is None or last[1] < first[0]:
        raise Invalid({"": say("%(file)s: the dates of the vote cannot be read: “%(begin)s”, “%(end)s”.", file=name, **_shown_dates(file))})
    return (datetime.combine(first[0], time(), UTC), datetime.combine(last[1] + timedelta(days=1), time(), UTC))


def _shown_dates(file: PabulibFile) -> dict[str, str]:
    return {"begin": file.meta["date_begin"][:40], "end": file.meta["date_end"][:40]}


def _days(text: str) -> tuple[date, date] | None:
    """The first and the last day that a date of the format may mean."""
    try:
        if re.fullmatch(r"\d{4}", text, re.ASCII):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text, re.ASCII):
            day = date(int(found[3]), int(found[2]), int(found[1]))
            return day, day
    except ValueError:
        pass
    return None


def slug_of(*parts: str) -> str:
    """An address made of words: "Łódź", "2023" -> "lodz-2023"."""
    plain = unicodedata.normalize("NFKD", " ".join(parts).translate({0x142: "l", 0x141: "L"})).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "election"


def _programme(work: Work, file: PabulibFile) -> Programme:
    slug = slug_of(file.meta["unit"], file.meta["country"])
    found = work.db.exec(select(Programme).where(Programme.slug == slug)).first()
    if found is None:
        place = f"{file.meta['unit']}, {file.meta['country']}"[:200]
        name = Localised(fr=file.meta["unit"][:80], en=file.meta["unit"][:80])
        found = Programme(
            slug=slug, name=name, tagline=Localised(), operator=place, commune="", currency=file.currency, zone="UTC", created_at=work.now
        )
        work.db.add(found)
        work.db.flush()
    return found


def _edition(work: Work, file: PabulibFile, name: str, opens: datetime, closes: datetime) -> Edition:
    meta, programme = file.meta, _programme(work, file)
    parts = [meta[key] for key in ("unit", "district", "subunit", "instance") if meta.get(key)]
    slug = slug_of(*dict.fromkeys(parts))
    if work.db.exec(select(Edition.id).where(Edition.slug == slug)).first() is not None:
        raise Conflict(say("%(file)s: this election was imported already, see /editions/%(slug)s.", file=name, slug=slug))
    title = f"{meta['description']} {meta['instance']}"[:120]
    edition = Edition(
        programme_id=programme.id or 0, slug=slug, name=Localised(fr=title, en=title), introduction=_introduction(name),
        envelope=Envelope(terms=(Fixed(cents=file.budget_cents, label=name[:200]),), currency=file.currency, rounding="to_cent"),
        rulebook=Rulebook(rules=()), created_at=work.now, published_at=work.now,
    )  # fmt: skip
    work.db.add(edition)
    work.db.flush()
    work.db.add(Phase(edition_id=edition.id or 0, kind=PhaseKind.voting.value, opens_at=opens, closes_at=closes))
    ledger.record(work, "edition:import", slug, name, by=None)
    return edition


def _introduction(name: str) -> Localised:
    return Localised(
        fr=f"Une élection tenue ailleurs, reprise du fichier {name} et recomptée ici.",
        en=f"An election held elsewhere, taken in from the file {name} and counted again here.",
    )


def _projects(work: Work, edition: Edition, file: PabulibFile, name: str) -> None:
    """The projects as files of one placeholder carrier, put on the ballot."""
    carrier = Organisation(slug=f"{edition.slug}-import"[:80], kind="association", name=f"{name} (import)"[:150], created_at=work.now)
    work.db.add(carrier)
    work.db.flush()
    for number, project in enumerate(file.projects, 1):
        title = project.other.get("name") or project.id
        made = Proposal(
            public_id=work.code(), edition_id=edition.id or 0, organisation_id=carrier.id or 0, number=number, state=State.ADMISSIBLE.value,
            created_at=work.now, submitted_at=work.now, title=title[:120], summary=title[:300] if len(title) > 120 else "",
            description=project.other.get("description", "")[:8000], language=file.meta.get("language", "en")[:10] or "en",
            requested_cents=project.cost_cents,
        )  # fmt: skip
        made.search_text = search_text_for(made, carrier.name)
        work.db.add(made)
        work.db.flush()
        lifecycle.record(work, made, Verb.PUT_ON_BALLOT, by=None, reason=name)


def _poll(work: Work, edition: Edition, file: PabulibFile, rule: AnyRule) -> None:
    """The poll as the file declares it. A candidate keeps its identifier of the file, and is known to us by its number."""
    least, most = (_whole(file.meta.get(key)) for key in ("min_length", "max_length"))
    most = 1 if file.vote_type == "choose-1" else most
    limit = cents_of(file.meta["max_sum_cost"]) if file.meta.get("max_sum_cost") else None
    style = style_from("approval", min_choices=max(least or 1, 1), max_choices=most, max_total_cents=limit)
    candidates = [
        Candidate(
            id=one.id,
            number=number,
            title=one.other.get("name") or one.id,
            cost_cents=one.cost_cents,
            carrier=one.other.get("proposer") or one.id,
        )
        for number, one in enumerate(file.projects, 1)
    ]
    work.db.add(
        Poll(
            edition_id=edition.id or 0, style=style.model_dump(mode="json"), rule=rule.model_dump(mode="json"), candidates=candidates,
            fixed_at=work.now,
        )
    )  # fmt: skip
    open_box(work, edition.id or 0)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else None


def _settle(work: Work, edition: Edition, file: PabulibFile, name: str, closes: datetime, many: int) -> Imported:
    """Count, publish, and enter as awarded what the file records as chosen and the count chose as well."""
    count = make_count(work, edition, by=None)
    tells = any("selected" in one.other for one in file.projects)
    recorded = tuple(one.id for one in file.projects if one.other.get("selected", "0") not in ("0", "")) if tells else None
    count.totals = count.totals | {"file": name} | ({"recorded": list(recorded)} if recorded is not None else {})
    work.db.add(count)
    make_public(work, edition, PublicationForm(count=count.number), by=None)
    selected = tuple(count.outcome["selected"])
    numbers = [number for number, one in enumerate(file.projects, 1) if one.id in selected and one.id in (recorded or ())]
    files = work.db.exec(select(Proposal).where(Proposal.edition_id == edition.id)).all()
    if numbers:
        projects, last_day = tuple(one.public_id for one in files if one.number in numbers), (closes - timedelta(days=1)).date()
        form = CouncilForm(projects=projects, outcome=CouncilOutcome.AWARDED, reference=name[:80], decided_on=last_day)
        make_decisions(work, edition, form, by=None)
    return Imported(edition.slug, count, selected, recorded, many)
