"""The bureau of the demonstration: its two members, and a key whose shares anybody may read. Nothing is protected by them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.core.forms import read
from app.core.permissions import Role
from app.core.transparency.shares import combine
from app.demo.city import Town, at_noon, edition_at
from app.demo.dates import Move
from app.polls import freezing, opening, sequencing
from app.voting import clock

SHARES = Path(__file__).parent / "data" / "opening_shares.txt"


@cache
def shares() -> tuple[str, ...]:
    """The three shares of the opening key, two of which open: printed for everybody to try."""
    return tuple(SHARES.read_text("utf-8").splitlines())


@cache
def opening_key() -> str:
    """The public key that the ballots of the demonstration are sealed to, in hexadecimal."""
    return combine(shares()).public_key().public_bytes_raw().hex()


def freeze(town: Town, slug: str, move: Move) -> None:
    """Two members of the bureau freeze the vote on the evening before it opens."""
    first, second = town.officers(Role.BUREAU_MEMBER)
    noon = at_noon(move, "2027-05-13", 18)
    with clock.held_at(noon), town.at(noon) as unit:
        edition = edition_at(unit, slug)
        form = read(freezing.FreezeForm, {"opening_key": opening_key(), "threshold": 2, "shares": 3})
        motion = freezing.propose_freeze(unit, edition, form, by=first)
        freezing.confirm_freeze(unit, edition, motion, by=second)
        sequencing.log_acts(unit)


def open_box(town: Town, slug: str, move: Move) -> None:
    """The evening after the vote: the worker has closed the box, two members open it with two shares."""
    first, second = town.officers(Role.BUREAU_MEMBER)
    with town.at(at_noon(move, "2027-06-08", 17)) as unit:
        edition = edition_at(unit, slug)
        sequencing.tend(unit, edition)
        motion = opening.propose_opening(unit, edition, by=first)
        opening.confirm_opening(unit, edition, motion, shares()[:2], by=second)
