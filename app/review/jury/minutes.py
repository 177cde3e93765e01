"""The minutes of a meeting: drawn from the records, confirmed by the chair, then frozen with their hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.calendar import show_instant
from app.core.lifecycle import STATES, State
from app.core.messages import Message, say
from app.core.opinions import spreads, weighted_mean
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.core.transparency import digest
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.ledger import service as ledger
from app.review.jury.forms import MinutesForm
from app.review.jury.models import STANCE_LABELS, TIE_LABELS, Fallback, JuryFinding, JuryMinutes, JuryOpinion, JuryPanel, Tie
from app.review.jury.queries import NO_PANEL, FileJury, Member, Status, files_before, juries_of, jurors_of, panel_of, revealed
from app.unit import Work

CHANGED = say("An opinion or a recusal changed while you were reading. Nothing was confirmed: read the minutes again, then confirm.")
NO_MINUTES = say("There are no such minutes.")


def ready(work: Work, edition: Edition) -> tuple[JuryPanel, list[FileJury], list[FileJury]]:
    """The panel, the files whose common opinion waits for minutes, and those the jury still works on. Raises Missing without a panel."""
    panel = panel_of(work, edition)
    if panel is None:
        raise Missing(NO_PANEL)
    open_ones = [one for one in juries_of(work, panel, files_before(work, edition)) if one.finding is None]
    done = [one for one in open_ones if one.complete and one.collective]
    return panel, done, [one for one in open_ones if one not in done]


def facts_of_files(work: Work, panel: JuryPanel, juries: Sequence[FileJury]) -> list[dict[str, Any]]:
    """What the minutes say of each file: whole numbers, texts and stored messages only, so that it can be hashed."""
    opinions = revealed(work, juries)
    return [_file(panel, jury, opinions[jury.proposal.id or 0]) for jury in juries]


def _file(panel: JuryPanel, jury: FileJury, opinions: Sequence[Sequence[JuryOpinion]]) -> dict[str, Any]:
    last = [one[-1].scores for one in opinions]
    weights = {one.key: one.weight for one in panel.criteria}
    counts = jury.quorate or (panel.fallback == Fallback.FEWER and bool(last))
    mean = weighted_mean(weights, last) if counts else None
    found = spreads(weights, last)
    return {
        "public_id": jury.proposal.public_id, "number": jury.proposal.number, "title": jury.proposal.title,
        "language": jury.proposal.language, "carrier": jury.carrier.name, "state": jury.proposal.state,
        "opinions": len(last), "quorate": jury.quorate, "mean": [mean.numerator, mean.denominator] if mean is not None else None,
        "criteria": [
            {"key": key, "mean": [one.mean.numerator, one.mean.denominator], "low": one.low, "high": one.high,
             "disputed": one.points >= panel.alert}
            for key, one in found.items()
        ],
        "aside": [
            {"name": seat.juror.name, "tie": (seat.tie or Tie.OTHER).value, "words": seat.words, "absent": seat.status is Status.ABSENT}
            for seat in jury.seats if seat.status in (Status.RECUSED, Status.ABSENT)
        ],
        "corrections": [
            {"name": seat.juror.name, "reason": one.reason}
            for seat, given in zip((s for s in jury.seats if s.status is Status.GIVEN), opinions, strict=True) for one in given[1:]
        ],
        "stance": jury.collective.stance if jury.collective else "", "text": jury.collective.text if jury.collective else "",
    }  # fmt: skip


def rules_of(panel: JuryPanel) -> dict[str, Any]:
    """The rules of the jury as the minutes repeat them."""
    criteria = [one.model_dump(mode="json") for one in panel.criteria]
    return {"criteria": criteria, "scale": panel.scale, "quorum": panel.quorum, "alert": panel.alert, "fallback": panel.fallback}


def confirm(work: Work, edition: Edition, form: MinutesForm, *, by: Person) -> JuryMinutes:
    """Freeze the minutes of a meeting over every file whose common opinion is written. For the chair alone.

    Raises Refused, Conflict (no file, or something changed since `form.seen`) and Invalid at "held_on" or "present".
    """
    if (reason := refusal(by.roles, "give_opinion")) is not None:
        raise Refused(reason)
    work.db.exec(select(JuryPanel).where(JuryPanel.edition_id == edition.id).with_for_update()).first()
    panel, juries, _ = ready(work, edition)
    jurors = jurors_of(work, panel.edition_id)
    if (reason := not_chair(jurors, by)) is not None:
        raise Refused(reason)
    files = facts_of_files(work, panel, juries)
    if not files:
        raise Conflict(say("No file has an opinion of the jury yet, so there is nothing to confirm."))
    if form.seen != digest(files):
        raise Conflict(CHANGED)
    if errors := _errors(form, jurors, date.fromisoformat(show_instant(work.now, programme_of(work, edition).zone, end=False)[0])):
        raise Invalid(errors)
    number = work.db.exec(select(func.count()).select_from(JuryMinutes).where(JuryMinutes.edition_id == edition.id)).one() + 1
    facts = _facts(work, edition, panel, jurors, form, files, number)
    made = JuryMinutes(
        edition_id=edition.id or 0, number=number, facts=facts, sha256=digest(facts), confirmed_at=work.now, confirmed_by_id=by.id
    )
    work.db.add(made)
    work.db.flush()
    work.db.add_all(_finding(made, panel, jury, file) for jury, file in zip(juries, files, strict=True))
    ledger.record(work, "jury:minutes", edition.slug, made.sha256, by=by.id)
    work.db.flush()
    return made


def not_chair(jurors: Sequence[Member], person: Person) -> Message | None:
    """Why a person may not confirm minutes, None for the chair."""
    chair = next((one for one in jurors if one.chair), None)
    if chair is not None and chair.account_id == person.id:
        return None
    return say("The chair of the jury confirms the minutes: %(name)s.", name=chair.name if chair else "–")


def _errors(form: MinutesForm, jurors: Sequence[Member], today: date) -> dict[str, Message]:
    errors: dict[str, Message] = {}
    if form.held_on is None or form.held_on > today:
        errors["held_on"] = say("Give the day of the meeting, today at the latest.")
    if not form.present or not set(form.present) <= {one.account_id for one in jurors}:
        errors["present"] = say("Tick the jurors who were present.")
    return errors


def _facts(
    work: Work, edition: Edition, panel: JuryPanel, jurors: Sequence[Member], form: MinutesForm, files: list[dict[str, Any]], number: int
) -> dict[str, Any]:
    programme = programme_of(work, edition)
    return {
        "programme": dict(programme.name), "operator": programme.operator, "edition": dict(edition.name), "number": number,
        "held_on": form.held_on.isoformat() if form.held_on else "", "place": form.place or "", "remarks": form.remarks,
        "chair": next((one.name for one in jurors if one.chair), ""),
        "present": [one.name for one in jurors if one.account_id in form.present],
        "away": [one.name for one in jurors if one.account_id not in form.present],
        "rules": rules_of(panel), "files": files,
    }  # fmt: skip


def _finding(minutes: JuryMinutes, panel: JuryPanel, jury: FileJury, file: dict[str, Any]) -> JuryFinding:
    top, bottom = file["mean"] or (None, None)
    return JuryFinding(
        proposal_id=jury.proposal.id or 0,
        minutes_id=minutes.id or 0,
        stance=file["stance"],
        text=file["text"],
        mean_top=top,
        mean_bottom=bottom,
        scale=panel.scale,
        opinions=file["opinions"],
        recused=sum(not one["absent"] for one in file["aside"]),
        disputed=sum(one["disputed"] for one in file["criteria"]),
    )


def minutes_list(work: Work, edition: Edition) -> list[JuryMinutes]:
    """The confirmed minutes of an edition, the oldest first."""
    return list(work.db.exec(select(JuryMinutes).where(JuryMinutes.edition_id == edition.id).order_by(col(JuryMinutes.number))))


def find_minutes(work: Work, edition: Edition, number: int) -> JuryMinutes:
    """Confirmed minutes by their number. Raises Missing."""
    found = work.db.exec(select(JuryMinutes).where(JuryMinutes.edition_id == edition.id, JuryMinutes.number == number)).first()
    if found is None:
        raise Missing(NO_MINUTES)
    return found


def labels() -> dict[str, dict[str, Message]]:
    """The words for the keys that frozen minutes hold."""
    return {
        "stance": {one.value: label for one, label in STANCE_LABELS.items()},
        "tie": {one.value: label for one, label in TIE_LABELS.items()},
        "state": {one.value: STATES[one].label for one in State},
    }
