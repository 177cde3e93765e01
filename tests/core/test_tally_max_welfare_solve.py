"""The search for the best choice: what it finds, how far it is sure, and that it cuts off what cannot be better."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, MaxWelfare, Project, max_welfare_solve
from app.core.tally.limits import MaxPer
from app.core.tally.max_welfare_solve import Choice, Problem, Row, _propose, _Search, best_choice
from tests.core.tally_elections import ballots, projects


def problem(worth: list[int], cost: list[int], most: int, *others: Row) -> Problem:
    """Projects a, b, c … in this order, an envelope and other limits."""
    return Problem(tuple("abcdefghijklmnopqrstuvwxyz"[: len(cost)]), tuple(worth), tuple(cost), (Row(dict(enumerate(cost)), most), *others))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to six projects, most worth for their cost first, an envelope, and sometimes a second limit."""
    pairs = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5)), max_size=6))
    pairs.sort(key=lambda pair: -pair[0] / pair[1] if pair[1] else -99)
    counted = draw(st.sets(st.integers(0, max(len(pairs) - 1, 0)))) if pairs else set()
    others = [Row(dict.fromkeys(sorted(counted), 1), draw(st.integers(1, 2)))] if counted else []
    return problem([worth for worth, _ in pairs], [cost for _, cost in pairs], draw(st.integers(0, 12)), *others)


def best_of(asked: Problem) -> list[tuple[int, ...]]:
    """All best choices; the one that takes the first projects first comes first."""
    size = len(asked.ids)
    kept = [some for many in range(size + 1) for some in combinations(range(size), many) if asked.holds(list(some))]
    highest = max(asked.total(list(some)) for some in kept)
    best = [some for some in kept if asked.total(list(some)) == highest]
    return sorted(best, key=lambda some: [place not in some for place in range(size)])


@settings(deadline=None)
@given(problems(), st.integers(0, 3))
def test_the_search_finds_the_first_of_the_best_from_any_total_that_is_known(asked: Problem, less: int) -> None:
    best = best_of(asked)
    search = _Search(asked, max(asked.total(list(best[0])) - less, 0))
    assert search.run()
    assert (search.found, search.unique) == (list(best[0]), len(best) == 1)
    assert best_choice(asked) == Choice(tuple(asked.ids[place] for place in best[0]), True, len(best) == 1)


@settings(deadline=None)
@given(problems(), st.data())
def test_the_bound_is_what_the_rest_of_the_envelope_buys_at_most_the_last_in_part(asked: Problem, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(asked.ids)))
    taken = [one for one in range(place) if data.draw(st.booleans())]
    search = _Search(asked, 0)
    for one in taken:
        search._move(one, 1)
    left, worth = asked.rows[0].most - sum(asked.cost[one] for one in taken), sum(asked.worth[one] for one in taken)
    if left < 0:
        return
    for one in range(place, len(asked.ids)):
        if asked.cost[one] > left:
            worth += left * asked.worth[one] // asked.cost[one]
            break
        left, worth = left - asked.cost[one], worth + asked.worth[one]
    assert search._bound(place) == worth


def test_the_bound_of_three_projects_is_this() -> None:
    # Worth 10, 6, 3 for 5, 4, 3, and 7: the first and half of the second. Behind the first, taken: 2 are left, half of the second again.
    search = _Search(problem([10, 6, 3], [5, 4, 3], 7), 0)
    assert [search._bound(place) for place in range(4)] == [13, 9, 3, 0]
    search._move(0, 1)
    assert [search._bound(place) for place in (1, 2, 3)] == [13, 12, 10]
    search._move(0, -1)
    assert search._bound(0) == 13


def test_two_equal_choices_do_not_hide_a_better_one_that_comes_later() -> None:
    # Room for one of the three; the first and the second are worth 4, the third 5.
    search = _Search(problem([4, 4, 5], [3, 4, 5], 6), 0)
    assert (search.run(), search.found, search.unique) == (True, [2], True)


def test_once_two_choices_are_known_to_be_best_no_third_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # 24 alike and room for 12: there are 2 704 156 best choices, and two are enough to know that there are more than one.
    alike = problem([2] * 24, [3] * 24, 36)
    monkeypatch.setattr(max_welfare_solve, "MOST_NODES", 200)
    assert best_choice(alike) == Choice(tuple("abcdefghijkl"), True, False)


def test_a_search_cut_short_keeps_what_was_proposed_and_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(max_welfare_solve, "MOST_NODES", 1)
    assert best_choice(problem([10, 6, 6], [5, 4, 4], 8)) == Choice(("b", "c"), False, False)


def test_the_search_takes_as_many_looks_as_it_may_and_no_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    # One project: it is taken; at the end the choice is kept and it is given back; left out, nothing is worth as much: three looks.
    for looks, proved in ((2, False), (3, True)):
        monkeypatch.setattr(max_welfare_solve, "MOST_NODES", looks)
        assert best_choice(problem([5], [1], 1)).proved is proved


def test_the_solver_proposes_the_best_choice_in_whole_projects() -> None:
    # In parts 10 / 5 and 3 / 4 of the 6 / 4 would do; whole ones must fit: the second and the third.
    assert _propose(problem([10, 6, 6], [5, 4, 4], 8)) == [1, 2]
    # One that is worth more than two others, for as much.
    assert _propose(problem([9, 2, 2], [4, 2, 2], 4)) == [0]
    assert _propose(problem([1, 2], [0, 0], 0)) == [0, 1]
    assert _propose(problem([], [], 5)) == []
    # Worths may be as different as a cent for one voter and a million euros for a million.
    assert _propose(problem([10**18, 10**18 - 10**16, 1], [2, 2, 1], 2)) == [0]
    # At most one of the first two.
    assert _propose(problem([5, 5, 1], [1, 1, 1], 3, Row({0: 1, 1: 1}, 1))) in ([0, 2], [1, 2])


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    _propose(problem([10, 6, 6], [5, 4, 4], 8))
    assert capfd.readouterr().out == ""


def test_every_limit_must_hold() -> None:
    both = problem([1, 1], [3, 3], 6, Row({0: 1, 1: 1}, 1))
    assert [both.holds(chosen) for chosen in ([], [0], [1], [0, 1])] == [True, True, True, False]


def test_what_costs_nothing_comes_first_then_most_worth_for_its_cost_and_limits_by_their_value() -> None:
    # Worths, 3 votes each: c costs nothing; b 3 for 1 cent; a 3 for 3 cents.
    field = (Project("a", 3, theme="x"), Project("b", 1, theme="z"), Project("c", 0, theme="z"))
    election = Election(field, ballots((3, "abc")), 9)
    rule = MaxWelfare(utility="cardinality", limits=(MaxPer(key="theme", most=1),))
    asked = Problem.of(rule, election, list(field), rule.worths(election))
    assert (asked.ids, asked.worth, asked.cost) == (("c", "b", "a"), (3, 3, 3), (0, 1, 3))
    assert asked.rows == (Row({0: 0, 1: 1, 2: 3}, 9), Row({2: 1}, 1), Row({0: 1, 1: 1}, 1))
    assert Problem.of(rule, election, [], {}) == Problem((), (), (), (Row({}, 9),))


def test_of_alike_projects_the_first_in_the_order_of_ties_is_kept() -> None:
    election = Election(projects({"a": 2, "b": 2, "c": 2}), ballots((1, "abc")), 4, draw=("c", "a", "b"))
    assert set(MaxWelfare(tie_break=("draw",)).count(election).selected) == {"a", "c"}
