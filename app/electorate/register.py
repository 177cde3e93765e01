"""The register as the freeze fixes it: how many people, and one root over all of them that names nobody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.credentials import keyed
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Refused
from app.core.transparency import leaf_hash, root_of
from app.editions.models import Edition
from app.electorate.codes import registrar_key
from app.electorate.models import Registrar, RollLine
from app.unit import Work

TAKES_TWO = say("The vote is frozen: the roll changes only when one person proposes it and another confirms it.")


@dataclass(frozen=True)
class Register:
    """How many lines may vote, and the Merkle root over their keyed hashes in sorted order (64 hexadecimal letters)."""

    count: int
    root: str


def register_of(work: Work, edition: Edition) -> Register:
    """The register as it stands: every line but those that were taken off."""
    key = registrar_key(work, edition)
    wanted = select(RollLine.public_id).where(RollLine.edition_id == edition.id, col(RollLine.mark).is_distinct_from("refused"))
    salted = sorted(keyed(key, "register", line) for line in work.db.exec(wanted))
    return Register(len(salted), root_of(map(leaf_hash, salted)).hex())


def register_size(work: Work, edition: Edition) -> int:
    """How many lines may vote, for who may count lines but read none."""
    wanted = select(func.count(col(RollLine.id))).where(RollLine.edition_id == edition.id, col(RollLine.mark).is_distinct_from("refused"))
    return int(work.db.exec(wanted).one())


def freeze_register(work: Work, edition: Edition) -> None:
    """From now on one person alone cannot change the roll."""
    registrar_key(work, edition)
    registrar = work.db.get_one(Registrar, edition.id)
    registrar.frozen = True
    work.db.add(registrar)


def is_frozen(work: Work, edition: Edition) -> bool:
    """Whether the register is frozen."""
    return bool(work.db.exec(select(Registrar.frozen).where(Registrar.edition_id == edition.id)).first())


def refuse_alone(work: Work, edition: Edition, *, seconded: bool) -> None:
    """Raises Refused where the roll is frozen and nobody has seconded the change."""
    if not seconded and is_frozen(work, edition):
        raise Refused(TAKES_TWO)


def check_change(work: Work, edition: Edition, permission: str, *, by: Person, seconded: bool) -> None:
    """Raises Refused where this person may not change the roll, or not alone. What two people have agreed on was checked when they did."""
    if not seconded:
        if (reason := refusal(by.roles, permission)) is not None:
            raise Refused(reason)
        refuse_alone(work, edition, seconded=False)
