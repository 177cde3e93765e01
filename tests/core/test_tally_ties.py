"""Ties: each way of breaking one, worked out by hand."""

from __future__ import annotations

from app.core.tally.election import Election, Project
from app.core.tally.ties import Criterion, TieBreaker, first_of_two

# Three votes for a, b and c, two for d; a and b cost the same; b was filed first, then d, then a; nobody knows when c was.
FIELD = (
    Project("a", 200, filed=9), Project("b", 200, filed=2), Project("c", 300), Project("d", 200, filed=7),
)  # fmt: skip
VOTES = {"a": 3, "b": 3, "c": 3, "d": 2}


def field(**other: object) -> Election:
    return Election(FIELD, {frozenset("abc"): 3, frozenset("d"): 2}, 500, **other)  # type: ignore[arg-type]


def breaker(*criteria: Criterion, **other: object) -> TieBreaker:
    return TieBreaker(criteria, field(**other), VOTES)


def test_what_nothing_parts_stands_together_in_the_order_of_the_ids() -> None:
    assert breaker().arrange(["c", "a", "b"]) == ((("a", "b", "c"),), ())
    assert breaker("cheaper").arrange(["b", "c", "a"]) == ((("a", "b"), ("c",)), ("cheaper",))


def test_only_the_criteria_that_parted_something_are_named() -> None:
    assert breaker("cheaper", "id").arrange("ab") == ((("a",), ("b",)), ("id",))
    assert breaker("votes", "cheaper", "id").arrange("abc") == ((("a",), ("b",), ("c",)), ("cheaper", "id"))


def test_each_criterion_is_asked_in_its_turn() -> None:
    assert breaker("cheaper", "votes", "older").arrange("abcd").flat == ("b", "a", "d", "c")
    assert breaker("cheaper", "older", "votes").arrange("abcd").flat == ("b", "d", "a", "c")


def test_the_older_file_comes_first_and_one_without_a_date_last() -> None:
    assert breaker("older").arrange("abcd").groups == (("b",), ("d",), ("a",), ("c",))


def test_a_draw_that_leaves_one_of_them_out_parts_nobody() -> None:
    assert breaker("draw", "id", draw=("b",)).arrange("ab") == ((("a", "b"),), ())
    assert breaker("draw", "id", draw=("b", "a")).arrange("ab") == ((("b",), ("a",)), ("draw",))


def test_of_two_that_nothing_parts_neither_comes_first() -> None:
    one, other = Project("a", 200), Project("b", 200)
    for first, second in ((one, other), (other, one)):
        assert not first_of_two(("cheaper", "votes"), field(), first, 3, second, 3)
    assert first_of_two(("cheaper", "votes"), field(), other, 4, one, 3)
