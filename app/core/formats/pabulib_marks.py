"""Cells with commas, many at once: which projects the ballots of a block name, and what they give them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.formats.pabulib_tokens import Names, Places, Text

Flags = NDArray[np.bool_]

_COMMA, _ZERO = b",0"
_DIGITS = 9


@dataclass(frozen=True)
class Spans:
    """Texts inside a block: where each begins, and how long it is."""

    start: Places
    length: Places

    @property
    def end(self) -> Places:
        """The byte after the last of each text."""
        return self.start + self.length


@dataclass(frozen=True)
class Parts:
    """What commas cut cells into: `length[i]` spans from `first[i]` on for cell i; `row` is the cell of each, `place` its own number."""

    spans: Spans
    row: Places
    place: Places
    first: Places
    length: Places


@dataclass(frozen=True)
class Marks:
    """The marks of the ballots of a block, ballot by ballot, projects ascending. `usual` says which ballots hold nothing odd.

    `place` (from 1) stands beside `project` where ballots are read as rankings, `points` where they give points; else None.
    """

    project: Places
    place: Places | None
    points: Places | None
    parts: Parts
    usual: Flags


def cut(text: Text, cells: Spans) -> Parts:
    """The parts of each cell; an empty cell has none, and two commas in a row have an empty part between them."""
    commas = np.flatnonzero(text.codes == _COMMA)
    before = np.searchsorted(commas, cells.start)
    length = np.where(cells.length > 0, np.searchsorted(commas, cells.end) - before + 1, 0)
    first = np.cumsum(length) - length
    row = np.repeat(np.arange(len(length)), length)
    place = np.arange(len(row)) - first[row]
    commas = np.append(commas, 0)
    start = np.where(place == 0, cells.start[row], commas[before[row] + place - 1] + 1)
    end = np.where(place == length[row] - 1, cells.end[row], commas[before[row] + place])
    return Parts(Spans(start, end - start), row, place, first, length)


def marks_of(text: Text, votes: Spans, names: Names, points: Spans | None, *, ranked: bool) -> Marks:
    """The marks in these cells. `points` are the cells beside them, or None; `ranked` gives each project its place, from 1."""
    parts = cut(text, votes)
    found = names.find(text, parts.spans.start, parts.spans.length)
    bad = found < 0
    usual = np.ones(len(parts.length), np.bool_)
    usual[parts.row[bad]] = False
    columns = [parts.place + 1] if ranked else []
    if points is not None:
        beside = cut(text, points)
        usual &= beside.length == parts.length
        value, wrong = whole_numbers(text, beside.spans)
        usual[beside.row[wrong]] = False
        columns.append(_beside(parts, beside, value))
    key = parts.row * np.int64(names.size) + np.where(bad, 0, found)
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key) if columns else None
        key = np.sort(key) if order is None else key[order]
        columns = [column[order] for column in columns]
    usual[parts.row[1:][key[1:] == key[:-1]]] = False
    project = key - parts.row * np.int64(names.size)
    return Marks(project, columns[0] if ranked else None, columns[-1] if points is not None else None, parts, usual)


def whole_numbers(text: Text, spans: Spans) -> tuple[Places, Flags]:
    """The number each text writes in up to nine digits, and which texts are anything else (their numbers mean nothing)."""
    value = np.zeros(len(spans.start), np.int64)
    wrong = (spans.length < 1) | (spans.length > _DIGITS)
    for number in range(min(int(spans.length.max(initial=0)), _DIGITS)):
        these = np.flatnonzero(spans.length > number)
        digit = text.codes[spans.start[these] + number].astype(np.int64) - _ZERO
        value[these] = value[these] * 10 + digit
        wrong[these] |= (digit < 0) | (digit > 9)
    return value, wrong


def _beside(parts: Parts, beside: Parts, value: Places) -> Places:
    """The points put beside the projects, where some ballots do not give as many of both (what stands beside those means nothing)."""
    if np.array_equal(parts.length, beside.length):
        return value
    place = beside.first[parts.row] + np.minimum(parts.place, np.maximum(beside.length[parts.row] - 1, 0))
    return value[np.minimum(place, len(value) - 1)] if len(value) else np.zeros(len(parts.row), np.int64)
