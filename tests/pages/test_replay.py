"""The count shown again, step by step, one address for each step."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.problems import Missing
from app.core.tally.outcome import Action
from app.polls.queries import style_of
from app.results import queries, service
from app.results.replaying import can_replay, frame_of
from app.unit import Work
from app.voting.archive import pour
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


def marked(unit: Work, cast: Cast, marks: tuple[tuple[int, int], ...], many: int = 10, **poll: Any) -> City:
    """A vote on two projects with so many ballots of each pair of marks."""
    made = City(unit, cast, keys=("P01", "P02"), min_choices="", max_choices="", **poll)
    style, ids = style_of(made.poll), [made.id_of[key] for key in made.keys]
    pour(unit, made.edition.id or 0, [(style.entries(dict(zip(ids, pair, strict=True))), True) for pair in marks * many], origin="test")
    made.publish(service.count(unit, made.edition, by=made.bureau).number)
    unit.db.commit()
    return made


def test_where_supporters_pay_by_the_point_a_step_says_the_price_of_a_point(unit: Work, cast: Cast, client: TestClient) -> None:
    marked(unit, cast, ((7, 3),), style="points", points="10", rule="shares_points", completion="none", euros=90_000)
    first = text_of(client.get(f"{HOME}/1"))
    paid = "Les 10 personnes qui le soutiennent et à qui il restait de l’argent le paient ensemble : 350 € par point donné."
    assert paid in first, "10 × 7 × 350 = 24 500"
    assert "Chacun donne, par point" in first


@pytest.mark.parametrize(("scale", "word"), [("paris", "Coup de cœur"), ("seven", "Excellent")])
def test_a_count_by_grades_names_projects_and_grades_by_their_words(
    unit: Work, cast: Cast, client: TestClient, scale: str, word: str
) -> None:
    best = 3 if scale == "paris" else 6
    made = marked(unit, cast, ((best, best), (best, best), (best, best - 1)), style="grades", scale=scale, rule="majority_judgment")
    second = text_of(client.get(f"{HOME}/2"))
    assert "même mention majoritaire" in second
    assert word in second
    assert not any(id in second for id in made.id_of.values())
    assert "sur une échelle de" not in second + text_of(client.get("/editions/rennes-2027/results"))


def test_what_each_gives_is_told_to_the_same_cent_by_the_replay_and_by_the_result(unit: Work, cast: Cast, client: TestClient) -> None:
    """24 500 € for 13 × 7 points are 269,230… € for a point: rounded up by both, for the parts of all must reach the cost."""
    marked(unit, cast, ((7, 3),), many=13, style="points", points="10", rule="shares_points", completion="none", euros=90_000)
    first, told = text_of(client.get(f"{HOME}/1")), text_of(client.get("/editions/rennes-2027/results"))
    assert "269,24 € par point donné" in first
    assert "1 884,62 €" in told, told[told.index("au plus") - 200 :][:400]
    assert "269,23" not in first + told


def test_there_is_no_step_before_the_first(unit: Work, cast: Cast, client: TestClient) -> None:
    marked(unit, cast, ((7, 3),), style="points", points="10", rule="shares_points", completion="none", euros=90_000)
    assert client.get(f"{HOME}/0").status_code == client.get(f"{HOME}/999").status_code == 404
