"""Texts of .pb files for tests: small ones by Hypothesis, of all types of vote, sound or damaged."""

from __future__ import annotations

from hypothesis import strategies as st

HEAD = """META
key;value
num_projects;{size}
budget;1000
vote_type;{kind}
{more}PROJECTS
project_id;cost
{projects}VOTES
{header}
"""
IDS = ("1", "12", "B/1", "BO.D1.19/25", "a long name of one project", "Łódź", "7" * 16)
LIMITS = (
    "min_length;2\n",
    "max_length;2\n",
    "max_sum_cost;25\n",
    "min_points;1\n",
    "max_points;3\n",
    "max_sum_points;5\n",
    "default_score;1\n",
)
ODD_CELLS = (
    "",
    " ",
    "1",
    "1,12",
    "1,1",
    " 1",
    "1, 12",
    "12,1,1",
    ",",
    "1,",
    "9",
    "\u00a01",
    '"1"',
    '"1,12"',
    '"',
    "META",
    "VOTES",
    "1.5",
    "-2",
    "3,2",
)
ENDS = ("\n", "\r\n", "\n\n", "\r", ";\n", ";;;\n", " \n")


@st.composite
def texts(draw: st.DrawFn, sound: bool = False) -> str:
    """A whole file: most of its lines ordinary, some odd in every way we could think of (none where `sound`)."""
    kind = draw(st.sampled_from(["approval", "choose-1", "cumulative", "scoring", "ordinal"]))
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=5))
    header = draw(st.sampled_from([["voter_id", "vote"], ["voter_id", "vote", "points"], ["voter_id", "age", "vote", "points", "sex"]]))
    if sound and kind in ("cumulative", "scoring") and "points" not in header:
        header.append("points")
    more = "".join(draw(st.lists(st.sampled_from(LIMITS), unique=True, max_size=3)))
    projects = "".join(f"{id};{10 + place}\n" for place, id in enumerate(ids))
    body = "".join(draw(_line(kind, ids, header, number, sound)) for number in range(draw(st.integers(0, 12))))
    return HEAD.format(size=len(ids), kind=kind, more=more, projects=projects, header=";".join(header)) + body


@st.composite
def _line(draw: st.DrawFn, kind: str, ids: list[str], header: list[str], number: int, sound: bool) -> str:
    choices = draw(st.lists(st.sampled_from(ids), unique=not draw(st.booleans()), max_size=1 if kind == "choose-1" else 6))
    pointed = kind in ("cumulative", "scoring") or (kind == "ordinal" and draw(st.integers(0, 3)) > 0)
    points = [str(draw(st.integers(0, 12))) for _ in choices] if pointed else []
    cells = {"voter_id": f"v{number}", "vote": ",".join(choices), "points": ",".join(points), "age": "30", "sex": "é"}
    end = "\n"
    if not sound and draw(st.integers(0, 3)) == 0:
        cells[draw(st.sampled_from(header))] = draw(st.sampled_from(ODD_CELLS))
        cells["voter_id"] = draw(st.sampled_from([cells["voter_id"], "v0", "v1 ", "é", "v" * 70]))
        end = draw(st.sampled_from(ENDS))
    return ";".join(cells[column] for column in header) + end
