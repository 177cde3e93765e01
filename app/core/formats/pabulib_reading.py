"""Reading .pb files by people we do not know: a file is read whole or refused with its line and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.formats.amounts import cents_of
from app.core.formats.pabulib import BALLOT_ORDER, OBLIGATORY, PROJECT_ORDER, SECTIONS, VOTE_TYPES, PabulibFile, Project, in_order, shown
from app.core.formats.pabulib_votes import BallotReader
from app.core.messages import Message, say
from app.core.problems import Invalid

MAX_BYTES = 20_000_000
MAX_FIELD = 64_000
MAX_WARNINGS = 100

Row = tuple[int, list[str]]


class Malformed(Invalid):
    """A file that cannot be read. `line` counts from 1; `reason` is the sentence without file and line."""

    def __init__(self, file: str, line: int, reason: Message) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__({"": say("%(file)s:%(line)d: %(reason)s", file=file, line=line, reason=reason)})


def decode(data: bytes, *, name: str) -> str:
    """The text of an uploaded file: UTF-8, with or without BOM, at most 20 MB. Raises Malformed."""
    if len(data) > MAX_BYTES:
        raise Malformed(name, 1, say("The file is larger than %(limit)d MB.", limit=MAX_BYTES // 1_000_000))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise Malformed(name, line, say("This line is not text in UTF-8.")) from None


def read_pabulib(text: str, *, name: str) -> PabulibFile:
    """The election in the text of a .pb file called `name`. Raises Malformed at the first fault; nothing is half read.

    Refused: unknown sections, columns or keys that come twice, amounts finer than a hundredth, projects or voters that come
    twice, votes for unknown projects, counts that differ from META. Told in `warnings` (the first 100): what META lacks, decimal
    commas, ballots that name a project twice or leave META's limits.
    """
    return _Reader(name).read(text)


@dataclass
class _Reader:
    """The state of one reading: where we are, what was found."""

    name: str
    warnings: list[Message] = field(default_factory=list)

    def fail(self, line: int, reason: Message) -> Malformed:
        return Malformed(self.name, line, reason)

    def warn(self, line: int, reason: Message) -> None:
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(say("%(file)s:%(line)d: %(reason)s", file=self.name, line=line, reason=reason))

    def read(self, text: str) -> PabulibFile:
        sections = self._sections(text)
        meta, lines = self._meta(sections["META"])
        columns, projects = self._projects(sections["PROJECTS"])
        vote_type, line = meta.pop("vote_type"), lines["vote_type"]
        if vote_type not in VOTE_TYPES:
            raise self.fail(line, say("“%(text)s” is not a type of vote. Known: %(known)s.", text=shown(vote_type), known=VOTE_TYPES))
        ballots = BallotReader(vote_type, {project.id for project in projects}, meta, self.fail, self.warn)
        header, rows = self._table(sections["VOTES"], "VOTES", ("voter_id", "vote"))
        cast = tuple(ballots.ballot(line, cells) for line, cells in rows)
        self._check_count(meta.pop("num_projects", None), len(projects), lines.get("num_projects", 1))
        self._check_count(meta.pop("num_votes", None), len(cast), lines.get("num_votes", 1))
        budget = self._amount(meta.pop("budget"), lines["budget"])
        return PabulibFile(
            meta, budget, vote_type, projects, cast, in_order(columns, PROJECT_ORDER), in_order(header, BALLOT_ORDER), tuple(self.warnings)
        )

    def _sections(self, text: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        rows: list[Row] = []
        line = 1
        for line, cells in self._rows(text):
            if cells[0] in SECTIONS and not any(cells[1:]):
                if len(found) == len(SECTIONS) or cells[0] != SECTIONS[len(found)]:
                    raise self.fail(line, say("The sections must be %(names)s, each once and in this order.", names=SECTIONS))
                found[cells[0]] = rows = [(line, [cells[0]])]
            elif not found:
                raise self.fail(line, say("The file must begin with a line “META”."))
            else:
                rows.append((line, cells))
        if len(found) < len(SECTIONS):
            raise self.fail(line, say("The file ends before its section %(name)s.", name=SECTIONS[len(found)]))
        return {section: rows if rows[1:] else self._bare(section, rows) for section, rows in found.items()}

    def _bare(self, section: str, rows: list[Row]) -> list[Row]:
        raise self.fail(rows[0][0], say("The section %(name)s has no line with the names of its columns.", name=section))

    def _rows(self, text: str) -> Iterator[Row]:
        """Each line that is not empty: its number and its cells, spaces at both ends dropped."""
        if len(text) > MAX_BYTES:
            raise self.fail(1, say("The file is larger than %(limit)d MB.", limit=MAX_BYTES // 1_000_000))
        if (nul := text.find("\x00")) >= 0:
            raise self.fail(text.count("\n", 0, nul) + 1, say("This line holds a NUL character, which no text may hold."))
        source = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True)
        line = 1
        try:
            for cells in source:
                if any(len(cell) > MAX_FIELD for cell in cells):
                    raise self.fail(line, say("A field of this line is longer than %(limit)d characters.", limit=MAX_FIELD))
                if any(cells):
                    yield line, [cell.strip() for cell in cells]
                line = source.line_num + 1
        except csv.Error:
            raise self.fail(line, say("The quotation marks of this line do not match, or a field of it is too long.")) from None

    def _meta(self, rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, int]]:
        if rows[1][1][:2] != ["key", "value"]:
            raise self.fail(rows[1][0], say("The line after META must be “key;value”."))
        meta: dict[str, str] = {}
        lines: dict[str, int] = {}
        for line, cells in rows[2:]:
            if not cells[0] or any(cells[2:]):
                raise self.fail(line, say("A line of META is one key, a semicolon and one value."))
            if cells[0] in meta:
                raise self.fail(line, say("The key “%(key)s” comes twice.", key=shown(cells[0])))
            meta[cells[0]], lines[cells[0]] = "".join(cells[1:2]), line
        for key in OBLIGATORY:
            if not meta.get(key):
                reason = say("META lacks the key “%(key)s”.", key=key)
                if key in ("budget", "vote_type"):
                    raise self.fail(lines.get(key, rows[0][0]), reason)
                self.warn(lines.get(key, rows[0][0]), reason)
        return meta, lines

    def _table(self, rows: Sequence[Row], section: str, needed: tuple[str, str]) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
        line, header = rows[1]
        while header and not header[-1]:
            header.pop()
        seen: set[str] = set()
        for column in header:
            if not column or column in seen:
                raise self.fail(line, say("The column “%(column)s” comes twice or has no name.", column=shown(column)))
            seen.add(column)
        if header[:1] != [needed[0]] or needed[1] not in header:
            raise self.fail(line, say("%(name)s needs these columns, the first in first place: %(columns)s.", name=section, columns=needed))
        return header, (self._cells(header, *row) for row in rows[2:])

    def _cells(self, header: Sequence[str], line: int, cells: Sequence[str]) -> tuple[int, dict[str, str]]:
        if any(cells[len(header) :]):
            raise self.fail(line, say("This line has %(found)d values for %(known)d columns.", found=len(cells), known=len(header)))
        # Only what is there: padding short lines would let a small file with many columns fill the memory.
        return line, {column: cell for column, cell in zip(header, cells, strict=False) if cell}

    def _projects(self, rows: Sequence[Row]) -> tuple[list[str], tuple[Project, ...]]:
        header, lines = self._table(rows, "PROJECTS", ("project_id", "cost"))
        found: dict[str, Project] = {}
        for line, cells in lines:
            project = self._project(line, cells)
            if project.id in found:
                raise self.fail(line, say("Project “%(id)s” comes twice.", id=shown(project.id)))
            found[project.id] = project
        return header, tuple(found.values())

    def _project(self, line: int, cells: Mapping[str, str]) -> Project:
        name = cells.get("project_id", "")
        if not name or "," in name:
            raise self.fail(line, say("A project needs an identifier without a comma."))
        other = {column: cell for column, cell in cells.items() if column not in ("project_id", "cost")}
        return Project(name, self._amount(cells.get("cost", ""), line), other)

    def _amount(self, text: str, line: int) -> int:
        cents = cents_of(text)
        if cents is None:
            raise self.fail(line, say("“%(text)s” is not an amount such as 1250 or 1250.50.", text=shown(text)))
        if "," in text:
            self.warn(line, say("“%(text)s” has a comma: read as a decimal comma.", text=shown(text)))
        return cents

    def _check_count(self, said: str | None, found: int, line: int) -> None:
        if said and said != str(found):
            raise self.fail(line, say("META says %(said)s, the file holds %(found)d: it may be cut short.", said=shown(said), found=found))
