"""How much more in the envelope a loser of Equal Shares lacks, and how many further runs are made to find that out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, shares_envelope
from app.core.tally.shares_completion import Completed
from app.core.tally.shares_envelope import Further
from app.core.tally.shares_fill import fill
from app.core.tally.shares_margins import Margins
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk, run_at
from tests.core.shares_brute import Case
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import LARGER, SEEDS, Plain, drawn, piled

# Four voters share 12.00 €, 3.00 each. a (6.00): voters 1, 2, 3. b (3.00): voter 4. c (6.00): voters 1, 2. See test_tally_equal_shares.
BY_HAND = Election(projects({"a": 600, "b": 300, "c": 600}), piled((2, "ac"), (1, "a"), (1, "b")), 1200, draw=("a", "b", "c"))
PLAIN = Plain(Case(EqualShares(completion="none"), BY_HAND))


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Fraction, int]]]:
    """The share and the envelope of each further run, as they are made."""
    made: list[tuple[Fraction, int]] = []

    def running(market: Market, share: Fraction, limit: int) -> Walk:
        made.append((share, limit))
        return run_at(market, share, limit)

    monkeypatch.setattr(shares_envelope, "run_at", running)
    return iter([made])


def padded(market: Market, marks: int) -> Market:
    """The same market, as if so many marks had to be walked through."""
    return replace(market, project=np.concatenate((market.project, np.zeros(marks - len(market.project), np.int32))))


def larger_share(plain: Plain) -> Completed:
    """As a completion leaves it: the run at half as much again for each voter, within the envelope or not."""
    return Completed(run_at(plain.market, plain.share * Fraction(3, 2), 10**9), plain.case.election.valid)


def wins(plain: Plain, done: Completed, one: int, cents: int, filling: bool) -> bool:
    """Whether it wins with so much more, each share larger by an equal part of it."""
    envelope = plain.case.election.budget_cents + cents
    walk = run_at(plain.market, done.final.share + Fraction(cents, done.voters), 10**12)
    ids = plain.case.bought(done.final.share + Fraction(cents, done.voters))
    assert [plain.market.ids[other] for other in walk.run.bought] == ids
    left = envelope - sum(plain.market.cost[other] for other in walk.run.bought)
    if left < 0 or walk.run.unparted:
        return False
    added = fill(plain.market, walk, left).taken if filling and walk.run.bought else []
    return one in walk.run.bought or one in added


RUNS = (
    ((279, 92, 12), (59, 102, 12)),
    ((937, 117, 20), (165, 183, 20)),
    ((117, 140, 18), (5, 163, 18)),
    ((1042, 70, 12), (46, 123, 12)),
    ((1183, 64, 12), (445, 121, 12)),
    ((506, 158, 14), (227, 186, 14)),
    ((276, 35, 16), (80, 32, 16)),
    ((12556, 166, 8), (5903, 233, 8)),
)
"""For each seed, as it is and filling up: the cents of all losers together, how many runs found them, and for how many none did."""


@pytest.mark.parametrize("filling", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_so_much_more_wins_and_one_cent_less_does_not(seed: int, filling: bool, tried: Any) -> None:
    made, together, nothing = next(tried), 0, 0
    for plain in drawn(seed)[: 6 if seed < LARGER else 2]:
        for done in (Completed(plain.walk, plain.case.election.valid), larger_share(plain)):
            losers = [one for one in range(len(plain.market.cost)) if one not in done.final.bought]
            margins = Margins(plain.market, done.walk, losers)
            further = Further(plain.market, done, losers, filling=filling)
            for one in losers:
                before = len(made)
                cents = further.missing_cents(one, margins.of[one])
                if cents is None:
                    nothing += 1
                    continue
                together += cents
                assert len(made) > before or cents in further._known
                assert wins(plain, done, one, cents, filling)
                assert cents == 1 or not wins(plain, done, one, cents - 1, filling)
    for share, envelope in made:
        assert share > 0
        assert envelope > 0
    assert (together, len(made), nothing) == RUNS[seed][filling]


def test_the_search_follows_what_is_still_lacking(tried: Any) -> None:
    made = next(tried)
    further = Further(PLAIN.market, Completed(PLAIN.walk, 4), [2], filling=False)
    assert further.missing_cents(2, Margins(PLAIN.market, PLAIN.walk).of[2]) == 800
    # Before a its two hold 6.00 and lack nothing; at the end they hold 2.00, and of 8.00 more for all four half would be theirs.
    assert [envelope - 1200 for _, envelope in made] == [800, 799]
    assert all(share == Fraction(envelope, 4) for share, envelope in made)


@pytest.mark.parametrize(
    ("marks", "runs", "left"),
    [
        (375_000, 1, 8),  # 3 000 000 marks may be walked through
        (375_001, 1, 0),  # seven runs are not worth beginning
        (10**6, 15, 0),
        (10**6, 16, 8),  # or half as many runs as the count made
        (10**6, 300, 150),
        (10**6, 302, 150),  # of at most 300
        (10**5, 16, 30),
        (3517, 1, 852),  # 853 times as many would be one more than the three million
    ],
)
def test_further_runs_are_half_as_many_as_the_count_made_or_few_marks_long(marks: int, runs: int, left: int) -> None:
    done = Completed(PLAIN.walk, 4, runs)
    assert Further(padded(PLAIN.market, marks), done, [2], filling=False)._left == left


def test_an_election_without_marks_may_be_run_as_often_as_one_with_a_single_mark() -> None:
    empty = Plain(Case(EqualShares(completion="none"), Election(projects({"a": 600}), piled(), 1200)))
    assert Further(empty.market, Completed(empty.walk, 0), [], filling=False)._left == 3_000_000


def test_where_nothing_could_be_found_no_run_is_made(tried: Any) -> None:
    made = next(tried)
    field = projects({"a": 600, "b": 300, "c": 600})
    few = Plain(Case(EqualShares(completion="none", min_votes=2), Election(field, piled((2, "a"), (1, "b")), 1200)))
    margin = Margins(few.market, few.walk).of
    for voters, losers in ((3, (1, 2)), (0, (0, 1, 2))):
        further = Further(few.market, Completed(few.walk, voters), list(losers), filling=False)
        assert [further.missing_cents(one, margin.get(one, margin[1])) for one in losers] == [None] * len(losers)
    assert made == []


def test_once_the_runs_are_used_up_nothing_more_is_found(tried: Any) -> None:
    made, ended = next(tried), 0
    for plain in drawn(LARGER)[:6]:
        margins = Margins(plain.market, plain.walk)
        done = Completed(plain.walk, plain.case.election.valid)
        free = Further(plain.market, done, plain.losers, filling=False)
        known = [free.missing_cents(one, margins.of[one]) for one in plain.losers]
        made.clear()
        further = Further(padded(plain.market, 375_000), done, plain.losers, filling=False)
        found = [further.missing_cents(one, margins.of[one]) for one in plain.losers]
        assert len(made) <= 8
        assert all(cents is None or cents == other for cents, other in zip(found, known, strict=True))
        if found != known:
            ended += 1
            assert len(made) == 8
            assert further.spare_votes(plain.walk.run.bought[0]) is None
    assert ended > 2


@pytest.mark.parametrize(("marks", "answers"), [(375_000, 3), (333_333, 3), (300_000, 4)])
def test_each_winner_asked_takes_three_runs_of_those_left(marks: int, answers: int) -> None:
    further = Further(padded(PLAIN.market, marks), Completed(PLAIN.walk, 4), [2], filling=False)
    # Each time the same is asked, and run again.
    told = [further.spare_votes(0) for _ in range(answers + 1)]
    assert None not in told[:answers]
    assert told[answers] is None
