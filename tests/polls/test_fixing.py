"""Fixing the vote: all rules stand before it opens, and nothing moves after."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.people import Person
from app.core.ballots import Approval, Knapsack
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Invalid, Problem, Refused
from app.core.tally import EqualShares, Greedy
from app.editions.models import Edition
from app.electorate.models import Registrar
from app.ledger.models import Entry
from app.polls import queries, service
from app.polls.forms import PollForm
from app.polls.models import Poll
from app.polls.shown import values_of
from app.unit import work
from app.voting.models import Box
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import DAY, FORM, edition_with_projects


def publisher(cast: Cast) -> Person:
    return cast.person("pauline@example.org", "Pauline Hamon", [Role.PUBLISHER])


def fix(cast: Cast, edition: Edition, *, days: int = -2, **form: Any) -> Poll:
    by = publisher(cast)
    with work(cast.engine, now=cast.clock.now + days * DAY) as unit:
        return service.fix(unit, unit.db.get_one(Edition, edition.id), read(PollForm, FORM | form), by=by)


def test_fixing_freezes_the_list_the_style_and_the_rule(cast: Cast, engine: Engine) -> None:
    poll = fix(cast, edition_with_projects(cast))
    assert [one.number for one in poll.candidates] == [1, 2, 3, 4]
    assert queries.style_of(poll) == Approval(min_choices=3, max_choices=6)
    assert queries.rule_of(poll) == Greedy(max_per_carrier=1, tie_break=("cheaper", "draw"))
    with work(engine) as unit:
        assert len(unit.db.exec(select(Box)).one().key) == len(unit.db.exec(select(Registrar)).one().key) == 32
        assert unit.db.exec(select(Entry).where(Entry.event == "poll:fix")).one().text == "1, 2, 3, 4"


def test_until_voting_opens_it_may_be_fixed_again_and_the_keys_stay(cast: Cast, engine: Engine) -> None:
    edition = edition_with_projects(cast)
    fix(cast, edition)
    with work(engine) as unit:
        key = unit.db.exec(select(Box)).one().key
    poll = fix(cast, edition, style="knapsack", rule="shares_cost", completion="add1_until_exhaustive", step="1")
    assert queries.style_of(poll) == Knapsack()
    assert queries.rule_of(poll) == EqualShares(max_per_carrier=1, completion="add1_until_exhaustive")
    with work(engine) as unit:
        assert unit.db.exec(select(Box)).one().key == key


@pytest.mark.parametrize("days", [0, 40])
def test_once_voting_has_opened_nothing_can_be_fixed(cast: Cast, days: int) -> None:
    edition = edition_with_projects(cast)
    with pytest.raises(Refused, match="Voting has opened"):
        fix(cast, edition, days=days)


def test_voting_opens_at_its_instant_and_fixing_ends_with_the_last_second_before(cast: Cast, clock: Clock) -> None:
    edition = edition_with_projects(cast, voting=(clock.now + timedelta(seconds=1), clock.now + DAY))
    assert fix(cast, edition, days=0).fixed_at == clock.now
    clock.now += timedelta(seconds=1)
    with pytest.raises(Refused):
        fix(cast, edition, days=0)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"min_choices": "4", "max_choices": "2"}, "max_choices"),
        ({"min_choices": "5", "max_choices": "6"}, "min_choices"),
        ({"min_choices": "0"}, "min_choices"),
        ({"draw_source": "un tirage"}, "draw_source"),
        ({"rule": "borda"}, "rule"),
        ({"max_total": "beaucoup"}, "max_total"),
        ({"mystery": "1"}, "mystery"),
    ],
)
def test_what_cannot_be_fixed_is_told_at_its_field(cast: Cast, form: dict[str, str], field: str) -> None:
    edition = edition_with_projects(cast)
    with pytest.raises(Invalid) as told:
        fix(cast, edition, **form)
    assert field in told.value.errors


def test_no_dates_no_project_no_role_no_vote(cast: Cast, engine: Engine, clock: Clock) -> None:
    edition = cast.edition(slug="vide", phases={"voting": (clock.now + DAY, clock.now + 3 * DAY)})
    with pytest.raises(Refused, match="No project"):
        fix(cast, edition)
    undated = cast.edition(slug="sans-date", phases={"voting": None})
    with pytest.raises(Refused, match="voting dates"):
        fix(cast, undated)
    with work(engine) as unit:
        assert queries.poll_of(unit, edition) is None
        with pytest.raises(Problem, match="not set up"):
            queries.fixed_poll(unit, edition)


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "greedy_stop", "winners": "3"},
        {"rule": "shares_cost", "completion": "add1_until_infeasible", "step": "0,20", "safeguard": "money"},
        {"rule": "phragmen_stop", "min_percent": "2,5 %", "max_per_country": "2"},
    ],
    ids=lambda rule: rule["rule"],
)
def test_the_form_shows_again_what_was_fixed(cast: Cast, rule: dict[str, str]) -> None:
    poll = fix(cast, edition_with_projects(cast), max_total="1 250,50", **rule)
    values = values_of(queries.style_of(poll), queries.rule_of(poll), poll.draw_source)
    again = read(PollForm, {name: "" if value is None else value for name, value in values.items()})
    assert (again.ballot_style(), again.tally_rule()) == (queries.style_of(poll), queries.rule_of(poll))
