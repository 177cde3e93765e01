"""The sections META and PROJECTS of a .pb file, and the names of the columns of VOTES."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.core.formats.amounts import cents_of
from app.core.formats.pabulib import BALLOT_ORDER, OBLIGATORY, PROJECT_ORDER, SECTIONS, VOTE_TYPES, Project, in_order, shown
from app.core.formats.pabulib_lines import MAX_WARNINGS, Lines, Malformed, Row
from app.core.messages import Message, say

Parts = tuple[dict[str, str], int, str, tuple[Project, ...], tuple[str, ...], tuple[str, ...]]


class HeadReader:
    """Reads a file up to the first ballot. Raises Malformed at the first fault."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.warnings: list[Message] = []
        rows = lines.rows()
        self._title(rows, "META")
        self.meta, self.lines_of = self._meta(rows)
        self.columns, self.projects = self._projects(rows)
        self.header = self._columns(rows, "VOTES", ("voter_id", "vote"))
        self.vote_type = self.meta.pop("vote_type")
        if self.vote_type not in VOTE_TYPES:
            reason = say("“%(text)s” is not a type of vote. Known: %(known)s.", text=shown(self.vote_type), known=VOTE_TYPES)
            raise lines.fail(self.lines_of["vote_type"], reason)
        self._counts = {key: self.meta.pop(key, None) for key in ("num_projects", "num_votes")}
        self.budget = self._amount(self.meta.pop("budget"), self.lines_of["budget"])

    def parts(self) -> Parts:
        """What a PabulibHead is made of."""
        columns, header = in_order(self.columns, PROJECT_ORDER), in_order(self.header, BALLOT_ORDER)
        return self.meta, self.budget, self.vote_type, self.projects, columns, header

    def warn(self, line: int, reason: Message) -> None:
        """Keep a sentence on this line for the reader of the file, as long as there are not too many."""
        if not self.full:
            self.warnings.append(say("%(file)s:%(line)d: %(reason)s", file=self.lines.name, line=line, reason=reason))

    @property
    def full(self) -> bool:
        """Whether no further warning would be kept."""
        return len(self.warnings) >= MAX_WARNINGS

    def check_counts(self, ballots: int) -> None:
        """Compare what META says with what was found. Raises Malformed."""
        for key, found in (("num_projects", len(self.projects)), ("num_votes", ballots)):
            said = self._counts[key]
            if said and said != str(found):
                reason = say("META says %(said)s, the file holds %(found)d: it may be cut short.", said=shown(said), found=found)
                raise self.lines.fail(self.lines_of[key], reason)

    def misplaced(self, line: int) -> Malformed:
        """The refusal of a title that does not belong here."""
        return self.lines.fail(line, say("The sections must be %(names)s, each once and in this order.", names=SECTIONS))

    def _title(self, rows: Iterator[Row], section: str) -> None:
        line, cells = next(rows, (self.lines.last, [""]))
        if is_title(cells) and cells[0] != section:
            raise self.misplaced(line)
        if not is_title(cells):
            raise self.lines.fail(line, say("The file must begin with a line “META”."))

    def _until(self, rows: Iterator[Row], section: str) -> Iterator[Row]:
        """The rows before the title of this section, which is read as well."""
        for line, cells in rows:
            if is_title(cells):
                if cells[0] != section:
                    raise self.misplaced(line)
                return
            yield line, cells
        raise self.lines.fail(self.lines.last, say("The file ends before its section %(name)s.", name=section))

    def _names(self, rows: Iterator[Row], section: str) -> Row:
        title = self.lines.last
        line, cells = next(rows, (title, [section]))
        if is_title(cells):
            raise self.lines.fail(title, say("The section %(name)s has no line with the names of its columns.", name=section))
        return line, cells

    def _meta(self, rows: Iterator[Row]) -> tuple[dict[str, str], dict[str, int]]:
        title = self.lines.last
        line, header = self._names(rows, "META")
        if header[:2] != ["key", "value"]:
            raise self.lines.fail(line, say("The line after META must be “key;value”."))
        meta: dict[str, str] = {}
        lines: dict[str, int] = {}
        for line, cells in self._until(rows, "PROJECTS"):
            if not cells[0] or any(cells[2:]):
                raise self.lines.fail(line, say("A line of META is one key, a semicolon and one value."))
            if cells[0] in meta:
                raise self.lines.fail(line, say("The key “%(key)s” comes twice.", key=shown(cells[0])))
            meta[cells[0]], lines[cells[0]] = "".join(cells[1:2]), line
        for key in OBLIGATORY:
            if not meta.get(key):
                self._lacks(key, lines.get(key, title))
        return meta, lines

    def _lacks(self, key: str, line: int) -> None:
        reason = say("META lacks the key “%(key)s”.", key=key)
        if key in ("budget", "vote_type"):
            raise self.lines.fail(line, reason)
        self.warn(line, reason)

    def _columns(self, rows: Iterator[Row], section: str, needed: tuple[str, str]) -> list[str]:
        line, header = self._names(rows, section)
        while header and not header[-1]:
            header.pop()
        seen: set[str] = set()
        for column in header:
            if not column or column in seen:
                reason = say("The column “%(column)s” comes twice or has no name.", column=shown(column))
                raise self.lines.fail(line, reason)
            seen.add(column)
        if header[:1] != [needed[0]] or needed[1] not in header:
            reason = say("%(name)s needs these columns, the first in first place: %(columns)s.", name=section, columns=needed)
            raise self.lines.fail(line, reason)
        return header

    def cells(self, header: Sequence[str], line: int, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a line by the names of their columns. Raises Malformed where there are more than columns."""
        if any(cells[len(header) :]):
            reason = say("This line has %(found)d values for %(known)d columns.", found=len(cells), known=len(header))
            raise self.lines.fail(line, reason)
        # Only what is there: padding short lines would let a small file with many columns fill the memory.
        return {column: cell for column, cell in zip(header, cells, strict=False) if cell}

    def _projects(self, rows: Iterator[Row]) -> tuple[list[str], tuple[Project, ...]]:
        header = self._columns(rows, "PROJECTS", ("project_id", "cost"))
        found: dict[str, Project] = {}
        for line, cells in self._until(rows, "VOTES"):
            project = self._project(line, self.cells(header, line, cells))
            if project.id in found:
                raise self.lines.fail(line, say("Project “%(id)s” comes twice.", id=shown(project.id)))
            found[project.id] = project
        return header, tuple(found.values())

    def _project(self, line: int, cells: Mapping[str, str]) -> Project:
        name = cells.get("project_id", "")
        if not name or "," in name:
            raise self.lines.fail(line, say("A project needs an identifier without a comma."))
        other = {column: cell for column, cell in cells.items() if column not in ("project_id", "cost")}
        return Project(name, self._amount(cells.get("cost", ""), line), other)

    def _amount(self, text: str, line: int) -> int:
        cents = cents_of(text)
        if cents is None:
            raise self.lines.fail(line, say("“%(text)s” is not an amount such as 1250 or 1250.50.", text=shown(text)))
        if "," in text:
            self.warn(line, say("“%(text)s” has a comma: read as a decimal comma.", text=shown(text)))
        return cents


def is_title(cells: Sequence[str]) -> bool:
    """Whether a row is the title of a section."""
    return cells[0] in SECTIONS and not any(cells[1:])
