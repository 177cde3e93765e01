"""What several scores say together: the weighted mean as an exact fraction, and how far the jurors stand apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Scores = Mapping[str, int]


@dataclass(frozen=True)
class Spread:
    """How one criterion was scored: the mean, the lowest and the highest score."""

    mean: Fraction
    low: int
    high: int

    @property
    def points(self) -> int:
        """The distance between the lowest and the highest score, in points of the scale."""
        return self.high - self.low


def weighted_mean(weights: Mapping[str, int], opinions: Sequence[Scores]) -> Fraction | None:
    """The mean over all opinions of the weighted score of each, on the scale of the scores; None without an opinion.

    Each juror counts the same, each criterion by its weight. Raises KeyError where a score is missing.
    """
    total = sum(weights.values())
    if not opinions or not total:
        return None
    return Fraction(sum(weights[key] * opinion[key] for opinion in opinions for key in weights), total * len(opinions))


def spreads(weights: Mapping[str, int], opinions: Sequence[Scores]) -> dict[str, Spread]:
    """The spread of each criterion, empty without an opinion."""
    if not opinions:
        return {}
    given = {key: [opinion[key] for opinion in opinions] for key in weights}
    return {key: Spread(Fraction(sum(scores), len(scores)), min(scores), max(scores)) for key, scores in given.items()}
