"""What is not public is invisible to everyone it is not for: by page, list, search, API, calendar and export, role by role (N05, N12)."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.messages import Localised
from app.core.permissions import Role
from app.editions.models import Edition
from tests.cast import Cast
from tests.promises.places import Places, settle
from tests.review.city import City

ROLES = ("visitor", "carrier", *(role.value for role in Role))
SECRET, BESIDE = "ornithorynque", "zanzibar"
"""A word that stands nowhere but in what must stay hidden, and the word beside it that is searched for."""
PUBLIC = re.compile(r"^/($|editions|projects|rules|api/|organisations|demo|how-it-works|source)")


@pytest.fixture
def places(cast: Cast) -> Places:
    return settle(cast)


def come_as(client: TestClient, cast: Cast, who: str) -> None:
    """Sign in as somebody with this one role; a "carrier" is of another association."""
    client.cookies.clear()
    if who != "visitor":
        cast.sign_in(client, cast.person(f"{who}@example.org", "Quelqu’un", [] if who == "carrier" else [who]))


def searched(paths: list[str]) -> list[str]:
    """The addresses, and those of lists again with a search for the hidden draft."""
    lists = [path for path in paths if path.endswith("/projects")]
    return [*paths, *(f"{path}?q={BESIDE}&order=0{more}" for path in lists for more in ("", "&shown=refused"))]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ROLES)
def test_a_draft_is_seen_by_nobody_but_its_carrier(app: FastAPI, client: TestClient, cast: Cast, places: Places, who: str) -> None:
    owner = cast.person("owner@example.org", "Propriétaire")
    cast.organisation(owner, name="Les amis du puits", no_rna=True)
    answers = {"title": f"Un {SECRET} au {BESIDE}", "summary": SECRET, "description": SECRET}
    draft = cast.draft(owner, places.edition, project=answers).public_id
    cast.sign_in(client, owner)
    assert SECRET in client.get(f"/files/{draft}/project").text
    come_as(client, cast, who)
    shown = [path for path in searched(places.addresses(app, "GET")) if SECRET in client.get(path).text]
    assert shown == []
    for path in ("/projects/{}", "/api/v1/projects/{}", "/files/{}", "/files/{}/project", "/files/{}/documents", "/staff/reviews/{}"):
        asked = client.get(path.format(draft))
        assert asked.status_code in (303, 403, 404), path
        assert asked.status_code == 404 or not path.startswith(("/projects", "/api")), path


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ROLES)
def test_an_edition_that_is_not_published_is_missing_outside_the_back_office(
    app: FastAPI, client: TestClient, cast: Cast, places: Places, who: str
) -> None:
    named = {"name": Localised(fr=f"Édition {SECRET}"), "introduction": Localised(fr=SECRET)}
    hidden: Edition = cast.edition(slug="hidden", published=False, **named)
    public_id = City(cast, hidden).decided("P03")
    come_as(client, cast, who)
    for path in places.addresses(app, "GET"):
        if PUBLIC.match(path):
            there = client.get(path)
            assert SECRET not in there.text, path
            hidden_one, unknown = (client.get(path.replace(places.edition.slug, slug)) for slug in ("hidden", "no-such"))
            assert hidden_one.status_code == unknown.status_code, path
            assert hidden_one.status_code != 200 or places.edition.slug not in path, path
    for path in (f"/projects/{public_id}", f"/api/v1/projects/{public_id}"):
        assert client.get(path).status_code == 404 or (who not in ("visitor", "carrier") and path.startswith("/projects"))
