"""Publishing a result takes two publishers; the page says who proposed what, and no longer that a count closes the box."""

from __future__ import annotations

import html
import re
from typing import Any

from fastapi.testclient import TestClient

from app.accounts.people import Person
from app.core.permissions import Role
from app.editions.models import Edition
from app.polls import sequencing
from app.results.models import Publication
from app.unit import work
from tests.bureau import close_and_open, members
from tests.cast import Cast
from tests.polls.stage import DAY, open_vote

PAGE = "/staff/editions/rennes-2027/results"
PUBLISH = "/staff/editions/rennes-2027/result-publication"


def text_at(client: TestClient) -> str:
    return html.unescape(client.get(PAGE).text)


def publishers(cast: Cast) -> tuple[Person, Person]:
    return (
        cast.person("pauline@example.org", "Pauline Hamon", [Role.PUBLISHER]),
        cast.person("quentin@example.org", "Quentin Prat", [Role.PUBLISHER]),
    )


def counted(client: TestClient, cast: Cast, clock: Any) -> None:
    edition = open_vote(cast)
    clock.now += 21 * DAY
    cast.sign_in(client, members(cast)[0])
    waiting = text_at(client)
    assert "le travailleur de fond ferme l’urne" in waiting
    assert f'href="{PAGE.replace("results", "box")}"' in waiting
    assert "Dépouiller les bulletins" not in waiting, "it is not opened"
    with work(cast.engine, now=clock.now) as unit:
        sequencing.tend(unit, unit.db.get_one(Edition, edition.id))
    settled = text_at(client)
    assert "L’urne est fermée et tous les bulletins déposés en ligne sont au journal public." in settled
    assert "le travailleur de fond" not in settled
    close_and_open(cast, edition, at=clock.now)
    assert "L’urne est ouverte." in text_at(client)
    assert client.post("/staff/editions/rennes-2027/counts").status_code == 303


def test_one_proposes_and_another_publishes(client: TestClient, cast: Cast, clock: Any) -> None:
    counted(client, cast, clock)
    first, second = publishers(cast)
    cast.sign_in(client, first)
    assert client.post(PUBLISH, data={"count": "1", "reserve": "2"}).headers["location"] == f"{PAGE}?done=proposed"
    text = text_at(client)
    assert "Pauline Hamon a proposé le" in text
    assert "Liste de réserve\u00a0: 2 projets" in text
    assert "Quentin Prat doit confirmer" in text
    assert "Confirmer et publier" not in text
    cast.sign_in(client, second)
    found = re.search(r'name="motion" value="(\w+)"', text_at(client))
    assert found
    cast.sign_in(client, first)
    alone = client.post(PUBLISH, data={"motion": found[1]})
    assert alone.status_code == 403
    assert "Il faut une seconde personne" in html.unescape(alone.text)
    cast.sign_in(client, second)
    assert "Confirmer et publier" in text_at(client)
    assert client.post(PUBLISH, data={"motion": found[1]}).headers["location"] == f"{PAGE}?done=published"
    box = html.unescape(client.get(PAGE.replace("results", "box")).text)
    assert "Proposé par Pauline Hamon, confirmé par Quentin Prat." in box


def test_a_proposal_to_publish_is_withdrawn_and_nothing_is_published(client: TestClient, cast: Cast, clock: Any) -> None:
    counted(client, cast, clock)
    first, second = publishers(cast)
    cast.sign_in(client, first)
    client.post(PUBLISH, data={"count": "1", "reserve": "0"})
    found = re.search(r'name="motion" value="(\w+)"', text_at(client))
    assert found
    assert client.post(f"{PUBLISH}/withdrawal", data={"motion": found[1]}).headers["location"] == f"{PAGE}?done=withdrawn"
    cast.sign_in(client, second)
    assert client.post(PUBLISH, data={"motion": found[1]}).status_code == 409
    assert client.post(f"{PUBLISH}/withdrawal", data={"motion": "rien"}).status_code == 404
    with work(cast.engine) as unit:
        assert unit.db.get(Publication, 1) is None
