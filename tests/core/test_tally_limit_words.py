"""Each limit of a rule has its sentence, with its number and what it is about."""

from __future__ import annotations

from app.core.tally.limit_words import limit_words
from app.core.tally.limits import AnyLimit, MaxPer, MaxSpending, MinVotes


def said(*limits: AnyLimit) -> list[str]:
    return [str(one) for one in limit_words(limits, "EUR")]


def test_awards_and_money_are_told_with_what_the_projects_share() -> None:
    assert said(MaxPer(key="site", most=1), MaxPer(key="theme", most=2, value="water"), MaxSpending(key="carrier", cents=50_00)) == [
        "Of the projects on one site, 1 can win at most.",
        "Of the projects of one theme (water), 2 can win at most.",
        "The projects of one carrier get 50.00 EUR together at most.",
    ]
    places = {"district": "of one district", "country": "in one country", "scope": "of one part of the ballot"}
    for key, words in places.items():
        assert said(MaxPer.model_validate({"key": key, "most": 3})) == [f"Of the projects {words}, 3 can win at most."]


def test_what_a_project_needs_is_told_condition_by_condition() -> None:
    assert said(MinVotes(votes=2)) == ["A project needs at least 2 votes."]
    assert said(MinVotes(votes=1)) == []
    assert said(MinVotes(percent="5")) == ["A project needs the votes of 5 % of all ballots."]
    (more,) = said(MinVotes(per_cost=3))
    assert "divided by 3" in more
    assert said(MinVotes(votes=50, percent="5", scope="city")) == [
        "For the projects of city: A project needs at least 50 votes.",
        "For the projects of city: A project needs the votes of 5 % of all ballots.",
    ]
