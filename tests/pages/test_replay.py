"""The count shown again, step by step, one address for each step."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.problems import Missing
from app.core.tally.outcome import Action
from app.results import queries, service
from app.results.replaying import can_replay, frame_of
from app.unit import Work
from tests.cast import Cast
from tests.pages.test_results import text_of
from tests.results.election import City, sample

RULES = {"greedy": {}, "shares": {"rule": "shares_cost", "completion": "none"}}
HOME = "/editions/rennes-2027/results/replay"


def city(unit: Work, cast: Cast, **poll: Any) -> City:
    made = City(unit, cast, **poll)
    made.fill([*sample(), []])
    count = service.count(unit, made.edition, by=made.bureau)
    made.publish(count.number)
    unit.db.commit()
    return made


@pytest.mark.parametrize("rule", list(RULES))
def test_every_step_has_a_page_and_the_money_never_jumps(rule: str, unit: Work, cast: Cast, client: TestClient) -> None:
    made = city(unit, cast, **RULES[rule])
    outcome = queries.published_result(unit, made.edition.slug).outcome
    assert f"{len(outcome.steps)} étapes" in text_of(client.get(HOME))
    result, left = queries.published_result(unit, made.edition.slug), outcome.budget_cents
    for number in range(1, len(outcome.steps) + 1):
        frame = frame_of(result, number)
        assert frame.left_before.cents == left
        left = frame.left.cents
        assert sum(brick.cents for brick in frame.bricks) + left == outcome.budget_cents
        assert bool(frame.queue) == (rule == "greedy")
        assert (frame.purse is not None) == (rule == "shares" and frame.action is Action.BOUGHT)
    last = text_of(client.get(f"{HOME}/{len(outcome.steps)}"))
    assert f"Étape {len(outcome.steps)} sur {len(outcome.steps)}" in last
    assert "Étape suivante" not in last
    first = text_of(client.get(f"{HOME}/1"))
    assert result.names[outcome.steps[0].project] in first
    assert "Étape précédente" not in first


def test_a_step_that_is_not_there_says_so(unit: Work, cast: Cast, client: TestClient) -> None:
    city(unit, cast)
    assert client.get(f"{HOME}/9999").status_code == 404
    assert client.get("/editions/rennes-2028/results/replay").status_code == 404


def test_nothing_is_replayed_where_only_totals_are_published(unit: Work, cast: Cast) -> None:
    made = city(unit, cast)
    result = replace(queries.published_result(unit, made.edition.slug), few=20)
    with pytest.raises(Missing):
        frame_of(result, 1)
    assert not can_replay(result)
