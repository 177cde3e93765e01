"""Votes with points, places, grades, for and against, stars: cast, sealed, opened, counted, bundled, and checked from the bundle alone."""

from __future__ import annotations

import io
from random import Random
from zipfile import ZipFile

import pytest

from app.core.ballots import Approval, BallotStyle, ForAgainst, Grades, Points, Ranking, Star
from app.core.formats import kind_of, read_election
from app.core.tally import EqualShares, Greedy
from app.core.tally.majority import MajorityJudgment
from app.core.tally.rule import Counting
from app.core.tally.scores import Scale
from app.exchange.declared import declared, election_of
from app.results.queries import published_result
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.exchange.held import ADDRESS, Held, checked, faults

VOTES: dict[str, tuple[BallotStyle, Counting]] = {
    "points": (Points(total=10, min_projects=2), EqualShares(utility="points")),
    "ranking": (Ranking(max_places=4), Greedy(utility="points", scale=Scale(ranking=(4, 3, 2, 1)))),
    "grades": (Grades(), MajorityJudgment()),
    "for_against": (ForAgainst(max_for=3, max_against=2), Greedy(utility="points")),
    "star": (Star(choice=Approval(max_choices=4)), Greedy(utility="points")),
}


def filled(kind: str, dice: Random, ids: list[str]) -> list[str]:
    """A ballot of this kind, now and then a blank one."""
    style, some = VOTES[kind][0], dice.sample(ids, dice.choice([0, 2, 3, 3]))
    marks = {
        "points": lambda at: [7, 3] if len(some) == 2 else [5, 3, 2],
        "ranking": lambda at: list(range(1, len(some) + 1)),
        "grades": lambda at: [dice.randrange(4) for _ in some],
        "for_against": lambda at: [1, -1, 1],
        "star": lambda at: [2, 1, 1],
    }[kind](some)
    return list(style.entries(dict(zip(some, marks, strict=False))))


@pytest.mark.parametrize("kind", list(VOTES))
def test_a_vote_of_every_kind_is_counted_and_can_be_checked(kind: str, cast: Cast, clock: Clock) -> None:
    style, rule = VOTES[kind]
    held = Held(cast, clock.now, 60, style, rule, lambda dice, ids: filled(kind, dice, ids))
    held.paper((list(style.entries({held.poll.ids[0]: 1})) if kind not in ("points",) else [], None), ([], "sign"))
    held.finish()
    verdict = checked(held.zip())
    assert faults(verdict) == {}
    with work(cast.engine, writing=False) as unit:
        selected = list(published_result(unit, ADDRESS).outcome.selected)
    file = read_election(ZipFile(io.BytesIO(held.zip())).read("result.pb"), name="result.pb")
    assert kind_of(file) == (kind if kind in ("grades", "for_against", "star") else None)
    again = declared(file, "result.pb")
    assert list(again.count(election_of(file, again)).selected) == selected
    assert selected


def test_a_ballot_that_breaks_its_rule_is_refused_before_it_is_sealed(cast: Cast, clock: Clock) -> None:
    held = Held(cast, clock.now, 1, *VOTES["points"], lambda dice, ids: filled("points", dice, ids))
    first, second = held.poll.ids[:2]
    for entries in ([f"{first}:11"], [f"{first}:5"], [f"{first}:05", f"{second}:5"], [first], [f"{first}:5", f"{first}:5"], ["nobody:10"]):
        assert held.poll.style.check(entries, held.poll.slate), entries
    assert not held.poll.style.check([f"{first}:4", f"{second}:6"], held.poll.slate)
