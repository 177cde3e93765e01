"""Larger envelopes under Phragmén's rule: how far they are looked for, and that what was counted once is not counted again."""

from __future__ import annotations

import pytest

from app.core.tally import Election, Phragmen, phragmen_envelope
from app.core.tally.phragmen_envelope import Recount
from app.core.tally.phragmen_ground import Ground
from app.core.tally.phragmen_run import Runner
from tests.core.tally_elections import ballots, projects


class Counted(Recount):
    """A recount that knows how many runs it has begun."""

    begun = 0

    def _fresh(self, highest_cost_cents: int, budget_cents: int | None = None) -> Runner:
        self.begun += 1
        return super()._fresh(highest_cost_cents, budget_cents)


def recount(election: Election, rule: Phragmen) -> Counted:
    ground = Ground(election)
    standing = [place for place in range(len(election.ids)) if ground.votes[place]]
    return Counted(rule, ground, standing, stop=rule.on_miss == "stop")


# Ten projects of 10 cents with 10 voters, 9 voters … 1 voter of their own: each larger envelope by 10 lets the next one win.
STAIR = dict.fromkeys("abcdefghij", 10)
STEPS = ballots(*((10 - number, id) for number, id in enumerate(STAIR)))
SKIP, STOP = Phragmen(on_miss="skip", tie_break=("id",)), Phragmen(tie_break=("id",))


@pytest.mark.parametrize(("runs", "marks", "steps"), [(2000, 2_000_000, 9), (5, 2_000_000, 4), (2000, 60, 5), (2000, 10, 2), (1, 60, 2)])
def test_so_many_runs_are_made_and_never_fewer_than_three(monkeypatch: pytest.MonkeyPatch, runs: int, marks: int, steps: int) -> None:
    # The count itself is the first of them; 60 marks are walked in six runs where there are ten.
    monkeypatch.setattr(phragmen_envelope, "MOST_RUNS", runs)
    monkeypatch.setattr(phragmen_envelope, "MOST_MARKS", marks)
    found = recount(Election(projects(STAIR), STEPS, 10), SKIP).larger()
    assert found == {id: 10 * number for number, id in enumerate("abcdefghij") if 0 < number <= steps}


def test_every_envelope_is_counted_once_and_the_one_there_is_not_again() -> None:
    skip = recount(Election(projects({"a": 10, "b": 10, "c": 10}), ballots((3, "a"), (2, "b"), (1, "c")), 10), SKIP)
    assert (skip.larger(), skip.begun) == ({"b": 10, "c": 20}, 3)


def test_where_the_first_miss_stops_the_count_it_is_gone_on_with_and_tells_all() -> None:
    stop = recount(Election(projects(STAIR), STEPS, 10), STOP)
    assert (stop.larger(), stop.begun) == ({id: 10 * number for number, id in enumerate("abcdefghij") if number}, 1)
    # Nothing stopped it: the only loser costs more than the envelope, and is looked for with one that it fits.
    through = recount(Election(projects({"a": 10, "b": 25}), ballots((3, "a"), (1, "b")), 20), STOP)
    assert (through.larger(), through.begun) == ({"b": 15}, 2)


def test_nothing_is_counted_again_where_nobody_lost() -> None:
    assert recount(Election(projects({"a": 10}), ballots((3, "a")), 20), SKIP).begun == 1
    alone = recount(Election(projects({"a": 10}), ballots((3, "a")), 20), STOP)
    assert (alone.larger(), alone.begun) == ({}, 1)


def test_an_envelope_in_which_a_dearer_project_enters_is_counted_for_itself() -> None:
    # 10 buy a. b would win with 20, but then z (20, and more voters than b) enters and comes second: b wins with 40, z with 30.
    field, piles = {"a": 10, "b": 10, "z": 20}, ballots((9, "a"), (1, "b"), (6, "z"))
    assert recount(Election(projects(field), piles, 10), STOP).larger() == {"z": 20, "b": 30}
    # One cent more, and z enters only after b has won.
    assert recount(Election(projects({**field, "z": 21}), piles, 10), STOP).larger() == {"b": 10, "z": 21}
    # Passed over, what does not fit, b wins with 20 already.
    assert recount(Election(projects(field), piles, 10), SKIP).larger() == {"b": 10, "z": 20}


def test_the_next_envelope_is_the_smallest_at_which_anything_changes() -> None:
    # a and b lack nothing but money: b misses by 10, c by 20. With 10 more b wins, and c, after it, with 30 more.
    misses = Election(projects({"a": 20, "b": 10, "c": 20}), ballots((20, "a"), (2, "b"), (1, "c")), 20)
    assert recount(misses, SKIP).larger() == {"b": 10, "c": 30}
    # y (20) and z (30) are too dear for all: y enters with 10 more, comes first and wins, z with 40 more, after it.
    enter = Election(projects({"a": 10, "y": 20, "z": 30}), ballots((1, "a"), (6, "y"), (5, "z")), 10)
    assert recount(enter, SKIP).larger() == {"y": 10, "z": 40}


def test_an_open_tie_ends_the_search() -> None:
    # With 20 two equal projects of 20 enter that only a draw could part.
    election = Election(projects({"a": 10, "b": 20, "c": 20}), ballots((9, "a"), (1, "b"), (1, "c")), 10)
    for rule in (Phragmen(on_miss="skip"), Phragmen()):
        assert recount(election, rule).larger() == {}
    assert recount(election, SKIP).larger() == {"b": 20, "c": 40}
    assert recount(election, STOP).larger() == {"b": 20, "c": 40}


def test_another_fall_of_a_tie_is_the_same_count_otherwise() -> None:
    election = Election(projects({"a": 10, "b": 10}), ballots((2, "ab")), 15)
    found = recount(election, SKIP)
    assert (found.run.bought, found.again({0: "b"}).bought) == (("a",), ("b",))
