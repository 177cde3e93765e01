"""How near each loser of Equal Shares came, against slow counts with one more vote, one cent less, and a purse for each voter."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.shares_books import Books
from app.core.tally.shares_completion import Completed
from app.core.tally.shares_envelope import Further
from app.core.tally.shares_margins import Margin, Margins
from app.core.tally.shares_market import market
from app.core.tally.shares_run import run_at
from tests.core.shares_brute import Case
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import LARGER, SEEDS, Plain, drawn, piled


def some(seed: int) -> list[Plain]:
    """All the small elections of a seed, ten of the larger."""
    return drawn(seed)[: 30 if seed < LARGER else 10]


def margins(plain: Plain) -> Margins:
    return Margins(plain.market, plain.walk)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_supporters_held_and_could_give_most_is_exact(seed: int) -> None:
    for plain in some(seed):
        found = margins(plain)
        assert found.losers == plain.losers
        assert found.held == [plain.spots(one)[index].held for index, one in enumerate(plain.walk.run.bought)]
        for one, spots, end in plain.priced():
            assert found.of[one].held == end.held
            assert found.of[one].cover == max([end.held, *(spot.cover for spot in spots)])
            assert found.nearness(one) == pytest.approx(float(found.of[one].cover / plain.cost(one)))


@pytest.mark.parametrize("seed", SEEDS)
def test_so_many_votes_more_are_enough_and_one_fewer_is_not(seed: int) -> None:
    for plain in some(seed):
        found, case, needed = margins(plain), plain.case, plain.case.needed()
        for one in plain.losers:
            votes, id = found.of[one].missing_votes, plain.market.ids[one]
            if votes is not None:
                assert votes >= 1
                assert id in case.bought(plain.share, extra={id: votes}, needed=needed)
            assert id not in case.bought(plain.share, extra={id: 15 if votes is None else votes - 1}, needed=needed)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lower_cost_wins_and_none_between_it_and_its_own(seed: int) -> None:
    for plain in some(seed):
        found, case = margins(plain), plain.case
        for one in plain.losers:
            highest, id, cost = found.of[one].winning_cost, plain.market.ids[one], plain.cost(one)
            if highest is not None:
                assert 0 <= highest < cost
                assert id in case.bought(plain.share, costs={id: highest})
            least = -1 if highest is None else highest
            for dearer in {least + 1, least + 2, (least + cost) // 2 + 1, cost - 1}:
                if least < dearer < cost:
                    assert id not in case.bought(plain.share, costs={id: dearer})


SOLE = 4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_winner_can_spare_so_many_ballots_of_its_own_and_not_one_more(seed: int) -> None:
    for plain in drawn(seed)[:12]:
        rule, share, needed = plain.case.rule, plain.share, plain.case.needed()
        for one in plain.walk.run.bought[:3]:
            cases = [with_own(plain, one, own) for own in range(SOLE + 1)]
            indexed = market(rule, cases[-1].election, rule.utility, rule.scale)
            walk = run_at(indexed, share, 10**9)
            spare = Further(indexed, Completed(walk, 1), [], filling=False).spare_votes(one)
            if one in walk.run.bought:
                for own, case in enumerate(cases):
                    wins = plain.market.ids[one] in case.bought(share, needed=needed)
                    assert wins == (spare is not None and SOLE - own <= spare), (own, spare)


def with_own(plain: Plain, one: int, own: int) -> Case:
    """The election with so many further ballots that name this project alone and give it the most that any ballot gives a project."""
    election, profile = plain.case.election, plain.case.election.profile
    values = profile.value.tolist() if profile.value is not None else [1] * len(profile.project)
    best = 1 if profile.kind == "ranking" else max(values)
    marks = [
        {election.ids[profile.project[mark]]: values[mark] for mark in range(profile.start[pile], profile.start[pile + 1])}
        for pile, many in enumerate(profile.many.tolist())
        for _ in range(many)
    ]
    marks += [{election.ids[one]: best}] * own
    kind = "points" if profile.value is None else profile.kind
    return Case(plain.case.rule, Election.marked(election.projects, marks, election.budget_cents, kind, draw=election.draw))


def test_of_several_ways_to_win_the_best_is_kept() -> None:
    margin = Margin()
    assert (margin.missing_votes, margin.winning_cost, margin.cover, margin.held) == (None, None, Fraction(0), Fraction(0))
    for votes, cost in ((None, None), (5, 3), (6, 2), (5, 3)):
        margin.keep(votes, cost)
    assert (margin.missing_votes, margin.winning_cost) == (5, 3)
    margin.keep(4, None)
    margin.keep(None, 4)
    assert (margin.missing_votes, margin.winning_cost) == (4, 4)
    margin.keep(0, 0)
    assert (margin.missing_votes, margin.winning_cost) == (0, 4)


def test_what_costs_nothing_was_as_near_as_can_be() -> None:
    free = next(plain for plain in drawn(0) if any(not plain.cost(one) for one in plain.losers))
    found = margins(free)
    assert {found.nearness(one) for one in free.losers if not free.cost(one)} == {1.0}


@pytest.mark.parametrize(("draw", "missing"), [("awl", 2), ("alw", 1)])
def test_just_enough_where_a_new_supporter_gives_just_his_share_is_a_tie(draw: str, missing: int) -> None:
    # Share 3.00. a (6.00) takes 2.00 from each of its three; then w (4.00) takes the last 1.00 of the first and 3.00 of the fourth. With
    # one more l (4.00) would have 1.00 and 3.00 just as well, with two more it asks 1.50 of each.
    field = projects({"a": 600, "w": 400, "l": 400})
    rule = EqualShares(completion="none", utility="cardinality", tie_break=("draw",))
    plain = Plain(Case(rule, Election(field, piled((1, "awl"), (2, "a"), (1, "w")), 1200, draw=tuple(draw))))
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["a", "w"]
    assert margins(plain).of[2].missing_votes == missing


def test_just_enough_where_all_give_all_they_have_is_no_tie() -> None:
    # The same in points. At w's 1.50 a point, the new supporter's three points would be worth more than the 3.00 he holds: l is cheaper.
    field = [Project("a", 600), Project("w", 400), Project("l", 400)]
    marks = [{"a": 3, "w": 1, "l": 3}, {"a": 3}, {"a": 3}, {"w": 2}]
    rule = EqualShares(completion="none", utility="points", tie_break=("draw",))
    plain = Plain(Case(rule, Election.marked(field, marks, 1200, "points", draw=("a", "w", "l"))))
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["a", "w"]
    assert margins(plain).of[2].missing_votes == 1


def test_what_costs_nothing_lacks_only_votes_even_where_nobody_holds_a_cent() -> None:
    plain = Plain(Case(EqualShares(completion="none", min_votes=3), Election(projects({"a": 0}), piled((1, "a")), 0)))
    assert (margins(plain).of[0].missing_votes, margins(plain).of[0].winning_cost) == (2, None)


@pytest.mark.parametrize("least", [1, 0, -1, -2])
def test_where_votes_to_spare_are_looked_for_no_cost_and_no_flow_of_money_is(least: int) -> None:
    whole, better, flows = least > 0, 0, 0
    for plain in drawn(LARGER)[:10]:
        found, books, full = Margins(plain.market, plain.walk, plain.losers, least), Books(plain.market, plain.walk), margins(plain)
        assert len(found.held) == (len(plain.walk.run.bought) if whole else 0)
        for one in plain.losers:
            flow = books.accounts([one])[one].flow
            assert found.accounts[one].flow == (flow if whole else [])
            # At the end it wins at any lower cost that its supporters still hold, if it has the votes.
            last = min(plain.cost(one) - 1, int(full.of[one].held)) if plain.stands(one) else None
            assert found.of[one].winning_cost == (full.of[one].winning_cost if whole else last)
            better, flows = better + (full.of[one].winning_cost != last), flows + len(flow)
    assert better > 2
    assert flows > 2
