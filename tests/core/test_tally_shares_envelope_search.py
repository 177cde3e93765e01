"""Where the search for a larger envelope looks, step by step, and what a winner could spare: by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.tally import Election, EqualShares, Project, shares_envelope
from app.core.tally.limits import MaxPer
from app.core.tally.shares_completion import Completed
from app.core.tally.shares_envelope import Further
from app.core.tally.shares_margins import Margins
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk, run_at
from tests.core.shares_brute import Case
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import Plain, piled


def test_where_its_supporters_lack_nothing_the_search_goes_on_by_single_cents_and_by_doubling_and_halving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Ten voters hold 1.00 each. z (6.00) takes 1.00 from each of six, x (3.00) from each of three. l stands on the site of x and costs
    # 0.60, less than its first supporter holds; but its four others have paid for z. Once they hold 0.10 each, l asks a third of a cent
    # for each cent, like x, and its id comes first: with 1.00 more in the envelope.
    field = [Project("l", 60, site="s"), Project("x", 300, site="s"), Project("z", 600)]
    rule = EqualShares(completion="none", tie_break=("id",), limits=(MaxPer(key="site", most=1),))
    plain = Plain(Case(rule, Election.of(field, ["l", *["lz"] * 4, *["z"] * 2, *["x"] * 3], 1000)))
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["z", "x"]
    tried = list[int]()

    def running(market: Market, share: Fraction, limit: int) -> Walk:
        assert share == Fraction(limit, 10)
        tried.append(limit - 1000)
        return run_at(market, share, limit)

    monkeypatch.setattr(shares_envelope, "run_at", running)
    further = Further(plain.market, Completed(plain.walk, 10), [0], filling=False)
    assert further.missing_cents(0, Margins(plain.market, plain.walk).of[0]) == 100
    rising = [1, 2, 4, 5, 6, 12, 13, 14, 28, 29, 30, 60, 61, 62, 124]
    assert tried == [*rising, 63, 64, 94, 95, 96, 110, 97, 98, 104, 99, 100]


def test_who_pays_all_alone_can_spare_nobody_and_who_is_paid_by_three_one() -> None:
    # Four voters share 12.00 €, 3.00 each. a (6.00) is paid by three and could be by two; b (3.00) by one alone.
    election = Election(projects({"a": 600, "b": 300, "c": 600}), piled((2, "ac"), (1, "a"), (1, "b")), 1200, draw=("a", "b", "c"))
    plain = Plain(Case(EqualShares(completion="none"), election))
    further = Further(plain.market, Completed(plain.walk, 4), [2], filling=False)
    assert [further.spare_votes(one) for one in (0, 1)] == [1, 0]


def test_the_search_ends_a_cent_beyond_what_would_pay_every_cost_of_every_voter(monkeypatch: pytest.MonkeyPatch) -> None:
    # x costs nothing and takes the site of l (0.01) whatever there is to spend.
    rule = EqualShares(completion="none", tie_break=("id",), limits=(MaxPer(key="site", most=1),))
    plain = Plain(Case(rule, Election.of([Project("x", 0, site="s"), Project("l", 1, site="s")], ["xl"], 0)))
    tried = list[int]()

    def running(market: Market, share: Fraction, limit: int) -> Walk:
        tried.append(limit)
        return run_at(market, share, limit)

    monkeypatch.setattr(shares_envelope, "run_at", running)
    further = Further(plain.market, Completed(plain.walk, 1), [1], filling=False)
    assert further.missing_cents(1, Margins(plain.market, plain.walk).of[1]) is None
    assert tried == [1, 2]


def test_what_a_winner_can_spare_is_asked_of_a_run_to_its_end() -> None:
    # Seven voters hold 3.00 each. p (6.00) is paid by four others; then w (6.00) by three, 2.00 each. Two of these also want q (3.00),
    # which asks 1.50 of each: with one fewer for w it asks half a cent for each cent like q, and the cheaper goes first. So it can spare
    # nobody, though at the time when p was bought two would have been enough.
    election = Election(projects({"p": 600, "q": 300, "w": 600}), piled((4, "p"), (2, "wq"), (1, "w")), 2100)
    plain = Plain(Case(EqualShares(completion="none", tie_break=("cheaper", "id")), election))
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["p", "w"]
    assert Further(plain.market, Completed(plain.walk, 7), [1], filling=False).spare_votes(2) == 0
