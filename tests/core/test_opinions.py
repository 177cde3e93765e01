"""Promises of several scores together: exact means, weights, divergence."""

from fractions import Fraction

import pytest

from app.core.opinions import Spread, spreads, weighted_mean

WEIGHTS = {"need": 3, "partner": 1}


def test_the_mean_weighs_criteria_and_counts_jurors_alike() -> None:
    assert weighted_mean(WEIGHTS, [{"need": 4, "partner": 0}, {"need": 1, "partner": 5}]) == Fraction(3 * 4 + 0 + 3 * 1 + 5, 8)


def test_the_mean_is_exact() -> None:
    assert weighted_mean({"a": 1, "b": 1, "c": 1}, [{"a": 1, "b": 0, "c": 0}]) == Fraction(1, 3)


def test_without_an_opinion_there_is_no_mean_and_no_spread() -> None:
    assert weighted_mean(WEIGHTS, []) is None
    assert spreads(WEIGHTS, []) == {}


def test_a_score_that_is_missing_is_never_taken_for_zero() -> None:
    with pytest.raises(KeyError):
        weighted_mean(WEIGHTS, [{"need": 4}])


def test_the_spread_tells_the_lowest_and_the_highest() -> None:
    found = spreads(WEIGHTS, [{"need": 5, "partner": 2}, {"need": 1, "partner": 2}, {"need": 3, "partner": 3}])
    assert found["need"] == Spread(Fraction(3), 1, 5)
    assert (found["need"].points, found["partner"].points) == (4, 1)
