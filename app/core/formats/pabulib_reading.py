"""Reading .pb files by people we do not know: a file is read whole or refused with its line and the reason."""

from __future__ import annotations

from collections.abc import Callable

from app.core.formats.pabulib import PabulibElection, PabulibFile
from app.core.formats.pabulib_body import Body
from app.core.formats.pabulib_head import HeadReader
from app.core.formats.pabulib_lines import MAX_BYTES, Lines, Malformed, as_utf_8
from app.core.messages import say

Heard = Callable[[int, int], None]
"""Is told how many bytes of how many are read."""


def read_pabulib(text: str | bytes, *, name: str, most: int = MAX_BYTES) -> PabulibFile:
    """The election in a .pb file called `name`, each ballot as an object. Raises Malformed at the first fault; nothing is half read.

    Refused: unknown sections, columns or keys that come twice, amounts finer than a hundredth, projects or voters that come
    twice, votes for unknown projects, counts that differ from META, files larger than `most` bytes. Told in `warnings` (the first 100):
    what META lacks, decimal commas, ballots that name a project twice or leave META's limits.
    """
    head, body = _opened(text, name, most)
    ballots = tuple(body.ballots())
    head.check_counts(len(ballots))
    return PabulibFile(*head.parts(), ballots, warnings=tuple(head.warnings))


def read_election(data: bytes, *, name: str, most: int = MAX_BYTES, heard: Heard | None = None) -> PabulibElection:
    """The election in a .pb file called `name`, its ballots in flat arrays: a million of them in seconds.

    Refuses and warns as `read_pabulib`; `heard` is told how far it came. A project named twice on a ballot counts once, where it is named
    first. Points are kept exactly, in the finest unit any of them needs; where a scoring vote declares
    a `default_score`, ballots give it to what they do not name.
    """
    head, body = _opened(data, name, most)
    gathered = body.gathered(heard or (lambda done, all: None))
    head.check_counts(gathered.total)
    try:
        profile, points = gathered.profile(), gathered.own_points()
    except OverflowError:
        raise Malformed(
            name, head.lines_of["vote_type"], say("The points of this file are too large or too many to be added up.")
        ) from None
    return PabulibElection(*head.parts(), profile, points, warnings=tuple(head.warnings))


def _opened(text: str | bytes, name: str, most: int) -> tuple[HeadReader, Body]:
    data = text.removeprefix("\ufeff").encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    lines = Lines(as_utf_8(data, name=name, most=most), name)
    head = HeadReader(lines)
    return head, Body(head, lines)
