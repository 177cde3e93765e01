"""The simulator on a file: an official sends an election as a Pabulib file, the worker counts it by every rule, a report can be shared.

The file is read whole before anything is kept; it is kept only until every rule has counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, select

from app import jobs
from app.accounts.people import Person
from app.core.formats import Malformed, PabulibElection, read_election
from app.core.formats.pabulib_lines import MAX_BYTES
from app.core.messages import say
from app.core.money import Money
from app.core.permissions import refusal
from app.core.problems import Invalid, Missing, Refused
from app.core.tally import AnyRule, Election
from app.core.tally.comparison import OFFICIAL, ComparedRule, compared
from app.core.tally.progress import Told, untold
from app.exchange.comparing import rules_for
from app.exchange.declared import election_of
from app.jobs import Job
from app.ledger import service as ledger
from app.results.comparisons import NO_REPORT, SideBySide
from app.results.forms import WhatIf
from app.results.models import TriedFile, TriedRule
from app.results.simulating import asked_of
from app.unit import Work

TRY_JOB = "exchange:try"
OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How a text in UTF-16 begins: read from one's own disk, refused from the web."""


class Stood(NamedTuple):
    """A project of the file."""

    id: str
    title: str
    number: int


@dataclass(frozen=True)
class FileReport(SideBySide):
    """Rules side by side on the ballots of a file. `failed`: why the worker could not go on, "" if it can."""

    file: TriedFile
    failed: str = ""

    @property
    def standing(self) -> Sequence[Stood]:
        """The projects of the file, in its order."""
        return [Stood(id, title, number) for number, (id, title) in enumerate(self.file.titles.items(), 1)]

    @property
    def budget(self) -> Money:
        """The envelope of the file."""
        return self.money(self.file.budget_cents)


def try_file(work: Work, data: bytes, name: str, form: WhatIf, *, by: Person) -> TriedFile:
    """Keep the election in this file for the worker to count.

    Raises Refused (no permission), Malformed (file, line, reason) and Invalid (no rule of those asked for fits its ballots); then
    nothing is kept.
    """
    if (reason := refusal(by.roles, "simulate")) is not None:
        raise Refused(reason)
    name = name.replace("\\", "/").rpartition("/")[2][:120] or "election.pb"
    file = _read(data, name)
    election, rules = _ready(file, name, form)
    made = TriedFile(
        public_id=work.code(12), name=name, title=_title(file, name), content=data, currency=file.currency, budget_cents=file.budget_cents,
        envelope_cents=election.budget_cents, min_votes=form.min_votes, rules=list(rules), ballots=file.profile.total,
        titles={one.id: (one.other.get("name") or one.id)[:300] for one in file.projects}, made_at=work.now, made_by_id=by.id,
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()
    ledger.record(work, "edition:try_file", made.public_id, name, by=by.id)
    jobs.enqueue(work, TRY_JOB, {"file": made.id}, key=job_key(made))
    return made


def fill(work: Work, payload: dict[str, Any], told: Told = untold) -> None:
    """The job: count with each rule that has not counted yet. Between two rules everything is saved."""
    made = work.db.get_one(TriedFile, payload["file"])
    done = {one.position for one in _entries(work, made)}
    told(say("Reading the file"), 0)
    names, id = list(made.rules), made.id or 0
    form = WhatIf(envelope=made.envelope_cents, min_votes=made.min_votes, rules=tuple(name for name in names if name != OFFICIAL))
    election, rules = _ready(_read(made.content, made.name), made.name, form)
    wanted = {name: rules[name] for place, name in enumerate(names) if not place or place not in done}
    work.db.commit()
    for entry in compared(election, wanted, told=told):
        place = names.index(entry.name)
        if place not in done:
            work.db.add(TriedRule(file_id=id, position=place, data=entry.model_dump(mode="json")))
            work.db.commit()
    made.content = b""
    work.db.add(made)


def file_report(work: Work, public_id: str) -> FileReport:
    """The report of a file. Raises Missing."""
    made = work.db.exec(select(TriedFile).where(TriedFile.public_id == public_id)).first()
    if made is None:
        raise Missing(NO_REPORT)
    job = work.db.exec(select(Job).where(Job.key == job_key(made))).first()
    entries = tuple(ComparedRule.model_validate(one.data) for one in _entries(work, made))
    return FileReport(Money(made.envelope_cents, made.currency), entries, len(made.rules), made, job.last_error if job else "")


def files_tried(work: Work) -> list[tuple[str, str, datetime]]:
    """The reports made of files, the newest first: address, name of the file, when."""
    wanted = select(TriedFile.public_id, TriedFile.name, TriedFile.made_at).order_by(col(TriedFile.id).desc()).limit(100)
    return list(work.db.exec(wanted))


def job_key(made: TriedFile) -> str:
    """The key of the job that counts a file."""
    return f"{TRY_JOB}:{made.id}"


def _read(data: bytes, name: str) -> PabulibElection:
    if data[:2] in OTHER_MARKS:
        raise Malformed(name, 1, say("This line is not text in UTF-8."))
    return read_election(data, name=name, most=MAX_BYTES)


def _ready(file: PabulibElection, name: str, form: WhatIf) -> tuple[Election, dict[str, AnyRule]]:
    """What is counted, and by which rules. Raises Invalid."""
    rules = asked_of(rules_for(file, name), form)
    if not rules:
        raise Invalid({"rules": say("None of these rules fits the ballots of this file.")})
    election = election_of(file, next(iter(rules.values())))
    return (election if form.envelope is None else replace(election, budget_cents=form.envelope)), rules


def _title(file: PabulibElection, name: str) -> str:
    told = " · ".join(dict.fromkeys(file.meta[key] for key in ("description", "unit", "instance") if file.meta.get(key)))
    return told[:200] or name


def _entries(work: Work, made: TriedFile) -> list[TriedRule]:
    return list(work.db.exec(select(TriedRule).where(TriedRule.file_id == made.id).order_by(col(TriedRule.position))))
