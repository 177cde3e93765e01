"""The section VOTES of a .pb file: line by line where a line is out of the ordinary, block by block where none is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from app.core.formats.pabulib import Ballot
from app.core.formats.pabulib_gathered import Gathered
from app.core.formats.pabulib_head import HeadReader, is_title
from app.core.formats.pabulib_limits import Limits
from app.core.formats.pabulib_lines import Lines, Malformed, Row
from app.core.formats.pabulib_scan import Odd, Scanner, is_plain
from app.core.formats.pabulib_votes import BallotReader, repeated

BLOCK = 1 << 22
"""How many bytes are looked at together."""
PATCH = 4096
"""How many lines are read one by one before blocks are tried again."""


class Body:
    """Reads the ballots that follow a head; `lines` stands at the first of them."""

    def __init__(self, head: HeadReader, lines: Lines) -> None:
        self.head, self.lines = head, lines
        self.limits = Limits.of(head.meta, {project.id: project.cost_cents for project in head.projects})
        self.reader = BallotReader(head.vote_type, head.header, self.limits, lines.fail, head.warn)

    def ballots(self) -> Iterator[Ballot]:
        """Each ballot, as it stands on its line. Raises Malformed at the first fault."""
        voters: set[str] = set()
        for line, ballot in self._read(self.lines):
            if ballot.voter in voters:
                raise repeated(self.lines.fail, line, ballot.voter)
            voters.add(ballot.voter)
            yield ballot

    def gathered(self, heard: Callable[[int, int], None]) -> Gathered:
        """All ballots together, told in bytes as they are read. Raises Malformed at the first fault, the same one as `ballots`."""
        ids = {id: index for index, id in enumerate(self.limits.costs)}
        gathered = Gathered(self.head.vote_type, ids, self.head.meta.get("default_score", ""))
        scanner = Scanner(self.head.vote_type, self.head.header, self.limits)
        try:
            while self.lines.at < len(self.lines.data):
                self._step(scanner, gathered)
                heard(self.lines.at, len(self.lines.data))
        except Malformed as fault:
            self._check_voters(gathered, fault.line)
            raise
        self._check_voters(gathered, None)
        return gathered

    def _step(self, scanner: Scanner, gathered: Gathered) -> None:
        """Read on: a block, where one can be read at once, or some lines."""
        data, at = self.lines.data, self.lines.at
        stop = data.find(b"\n", at + BLOCK) + 1 or len(data)
        if (quote := data.find(b'"', at, stop)) >= 0:
            stop = data.rfind(b"\n", at, quote) + 1
        block = data[at:stop]
        if not (block and is_plain(block)):
            self._patch(gathered)
            return
        found = scanner.scan(block, tell=not self.head.full)
        gathered.extend(replace(found, offset=found.offset + at))
        for odd in found.odd:
            self._odd(odd, block, gathered)
        self.lines.at, self.lines.line = stop, self.lines.line + block.count(b"\n") + (not block.endswith(b"\n"))

    def _patch(self, gathered: Gathered) -> None:
        offset = self.lines.at
        for _, ballot in islice(self._read(self.lines), PATCH):
            gathered.add(ballot, offset)
            offset = self.lines.at

    def _odd(self, odd: Odd, block: bytes, gathered: Gathered) -> None:
        alone = Lines(block[odd.start : odd.end], self.lines.name, self.lines.line + odd.line)
        for _, ballot in self._read(alone):
            gathered.add(ballot, self.lines.at + odd.start)

    def _read(self, lines: Lines) -> Iterator[tuple[int, Ballot]]:
        for line, cells in lines.rows():
            if is_title(cells):
                raise self.head.misplaced(line)
            yield line, self.reader.ballot(line, self.head.cells(self.head.header, line, cells))

    def _check_voters(self, gathered: Gathered, before: int | None) -> None:
        """Raise Malformed at the first ballot whose voter came already, if its line is before this one."""
        first = [found for offsets in gathered.suspects() if (found := self._second(offsets.tolist())) is not None]
        if first:
            offset, voter = min(first)
            line, _ = self._row_at(offset, self._line_at(offset))
            if before is None or line < before:
                raise repeated(self.lines.fail, line, voter)

    def _second(self, offsets: list[int]) -> tuple[int, str] | None:
        """The first of these lines whose voter stands on one before it."""
        seen: set[str] = set()
        for offset in offsets:
            voter = self._row_at(offset)[1][0]
            if voter in seen:
                return offset, voter
            seen.add(voter)
        return None

    def _row_at(self, offset: int, line: int = 1) -> Row:
        """The first row from this byte on, which begins the line of this number."""
        lines = Lines(self.lines.data, self.lines.name, line)
        lines.at = offset
        return next(lines.rows())

    def _line_at(self, offset: int) -> int:
        data = self.lines.data
        return 1 + data.count(b"\n", 0, offset) + data.count(b"\r", 0, offset) - data.count(b"\r\n", 0, offset)
