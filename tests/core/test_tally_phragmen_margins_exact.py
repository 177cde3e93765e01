"""How near a project was under Phragmén's rule, in exact numbers; and that floats answer wherever they cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil, inf
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, Phragmen, Project
from app.core.tally.limits import MaxSpending, MinVotes
from app.core.tally.outcome import Action
from app.core.tally.phragmen_ground import Ground
from app.core.tally.phragmen_margins import Losers, Near, Stand, near_wins
from app.core.tally.phragmen_run import Run, Runner, Turn
from app.core.tally.profile import Profile
from app.core.tally.room import Room, cost_for_votes, votes_needed
from tests.core.tally_elections import ballots, projects
from tests.core.tally_greedy import limited, with_cost, with_votes
from tests.core.test_tally_phragmen import PHRAGMEN

BY_ID = PHRAGMEN.map(lambda rule: rule.model_copy(update={"tie_break": ("id",)}))
"""Every tie falls by the id, which is the same whatever a project costs and however many want it."""


def counted(rule: Phragmen, election: Election) -> tuple[Ground, Run]:
    """The run alone."""
    ground, needed = Ground(election), rule.needed(election)
    able = [place for place, id in enumerate(election.ids) if ground.votes[place] >= max(needed[id], 1)]
    among = [place for place in able if ground.cost[place] <= election.budget_cents]
    return ground, Runner(rule, ground, among, election.budget_cents, stop=rule.on_miss == "stop").run()


class Counted(Losers):
    """As `Losers`, writing down each question that it works out in exact numbers."""

    asked: list[tuple[str, str, str]]

    def _votes_before(self, row: int, turn: Turn, stand: Stand) -> float:
        self.asked.append(("votes", turn.project, self._lost[row].id))
        return super()._votes_before(row, turn, stand)

    def _cost_before(self, row: int, turn: Turn, stand: Stand, most: int) -> int:
        self.asked.append(("cost", turn.project, self._lost[row].id))
        return super()._cost_before(row, turn, stand, most)


def looked(rule: Phragmen, election: Election) -> tuple[dict[str, Near], list[tuple[str, str, str]]]:
    """The answers, and for which turns and losers exact numbers were asked."""
    ground, run = counted(rule, election)
    losers, stand = Counted(rule, ground, run), Stand(ground, run)
    losers.asked = []
    for turn in run.turns:
        losers.look(turn, stand)
        if turn.action is Action.BOUGHT:
            stand.pay(turn)
    return losers.result(stand), losers.asked


class Before(NamedTuple):
    """A turn as a loser meets it: what its supporters have paid by then, and the most it could cost for the money and the limits."""

    turn: Turn
    paid: Fraction
    cap: int


def turns_of(rule: Phragmen, election: Election, run: Run, id: str) -> Iterator[Before]:
    """All turns, one load for each pile of ballots; the last is the end of the run."""
    loads = dict.fromkeys(election.ballots, Fraction(0))
    caps = iter(Room(rule, election, [election.project(one) for one in run.bought]).caps(election.project(id)))
    cap = next(caps)
    for turn in [*run.turns, None]:
        paid = sum((load * election.ballots[ballot] for ballot, load in loads.items() if id in ballot), Fraction(0))
        yield Before(turn, paid, cap)  # type: ignore[arg-type]
        if turn and turn.action is Action.BOUGHT:
            loads = {ballot: turn.level if turn.project in ballot else load for ballot, load in loads.items()}
            cap = next(caps)


def plain_near(rule: Phragmen, election: Election, run: Run, id: str) -> tuple[Near, list[tuple[str, str, str]]]:
    """The answers for one loser in fractions alone, and at which turns floats could not have told: where it comes to whole numbers."""
    project, votes = election.project(id), election.votes[id]
    least = max(1, votes_needed(rule, election, project) - votes)
    top = cost_for_votes(rule, election, project, votes) if votes else -1
    more: float = inf
    best, asked = -1, list[tuple[str, str, str]]()
    *before, end = turns_of(rule, election, run, id)
    for turn, paid, cap in before:
        first = all(id < other for other in turn.equal.flat if other != id)
        if cap >= project.cost_cents and not turn.level:
            asked.append(("votes", turn.project, id))
            more = min(more, least if first and not project.cost_cents else inf)
        elif cap >= project.cost_cents:
            share = (project.cost_cents + paid) / turn.level
            enough = ceil(share) + (share.denominator == 1 and not first)
            whole = share.denominator == 1 and share + 1 - votes >= least
            asked += [("votes", turn.project, id)] * (whole and max(least, share - votes) < more)
            more = min(more, max(least, enough - votes))
        held, most = votes * turn.level - paid, min(cap, top)
        whole = held.denominator == 1 and held - 1 < most
        asked += [("cost", turn.project, id)] * (whole and most > best and held + 1 > best)
        best = max(best, min(most, ceil(held) - 1), int(held) if whole and first else -1)
    if run.stopped:
        return Near(None if more == inf else int(more), best if best >= 0 else None, votes * run.turns[-1].level - end.paid), asked
    best, more = max(best, min(end.cap, top)), min(more, least if end.cap >= project.cost_cents else inf)
    return Near(None if more == inf else int(more), best if best >= 0 else None, None), asked


@settings(max_examples=150, deadline=None)
@given(BY_ID, limited())
def test_the_answers_are_those_of_fractions_and_floats_give_them_unless_numbers_are_whole(rule: Phragmen, election: Election) -> None:
    answers, asked = looked(rule, election)
    _, run = counted(rule, election)
    for id, near in answers.items():
        expected, questions = plain_near(rule, election, run, id)
        assert near == expected
        assert sorted(one for one in asked if one[2] == id) == sorted(questions)


def larger(rule: Phragmen, election: Election, cents: int, many: int) -> tuple[Phragmen, Election]:
    """The same count with so many times the money and so many times the ballots."""
    field = tuple(replace(one, cost_cents=one.cost_cents * cents) for one in election.projects)
    piles = {ballot: count * many for ballot, count in election.ballots.items()}
    limits = tuple(
        limit.model_copy(update={"cents": limit.cents * cents}) if isinstance(limit, MaxSpending) else limit for limit in rule.limits
    )
    dear = replace(election, projects=field, profile=Profile.of_sets(election.ids, piles), budget_cents=election.budget_cents * cents)
    return rule.model_copy(update={"limits": limits}), dear


@settings(max_examples=150, deadline=None)
@given(PHRAGMEN, limited(5), st.sampled_from([3**20, 10**13 + 37, 4 * 10**14 + 7]), st.sampled_from([1, 7, 3**12]))
def test_amounts_that_floats_round_give_exact_answers_too(rule: Phragmen, small: Election, cents: int, many: int) -> None:
    rule, election = larger(rule, small, cents, many)
    ground, run = counted(rule, election)

    def wins(id: str, changed: Election) -> bool:
        return id in counted(rule, changed)[1].bought

    for id, near in near_wins(rule, ground, run).items():
        cost = -1 if near.cost_cents is None else near.cost_cents
        assert near.cost_cents is None or wins(id, with_cost(election, id, cost))
        assert cost + 1 >= election.project(id).cost_cents or not wins(id, with_cost(election, id, cost + 1))
        votes = 20 * many if near.votes is None else near.votes
        if votes <= 40 * many:
            assert wins(id, with_votes(election, id, votes)) == (near.votes is not None)
            assert not wins(id, with_votes(election, id, votes - 1))


def test_what_the_supporters_of_each_project_have_paid_is_known_before_each_turn() -> None:
    # a and b share two voters, b has one more, c one for itself. b costs 7.00: its three stand at 2.33 1/3; c's one then at 4.00.
    election = Election(projects({"a": 899, "b": 700, "c": 400}), ballots((2, "ab"), (1, "b"), (1, "c")), 1100)
    ground, run = counted(Phragmen(), election)
    stand = Stand(ground, run)
    for turn, paid in zip((None, *run.turns[:2]), ([0, 0, 0], [Fraction(1400, 3), 700, 0], [Fraction(1400, 3), 700, 400]), strict=True):
        if turn is not None:
            stand.pay(turn)
        assert [stand.exact(place) for place in range(3)] == paid
        quick = stand.paid(np.arange(3)).tolist()
        below = [exact - Fraction(one) for exact, one in zip(paid, quick, strict=True)]
        assert all(0 <= one < votes * stand.unit for one, votes in zip(below, ground.votes, strict=True))
    # Floats hold every sum: a, too dear then, comes at 6.82 5/6; 683 cents for 3 ballots take 12 of 52 bits.
    assert stand.unit == 2.0**-40
    nobody = Election(projects({"a": 1}), ballots(), 1)
    assert Stand(*counted(Phragmen(), nobody)).unit == 2.0**-52


@pytest.mark.parametrize("cents", [1, 10**9, 10**15, 10**18])
def test_sums_of_any_size_are_known_to_a_part_of_themselves(cents: int) -> None:
    election = Election(projects({"a": 3 * cents, "b": 7 * cents, "c": cents}), ballots((5, "abc"), (2, "b"), (1, "c")), 8 * cents)
    ground, run = counted(Phragmen(), election)
    stand = Stand(ground, run)
    for turn in run.turns:
        if turn.action is Action.BOUGHT:
            stand.pay(turn)
    exact = [stand.exact(place) for place in range(3)]
    for paid, quick, votes in zip(exact, stand.paid(np.arange(3)).tolist(), ground.votes, strict=True):
        assert 0 <= paid - Fraction(quick) < votes * Fraction(stand.unit)
        assert stand.unit * votes <= 2**-46 * max(exact)


def test_a_project_without_supporters_may_lose_a_tie_to_come() -> None:
    # a costs its one voter 5. So would z cost its first one, and by its name it comes after a; with two it comes first, at 2.50 each.
    election = Election(projects({"a": 5, "z": 5}), ballots((1, "a")), 5)
    assert Phragmen(tie_break=("id",)).count(election).row("z").missing_votes == 2
    before = Election(projects({"b": 5, "a": 5}), ballots((1, "b")), 5)
    assert Phragmen(tie_break=("id",)).count(before).row("a").missing_votes == 1


def test_of_what_costs_nothing_the_fewest_votes_that_come_first_are_told() -> None:
    # One award for the carrier. By name a comes before b, with 8 votes, as soon as it has one; by votes it needs 8, and 9 after its name.
    free = projects({"a": 0, "b": 0, "c": 0}, dict.fromkeys("abc", "x"))
    election = Election(free, ballots((8, "b")), 5)
    rule = Phragmen(max_per_carrier=1, tie_break=("id",))
    assert rule.count(election).row("a").missing_votes == 1
    assert rule.count(election).row("c").missing_votes is None
    votes = Phragmen(max_per_carrier=1, tie_break=("votes", "id"))
    assert [votes.count(election).row(id).missing_votes for id in "ac"] == [8, 9]
    # b has but one vote; a needs five, has two, and comes first by its name with the three that it lacks.
    scoped = (replace(free[0], scope="s"), free[1])
    few = Election(scoped, ballots((1, "b"), (2, "a")), 5)
    rule = Phragmen(max_per_carrier=1, tie_break=("id",), limits=(MinVotes(votes=5, scope="s"),))
    assert rule.count(few).row("a").missing_votes == 3
    # With two votes of its own a lacks 6 to b's 8, and comes first by name; as many more than b are not needed.
    own = Election(free[:2], ballots((8, "b"), (2, "a")), 5)
    assert votes.count(own).row("a").missing_votes == 6


def test_a_number_of_supporters_that_floats_just_miss_is_exact() -> None:
    # b costs its 49 voters 1/49 each. So a would cost 49 voters, and by its name it comes first: but 1 / (1 / 49) exceeds 49 in floats.
    alike = Election(projects({"a": 1, "b": 1}), ballots((3, "a"), (49, "b")), 1)
    assert Phragmen(tie_break=("id",)).count(alike).row("a").missing_votes == 46
    # And 2 / (2 / 93) is less than 93; z comes after b, and with 94 before it.
    less = Election(projects({"z": 2, "b": 2}), ballots((3, "z"), (93, "b")), 2)
    assert Phragmen(tie_break=("id",)).count(less).row("z").missing_votes == 91


def test_what_supporters_paid_before_counts_among_what_they_lack() -> None:
    # a's three voters pay 6.00 for b, at 2.00 each; c comes at 3.00. By then a (15.00) wants 15.00 + 6.00 = 7 x 3.00, and is first by name.
    election = Election(projects({"a": 1500, "b": 600, "c": 300}), ballots((3, "ab"), (1, "c")), 2100)
    outcome = Phragmen(tie_break=("id",), on_miss="skip").count(election)
    assert (outcome.selected, outcome.row("a").missing_votes) == (("b", "c"), 4)


def test_what_was_held_is_what_was_given_up_to_the_turn_that_stopped_the_count() -> None:
    # b at 2.00 and c at 4.00 are bought; d comes at 4.50 and does not fit the 4.00 left. a's three hold 3 x 4.50 less the 6.00 paid for b.
    field = projects({"a": 1000, "b": 600, "c": 400, "d": 450})
    outcome = Phragmen().count(Election(field, ballots((3, "ab"), (1, "c"), (1, "d")), 1400))
    assert (outcome.selected, outcome.row("a").support) == (("b", "c"), Fraction(75, 100))


def test_a_lower_cost_must_come_before_all_that_have_the_same_level() -> None:
    # a and c come at 5 and do not fit together. b at 5 would come before c, but not before a.
    election = Election(projects({"a": 5, "b": 9, "c": 5}), ballots((1, "a"), (1, "b"), (1, "c")), 9)
    assert Phragmen(tie_break=("id",)).count(election).row("b").winning_cost_cents == 4


def test_exact_numbers_are_not_asked_for_where_they_could_not_better_the_answer() -> None:
    by_id = Phragmen(tie_break=("id",), on_miss="skip")
    # At b's turn (4) a and c hold 4; a's voter pays. At c's turn (7) it holds 3, less than the 4 that a could have asked before.
    first = Election(projects({"a": 12, "b": 4, "c": 7}), ballots((1, "c"), (1, "ab")), 9)
    assert looked(by_id, first)[1] == [("cost", "b", "a"), ("cost", "b", "c")]
    # At a's turn (2) c could have asked 1, as much as is less than its cost; at b's turn (3) it holds 1 again.
    second = Election(projects({"a": 2, "b": 6, "c": 2}), ballots((1, "ac"), (2, "b")), 9)
    assert looked(by_id, second)[1] == [("votes", "a", "c")]
    # z needs five votes: with the four that it lacks it is surely before b, whose turn (1) it would reach with two more.
    third = Election((*projects({"b": 5}), Project("z", 3, scope="s")), ballots((5, "b"), (1, "z")), 5)
    assert looked(by_id.model_copy(update={"limits": (MinVotes(votes=5, scope="s"),)}), third)[1] == []
    # a comes at twice the level of b and c; its second supporter would bring it there before b's turn, and no sooner before c's.
    fourth = Election(projects({"a": 10, "b": 5, "c": 5}), ballots((1, "a"), (1, "b"), (1, "c")), 15)
    assert looked(by_id, fourth)[1] == [("votes", "b", "a"), ("cost", "b", "a"), ("cost", "c", "a")]


def test_a_part_of_a_cent_that_floats_cannot_tell_is_no_whole_cent() -> None:
    # b costs its three voters a third of 10^15 each. By then a's one voter holds that third, which is no whole number of cents.
    election = Election(projects({"a": 10**15 - 1, "b": 10**15}), ballots((1, "a"), (3, "b")), 10**15)
    assert Phragmen(tie_break=("id",)).count(election).row("a").winning_cost_cents == 333333333333333


def test_for_nothing_a_project_may_come_before_another_that_costs_nothing() -> None:
    election = Election(projects({"a": 5, "b": 0}, dict.fromkeys("ab", "x")), ballots((1, "a"), (1, "b")), 9)
    assert Phragmen(max_per_carrier=1, tie_break=("id",)).count(election).row("a").winning_cost_cents == 0
    named = Election(projects({"z": 5, "b": 0}, dict.fromkeys("zb", "x")), ballots((1, "z"), (1, "b")), 9)
    assert Phragmen(max_per_carrier=1, tie_break=("id",)).count(named).row("z").winning_cost_cents is None


@pytest.mark.parametrize("more", [0, 1, 2, 3])
@pytest.mark.parametrize("voters", [1, 3])
def test_a_winning_cost_above_what_floats_hold_is_exact_to_the_cent(voters: int, more: int) -> None:
    # One voter of a brings its cost; the others bring b sooner at any cost that fits the envelope, or with one voter below that of a.
    envelope = 2**54 + more
    election = Election(projects({"a": envelope - 1, "b": envelope + 7}), ballots((1, "a"), (voters, "b")), envelope)
    row = Phragmen(tie_break=("id",)).count(election).row("b")
    assert row.winning_cost_cents == (envelope - 2 if voters == 1 else envelope)
