"""T33: freezing, extending and opening by one person are refused, by the verb and by the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.accounts.people import Person
from app.core.forms import read
from app.core.problems import Refused
from app.editions.models import Edition
from app.ledger.models import Motion
from app.ledger.motions import propose
from app.polls import extending, freezing, opening, sequencing
from app.polls.two_people import withdraw
from app.results import service as results
from app.unit import Work, work
from app.voting import clock as database_clock
from tests.bureau import SAFEKEEPING, members, shares
from tests.cast import Cast
from tests.polls.stage import DAY, open_vote
from tests.polls.unfrozen import unfrozen_vote

Asked = tuple[Motion, Callable[[Work, Edition, Motion, Person], object]]


@pytest.fixture(autouse=True)
def _same_clocks(clock: Any) -> Iterator[None]:
    with database_clock.held_at(clock.now):
        yield


def freeze(unit: Work, edition: Edition, by: Person) -> Asked:
    motion = freezing.propose_freeze(unit, edition, read(freezing.FreezeForm, SAFEKEEPING), by=by)
    return motion, lambda at, it, which, who: freezing.confirm_freeze(at, it, which, by=who)


def extension(unit: Work, edition: Edition, by: Person) -> Asked:
    form = read(extending.ExtensionForm, {"closes": "2026-12-20", "reason": "Panne."})
    motion = extending.propose_extension(unit, edition, form, by=by)
    return motion, lambda at, it, which, who: extending.confirm_extension(at, it, which, by=who)


def box(unit: Work, edition: Edition, by: Person) -> Asked:
    sequencing.tend(unit, edition)
    motion = opening.propose_opening(unit, edition, by=by)
    return motion, lambda at, it, which, who: opening.confirm_opening(at, it, which, shares()[:2], by=who)


@pytest.mark.parametrize(("act", "days"), [(freeze, 0), (extension, 0), (box, 21)])
def test_t33_one_person_alone_is_refused_by_the_verb_and_by_the_database(
    cast: Cast, act: Callable[[Work, Edition, Person], Asked], days: int
) -> None:
    first, second = members(cast)
    edition = unfrozen_vote(cast) if act is freeze else open_vote(cast)
    with work(cast.engine, now=cast.clock.now + days * DAY) as unit:
        held = unit.db.get_one(Edition, edition.id)
        motion, confirm = act(unit, held, first)
        with pytest.raises(Refused, match="second person"):
            confirm(unit, held, motion, first)
        by_hand = update(Motion).where(col(Motion.id) == motion.id).values(seconded_by_id=first.id, seconded_at=unit.now)
        with pytest.raises(IntegrityError, match="takes_two"), unit.db.begin_nested():
            unit.core.execute(by_hand)
        confirm(unit, held, motion, second)
        assert (motion.proposed_by_id, motion.seconded_by_id) == (first.id, second.id)


def test_a_publication_is_not_withdrawn_by_whoever_may_not_publish(unit: Work, cast: Cast) -> None:
    first, _ = members(cast)
    edition = open_vote(cast)
    motion = propose(unit, edition.id or 0, results.PUBLICATION, {"count": 1, "reserve": 0}, by=first.id)
    with pytest.raises(Refused, match="Publisher"):
        results.withdraw_publication(unit, edition, motion, by=first)
    with pytest.raises(Exception, match="page of the results"):
        withdraw(unit, edition, motion, by=first)
