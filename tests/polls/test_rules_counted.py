"""What officials can choose is counted, published, and counted again from the public file with the same winners."""

from __future__ import annotations

import pytest

from app.core.formats import read_election, rule_of
from app.core.tally import Outcome, read_rule
from app.exchange.declared import election_of
from app.exchange.exporting import election_text
from app.results import service
from app.results.queries import result_of
from app.unit import Work
from tests.cast import Cast
from tests.results.election import City, edition_of, sample

POLLS = {
    "winners": {"rule": "greedy_skip", "winners": "5"},
    "per_cost": {"rule": "per_cost", "max_per_theme": "2", "tie_second": "older"},
    "shares": {"rule": "shares_cost", "completion": "add1_until_infeasible", "step": "5", "fill": "yes", "max_per_country": "1"},
    "compared": {"rule": "shares_cardinality", "completion": "none", "safeguard": "money", "tie_second": "votes", "tie_third": "older"},
    "phragmen": {"rule": "phragmen_skip", "min_percent": "20", "tie_first": "older", "max_per_country": "2"},
}


@pytest.mark.parametrize("name", POLLS)
def test_a_published_result_is_found_again_from_its_file(unit: Work, cast: Cast, name: str) -> None:
    city = City(unit, cast, **POLLS[name])
    city.fill([*sample(), []])
    count = service.count(unit, city.edition, by=city.bureau)
    outcome = Outcome.from_json(count.outcome)
    assert outcome.selected
    assert outcome.spent_cents <= outcome.budget_cents
    city.publish(count.number)
    result = result_of(unit, edition_of(city))
    assert result is not None
    file = read_election(election_text(unit, result).encode(), name="election.pb")
    rule = read_rule(rule_of(file))
    again = rule.count(election_of(file, rule))
    assert (again.selected, again.spent_cents) == (outcome.selected, outcome.spent_cents)
    assert [tie.by for tie in again.ties] == [tie.by for tie in outcome.ties]


def test_limits_for_themes_and_countries_and_a_percentage_hold(unit: Work, cast: Cast) -> None:
    city = City(unit, cast, rule="phragmen_skip", min_percent="20", max_per_theme="2", max_per_country="1")
    city.fill(sample())
    outcome = Outcome.from_json(service.count(unit, city.edition, by=city.bureau).outcome)
    by_id = {one.id: one for one in city.poll.candidates}
    won = [by_id[id] for id in outcome.selected]
    assert won
    assert all(outcome.row(one.id).votes * 5 >= 600 for one in won)
    assert len({one.country for one in won}) == len(won)
    themes = [one.theme for one in won]
    assert max(themes.count(theme) for theme in themes) <= 2
