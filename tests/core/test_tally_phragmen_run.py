"""One run of Phragmén's rule, turn by turn: who is equal, whose order changes nothing, and what is compared exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from app.core.tally import Election, Phragmen
from app.core.tally.outcome import Action
from app.core.tally.phragmen_ground import Floats, Ground, Ladder
from app.core.tally.phragmen_run import Run, Runner
from app.core.tally.profile import Whole
from tests.core.tally_elections import ballots, projects


def runner(election: Election, rule: Phragmen | None = None) -> Runner:
    """A run in which all projects with a vote take part; what does not fit is passed over, unless the rule says otherwise."""
    rule, ground = rule or Phragmen(on_miss="skip"), Ground(election)
    among = [place for place in range(len(election.ids)) if ground.votes[place]]
    return Runner(rule, ground, among, election.budget_cents, stop=rule.on_miss == "stop")


def run(election: Election, rule: Phragmen | None = None) -> Run:
    return runner(election, rule).run()


class CountedLadder(Ladder):
    """A ladder that counts how often a sum is worked out exactly."""

    asked = 0

    def whole(self, cost_cents: int, counts: Whole | Floats) -> int:
        self.asked += 1
        return super().whole(cost_cents, counts)


def test_the_levels_of_a_ladder_are_whole_numbers_over_one_denominator() -> None:
    ladder = Ladder(4)
    assert (ladder.numbers, ladder.unit, len(ladder), len(ladder.floats)) == ([0], 1, 1, 5)
    ladder.climb(Fraction(1, 2))
    assert (ladder.numbers, ladder.unit) == ([0, 1], 2)
    ladder.climb(Fraction(5, 6))
    assert (ladder.numbers, ladder.unit) == ([0, 3, 5], 6)
    ladder.climb(Fraction(3))
    ladder.climb(Fraction(13, 4))
    assert (ladder.numbers, ladder.unit) == ([0, 6, 10, 36, 39], 12)
    assert ladder.floats.tolist() == [0, 1 / 2, 5 / 6, 3, 13 / 4]
    # Two at level 0, one at 1/2, three at 5/6: together 3; with a cost of 7, 10; for 5 of them, 2 each.
    counts = np.array([2, 1, 3, 0, 0])
    assert (ladder.paid(counts), ladder.whole(7, counts), ladder.level(120, 5)) == (36, 120, 2)


def test_projects_have_their_turns_from_the_lowest_level_up_in_whatever_order_they_stand() -> None:
    costs = {"a": 500, "b": 800, "c": 300, "d": 100, "e": 200}
    found = run(Election(projects(costs), ballots(*((1, id) for id in costs)), 1900))
    assert [(turn.project, turn.level) for turn in found.turns] == [("d", 100), ("e", 200), ("c", 300), ("a", 500), ("b", 800)]


def test_only_levels_that_floats_cannot_tell_apart_are_compared_exactly() -> None:
    # 1.00, 1.50, 1.60 and 3.00: one exact sum for the level of each turn, and none more.
    costs = {"a": 100, "b": 150, "c": 160, "d": 300}
    apart = runner(Election(projects(costs), ballots(*((1, id) for id in costs)), 710))
    ladder = apart._ladder = CountedLadder(4)
    assert (apart.run().bought, ladder.asked) == (("a", "b", "c", "d"), 4)
    # Two alike: both are looked at for the first turn, and the second is alone then.
    alike = runner(Election(projects({"a": 100, "b": 100}), ballots((1, "a"), (1, "b")), 200))
    ladder = alike._ladder = CountedLadder(2)
    assert (alike.run().bought, ladder.asked) == (("a", "b"), 4)


def test_levels_that_floats_confuse_come_in_their_order_and_none_is_forgotten() -> None:
    huge = 10**17
    for more in ((1, 0, 2), (0, 1, 2), (2, 1, 0), (0, 2, 1)):
        costs = {id: huge + cents for id, cents in zip("abc", more, strict=True)}
        election = Election(projects(costs), ballots((1, "a"), (1, "b"), (1, "c")), sum(costs.values()))
        assert run(election).bought == tuple(sorted(costs, key=costs.__getitem__))


def test_all_that_cost_nothing_are_equal_and_their_order_changes_nothing_whoever_wants_them() -> None:
    free = run(Election(projects({"b": 0, "a": 0, "c": 5}), ballots((1, "ab"), (1, "c")), 5), Phragmen(tie_break=("id",)))
    assert free.bought == ("a", "b", "c")
    assert [(turn.level, turn.equal.flat, turn.commute) for turn in free.turns] == [
        (0, ("a", "b"), True),
        (0, ("b",), True),
        (5, ("c",), True),
    ]
    assert run(Election(projects({"b": 0, "a": 0}), ballots((1, "ab")), 5)).unparted == ()


def test_a_tie_waits_for_the_draw_where_a_voter_wants_both() -> None:
    election = Election(projects({"a": 5, "b": 5}), ballots((2, "ab")), 10)
    assert run(election).unparted == ("a", "b")
    assert [turn.commute for turn in run(election, Phragmen(tie_break=("id",))).turns] == [False, True]
    assert run(Election(projects({"a": 5, "b": 5}), ballots((2, "a"), (2, "b")), 10)).unparted == ()


def test_a_tie_waits_for_the_draw_where_each_fits_but_not_both() -> None:
    equal = projects({"a": 5, "b": 5})
    for budget, unparted in ((4, ()), (5, ("a", "b")), (9, ("a", "b")), (10, ())):
        found = run(Election(equal, ballots((1, "a"), (1, "b")), budget))
        assert (found.unparted, len(found.bought)) == (unparted, 2 * (budget == 10))


def test_a_project_that_does_not_fit_has_no_part_in_a_tie_unless_it_stops_the_count() -> None:
    # a asks 10 of two voters, b 5 of one: the same level. 5 are there.
    election = Election(projects({"a": 10, "b": 5}), ballots((2, "a"), (1, "b")), 5)
    skip = Phragmen(on_miss="skip", tie_break=("draw",))
    assert (run(election, skip).unparted, run(election, skip).bought) == ((), ("b",))
    assert run(election, Phragmen(on_miss="stop", tie_break=("draw",))).unparted == ("a", "b")


def test_a_project_that_a_limit_bars_has_no_part_in_a_tie() -> None:
    # x comes first and has the one award of the carrier; of a and b, equal, only b may still win, and only one of them would fit.
    field = projects({"x": 2, "a": 5, "b": 5}, {"x": "y", "a": "y"})
    found = run(Election(field, ballots((1, "x"), (1, "a"), (1, "b")), 7), Phragmen(max_per_carrier=1, on_miss="skip"))
    assert (found.unparted, found.bought) == ((), ("x", "b"))
    assert {turn.project: turn.action for turn in found.turns} == {"x": Action.BOUGHT, "a": Action.CARRIER, "b": Action.BOUGHT}


def test_a_tie_waits_for_the_draw_where_a_limit_lets_only_one_win() -> None:
    field = projects({"a": 5, "b": 5}, {"a": "y", "b": "y"})
    found = run(Election(field, ballots((1, "a"), (1, "b")), 10), Phragmen(max_per_carrier=1))
    assert found.unparted == ("a", "b")
