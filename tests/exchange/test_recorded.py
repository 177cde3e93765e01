"""The winners a file records beside those counted: equal, given by another rule, or told with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.files import counted, real, run, written

DECLARED = {
    "Netherlands_Amsterdam_304": None,
    "Netherlands_Assen_2024": True,
    "Poland_Katowice_2024_Bogucice": True,
    "Poland_Krakow_2025_Stare_Miasto": True,
    "Poland_Lodz_2023_Baluty-Centrum": True,
    "Poland_Swiecie_2023": True,
    "Poland_Warszawa_2024_Ochota": True,
}
"""Whether the rule a real file declares gives the winners its city recorded; None: it records none."""


@pytest.mark.parametrize("name", DECLARED)
def test_real_cities_are_counted_as_they_counted(name: str) -> None:
    recorded = counted(real(name))["recorded"]
    assert (None if recorded is None else recorded["same"]) is DECLARED[name]


def test_another_rule_that_gives_the_recorded_winners_is_named() -> None:
    recorded = counted(real("Netherlands_Assen_2024"), "--rule", "greedy")["recorded"]
    assert recorded["same"] is False
    assert (recorded["reproduced_by"]["kind"], recorded["reproduced_by"]["completion"]) == ("equal_shares", "add1_until_infeasible")
    assert recorded["not_chosen_here"] == ["5", "6", "12"]
    assert recorded["chosen_only_here"] == ["8"]


def test_winners_that_no_rule_gives_are_told_with_their_reasons(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60;0 b;60;1 c;50;0", "a,b a,b a c", columns=";selected")
    assert run("count", path).stdout.splitlines()[-3:] == [
        "The file records other winners, and none of the rules tried gives them.",
        "Recorded as chosen, not chosen here: b. 2 votes; it asks for 60.00 EUR and 40.00 EUR was left.",
        "Chosen here, not recorded as chosen: a. 3 votes; 60.00 EUR of the 100.00 EUR still left.",
    ]


def test_the_reserve_of_poznan_is_tried_too(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60;1 b;45;2 c;40;0", "a,b a,b a c", columns=";selected", more="rule;greedy-custom\n")
    recorded = counted(path, "--rule", "greedy")["recorded"]
    assert recorded["other"] == {"b": "2"}
    assert recorded["reproduced_by"]["after"]["reserve_percent"] == "80"
    assert "The file marks b with 2" in run("count", path, "--rule", "greedy").stdout


def test_a_file_that_records_nothing_is_not_judged(tmp_path: Path) -> None:
    path = written(tmp_path, "a;60 b;60", "a,b a")
    assert counted(path)["recorded"] is None
    assert "The file records" not in run("count", path).stdout
