"""At which lower cost a loser of Equal Shares goes first, and who falls first in a tie: against trying every cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.shares_costs import highest_cost, room_for
from app.core.tally.shares_market import Market
from app.core.tally.shares_replay import Film, Moment
from app.core.tally.shares_tie import goes_first
from tests.core.shares_brute import Case
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import LARGER, Plain, drawn, piled


def played(plain: Plain) -> Iterator[Moment]:
    return Film(plain.market, plain.walk, plain.walk.purses.exact).moments()


def goes(plain: Plain, moment: Moment, one: int, cost: int) -> bool:
    """Whether it is bought before the purchase of this moment if it costs so much, and no limit and no number of votes is looked at."""
    assert moment.round is not None
    case, id, (rate, purses, _) = plain.case, plain.market.ids[one], plain.moments[moment.index]
    by_cost = case.rule.utility == "cost"
    own = [
        (purse, (cost or 1) if by_cost else points[id])
        for purse, (points, _) in zip(purses, case.voters, strict=True)
        if id in points
    ]
    asked = case._rate(cost, own)
    if asked is None or asked > rate:
        return False
    cheaper = replace(case.election.project(id), cost_cents=cost)
    rivals = [case._tie(plain.market.projects[other], plain.market.votes[other]) for other in moment.round.members]
    return asked < rate or case._tie(cheaper, plain.market.votes[one]) < min(rivals)


@pytest.mark.parametrize("seed", range(LARGER))
def test_the_highest_cost_that_goes_first_is_found_up_to_any_room(seed: int) -> None:
    for plain in drawn(seed)[:10]:
        for moment in played(plain):
            for one in plain.losers if moment.round else ():
                for room in {-1, 0, 1, plain.cost(one) // 2, plain.cost(one) - 1}:
                    first = next((cost for cost in range(room, -1, -1) if goes(plain, moment, one, cost)), None)
                    assert highest_cost(plain.market, moment, one, room) == first


@pytest.mark.parametrize("seed", range(LARGER))
def test_the_room_is_the_highest_lower_cost_that_keeps_to_all_limits(seed: int) -> None:
    for plain in drawn(seed)[:15]:
        for moment in played(plain):
            for one in plain.losers:
                project, votes = plain.market.projects[one], plain.market.votes[one]
                rooms = [-1]
                for cost in range(plain.cost(one)):
                    cheaper = replace(project, cost_cents=cost)
                    field = tuple(cheaper if other is project else other for other in plain.market.projects)
                    needed = max(plain.case.rule.needed(replace(plain.case.election, projects=field))[project.id], 1)
                    if votes >= needed and moment.gate.bar(cheaper) is None:
                        rooms.append(cost)
                assert room_for(plain.market, moment.gate, one) == max(rooms)


# Six voters share 12.00 €; all name a (6.00). d lacks votes for its cost, e shares the site of a, f what a leaves of its theme.
LIMITED = Plain(
    Case(
        EqualShares(
            completion="none",
            limits=(
                MinVotes(per_cost=1, scope="x"),
                MinVotes(votes=5, scope="y"),
                MaxPer(key="site", most=1),
                MaxSpending(key="theme", cents=800),
            ),
        ),
        Election.of(
            [
                Project("a", 600, site="s", theme="t"),
                Project("d", 601, scope="x"),
                Project("e", 900, site="s"),
                Project("f", 900, theme="t"),
                Project("g", 900, scope="y"),
                Project("h", 900, theme="t", scope="x"),
                Project("i", 900),
            ],
            ["adefgh", "adefgh", "adefg", "aefg", "aef", "aef"],
            1200,
        ),
    )
)


def test_room_by_hand() -> None:
    first, *_, last = [{one: room_for(LIMITED.market, moment.gate, one) for one in range(1, 7)} for moment in played(LIMITED)]
    # At 2.00 € for each ballot that a project has, d's three votes are enough up to 6.00, and h's two up to 4.00; g has four of five.
    assert first == {1: 600, 2: 899, 3: 800, 4: -1, 5: 400, 6: -1}
    # a is bought: its site is taken, and 2.00 of its theme are left.
    assert last == {1: 600, 2: -1, 3: 200, 4: -1, 5: 200, 6: -1}


def tie(criteria: Any) -> tuple[Market, Moment]:
    """The first moment of an election in which b (4.00, two votes) is about to be bought and a (4.00, one vote) is not."""
    election = Election(projects({"a": 400, "b": 400, "c": 400}), piled((2, "bc"), (1, "a")), 1200, draw=("b", "c", "a"))
    plain = Plain(Case(EqualShares(completion="none", tie_break=criteria), election))
    moment = next(iter(played(plain)))
    assert moment.round is not None
    assert [plain.market.ids[one] for one in moment.round.members] == ["b", "c"]
    return plain.market, moment


@pytest.mark.parametrize(
    ("criteria", "more", "cost", "first"),
    [
        (("draw",), 0, None, False),
        (("draw",), 5, 1, False),  # the draw asks neither for votes nor for costs
        (("votes", "draw"), 1, None, False),  # as many votes: b is drawn first
        (("votes", "draw"), 2, None, True),
        (("votes", "id"), 1, None, True),  # as many votes, and its id comes first
        (("votes", "id"), 0, None, False),
        (("cheaper", "draw"), 0, 399, True),
        (("cheaper", "draw"), 0, 400, False),
        (("cheaper", "id"), 0, 400, True),
        (("cheaper", "id"), 0, 401, False),
        (("cheaper", "id"), 0, None, True),
        (("cheaper",), 9, None, False),  # nothing parts them
        (("id",), 0, 9000, True),
    ],
)
def test_who_falls_first_in_a_tie_with_more_votes_or_at_another_cost(criteria: Any, more: int, cost: int | None, first: bool) -> None:
    market, moment = tie(criteria)
    assert goes_first(market, moment, 0, more, cost) is first


def test_after_the_last_purchase_there_is_nobody_to_fall_before() -> None:
    plain = Plain(Case(EqualShares(completion="none"), Election(projects({"a": 400}), piled((2, "a")), 1200)))
    *_, end = played(plain)
    assert goes_first(plain.market, end, 0) is True


def test_at_a_rate_that_its_own_supporters_would_all_have_to_pass_only_nothing_goes_first() -> None:
    # a (6.00) asks a third of a cent, for each cent of usefulness, of each of its three; c's two would pay half a cent at any cost.
    election = Election(projects({"a": 600, "c": 600}), piled((2, "ac"), (1, "a")), 1200, draw=("a", "c"))
    plain = Plain(Case(EqualShares(completion="none", tie_break=("draw",)), election))
    moment = next(iter(played(plain)))
    assert (moment.rate, moment.purses.cover(1, moment.rate * 600)) == (Fraction(1, 3), Fraction(400))
    assert highest_cost(plain.market, moment, 1, 599) == 0
    assert highest_cost(plain.market, moment, 1, -1) is None


def test_unless_more_are_named_it_has_the_votes_and_the_cost_that_it_has() -> None:
    market, moment = tie(("votes", "id"))
    assert goes_first(market, moment, 0) is False
    assert goes_first(market, moment, 0, 1) is True
    market, moment = tie(("cheaper", "votes", "id"))
    assert goes_first(market, moment, 0, cost=400) is False
    assert goes_first(market, moment, 0, cost=399) is True
