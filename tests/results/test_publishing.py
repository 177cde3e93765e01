"""Publishing a count and entering what the council decided."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from app.core.forms import read
from app.core.problems import Conflict, Invalid, Refused
from app.core.tally import Election, Project
from app.proposals.models import Proposal
from app.results import queries, service
from app.results.forms import CouncilForm, PublicationForm
from app.results.models import CouncilDecision, Publication
from app.unit import Work
from tests.cast import Cast
from tests.results.election import City, sample

FEW = ("P01", "P02", "P03", "P04")
VOTES = [["P01", "P02", "P03"]] * 3 + [["P01", "P02", "P04"]] * 2 + [["P01", "P03", "P04"]] + [[]]


@pytest.fixture
def city(unit: Work, cast: Cast) -> City:
    """P01 (24,500 €) and P02 win an envelope that is too small for a third."""
    made = City(unit, cast, euros=50_000, keys=FEW)
    made.fill(VOTES)
    return made


def published(city: City, reserve: int = 0) -> Publication:
    count = service.count(city.unit, city.edition, by=city.bureau)
    return city.publish(count.number, reserve)


def states(city: City) -> dict[str, str]:
    found = city.unit.db.exec(select(Proposal.public_id, Proposal.state).where(Proposal.edition_id == city.edition.id))
    return {city.keys_of([id])[0]: state for id, state in found}


def test_the_reserve_list_that_the_rule_names_stands_whatever_is_typed(unit: Work, cast: Cast) -> None:
    made = City(unit, cast, euros=50_000, keys=FEW, reserve_list="1")
    made.fill(VOTES)
    published(made, reserve=2)
    assert list(states(made).values()).count("reserve") == 1


def council(city: City, *keys: str, **answers: Any) -> CouncilForm:
    usual = {"outcome": "awarded", "reference": "Délibération n° 2026-0312", "decided_on": "2026-11-20"}
    return read(CouncilForm, {"projects": [city.id_of[key] for key in keys]} | usual | answers)


def test_publishing_tells_every_project_what_became_of_it(city: City) -> None:
    published(city)
    result = queries.result_of(city.unit, city.edition)
    assert result is not None
    won = city.keys_of(result.outcome.selected)
    assert states(city) == {key: "leading" if key in won else "not_selected" for key in FEW}
    assert won
    assert len(won) < 4
    assert not result.decided


def test_the_best_losers_fill_the_reserve_list(city: City) -> None:
    published(city, reserve=1)
    result = queries.result_of(city.unit, city.edition)
    assert result is not None
    assert [one.state for one in result.losers].count("reserve") == 1
    assert result.losers[0].state == "reserve"


def test_only_a_publisher_publishes_and_only_once(city: City) -> None:
    service.count(city.unit, city.edition, by=city.bureau)
    with pytest.raises(Refused, match="publish the results"):
        service.propose_publication(city.unit, city.edition, PublicationForm(count=1), by=city.bureau)
    published(city)
    with pytest.raises(Conflict, match="published already"):
        published(city)


def test_a_count_that_is_not_the_last_is_not_published(city: City) -> None:
    for _ in range(2):
        service.count(city.unit, city.edition, by=city.bureau)
    with pytest.raises(Conflict, match="Another count"):
        city.publish(1)


def test_a_result_that_waits_for_the_draw_is_not_published(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, euros=30_000, keys=("P01", "P02", "P03"), tie_first="")
    city.fill([["P01"], ["P02"], ["P03"]])
    with pytest.raises(Refused, match="public draw"):
        published(city)
    assert set(states(city).values()) == {"on_ballot"}


def test_an_election_without_a_ballot_is_published_properly(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, keys=("P01", "P02", "P03"))
    city.fill([])
    published(city, reserve=2)
    assert set(states(city).values()) == {"not_selected"}


def test_the_council_awards_and_refuses_and_only_then_is_a_project_awarded(city: City) -> None:
    published(city)
    service.decide(city.unit, city.edition, council(city, "P01"), by=city.publisher)
    refusal = council(city, "P02", outcome="refused", reason="Le partenaire s'est retiré.")
    service.decide(city.unit, city.edition, refusal, by=city.publisher)
    assert (states(city)["P01"], states(city)["P02"]) == ("awarded", "refused_by_council")
    result = queries.result_of(city.unit, city.edition)
    assert result is not None
    assert result.decided
    refused = next(one for one in result.standings if one.state == "refused_by_council")
    assert refused.decision is not None
    assert refused.decision.reason == "Le partenaire s'est retiré."


def test_a_refusal_by_the_council_needs_its_reason(city: City) -> None:
    published(city)
    with pytest.raises(Invalid) as caught:
        service.decide(city.unit, city.edition, council(city, "P01", outcome="refused"), by=city.publisher)
    assert list(caught.value.errors) == ["reason"]
    assert city.unit.db.exec(select(CouncilDecision)).first() is None


@pytest.mark.parametrize("keys", [("P03",), ("P01", "P03")])
def test_the_council_decides_on_leading_projects_only_and_on_all_named_or_none(city: City, keys: tuple[str, ...]) -> None:
    published(city)
    with pytest.raises(Invalid, match="waiting for the council"):
        service.decide(city.unit, city.edition, council(city, *keys), by=city.publisher)
    assert states(city)["P01"] == "leading"


def test_a_decision_is_entered_once(city: City) -> None:
    published(city)
    service.decide(city.unit, city.edition, council(city, "P01"), by=city.publisher)
    with pytest.raises(Invalid):
        service.decide(city.unit, city.edition, council(city, "P01"), by=city.publisher)


def test_the_bureau_does_not_enter_the_decision_of_the_council(city: City) -> None:
    published(city)
    with pytest.raises(Refused):
        service.decide(city.unit, city.edition, council(city, "P01"), by=city.bureau)


def test_a_deliberation_of_tomorrow_is_refused(city: City) -> None:
    published(city)
    with pytest.raises(Invalid, match="in the future"):
        service.decide(city.unit, city.edition, council(city, "P01", decided_on="2026-11-22"), by=city.publisher)


def test_the_whole_demonstration_is_published_with_a_true_reason_for_every_loser(unit: Work, cast: Cast) -> None:
    """As many further supporters as said would have sufficed, one less would not: by counting again."""
    city = City(unit, cast)
    city.fill(sample())
    published(city)
    result = queries.result_of(unit, city.edition)
    assert result is not None
    ballots = [[city.id_of[key] for key in ballot] for ballot in sample()]
    for one in result.losers:
        missing = one.row.missing_votes
        assert missing is not None
        for more, wins in ((missing, True), (missing - 1, False)):
            outcome = recounted(result, ballots, one.row.project, more)
            assert (one.row.project in outcome) is wins


def recounted(result: queries.Result, ballots: list[list[str]], project: str, more: int) -> tuple[str, ...]:


    projects = [Project(one.id, one.cost_cents, one.carrier) for one in result.poll.candidates]
    return result.rule.count(Election.of(projects, [*ballots, *[[project]] * more], result.outcome.budget_cents)).selected
