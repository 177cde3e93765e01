"""The compiled columns give the same numbers as the plain ones, bit for bit, and so the same outcomes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import EqualShares, columns, shares_market
from app.core.tally.column_questions import NEVER, Columns
from app.core.tally.columns import PLAIN, fast
from app.core.tally.shares_market import market
from app.core.tally.shares_run import run_at
from tests.conftest import skip_or_fail
from tests.core.shares_brute import Case, cases
from tests.core.test_tally_equal_shares_steps import middling
from tests.synthetic import synthetic

FAST = fast()


@pytest.fixture(autouse=True)
def _compiled() -> None:
    if FAST is None:
        skip_or_fail("Numba is not installed")


def _run(case: Case, own: Columns | None, share: Fraction) -> tuple[Any, ...]:
    indexed = market(case.rule, case.election, case.rule.utility, case.rule.scale, own)
    walk = run_at(indexed, share, 10**15)
    purses = walk.purses
    return walk.run.rounds, purses.slack, purses.money.tolist(), purses.out.tolist(), purses.exact.prices(), purses.exact.common


@settings(max_examples=200, deadline=None)
@given(cases())
def test_both_columns_leave_every_purse_the_same(case: Case) -> None:
    assert _run(case, PLAIN, case.share) == _run(case, FAST, case.share)


@pytest.mark.parametrize("utility", ["cost", "cardinality", "points"])
@pytest.mark.parametrize("seed", range(4))
def test_whole_outcomes_are_the_same(seed: int, utility: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = middling(seed, utility)
    outcomes = []
    for own in (PLAIN, FAST):
        monkeypatch.setattr(shares_market, "columns_for", lambda marks, own=own: own)
        outcomes.append(case.rule.count(case.election).to_json())
    assert outcomes[0] == outcomes[1]


def test_a_larger_election_comes_out_the_same() -> None:
    election = synthetic(3000, 40)
    case = Case(EqualShares(tie_break=("id",)), election)
    for share in (Fraction(election.budget_cents, election.valid), Fraction(60_001, 7)):
        assert _run(case, PLAIN, share) == _run(case, FAST, share)


ROWS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 4), st.integers(1, 5)), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(ROWS, st.integers(1, 400), st.data())
def test_each_question_has_one_answer(rows: list[tuple[int, int, int]], need: int, data: st.DataObject) -> None:
    assert FAST is not None
    money, many, points = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    owner = np.arange(len(rows), dtype=np.int32)
    weight = data.draw(st.sampled_from([None, many]))
    worth = data.draw(st.sampled_from([None, points]))
    assert PLAIN.look(money, owner, weight, worth, need, 1) == FAST.look(money, owner, weight, worth, need, 1)
    hint = data.draw(st.integers(1, 60))
    looks = {own.look(money, owner, weight, worth, need, 1, guess) for own in (PLAIN, FAST) for guess in (0, hint)}
    assert len(looks) == 1, "where a look begins changes nothing"
    if worth is None:
        assert PLAIN.capped(money, owner, weight, hint) == FAST.capped(money, owner, weight, hint)
    cap = data.draw(st.floats(0, 40))
    assert PLAIN.cover(money, owner, weight, worth, cap) == FAST.cover(money, owner, weight, worth, cap)
    order = np.array([1, -1, 0], np.int32)
    each = None if worth is None else np.repeat(points, 3)
    marks = np.arange(len(rows) + 1) * 3, np.tile(np.arange(3, dtype=np.int32), len(rows)), each
    out = np.array([one % 3 if one % 3 < 2 else NEVER for one in money.tolist()], np.int32)
    tables = [own.fates(owner, weight, out, marks, order, 2).tolist() for own in (PLAIN, FAST)]
    assert tables[0] == tables[1]
    assert PLAIN.paid(owner, weight, 1, out, marks, order, 2).tolist() == FAST.paid(owner, weight, 1, out, marks, order, 2).tolist()
    left = []
    for own in (PLAIN, FAST):
        purse, out = money.copy(), np.full(len(rows), NEVER, np.int32)
        emptied = own.pay(purse, out, owner, worth, (cap, 0.01), (int(cap * 4), 4), 3)
        left.append((purse.tolist(), out.tolist(), None if emptied is None else emptied.tolist()))
    assert left[0] == left[1]


def test_a_small_count_does_not_load_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_loaded", [])
    assert columns.columns_for(100) is PLAIN
    assert columns._loaded == []


def test_without_the_compiler_the_plain_columns_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_loaded", [])
    monkeypatch.setattr(columns, "find_spec", lambda name: None)
    assert columns.columns_for(10**9) is PLAIN


@pytest.mark.parametrize("trouble", [ImportError, RuntimeError])
def test_a_compiler_that_cannot_work_here_leaves_the_plain_columns(monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]) -> None:
    def fails(name: str) -> Any:
        raise trouble(name)

    monkeypatch.setattr(columns, "_loaded", [])
    monkeypatch.setattr(columns, "import_module", fails)
    assert columns.fast() is PLAIN
    assert columns._loaded == [PLAIN]
    assert columns.columns_for(10**9) is PLAIN


def test_the_compiled_columns_are_loaded_when_a_large_election_first_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_loaded", [])
    assert columns.columns_for(columns.COMPILE_FROM - 1) is PLAIN
    assert columns._loaded == []
    assert columns.columns_for(columns.COMPILE_FROM) is FAST is not PLAIN
    assert columns._loaded == [FAST]
