"""The words of `quotepart count`: each does what it says, the file's own rule is the ground, and strange words are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.core.formats import canonical
from app.core.tally import EqualShares, Greedy
from tests.exchange.files import counted, run, written

SIX = "a;60 b;50 c;40 d;30"
VOTES = "a,b a,b a,c b,d c,d d d"
"""a 3, b 3, c 2, d 4."""
RANKED = "a,b,c a,b,c b,a,c c,b,a c"


def ranked(folder: Path, more: str = "rule;greedy\nmax_length;3\n") -> Path:
    return written(folder, "a;60 b;50 c;40", RANKED, kind="ordinal", more=more)


def test_without_a_rule_the_one_the_file_names_is_used(tmp_path: Path) -> None:
    for name, kind, on_miss in (("greedy-no-skip", "greedy", "stop"), ("greedy-threshold", "greedy", "skip")):
        rule = counted(written(tmp_path, SIX, VOTES, more=f"rule;{name}\nmin_project_score_threshold;3\n"))["rule"]
        assert (rule["kind"], rule["on_miss"], rule["min_votes"]) == (kind, on_miss, 3)
    rule = counted(written(tmp_path, SIX, VOTES, more="rule;equalshares/add1\n"))["rule"]
    assert (rule["kind"], rule["completion"], rule["step_cents"]) == ("equal_shares", "add1_until_infeasible", 100)
    rule = counted(written(tmp_path, SIX, VOTES, more="rule;equalshares-comparison\n"))["rule"]
    assert (rule["kind"], rule["rule"]["completion"], rule["rival"]["kind"]) == ("compared", "none", "greedy")


@pytest.mark.parametrize("more", ["rule;unknown\n", "rule;\n", ""])
def test_a_file_without_a_rule_says_so(tmp_path: Path, more: str) -> None:
    path = written(tmp_path, SIX, VOTES, more=more)
    result = run("count", path)
    assert result.exit_code == 1
    assert result.stderr == f"{path}: the file names no rule. Name one with --rule.\n"
    assert counted(path, "--rule", "greedy")["selected"] == ["d", "a"]


def test_a_rule_nobody_knows_is_told(tmp_path: Path) -> None:
    assert "“greedy-custom” is not one" in run("count", written(tmp_path, SIX, VOTES, more="rule;greedy-custom\n")).stderr


def test_words_change_the_rule_the_file_names(tmp_path: Path) -> None:
    path = written(tmp_path, SIX, VOTES, more="rule;equalshares\n")
    changed = ("--utility", "cardinality", "--step", "0.50", "--completion", "add1-until-exhaustive", "--then", "greedy")
    rule = counted(path, *changed, "--min-score", "2")["rule"]
    assert EqualShares.model_validate(rule) == EqualShares(
        utility="cardinality", completion="add1_until_exhaustive", then="greedy", step_cents=50, min_votes=2, tie_break=("id",),
        blank_ballots_hold_a_share=True,
    )  # fmt: skip


def test_a_number_of_winners_is_kept(tmp_path: Path) -> None:
    assert counted(written(tmp_path, SIX, VOTES), "--winners", "1")["selected"] == ["d"]


def test_money_left_by_equal_shares_is_filled_only_if_asked(tmp_path: Path) -> None:
    path = written(tmp_path, "a;50 b;60", "a a b", budget="120")
    assert counted(path, "--rule", "equal-shares")["selected"] == ["a"]
    assert counted(path, "--rule", "equal-shares", "--then", "greedy")["selected"] == ["a", "b"]


@pytest.mark.parametrize(
    ("ties", "first", "rule"),
    [
        ("id", "a", ["id"]),
        ("cheaper", "b", ["cheaper", "id"]),
        ("votes,cheaper", "b", ["votes", "cheaper", "id"]),
        ("cheaper,draw", "b", None),
    ],
)
def test_ties_break_as_asked(tmp_path: Path, ties: str, first: str, rule: list[str] | None) -> None:
    found = counted(written(tmp_path, "a;60 b;50", "a b"), "--tie-break", ties)
    assert found["selected"][0] == first
    assert found["rule"]["tie_break"] == (rule or ties.split(","))


def test_a_tie_left_to_the_draw_waits_until_its_value_is_known(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60 b;60", "a b")
    assert counted(path, "--tie-break", "draw")["needs_draw"] == ["a", "b"]
    assert "only the public draw can part them: a, b." in run("count", path, "--tie-break", "draw").stdout
    firsts = {counted(path, "--tie-break", "draw", "--seed", seed)["selected"][0] for seed in ("1", "2", "3", "4", "5")}
    assert firsts == {"a", "b"}


def test_points_are_the_ballots_own(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60 b;50", "a,b;1,2.5 a;1 a;1", kind="cumulative")
    assert counted(path)["rule"]["utility"] == "points"
    assert counted(path, "--winners", "1")["selected"] == ["a"]
    path = written(tmp_path, "a;60 b;50", "a,b;1,3.5 a;1 a;1", kind="scoring")
    assert counted(path, "--winners", "1")["selected"] == ["b"]
    assert counted(path, "--winners", "1", "--utility", "cost")["selected"] == ["a"]
    assert counted(path, "--min-score", "4")["selected"] == []


def test_a_ranking_gives_points_by_the_published_scale_or_borda(tmp_path: Path) -> None:
    """Places of three: a 3+3+2+1 = 9, b 2+2+3+2 = 9, c 1+1+1+3+3 = 9; Borda: a 2+2+1 = 5, b 1+1+2+1 = 5, c 2 + 0 of one named."""
    path = ranked(tmp_path)
    rows = {row["project"]: row["points"] for row in counted(path, "--explain")["rows"]}
    assert rows == {"a": 9, "b": 9, "c": 9}
    rows = {row["project"]: row["points"] for row in counted(path, "--utility", "borda", "--explain")["rows"]}
    assert rows == {"a": 5, "b": 5, "c": 2}
    assert counted(ranked(tmp_path, "rule;greedy\nmax_length;5\n"))["rule"]["scale"]["ranking"] == [5, 4, 3, 2, 1]
    assert counted(ranked(tmp_path, "rule;greedy\n"))["rule"]["scale"]["ranking"] == [3, 2, 1]


def test_points_written_beside_a_ranking_are_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60 b;50", "a,b;3,1 b;9", kind="ordinal")
    rows = {row["project"]: row["points"] for row in counted(path, "--explain")["rows"]}
    assert rows == {"a": 3, "b": 10}


def test_majority_judgment_takes_points_as_grades(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60 b;50", "a,b;5,1 a,b;0,4 a,b;1,4", kind="scoring")
    assert counted(path, "--rule", "majority-judgment", "--winners", "1")["selected"] == ["b"]
    refused = run("count", ranked(tmp_path), "--rule", "majority-judgment")
    assert (refused.exit_code, refused.stderr.startswith("Majority judgment needs ballots that give points")) == (1, True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--completion", "none"], "--completion does not belong to the rule greedy. It belongs to: equal-shares."),
        (["--rule", "equal-shares", "--on-miss", "stop"], "--on-miss does not belong to the rule equal-shares."),
        (["--rule", "phragmen", "--utility", "cost"], "--utility does not belong to the rule phragmen."),
        (["--then", "greedy"], "--then does not belong to the rule greedy."),
        (["--step", "5"], "--step does not belong to the rule greedy."),
        (["--rule", "equal-shares", "--winners", "2"], "--winners does not belong to the rule equal-shares."),
        (["--rule", "equal-shares", "--step", "0"], "“0” is not a step"),
        (["--rule", "equal-shares", "--step", "many"], "“many” is not a step"),
        (["--utility", "points"], "The ballots of this file give no points: they are “approval”."),
        (["--utility", "borda"], "The ballots of this file rank no projects: they are “approval”."),
        (["--tie-break", "taller"], "“taller” does not say how to break ties."),
        (["--tie-break", "id,id"], "“id,id” does not say how to break ties."),
    ],
)
def test_words_that_do_not_belong_are_refused_with_a_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    result = run("count", written(tmp_path, SIX, VOTES), *options)
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr


def test_our_own_rule_comes_with_its_carriers_its_draw_and_its_blank_ballots(tmp_path: Path) -> None:
    own = Greedy(max_per_carrier=1, tie_break=("draw",))
    comment = f"#1: Quotepart rule as data: {canonical(own.model_dump(mode='json'))} #2: blank ballots, not listed: 3"
    comment += ' #3: Quotepart draw as data: {"draw":["b","a","c"]}'
    more = 'rule;unknown\ncomment;"{}"\n'.format(comment.replace('"', '""'))
    found = counted(written(tmp_path, "a;10;X b;10;X c;10;Y", "a b c", columns=";proposer", more=more))
    assert (found["selected"], found["ballots"], found["needs_draw"]) == (["b", "c"], 6, [])
    assert found["rule"] == own.model_dump(mode="json")


def test_projects_that_a_file_says_exclude_one_another_do(tmp_path: Path) -> None:
    prose = "#1: Projects a and b both targeted one street. Projects x and c are not ours. #2: projects c, d and e share a site."
    more = f'rule;greedy-exclusive\ncomment;"{prose}"\n'
    path = written(tmp_path, "a;1 b;1 c;1 d;1 e;1", "a,b,c,d,e a,b,c,d a,b,c,d a,c,d d", more=more)
    assert counted(path)["selected"] == ["d", "a"]
    told = run("count", path).stderr.splitlines()
    assert told == [f"As the file says, these projects exclude one another: {group}." for group in ("a, b", "c, d, e")]


def _reasons(found: dict[str, Any]) -> list[str]:
    return [row["reason"] for row in found["rows"]]


def test_each_project_is_explained_if_asked(tmp_path: Path) -> None:
    path = written(tmp_path, SIX, VOTES)
    reasons = _reasons(counted(path, "--explain"))
    assert len(reasons) == 4
    assert all(reasons)
    lines = run("count", path, "--explain").stdout.splitlines()
    assert lines[-1].startswith("It would have won with ")
    assert "rows" not in counted(path)
