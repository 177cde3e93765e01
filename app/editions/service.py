"""Setting up programmes and editions: each verb checks first, writes last, and records the act in the journal."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, delete, select

from app.accounts.people import Person
from app.core.calendar import Calendar, PhaseKind, Window, shift
from app.core.eligibility import Rulebook
from app.core.envelope import Envelope
from app.core.messages import Localised, Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Refused
from app.editions import queries
from app.editions.forms.programme import Change, EditionForm, ListsForm, ProgrammeEdit, ProgrammeForm, Publish, TextsForm
from app.editions.models import Edition, Phase, Programme
from app.editions.presets import rennes_preset
from app.ledger import service as ledger
from app.unit import Work

FROZEN_BY_VOTE = {"envelope", "rules"}
PUBLISHED_MEANWHILE = say("The edition was published while you were typing.")
SLUG_TAKEN = say("This address is already used. Choose another.")


def create_programme(work: Work, form: ProgrammeForm, *, by: Person) -> Programme:
    """A new programme. Raises Refused, or Invalid if its address is taken."""
    _allow("edit_programme", by)
    programme = Programme(slug=form.slug, name=form.name, tagline=form.tagline, commune=form.commune, zone=form.zone, created_at=work.now)
    programme.operator = form.operator
    _insert(work, programme)
    ledger.record(work, "programme:create", programme.slug, by=by.id)
    return programme


def edit_programme(work: Work, programme: Programme, form: ProgrammeEdit, *, by: Person) -> None:
    """Change a programme's texts and places; its editions keep their instants, so the zone stays once one has dates."""
    _allow("edit_programme", by)
    if form.zone != programme.zone and _has_dates(work, programme):
        raise Invalid({"zone": say("Editions of this programme already have dates in this time zone: it cannot change any more.")})
    programme.name, programme.tagline, programme.operator = form.name, form.tagline, form.operator
    programme.commune, programme.zone = form.commune, form.zone
    work.db.add(programme)
    ledger.record(work, "programme:edit", programme.slug, by=by.id)


def create_edition(work: Work, programme: Programme, form: EditionForm, *, by: Person) -> Edition:
    """A new edition, unpublished: empty, from the ready-made rules, or copied from another with its dates a year later."""
    _allow("edit_edition", by)
    edition = Edition(
        programme_id=programme.id or 0, slug=form.slug, name=form.name, introduction=Localised(), rulebook=Rulebook(), created_at=work.now
    )
    windows: list[Window] = []
    if form.start == "preset":
        _fill_from_preset(edition, programme)
    elif form.start.startswith("copy:"):
        windows = _fill_from_copy(work, edition, programme, form.start.removeprefix("copy:"))
    _insert(work, edition)
    work.db.add_all(_phases(edition, windows))
    ledger.record(work, "edition:create", edition.slug, by=by.id)
    return edition


def save_texts(work: Work, edition: Edition, form: TextsForm, *, by: Person) -> None:
    """Change name and introduction."""
    edition = _begin(work, edition, "texts", form, by=by)
    edition.name, edition.introduction = form.name, form.introduction
    _finish(work, edition, "texts", form, by=by)


def save_lists(work: Work, edition: Edition, form: ListsForm, *, by: Person) -> None:
    """Change themes, districts and other schemes."""
    edition = _begin(work, edition, "lists", form, by=by)
    edition.themes, edition.districts, edition.redirects = list(form.themes), list(form.districts), list(form.redirects)
    _finish(work, edition, "lists", form, by=by)


def save_calendar(work: Work, edition: Edition, calendar: Calendar, change: Change, *, by: Person) -> None:
    """Replace all the dates. A public edition keeps its submission and its vote."""
    edition = _begin(work, edition, "calendar", change, by=by)
    if edition.published_at is not None and (lacking := calendar.check()):
        raise Invalid(lacking)
    work.db.exec(delete(Phase).where(col(Phase.edition_id) == edition.id))
    work.db.add_all(_phases(edition, calendar.windows))
    _finish(work, edition, "calendar", change, by=by)


def save_envelope(work: Work, edition: Edition, envelope: Envelope, change: Change, *, by: Person) -> None:
    """Replace the envelope; not any more once voting has opened."""
    edition = _begin(work, edition, "envelope", change, by=by)
    edition.envelope = envelope
    _finish(work, edition, "envelope", change, by=by)


def save_review(work: Work, edition: Edition, change: Change, *, review_step: bool, decisions_at: datetime | None, by: Person) -> None:
    """Say whether files are reviewed after their admission, and when decisions are shown (`review.publication` checks the instant)."""
    edition = _begin(work, edition, "review", change, by=by)
    edition.review_step, edition.decisions_at = review_step, decisions_at
    _finish(work, edition, "review", change, by=by)


def save_rulebook(work: Work, edition: Edition, rulebook: Rulebook, change: Change, *, by: Person) -> None:
    """Replace the rules; not any more once voting has opened. A public edition keeps at least one."""
    edition = _begin(work, edition, "rules", change, by=by)
    if edition.published_at is not None and not rulebook.rules:
        raise Invalid({"": say("A published edition needs at least one rule.")})
    edition.rulebook = rulebook
    _finish(work, edition, "rules", change, by=by)


def missing_parts(edition: Edition, calendar: Calendar) -> dict[str, Message]:
    """What must be completed before publication: part -> sentence; empty when the edition is ready."""
    missing: dict[str, Message] = {}
    if not edition.introduction.get("fr"):
        missing["texts"] = say("Write the introduction in French: it is the first thing people read.")
    if faults := calendar.check():
        missing["calendar"] = next(iter(faults.values()))
    if edition.envelope is None:
        missing["envelope"] = say("Say how much the edition may spend, and why that much.")
    if not edition.rulebook.rules:
        missing["rules"] = say("Add at least one rule.")
    if not edition.themes:
        missing["lists"] = say("Give at least one theme: each project chooses one.")
    return missing


def publish(work: Work, edition: Edition, form: Publish, *, by: Person) -> None:
    """Make the edition public. Raises Refused, Conflict if it changed meanwhile or is public already, Invalid while it is incomplete."""
    _allow("publish_edition", by)
    edition = _locked(work, edition, form.revision)
    if edition.published_at is not None:
        raise Conflict(say("This edition is already published."))
    if missing := missing_parts(edition, queries.calendar_of(work, edition)):
        raise Invalid(missing)
    edition.published_at, edition.published_by_id = work.now, by.id
    edition.revision += 1
    work.db.add(edition)
    ledger.record(work, "edition:publish", edition.slug, by=by.id)


def _begin(work: Work, edition: Edition, part: str, change: Change, *, by: Person) -> Edition:
    """The edition, locked, if this person may change this part of it now."""
    _allow("edit_edition", by)
    edition = _locked(work, edition, change.revision)
    if part in {*FROZEN_BY_VOTE, "calendar", "review"} and edition.frozen:
        raise Refused(say("The vote is frozen: its dates, the envelope and the rules can no longer be edited."))
    if part in FROZEN_BY_VOTE and edition.published_at is not None and _vote_has_opened(work, edition):
        raise Refused(say("Voting has opened: the envelope and the rules can no longer change."))
    if edition.published_at is not None and not change.reason:
        raise Invalid({"reason": say("The edition is public: say in a sentence, for everyone to read, why you change it.")})
    return edition


def _finish(work: Work, edition: Edition, part: str, change: Change, *, by: Person) -> None:
    edition.revision += 1
    work.db.add(edition)
    event = "edition:edit" if edition.published_at is None else "edition:change"
    ledger.record(work, event, f"{edition.slug}/{part}", change.reason, by=by.id)
    work.db.flush()


def _locked(work: Work, edition: Edition, revision: int) -> Edition:
    """The row as it is now, held until the end of the transaction. Raises Conflict naming who saved since `revision`."""
    fresh = select(Edition).where(Edition.id == edition.id).with_for_update().execution_options(populate_existing=True)
    found = work.db.exec(fresh).one()
    if found.revision == revision:
        return found
    last = queries.last_saved(work, found)
    if last is None:
        raise Conflict(PUBLISHED_MEANWHILE)
    raise Conflict(say("%(name)s saved this edition on %(at)s, while you were typing.", name=last.name, at=last.at))


def _vote_has_opened(work: Work, edition: Edition) -> bool:
    window = queries.calendar_of(work, edition).window(PhaseKind.voting)
    return window is not None and window.opens <= work.now


def _allow(permission: str, by: Person) -> None:
    if (reason := refusal(by.roles, permission)) is not None:
        raise Refused(reason)


def _insert(work: Work, row: SQLModel) -> None:
    try:
        with work.db.begin_nested():
            work.db.add(row)
    except IntegrityError:
        raise Invalid({"slug": SLUG_TAKEN}) from None


def _has_dates(work: Work, programme: Programme) -> bool:
    dated = select(Phase.id).join(Edition, col(Edition.id) == col(Phase.edition_id)).where(Edition.programme_id == programme.id)
    return work.db.exec(dated).first() is not None


def _fill_from_preset(edition: Edition, programme: Programme) -> None:
    try:
        preset = rennes_preset(programme.commune, programme.currency)
    except Invalid as problem:
        raise Invalid({"start": problem.message}) from None
    edition.envelope, edition.rulebook = preset.envelope, preset.rulebook
    edition.themes, edition.redirects = list(preset.themes), list(preset.redirects)


def _fill_from_copy(work: Work, edition: Edition, programme: Programme, slug: str) -> list[Window]:
    source = work.db.exec(select(Edition).where(Edition.slug == slug, Edition.programme_id == programme.id)).first()
    if source is None:
        raise Invalid({"start": say("There is no such edition to copy. Choose one from the list.")})
    edition.introduction, edition.envelope, edition.rulebook = source.introduction, source.envelope, source.rulebook
    edition.themes, edition.districts, edition.redirects = source.themes, source.districts, source.redirects
    edition.review_step = source.review_step
    return a_year_later(queries.calendar_of(work, source))


def a_year_later(calendar: Calendar) -> list[Window]:
    """Every phase on the same day of the next year, at the same local hour (29 February becomes the 28th)."""
    zone = calendar.zone
    moved = [Window(kind=old.kind, opens=_next_year(old.opens, zone), closes=_next_year(old.closes, zone)) for old in calendar.windows]
    return [window for window in moved if window.opens < window.closes]


def _next_year(instant: datetime, zone: str) -> datetime:
    day = instant.astimezone(ZoneInfo(zone)).date()
    leap_day = (day.month, day.day) == (2, 29)
    target = date(day.year + 1, 2, 28) if leap_day else day.replace(year=day.year + 1)
    return shift(instant, (target - day).days, zone)


def _phases(edition: Edition, windows: tuple[Window, ...] | list[Window]) -> list[Phase]:
    return [Phase(edition_id=edition.id or 0, kind=window.kind.value, opens_at=window.opens, closes_at=window.closes) for window in windows]
