"""What officials do with a table: send it, read what it would do, have it applied; the worker looks and writes."""

from __future__ import annotations

import hashlib

from sqlmodel import col, select

from app import jobs
from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.core.tally.progress import Told, untold
from app.editions.models import Edition
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.forms import TableForm
from app.exchange.sheets.models import TableImport
from app.exchange.sheets.passing import go_through
from app.exchange.sheets.reading import Encoding, check_first, read_rows
from app.exchange.sheets.reports import Report
from app.exchange.sheets.stages import Stage
from app.jobs import Job
from app.ledger import service as ledger
from app.unit import Work

LOOK_JOB, APPLY_JOB = "table:look", "table:apply"
NO_TABLE = say("There is no table at this address.")
CHANGED = say("What stands here changed since this table was looked at. Nothing was applied: send the table again and read the new report.")
NOT_NOW = say("This table cannot be applied now: it was applied already, is being read, or holds faults.")
PERMISSION = "import_tables"


class Stale(Conflict):
    """The table would do something else than what was shown. Nothing of it was written."""


def receive(work: Work, edition: Edition, form: TableForm, content: bytes, name: str, *, by: Person) -> TableImport:
    """Keep a table for the worker to look at. Raises Refused, and Invalid at "file" for what is seen at once not to be one."""
    check_allowed(by)
    check_first(content)
    made = TableImport(
        public_id=work.token(26), edition_id=edition.id or 0, kind=form.kind, encoding=form.encoding, content=content,
        name=name.replace("\\", "/").rpartition("/")[2][:120] or "table", sha256=hashlib.sha256(content).hexdigest(),
        made_at=work.now, made_by_id=by.id,
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()
    ledger.record(work, "table:send", made.public_id, f"{form.kind} {made.sha256}", by=by.id)
    jobs.enqueue(work, LOOK_JOB, {"table": made.id}, key=f"{LOOK_JOB}:{made.id}")
    return made


def look(work: Work, payload: dict[str, int], told: Told = untold) -> None:
    """The job: read the table and keep the report. Nothing else is written."""
    made = work.db.get_one(TableImport, payload["table"])
    if made.stage != Stage.READING:
        return
    work.db.commit()  # reading may take long, and holds nobody up
    try:
        report = _through(work, made, told=told)
    except Invalid as problem:
        report = Report()
        report.blame(0, {"": problem.message})
    made.report, made.stage = report.to_json(), Stage.READ if report.good else Stage.REFUSED
    if not report.good:
        _forget(made)
    work.db.add(made)


def ask(work: Work, made: TableImport, digest: str, *, by: Person) -> None:
    """Have the table applied as it was shown. Raises Refused, Conflict where it is not waiting or was shown otherwise."""
    check_allowed(by)
    work.db.refresh(made, with_for_update=True)
    if made.stage != Stage.READ or digest != made.report["digest"]:
        raise Conflict(NOT_NOW)
    made.stage, made.applied_by_id = Stage.APPLYING, by.id
    work.db.add(made)
    ledger.record(work, "table:apply", made.public_id, f"{made.sha256} {digest}", by=by.id)
    jobs.enqueue(work, APPLY_JOB, {"table": made.id}, key=f"{APPLY_JOB}:{made.id}")


def apply(work: Work, payload: dict[str, int], told: Told = untold) -> None:
    """The job: write the whole table, or, where it would now do something else than was shown, nothing of it."""
    made = work.db.get_one(TableImport, payload["table"])
    if made.stage != Stage.APPLYING:
        return
    report = _through(work, made, writing=made.report["digest"], told=told)
    applied = report.good and report.digest == made.report["digest"]
    made.stage = Stage.APPLIED if applied else Stage.STALE
    _forget(made)
    made.applied_at = work.now if applied else None
    work.db.add(made)


def _forget(made: TableImport) -> None:
    """Nothing of a table is kept but its counts once it is applied or refused: what it said stands in the files, or nowhere."""
    made.content, made.report = b"", made.report | {"planned": []}


def from_file(
    work: Work, edition: Edition, kind: Kind, content: bytes, encoding: Encoding, *, writing: bool, told: Told = untold
) -> Report:
    """The same from the command line, in one transaction: look, and, where nothing is wrong and `writing`, apply. Raises Invalid, Stale."""
    report = go_through(work, edition, kind, read_rows(content, encoding), by=None, told=told)
    if not writing or not report.good:
        return report
    ledger.record(work, "table:apply", edition.slug, f"{kind} {hashlib.sha256(content).hexdigest()} {report.digest}", by=None)
    done = go_through(work, edition, kind, read_rows(content, encoding), by=None, writing=report.digest, told=told)
    if done.digest != report.digest:
        raise Stale(CHANGED)
    return done


def _through(work: Work, made: TableImport, *, writing: str | None = None, told: Told) -> Report:
    kind, encoding, content, by = Kind(made.kind), Encoding(made.encoding), made.content, made.applied_by_id
    told(say("Reading the file"), None)
    edition = work.db.get_one(Edition, made.edition_id)
    return go_through(work, edition, kind, read_rows(content, encoding), by=by, writing=writing, told=told)


def outcome(report: Report, *, written: bool) -> list[Message]:
    """What became of a table on the command line."""
    if not report.good:
        return [say("Nothing was applied: a table is applied whole or not at all.")]
    return [say("Applied.") if written else say("Nothing was changed. Add --apply to apply it.")]


def unreadable(name: str, why: str) -> Message:
    """A file of one's own disk that cannot be opened."""
    return say("%(file)s cannot be read: %(why)s.", file=name, why=why)


def check_allowed(by: Person) -> None:
    """Raises Refused, naming who could."""
    if (reason := refusal(by.roles, PERMISSION)) is not None:
        raise Refused(reason)


def table_at(work: Work, public_id: str) -> TableImport:
    """A table that was sent. Raises Missing."""
    found = work.db.exec(select(TableImport).where(TableImport.public_id == public_id)).first()
    if found is None:
        raise Missing(NO_TABLE)
    return found


def tables_sent(work: Work, edition: Edition) -> list[TableImport]:
    """The last tables sent for an edition, the newest first."""
    wanted = select(TableImport).where(TableImport.edition_id == edition.id)
    return list(work.db.exec(wanted.order_by(col(TableImport.id).desc()).limit(20)))


def job_of(work: Work, made: TableImport) -> Job | None:
    """The job that a table waits for."""
    keys = [f"{kind}:{made.id}" for kind in (LOOK_JOB, APPLY_JOB)]
    return work.db.exec(select(Job).where(col(Job.key).in_(keys))).first()


STAGE_LABELS: dict[Stage, Message] = {
    Stage.READING: say("Being read"),
    Stage.READ: say("Read, waits for you"),
    Stage.APPLYING: say("Being applied"),
    Stage.APPLIED: say("Applied"),
    Stage.REFUSED: say("Holds faults, nothing was applied"),
    Stage.STALE: say("Overtaken, nothing was applied"),
}
