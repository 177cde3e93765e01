"""The quick way through VOTES: whole blocks of ordinary lines at once. What is not ordinary is left to the reader of single lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.core.formats.pabulib import POINTED
from app.core.formats.pabulib_limits import Limits
from app.core.formats.pabulib_marks import Flags, Marks, Spans, marks_of
from app.core.formats.pabulib_tokens import Names, Places, Prints, Text

_LF, _CR, _SEMICOLON = b"\n\r;"
_LONGEST = 60_000
_LONGEST_VOTER = 64


class Odd(NamedTuple):
    """A line that was not read: its first byte, the byte after its last, and which line of the block it is, from 0."""

    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Found:
    """The ordinary ballots of a block: `length[i]` marks each, one after the other, projects ascending; see `Marks`.

    `voter` are fingerprints, `offset` says where the line of each ballot begins.
    """

    length: Places
    project: Places
    place: Places | None
    points: Places | None
    voter: Prints
    offset: Places
    odd: tuple[Odd, ...]


def is_plain(block: bytes) -> bool:
    """Whether semicolons and line ends cut this block as they seem to: no quotation mark, no NUL, no lone CR, and text in UTF-8."""
    if b'"' in block or b"\x00" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return False
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


class Scanner:
    """Reads plain blocks of VOTES, `header` naming the columns."""

    def __init__(self, vote_type: str, header: Sequence[str], limits: Limits) -> None:
        self.ranked, self.width, self.limits = vote_type == "ordinal", len(header), limits
        self.single = vote_type == "choose-1"
        self.vote, self.points = header.index("vote"), header.index("points") if "points" in header else None
        self.names = Names(list(limits.costs))
        self.needs_points = vote_type in POINTED
        self.pointed = self.points is not None and (self.needs_points or self.ranked)

    def scan(self, block: bytes, *, tell: bool) -> Found:
        """The ballots on the lines of a plain block. `tell`: a ballot that breaks a limit is odd too."""
        text = Text(block)
        numbers, lines = _lines(text)
        cells, usual = self._cells(text, lines)
        usual &= _has_name(text, cells[0]) & ~_may_be_title(cells[0], cells[self.vote])
        marks = self._marks(text, cells)
        usual &= marks.usual
        if tell:
            usual &= ~self.limits.broken(marks.parts.first, marks.parts.length, marks.project, marks.points)
        kept, odd, voters = usual[marks.parts.row], np.flatnonzero(~usual), cells[0]
        return Found(
            marks.parts.length[usual],
            marks.project[kept],
            None if marks.place is None else marks.place[kept],
            None if marks.points is None else marks.points[kept],
            text.prints(voters.start[usual], voters.length[usual]),
            lines.start[usual],
            tuple(map(Odd, lines.start[odd].tolist(), lines.end[odd].tolist(), numbers[odd].tolist())),
        )

    def _marks(self, text: Text, cells: list[Spans]) -> Marks:
        """What the ballots name; odd are those with points where none belong, without where they do, and with two projects where one is."""
        beside = None if self.points is None else cells[self.points]
        marks = marks_of(text, cells[self.vote], self.names, beside if self.pointed else None, ranked=self.ranked)
        length = marks.parts.length
        if beside is not None and not self.pointed:
            marks.usual[beside.length > 0] = False
        if beside is None and self.needs_points:
            marks.usual[length > 0] = False
        if self.single:
            marks.usual[length > 1] = False
        return marks

    def _cells(self, text: Text, lines: Spans) -> tuple[list[Spans], Flags]:
        """The cells of each line, column by column, and which lines have exactly all columns; the cells of the others are empty."""
        cuts = np.flatnonzero(text.codes == _SEMICOLON)
        first = np.searchsorted(cuts, lines.start)
        whole = (np.searchsorted(cuts, lines.end) - first == self.width - 1) & (lines.length <= _LONGEST)
        first, cuts = np.where(whole, first, 0), np.append(cuts, np.zeros(self.width, np.int64))
        edges = [lines.start, *(cuts[first + column] + 1 for column in range(self.width - 1)), lines.end + 1]
        cells = [Spans(np.where(whole, start, 0), np.where(whole, after - 1 - start, 0)) for start, after in pairwise(edges)]
        return cells, whole


def _lines(text: Text) -> tuple[Places, Spans]:
    """The lines that are not empty, without their ends, and which line of the block each is, from 0."""
    codes = text.codes
    ends = np.flatnonzero(codes == _LF)
    starts = np.concatenate(([0], ends + 1))
    ends = np.append(ends, len(codes))
    ends -= (ends > starts) & (codes[np.maximum(ends - 1, 0)] == _CR) if len(codes) else 0
    these = np.flatnonzero(ends > starts)
    return these, Spans(starts[these], (ends - starts)[these])


def _has_name(text: Text, voters: Spans) -> Flags:
    """Whether each voter has a name of which nothing would be stripped."""
    fits = (voters.length > 0) & (voters.length <= _LONGEST_VOTER)
    for place in (voters.start, np.maximum(voters.end - 1, 0)):
        sign = text.codes[place]
        fits &= (sign > 0x20) & (sign < 0x7F)
    return fits


def _may_be_title(voters: Spans, votes: Spans) -> Flags:
    """Whether the line might be the title of a section and no ballot: META, VOTES, PROJECTS."""
    title: Flags = (votes.length == 0) & np.isin(voters.length, (4, 5, 8))
    return title
