"""The ballots of a .pb file: one reader for the five types of vote, who alone decides what is valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from app.core.formats.amounts import points_of
from app.core.formats.pabulib import POINTED, Ballot, shown
from app.core.formats.pabulib_limits import Limits
from app.core.messages import Message, say

Fail = Callable[[int, Message], Exception]
Warn = Callable[[int, Message], None]


class BallotReader:
    """Reads lines of VOTES against the projects and limits of the same file."""

    def __init__(self, vote_type: str, header: Sequence[str], limits: Limits, fail: Fail, warn: Warn) -> None:
        self.vote_type, self.header, self.limits, self.fail, self.warn = vote_type, header, limits, fail, warn

    def ballot(self, line: int, cells: Mapping[str, str]) -> Ballot:
        """The ballot on a line, exactly as cast; whether its voter comes twice is for others to say. Raises what `fail` makes."""
        voter, vote = cells.get("voter_id", ""), cells.get("vote", "")
        if not voter:
            raise repeated(self.fail, line, voter)
        choices = tuple(choice.strip() for choice in vote.split(",")) if vote else ()
        self._check(line, choices)
        other = {column: cell for column, cell in cells.items() if column not in ("voter_id", "vote", "points")}
        ballot = Ballot(voter, choices, self._points(line, choices, cells.get("points", "")), other)
        if (told := self.limits.outside(ballot)) is not None:
            self.warn(line, told)
        return ballot

    def _check(self, line: int, choices: tuple[str, ...]) -> None:
        for choice in choices:
            if choice not in self.limits.costs:
                raise self.fail(line, say("This ballot names “%(id)s”, which is not among the projects.", id=shown(choice)))
        different = len(set(choices))
        if self.vote_type == "choose-1" and different > 1:
            raise self.fail(line, say("This ballot names %(found)d projects where each voter chooses one.", found=different))
        if different < len(choices):
            self.warn(line, say("This ballot names a project twice; it counts once."))

    def _points(self, line: int, choices: tuple[str, ...], text: str) -> tuple[Decimal, ...]:
        given = [value.strip() for value in text.split(",")] if text else []
        if len(given) != len(choices) and (given or self.vote_type in POINTED):
            counts = {"projects": len(choices), "points": len(given)}
            reason = say("Projects named on this ballot: %(projects)d; points given: %(points)d. There must be as many of both.", **counts)
            raise self.fail(line, reason)
        read = tuple(points_of(value) for value in given)
        points = tuple(value for value in read if value is not None)
        if len(points) < len(read):
            raise self.fail(line, say("“%(text)s” is not a list of points such as 3,2,1.", text=shown(text)))
        return points


def repeated(fail: Fail, line: int, voter: str) -> Exception:
    """The refusal of a ballot whose identifier is empty or not its own."""
    return fail(line, say("A ballot needs an identifier of its own; “%(id)s” is empty or comes twice.", id=shown(voter)))
