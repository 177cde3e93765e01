"""Counting a closed box: to the last euro, never too early, never over an earlier count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.core.tally import Outcome
from app.editions.queries import calendar_of
from app.polls.models import Poll
from app.results import service
from app.results.counting import lines_of, profile_hash
from app.results.forms import DrawForm
from app.results.models import Count, Draw
from app.results.words import tie_words
from app.unit import Work
from tests.cast import Cast
from tests.core.rennes import demonstration
from tests.results.election import City, person, sample

SCENARIOS = demonstration()["expected"]["scenarios"]
METHODS: dict[str, dict[str, str]] = {
    "greedy_skip": {"rule": "greedy_skip"},
    "greedy_no_skip": {"rule": "greedy_stop"},
    "equal_shares_cost": {"rule": "shares_cost", "completion": "none"},
    "equal_shares_cost_add1_until_exhaustive": {"rule": "shares_cost", "completion": "add1_until_exhaustive", "step": "1"},
    "equal_shares_cost_add1_until_overspend": {"rule": "shares_cost", "completion": "add1_until_infeasible", "step": "1"},
    "equal_shares_cardinality_add1_until_exhaustive": {"rule": "shares_cardinality", "completion": "add1_until_exhaustive", "step": "1"},
}


def drawn(value: str, kind: str = "order", **more: Any) -> DrawForm:
    return read(DrawForm, {"kind": kind, "value": value, "held_on": "2026-11-20"} | more)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario['method']}-{scenario['envelope']}")
def test_each_scenario_of_the_demonstration_comes_out_of_the_box_to_the_last_euro(unit: Work, cast: Cast, scenario: dict[str, Any]) -> None:
    draw, one_each = scenario.get("draw"), scenario.get("one_award_per_carrier")
    poll = METHODS[scenario["method"]] | ({"max_per_carrier": "1"} if one_each else {}) | ({"tie_first": ""} if draw else {})
    city = City(unit, cast, euros=scenario["envelope"], **poll)
    city.fill(sample())
    count = service.count(unit, city.edition, by=city.bureau)
    if draw:
        numbers = {one.id: one.number for one in city.poll.candidates}
        form = drawn(", ".join(str(numbers[city.id_of[key]]) for key in draw))
        count = service.enter_draw(unit, city.edition, form, by=city.bureau)
    outcome = Outcome.from_json(count.outcome)
    assert city.keys_of(outcome.selected) == scenario["laureates"]
    assert (outcome.spent_cents, outcome.left_cents) == (scenario["spent"] * 100, scenario["left"] * 100)
    assert count.totals["valid"] == 600


def test_nothing_is_counted_before_the_vote_has_ended(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    window = calendar_of(unit, city.edition).deadline("voting")
    early = Work(unit.db, window - timedelta(seconds=1))
    with pytest.raises(Refused, match="Nothing can be counted before"):
        service.count(early, city.edition, by=city.bureau)
    assert unit.db.exec(select(Count)).first() is None


def test_only_the_bureau_and_the_administrator_count(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    with pytest.raises(Refused, match="count the ballots"):
        service.count(unit, city.edition, by=city.publisher)


def test_an_edition_without_a_fixed_poll_is_not_counted(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    unit.db.delete(unit.db.get_one(Poll, city.edition.id))
    unit.db.flush()
    with pytest.raises(Refused, match="not set up"):
        service.count(unit, city.edition, by=city.bureau)


def test_a_recount_adds_a_count_and_overwrites_none(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    city.fill([["P01", "P02", "P03"], ["P01"], []])
    first, second = (service.count(unit, city.edition, by=city.bureau) for _ in range(2))
    assert (first.number, second.number) == (1, 2)
    assert first.outcome == second.outcome
    assert first.profile_hash == second.profile_hash
    assert second.totals == {"valid": 2, "blank": 1, "null": {}, "channels": {"online": 3}}


def test_zero_ballots_are_counted_and_say_so(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    city.fill([])
    outcome = Outcome.from_json(service.count(unit, city.edition, by=city.bureau).outcome)
    assert outcome.selected == ()
    assert outcome.valid == outcome.blank == 0
    assert outcome.needs_draw == ()


def test_an_envelope_below_every_cost_gives_no_winner_and_a_reason_each(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, euros=100, keys=("P01", "P02", "P03"))
    city.fill([["P01", "P02", "P03"]])
    outcome = Outcome.from_json(service.count(unit, city.edition, by=city.bureau).outcome)
    assert outcome.selected == ()
    assert all("was left" in str(row.reason) or "asks for" in str(row.reason) for row in outcome.rows)


def tied(unit: Work, cast: Cast) -> City:
    """Three projects with a vote each where money is short, and nothing but the draw to part them."""
    city = City(unit, cast, euros=30_000, keys=("P01", "P02", "P03"), tie_first="")
    city.fill([["P01"], ["P02"], ["P03"]])
    return city


def test_a_tie_waits_for_the_draw_and_the_draw_counts_again(unit: Work, cast: Cast) -> None:
    city = tied(unit, cast)
    first = service.count(unit, city.edition, by=city.bureau)
    assert len(Outcome.from_json(first.outcome).needs_draw) == 3
    second = service.enter_draw(unit, city.edition, drawn("3 1, 2"), by=city.bureau)
    assert second.number == 2
    assert Outcome.from_json(second.outcome).selected[0] == city.id_of["P03"]


def test_a_public_number_settles_every_tie(unit: Work, cast: Cast) -> None:
    city = tied(unit, cast)
    service.count(unit, city.edition, by=city.bureau)
    second = service.enter_draw(unit, city.edition, drawn("7 12 23 31 44 – 8", "seed"), by=city.bureau)
    assert Outcome.from_json(second.outcome).needs_draw == ()
    with pytest.raises(Conflict, match="No count is waiting"):
        service.enter_draw(unit, city.edition, drawn("8", "seed"), by=city.bureau)


@pytest.mark.parametrize("value", ["1, 2", "1, 2, 4", "1, 1, 2", "1 2 trois", "1, 2, 3, 3"])
def test_an_order_that_is_not_that_of_the_tied_projects_is_refused(unit: Work, cast: Cast, value: str) -> None:
    city = tied(unit, cast)
    service.count(unit, city.edition, by=city.bureau)
    with pytest.raises(Invalid, match="Give each of these numbers once"):
        service.enter_draw(unit, city.edition, drawn(value), by=city.bureau)
    assert unit.db.get(Draw, city.edition.id) is None


def test_a_draw_nobody_waits_for_is_refused(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    with pytest.raises(Conflict, match="No count is waiting"):
        service.enter_draw(unit, city.edition, drawn("1"), by=city.bureau)


def test_a_draw_of_tomorrow_is_refused(unit: Work, cast: Cast) -> None:
    city = tied(unit, cast)
    service.count(unit, city.edition, by=city.bureau)
    with pytest.raises(Invalid, match="in the future"):
        service.enter_draw(unit, city.edition, drawn("3 1 2", held_on="2026-11-23"), by=city.bureau)


def test_the_desk_agent_does_not_enter_the_draw(unit: Work, cast: Cast) -> None:
    city = tied(unit, cast)
    unit.db.commit()
    with pytest.raises(Refused):
        service.enter_draw(unit, city.edition, drawn("1 2 3"), by=person(cast, Role.DESK_AGENT))


def test_the_hash_of_what_was_counted_does_not_depend_on_the_order_of_ballots() -> None:
    ballots = {frozenset("ab"): 2, frozenset("c"): 1, frozenset[str](): 1}
    assert lines_of(ballots) == [(), ("a", "b"), ("a", "b"), ("c",)]
    assert profile_hash(ballots) == profile_hash(dict(reversed(ballots.items())))


def test_what_a_tie_still_needs_is_told_only_while_it_needs_it(unit: Work, cast: Cast) -> None:
    """Three equal projects and nothing but a draw to part them: money for all, or for some."""
    for euros, waits in ((1_000_000, False), (30_000, True)):
        city = City(unit, cast, euros=euros, keys=("P01", "P02", "P03"), tie_first="", slug=f"rennes-{euros}")
        city.fill([["P01"], ["P02"], ["P03"]])
        outcome = Outcome.from_json(service.count(unit, city.edition, by=city.bureau).outcome)
        (tie,) = outcome.ties
        assert (tie.by, bool(outcome.needs_draw), len(outcome.selected)) == ((), waits, 0 if waits else 3)
        told = str(tie_words(tie, {id: key for key, id in city.id_of.items()}, waits=waits))
        assert ("not parted yet" in told, "nothing had to part them" in told) == (waits, not waits)


def test_who_waits_for_the_draw_is_not_among_those_not_chosen(unit: Work, cast: Cast, client: TestClient) -> None:
    city = City(unit, cast, euros=30_000, keys=("P01", "P02", "P03"), tie_first="")
    city.fill([["P01", "P02", "P03"]] * 20)
    service.count(unit, city.edition, by=city.bureau)
    unit.db.commit()
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    page = client.get("/staff/editions/rennes-2027/results").text
    assert ("Projets qui attendent le tirage au sort" in page, "Projets non retenus" in page) == (True, False)
    service.enter_draw(unit, city.edition, drawn("3 1, 2"), by=city.bureau)
    unit.db.commit()
    page = client.get("/staff/editions/rennes-2027/results").text
    assert ("Projets qui attendent le tirage au sort" in page, "Projets non retenus" in page) == (False, True)
