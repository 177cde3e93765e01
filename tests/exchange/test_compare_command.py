"""`quotepart compare`: all rules on one page, for people, for a spreadsheet and for programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from app.core.formats.comparison_json import COLUMNS
from tests.exchange.files import counted, run, written

FIELD, VOTES = "a;60 b;50 c;40 d;30", "a,b a,b a,c b,d c,d d d"


def test_the_table_has_a_line_for_each_rule_the_declared_one_first(tmp_path: Path) -> None:
    path = written(tmp_path, FIELD, VOTES)
    lines = run("compare", path).stdout.splitlines()
    assert lines[0] == "Projects: 4. Ballots: 7, naming a project: 7. Envelope: 100.00 EUR."
    assert lines[3].startswith("Rule ")
    assert lines[4].split()[:5] == ["The", "rule", "the", "file", "declares"]
    assert len(lines) > 8
    assert len({line.index("  ") for line in lines[3:5]}) == 2


def test_every_form_tells_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, FIELD, VOTES)
    rows = list(csv.DictReader(io.StringIO(run("compare", path, "--format", "csv").stdout)))
    found = json.loads(run("compare", path, "--format", "json").stdout)
    assert list(rows[0]) == list(COLUMNS)
    assert [row["rule"] for row in rows] == [rule["name"] for rule in found["rules"]]
    assert [row["selected"].split() for row in rows] == [rule["selected"] for rule in found["rules"]]
    assert rows[0]["rule"] == "official"
    assert found["rules"][0]["selected"] == counted(path)["selected"]


def test_a_file_without_a_rule_is_compared_all_the_same(tmp_path: Path) -> None:
    found = json.loads(run("compare", written(tmp_path, FIELD, VOTES, more="rule;unknown\n"), "--format", "json").stdout)
    assert "official" not in [rule["name"] for rule in found["rules"]]
    assert len(found["rules"]) >= 4


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, FIELD, VOTES)
    path.write_text(path.read_text("utf-8").replace("a;60", "a;sixty"), "utf-8")
    result = run("compare", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}:16: “sixty” is not an amount" in result.stderr
