"""A thousand projects: every page asks the database as often as with ten."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from app.core.lifecycle import State
from tests.cast import Cast
from tests.exchange.tables import many
from tests.statements import sent as statements

LISTS = {
    "/editions/rennes-2027/projects?order=3&page=20": 12,
    "/editions/rennes-2027/projects?order=3&q=projet": 12,
    "/api/v1/editions/rennes-2027/projects": 10,
    "/staff/reviews?edition=rennes-2027&state=waiting": 16,
    "/staff": 20,
    "/staff/tables?edition=rennes-2027": 10,
    "/editions/rennes-2027/tables/projects.csv": 10,
    "/editions/rennes-2027/tables/organisations.csv": 10,
    "/staff/editions/rennes-2027/tables/projects.xlsx": 12,
    "/staff/editions/rennes-2027/tables/organisations.xlsx": 12,
    "/organisations/o1": 12,
}
"""Address -> the most statements it may take, session and edition included."""


@pytest.mark.parametrize("state", [State.ADMISSIBLE, State.SUBMITTED])
def test_a_thousand_projects_take_no_more_statements_than_ten(client: TestClient, cast: Cast, state: State) -> None:
    edition, official = cast.edition(), cast.official("administrator", "case_officer")  # type: ignore[arg-type]
    cast.sign_in(client, official)
    many(cast.engine, edition, 10, state)
    few = _counted(client, cast)
    many(cast.engine, edition, 990, state, first=10)
    thousand = _counted(client, cast)
    assert {path: (few[path], count) for path, count in thousand.items() if count > few[path] + 1} == {}
    assert {path: count for path, count in thousand.items() if count > LISTS[path]} == {}


def _counted(client: TestClient, cast: Cast) -> dict[str, int]:
    counts = {}
    for path in LISTS:
        with statements(cast.engine) as seen:
            assert client.get(path).status_code == 200, path
        counts[path] = len([one for one in seen if not one.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "SET"))])
    return counts
