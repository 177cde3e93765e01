"""Large elections made by a recipe, the same for the same seed: for the bench and for tests of size.

The shape is that of real city elections: a few projects take most votes, three in five speak to one of ten districts, ballots have a
peak at one project and one at the most allowed, and a project asks a few percent of the envelope.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.tally import Election, Profile, Project

MOST = 15
DISTRICTS = 10
AT_ONCE = 20_000


def synthetic(voters: int, projects: int, *, seed: int = 1, budget_cents: int = 100_000_000) -> Election:
    """An approval election of single ballots, eight projects to a ballot on average."""
    dice = np.random.default_rng(seed)
    share = np.minimum(dice.lognormal(np.log(0.03), 0.7, projects), 0.2)
    cost = np.maximum(np.round(share * budget_cents / 10_000), 1).astype(np.int64) * 10_000
    weight = np.log(dice.lognormal(0, 1, projects) * (cost / budget_cents / 0.03) ** 0.25)
    home = np.where(dice.random(projects) < 0.6, dice.integers(0, DISTRICTS, projects), -1)
    lengths = _lengths(dice, voters, projects)
    rows = [_ballots(dice, weight, home, lengths[first : first + AT_ONCE]) for first in range(0, voters, AT_ONCE)]
    start = np.zeros(voters + 1, np.int64)
    np.cumsum(lengths, out=start[1:])
    profile = Profile(start, np.concatenate(rows), np.ones(voters, np.int64), projects)
    return Election(tuple(Project(f"p{index:04}", int(one)) for index, one in enumerate(cost)), profile, budget_cents)


def _lengths(dice: np.random.Generator, voters: int, projects: int) -> NDArray[np.int64]:
    lengths, kind = dice.integers(1, MOST + 1, voters), dice.random(voters)
    lengths[kind < 0.25] = 1
    lengths[(kind >= 0.25) & (kind < 0.5)] = MOST
    return np.minimum(lengths, projects)


def _ballots(
    dice: np.random.Generator, weight: NDArray[np.float64], home: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Choices without replacement (Gumbel top-k), in ascending order within each ballot."""
    district = dice.integers(0, DISTRICTS, len(lengths))
    near = np.where(home[None, :] < 0, 1.0, np.where(home[None, :] == district[:, None], 6.0, 0.05))
    liking = weight[None, :] + np.log(near) + dice.gumbel(size=near.shape)
    size = min(MOST, len(weight))
    top = np.argpartition(-liking, size - 1, axis=1)[:, :size]
    top = np.take_along_axis(top, np.argsort(-np.take_along_axis(liking, top, 1), 1), 1)
    top = np.where(np.arange(size)[None, :] < lengths[:, None], top, len(weight))
    top.sort(axis=1)
    chosen: NDArray[np.int32] = top[top < len(weight)].astype(np.int32)
    return chosen
