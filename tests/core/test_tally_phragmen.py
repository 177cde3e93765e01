"""Phragmén's rule: his own example, one by hand with costs, known elections, and a count that nobody could get wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, Phragmen, Project, Status
from tests.core.tally_elections import ballots, elections, projects, real_election
from tests.core.tally_greedy import LIMITS, allowed, limited
from tests.core.test_tally_known import ELECTIONS

PHRAGMEN = st.builds(
    Phragmen,
    on_miss=st.sampled_from(["stop", "skip"]),
    min_votes=st.integers(0, 3),
    max_per_carrier=st.sampled_from([None, 1, 2]),
    limits=LIMITS,
    tie_break=st.sampled_from([("draw",), ("cheaper", "draw"), ("votes", "draw"), ("cheaper", "id"), ("older", "id")]),
)

# Three projects of 9.00, 6.00 and 4.00 and an envelope of 16.00: a and b by the same 3 voters, c by 1.
FIELD = projects({"a": 900, "b": 600, "c": 400})
PILES = ballots((3, "ab"), (1, "c"))


def plain_phragmen(rule: Phragmen, election: Election) -> list[str]:
    """Phragmén written the shortest way, one load for each voter; every tie must fall."""
    voters = [[Fraction(0), ballot] for ballot, many in election.ballots.items() for _ in range(many)]
    needed, left, taken = rule.needed(election), election.budget_cents, []
    waiting = [one for one in election.projects if election.votes[one.id] >= max(needed[one.id], 1) and one.cost_cents <= left]
    while waiting:

        def turn(project: Project) -> tuple[object, ...]:
            loads = [load for load, ballot in voters if project.id in ballot]
            keys = {"cheaper": project.cost_cents, "votes": -len(loads), "id": project.id, "older": project.filed or 9}
            keys["draw"] = election.lot(project.id)
            return (sum(loads) + project.cost_cents) / len(loads), *(keys[one] for one in rule.tie_break)

        first = min(waiting, key=turn)
        waiting.remove(first)
        level = turn(first)[0]
        if not allowed(rule, [*taken, first]):  # type: ignore[arg-type]
            continue
        if first.cost_cents > left:
            if rule.on_miss == "stop":
                break
            continue
        left -= first.cost_cents
        taken.append(first)
        for voter in voters:
            voter[0] = level if first.id in voter[1] else voter[0]
    return [project.id for project in taken]


def test_phragmens_own_example_elects_a_then_q_then_b() -> None:
    # Phragmén 1894, retold by Janson, "Phragmén's and Thiele's election methods", 2016: three seats, so everyone costs 1 of 3.
    piles = ballots((1034, "ABC"), (519, "PQR"), (90, "ABQ"), (47, "APQ"))
    outcome = Phragmen().count(Election(projects(dict.fromkeys("ABCPQR", 1)), piles, 3))
    assert outcome.selected == ("A", "Q", "B")
    # A: 1/1171. Q: 656 supporters, 137 of whom paid for A. B: 1034 stand at A's level, 90 at Q's.
    levels = [Fraction(1, 1171), (1 + Fraction(137, 1171)) / 656]
    assert [step.price for step in outcome.steps[:3]] == [*levels, (1 + 1034 * levels[0] + 90 * levels[1]) / 1124]


def test_what_supporters_can_pay_for_first_is_bought_first() -> None:
    # b costs its 3 supporters 2.00 each; a and b share them, so a comes at 5.00 each; c costs its one supporter 4.00.
    outcome = Phragmen().count(Election(FIELD, PILES, 1800))
    assert outcome.selected == ("b", "c")
    assert [step.price for step in outcome.steps] == [200, 400, 500]
    assert str(outcome.row("b").reason) == "3 votes; its supporters could pay for it once each voter had been given 2.00 EUR."
    assert str(outcome.row("a").reason) == (
        "3 votes; when its supporters could pay for it, 8.00 EUR of the envelope was left, and it asks for 9.00 EUR."
    )
    # With two more supporters a's 9.00 + 6.00 would be shared by 5 and come at 3.00, before c.
    assert str(outcome.row("a").nearest) == (
        "It would have won with 1 more supporter naming only this project, or with 1.00 EUR more in the envelope, "
        "or by asking for 8.00 EUR at most."
    )


def test_when_the_count_stops_each_project_is_told_what_its_supporters_held() -> None:
    # 9.00: b is bought, and c at 4.00 does not fit the 3.00 left. a's three had saved 2.00 each since b.
    outcome = Phragmen().count(Election(FIELD, PILES, 900))
    assert outcome.selected == ("b",)
    assert str(outcome.row("a").reason) == "3 votes; when the count stopped, its supporters held 6.00 EUR of the 9.00 EUR it asks for."
    assert outcome.row("a").support == Fraction(2, 3)
    more = Phragmen(on_miss="skip").count(Election(projects({"a": 900, "b": 600, "c": 400, "d": 300}), {**PILES, frozenset("d"): 1}, 1100))
    assert more.selected == ("b", "d")


def test_what_asks_for_more_than_the_envelope_does_not_stop_the_count() -> None:
    outcome = Phragmen().count(Election(projects({"a": 900, "b": 600}), ballots((9, "a"), (1, "b")), 800))
    assert outcome.selected == ("b",)
    assert str(outcome.row("a").reason) == "9 votes; it asks for 9.00 EUR, more than the whole envelope of 8.00 EUR."
    assert outcome.row("a").missing_cents == 100


def test_without_a_vote_nothing_is_bought_even_for_nothing() -> None:
    outcome = Phragmen(min_votes=0).count(Election(projects({"a": 0, "b": 5}), ballots((1, "b")), 9))
    assert (outcome.selected, str(outcome.row("a").reason)) == (("b",), "0 votes, and at least 1 are needed.")
    assert outcome.row("a").missing_votes == 1


def test_a_tie_that_no_voter_shares_needs_no_draw_and_one_that_a_voter_shares_does() -> None:
    equal = projects({"a": 400, "b": 400})
    apart = Phragmen().count(Election(equal, ballots((1, "a"), (1, "b")), 800))
    assert (apart.selected, apart.needs_draw, apart.ties[0].mattered) == (("a", "b"), (), False)
    waiting = Phragmen().count(Election(equal, ballots((1, "a"), (1, "b")), 700))
    assert (waiting.selected, waiting.needs_draw) == ((), ("a", "b"))
    assert {row.status for row in waiting.rows} == {Status.OPEN}
    drawn = {Phragmen().count(Election(equal, ballots((1, "a"), (1, "b")), 700, draw=order)).selected for order in permutations("ab")}
    assert drawn == {("a",), ("b",)}


def test_levels_closer_than_any_float_are_told_apart() -> None:
    # Two costs of about 10^18 cents that differ by one cent, and a tie broken against the cheaper.
    huge = 10**18
    election = Election(projects({"a": huge + 1, "b": huge}), ballots((1, "a"), (1, "b")), huge + 1)
    assert Phragmen(tie_break=("id",)).count(election).selected == ("b",)


@pytest.mark.parametrize("name", ELECTIONS)
def test_real_elections_come_out_as_an_independent_program_counted_them(name: str) -> None:
    election, expected = real_election(name)
    outcome = Phragmen(min_votes=0, tie_break=("id",)).count(election)
    assert sorted(outcome.selected) == sorted(expected["phragmen"]["selected"])


@settings(max_examples=400, deadline=None)
@given(PHRAGMEN, limited())
def test_phragmen_agrees_with_a_count_that_nobody_could_get_wrong(rule: Phragmen, election: Election) -> None:
    assert list(rule.count(election).selected) == plain_phragmen(rule, election)


@settings(max_examples=200, deadline=None)
@given(PHRAGMEN, elections(most=5, lots=False))
def test_without_a_draw_to_come_every_draw_gives_the_same_winners(rule: Phragmen, election: Election) -> None:
    rule = rule.model_copy(update={"tie_break": ("draw",)})
    outcome = rule.count(election)
    ids = [project.id for project in election.projects]
    winners = {frozenset(rule.count(replace(election, draw=order)).selected) for order in permutations(ids)}
    assert outcome.needs_draw or winners == {frozenset(outcome.selected)}
    assert all(set(outcome.selected) <= one for one in winners)


@settings(max_examples=200, deadline=None)
@given(PHRAGMEN, limited(), st.integers(2, 5))
def test_counting_in_a_smaller_coin_changes_nothing(rule: Phragmen, election: Election, times: int) -> None:
    rule = rule.model_copy(update={"limits": ()})
    dearer = tuple(replace(project, cost_cents=project.cost_cents * times) for project in election.projects)
    again = rule.count(replace(election, projects=dearer, budget_cents=election.budget_cents * times))
    outcome = rule.count(election)
    assert again.selected == outcome.selected
    assert [step.price for step in again.steps] == [(step.price or 0) * times for step in outcome.steps]


def test_a_tie_is_told_once_with_all_that_stood_in_it() -> None:
    apart = Election(projects({"a": 5, "b": 5, "c": 5}), ballots((1, "a"), (1, "b"), (1, "c")), 15)
    (tie,) = Phragmen(tie_break=("id",)).count(apart).ties
    assert (tie.members, tie.by, tie.mattered) == (("a", "b", "c"), ("id",), False)


def test_a_tie_matters_where_another_order_would_have_made_other_winners() -> None:
    both = Election(projects({"a": 5, "b": 5}), ballots((2, "ab")), 10)
    rule = Phragmen(tie_break=("id",))
    assert [tie.mattered for tie in rule.count(both).ties] == [False]
    assert [tie.mattered for tie in rule.count(replace(both, budget_cents=9)).ties] == [True]
