"""The roll at the desk: finding a person, adding one who came with a proof, taking in a list of residents."""

from __future__ import annotations

import csv
import io

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.forms import read
from app.core.messages import Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.editions.models import Edition
from app.electorate.codes import person_hash, plain_words, registrar_key
from app.electorate.forms import DeskForm, RollRow
from app.electorate.models import RollLine
from app.electorate.register import check_change
from app.electorate.service import line_of_person, today
from app.ledger import service as ledger
from app.unit import Work

AT_MOST = 20
COLUMNS = ("name", "birth_date", "address", "email", "district")
ROWS = 200_000
NO_LINE = say("There is no such person on this roll.")


def find_lines(work: Work, edition: Edition, text: str) -> list[RollLine]:
    """People on the roll whose name holds every word of `text`, 20 at most; nobody for an empty text."""
    words = plain_words(text)[:6]
    if not words:
        return []
    holds = [col(RollLine.search_name).contains(word, autoescape=True) for word in words]
    wanted = select(RollLine).where(RollLine.edition_id == edition.id, *holds).order_by(col(RollLine.search_name), col(RollLine.birth_date))
    return list(work.db.exec(wanted.limit(AT_MOST)))


def line_at(work: Work, edition: Edition, public_id: str) -> RollLine:
    """A line of this edition's roll by its random name. Raises Missing."""
    line = work.db.exec(select(RollLine).where(RollLine.public_id == public_id, RollLine.edition_id == edition.id)).first()
    if line is None:
        raise Missing(NO_LINE)
    return line


def add_line(work: Work, edition: Edition, form: DeskForm, *, by: Person) -> RollLine:
    """Put a resident who came with a proof on the roll.

    Raises Refused, Invalid (birth date), and Conflict if the person stands there already and is no namesake.
    """
    if (reason := refusal(by.roles, "keep_desk")) is not None:
        raise Refused(reason)
    if form.born > today(work, edition):
        raise Invalid({"birth_date": say("This date is in the future.")})
    apart = form.address if form.namesake else ""
    known = person_hash(registrar_key(work, edition), form.name, form.born, apart=apart)
    if work.db.exec(select(RollLine.id).where(RollLine.edition_id == edition.id, RollLine.person_hash == known)).first():
        raise Conflict(
            say("Someone with this name and birth date is on the roll already: find the line above. If this is another person, say so.")
        )
    line = line_of_person(work, edition, form, origin="desk", apart=apart)
    ledger.record(work, "roll:add", edition.slug, by=by.id)
    return line


def import_roll(work: Work, edition: Edition, content: bytes, *, by: Person, seconded: bool = False) -> int:
    """Take in a list of residents (CSV, UTF-8, columns name, birth_date, address, email, district); returns how many are new.

    All of it or nothing. Raises Refused (alone, once the register is frozen, too) and Invalid at "file", naming the line and the column.
    """
    check_change(work, edition, "make_codes", by=by, seconded=seconded)
    rows = rows_of(content)
    before = _size(work, edition)
    for row in rows:
        line_of_person(work, edition, row, origin="list", district=row.district or None)
    work.db.flush()
    added = _size(work, edition) - before
    ledger.record(work, "roll:import", edition.slug, str(added), by=by.id)
    return added


def rows_of(content: bytes) -> list[RollRow]:
    """The residents in a list, all checked. Raises Invalid at "file"."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(say("The file is not in UTF-8. Save it as « CSV UTF-8 » and try again.")) from None
    heading = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in heading else ",", strict=True)
    names = tuple(reader.fieldnames or ())
    strange = tuple(name for name in names if name not in COLUMNS) + tuple(name for name in COLUMNS[:2] if name not in names)
    if strange:
        raise _wrong(say("The first line must hold the columns %(columns)s; look at: %(strange)s.", columns=COLUMNS, strange=strange))
    rows: list[RollRow] = []
    try:
        for given in reader:
            rows.append(_row(given, reader.line_num))
    except csv.Error:
        raise _wrong(say("Line %(line)d cannot be read as CSV.", line=reader.line_num)) from None
    return rows


def _row(given: dict[str, str], line: int) -> RollRow:
    if None in given or None in given.values():
        raise _wrong(say("Line %(line)d does not have as many columns as the first one.", line=line))
    if line > ROWS:
        raise _wrong(say("The file is too long: %(rows)d lines at most.", rows=ROWS))
    try:
        return read(RollRow, given)
    except Invalid as problem:
        column, why = next(iter(problem.errors.items()))
        raise _wrong(say("Line %(line)d, column %(column)s: %(why)s", line=line, column=column, why=why)) from None


def _wrong(message: Message) -> Invalid:
    return Invalid({"file": message})


def _size(work: Work, edition: Edition) -> int:
    from_roll = select(col(RollLine.id)).where(RollLine.edition_id == edition.id)
    return len(work.db.exec(from_roll).all())
