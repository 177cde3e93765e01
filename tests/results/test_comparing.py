"""The count as a job, the rules beside a result, and the what-ifs of officials: on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import worker
from app.core.forms import read
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.core.tally.comparison import OFFICIAL
from app.jobs import Job
from app.results import comparisons, queries, service, simulating
from app.results.forms import WhatIf
from app.results.models import Count, SimulatedRule, Simulation
from app.unit import Work
from tests.cast import Cast
from tests.results.election import City, sample

FEW = ("P01", "P02", "P03", "P04")


@pytest.fixture
def city(unit: Work, cast: Cast) -> City:
    """The demonstration's election with a small part of its projects, not counted yet."""
    made = City(unit, cast, euros=50_000, keys=FEW)
    made.fill([["P01", "P02", "P03"]] * 3 + [["P01", "P02", "P04"]] * 2 + [["P01", "P03", "P04"]] + [[]])
    return made


def publish(city: City) -> Count:
    count = service.count(city.unit, city.edition, by=city.bureau)
    city.publish(count.number)
    city.unit.db.commit()
    return count


def run_worker(city: City, engine: Engine) -> None:
    """Run what is due, as the worker does beside the web processes."""
    city.unit.db.commit()
    worker.run_all(engine)
    city.unit.db.expire_all()


def test_a_small_box_is_counted_at_once(city: City) -> None:
    made = service.ask_count(city.unit, city.edition, by=city.bureau)
    assert made is not None
    assert queries.count_job(city.unit, city.edition) is None


def test_a_large_box_is_closed_and_counted_by_the_worker(city: City, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 6)
    assert service.ask_count(city.unit, city.edition, by=city.bureau) is None
    assert service.ask_count(city.unit, city.edition, by=city.bureau) is None
    job = queries.count_job(city.unit, city.edition)
    assert job is not None
    assert service.last_count(city.unit, city.edition) is None
    run_worker(city, engine)
    (made,) = [count for count, _ in queries.counts_of(city.unit, city.edition)]
    assert (made.number, made.counted_by_id) == (1, city.bureau.id)
    assert made.outcome["selected"]
    assert queries.count_job(city.unit, city.edition) is None


def test_only_those_who_may_count_can_ask_for_it(city: City) -> None:
    with pytest.raises(Refused, match="count the ballots"):
        service.ask_count(city.unit, city.edition, by=city.publisher)


def test_a_count_keeps_what_it_gives_the_voters(city: City) -> None:
    count = service.count(city.unit, city.edition, by=city.bureau)
    kept = comparisons.given_to_voters(city.unit, count)
    assert kept is not None
    assert (kept.name, kept.selected, kept.statistics.voters) == (OFFICIAL, tuple(count.outcome["selected"]), 6)
    assert kept.statistics.served == 6


def test_other_rules_count_only_after_publication(city: City, engine: Engine) -> None:
    service.count(city.unit, city.edition, by=city.bureau)
    run_worker(city, engine)
    assert len(city.unit.db.exec(select(SimulatedRule)).all()) == 1
    with pytest.raises(Missing):
        comparisons.beside_result(city.unit, city.edition.slug)


def test_after_publication_every_rule_stands_beside_the_result(city: City, engine: Engine) -> None:
    publish(city)
    found = comparisons.beside_result(city.unit, city.edition.slug)
    assert not found.complete
    assert [one.name for one in found.entries] == [OFFICIAL]
    run_worker(city, engine)
    found = comparisons.beside_result(city.unit, city.edition.slug)
    assert found.complete
    assert len(found.entries) == found.total > 3
    assert [one.name for one in found.entries] == found.simulation.rules  # type: ignore[union-attr]
    assert {one.id for one, _ in found.grid} == {id for one in found.entries for id in one.selected}


def test_a_worker_that_died_goes_on_where_it_stopped(city: City, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(city)
    whole = simulating.compared

    def dying(*given: Any, **named: Any) -> Any:
        for done, entry in enumerate(whole(*given, **named)):
            if done == 2:
                raise OSError("the machine went down")
            yield entry

    monkeypatch.setattr(simulating, "compared", dying)
    run_worker(city, engine)
    assert len(comparisons.beside_result(city.unit, city.edition.slug).entries) == 2
    assert "went down" in comparisons.beside_result(city.unit, city.edition.slug).failed
    monkeypatch.setattr(simulating, "compared", whole)
    job = city.unit.db.exec(select(Job).where(Job.kind == simulating.COMPARE_JOB)).one()
    simulating.fill(city.unit, job.payload)
    assert comparisons.beside_result(city.unit, city.edition.slug).complete


def test_a_what_if_with_the_same_envelope_gives_the_published_winners(city: City) -> None:
    count = publish(city)
    made = simulating.try_rules(city.unit, city.edition, count, WhatIf())
    assert made.rules[0].selected == tuple(count.outcome["selected"])


def test_a_larger_envelope_is_counted_again_with_every_rule_asked_for(city: City) -> None:
    count = publish(city)
    made = simulating.try_rules(city.unit, city.edition, count, WhatIf(envelope=1_000_000_00, rules=("equal_shares",)))
    assert [one.name for one in made.rules] == [OFFICIAL, "equal_shares"]
    assert made.budget_cents == 1_000_000_00
    assert len(made.rules[0].selected) == len(FEW)


def test_a_minimum_of_votes_holds_for_all_rules_of_a_what_if(city: City) -> None:
    count = publish(city)
    made = simulating.try_rules(city.unit, city.edition, count, WhatIf(envelope=1_000_000_00, min_votes=5))
    assert {city.keys_of(one.selected)[0] for one in made.rules} == {"P01"}
    assert all(set(city.keys_of(one.selected)) <= {"P01", "P02"} for one in made.rules)


def test_a_report_has_an_address_and_is_filled_by_the_worker(city: City, engine: Engine) -> None:
    count = publish(city)
    made = simulating.report(city.unit, city.edition, count, WhatIf(envelope=60_000_00, rules=("equal_shares",)), by=city.publisher)
    assert comparisons.report_at(city.unit, made.public_id).entries == ()
    run_worker(city, engine)
    found = comparisons.report_at(city.unit, made.public_id)
    assert found.complete
    assert (found.envelope.cents, [one.name for one in found.entries]) == (60_000_00, [OFFICIAL, "equal_shares"])
    assert [one.public_id for one in comparisons.reports_of(city.unit, count)] == [made.public_id]


def test_the_comparison_beside_a_result_is_no_report(city: City) -> None:
    publish(city)
    official = city.unit.db.exec(select(Simulation)).one()
    with pytest.raises(Missing):
        comparisons.report_at(city.unit, official.public_id)


def test_only_some_roles_make_reports(city: City, cast: Cast) -> None:
    count = publish(city)
    visitor = cast.person("moderator@example.org", roles=["moderator"])
    with pytest.raises(Refused, match="try other rules"):
        simulating.report(city.unit, city.edition, count, WhatIf(), by=visitor)


@pytest.mark.parametrize("given", [{"rules": ["unknown"]}, {"envelope": "much"}, {"min_votes": "-1"}, {"more": "1"}])
def test_a_what_if_that_cannot_be_read_says_so(given: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        read(WhatIf, given)
    assert next(iter(caught.value.errors)).partition("-")[0] in given


def test_a_recount_starts_a_comparison_of_its_own(city: City) -> None:
    service.count(city.unit, city.edition, by=city.bureau)
    last = publish(city)
    official = simulating.official_of(city.unit, last.id or 0)
    assert official is not None
    assert comparisons.beside_result(city.unit, city.edition.slug).simulation == official
    with pytest.raises(Conflict):
        publish(city)


def test_on_the_whole_demonstration_all_rules_count(unit: Work, cast: Cast, engine: Engine) -> None:
    city = City(unit, cast)
    city.fill([*sample(), []])
    publish(city)
    run_worker(city, engine)
    found = comparisons.beside_result(unit, city.edition.slug)
    assert found.complete
    told = found.entries[0].statistics
    assert told.voters == 600
    assert sum(part.spent_cents for part in told.parts["theme"]) == found.entries[0].spent_cents
    assert sum(part.vote_share for part in told.parts["country"]) == 1
