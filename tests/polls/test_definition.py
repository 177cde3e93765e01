"""The definition that is frozen says what people know: the name the city chose for its site, where it chose one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.forms import read
from app.editions.models import Edition
from app.polls import freezing
from app.polls.freezing import freeze_of
from app.settings import settings
from app.site import SiteLook
from app.unit import work
from app.voting import clock as database_clock
from tests.bureau import SAFEKEEPING, members
from tests.cast import Cast
from tests.polls.unfrozen import unfrozen_vote


@pytest.fixture(autouse=True)
def _same_clocks(clock: Any) -> Iterator[None]:
    with database_clock.held_at(clock.now):
        yield


@pytest.mark.parametrize("name", ["", "Ville de Rennes"])
def test_the_frozen_definition_bears_the_name_the_city_chose(cast: Cast, name: str) -> None:
    first, second = members(cast)
    edition = unfrozen_vote(cast)
    with work(cast.engine, now=cast.clock.now) as unit:
        unit.db.add(SiteLook(name=name, changed_at=unit.now))
    with work(cast.engine, now=cast.clock.now) as unit:
        held = unit.db.get_one(Edition, edition.id)
        motion = freezing.propose_freeze(unit, held, read(freezing.FreezeForm, SAFEKEEPING), by=first)
        freezing.confirm_freeze(unit, held, motion, by=second)
        frozen = freeze_of(unit, held)
        assert frozen is not None
        assert json.loads(frozen.definition)["city"] == (name or settings().site_name)
