"""Public pages are kept while nothing changed, and only then: an act shows at once, an embargo ends at its minute."""

import gzip
import re
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import select

from app.changes import UNSEEN, shows
from app.core.messages import Localised
from app.core.permissions import Role
from app.core.sides import Side
from app.database import change_number
from app.editions.models import Edition
from app.http.identity import cookie_name
from app.http.looks import Shown
from app.http.unchanged import Kept, Shelf, UnchangedRoute, known_tags
from app.organisations.models import Organisation
from app.pages import routers
from app.proposals.models import Proposal
from app.results import service
from app.unit import Work, work
from tests.cast import Cast
from tests.conftest import Clock
from tests.results.election import City as Counted
from tests.results.election import sample
from tests.review.city import City
from tests.voting.poll import OpenPoll

HOME = "/editions/rennes-2027"
LIST = f"{HOME}/projects?order=3"
BEFORE = ("/", "/editions", HOME, f"{HOME}/rules", LIST, f"{HOME}/map", f"{HOME}/map.svg", "/projects/ID", "/projects/ID/history")
AFTER = (f"{HOME}/results", f"{HOME}/results/replay", f"{HOME}/results/replay/1", *BEFORE)


@pytest.fixture
def counted(unit: Work, cast: Cast) -> Counted:
    return published_election(unit, cast)


def published_election(unit: Work, cast: Cast) -> Counted:
    """An election that is counted and published."""
    made = Counted(unit, cast)
    made.fill([*sample(), []])
    made.publish(service.count(unit, made.edition, by=made.bureau).number)
    unit.db.commit()
    return made


def asked(engine: Engine) -> list[str]:
    """Every statement that reaches the database from now on."""
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    return seen


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every number that was read to see whether anything changed: on SQLite no event of the engine tells of it."""
    seen: list[int] = []

    def looking(engine: Engine, side: Side) -> int:
        seen.append(change_number(engine, side))
        return seen[-1]

    monkeypatch.setattr("app.http.unchanged.change_number", looking)
    return seen


def body(client: TestClient, path: str, id: str) -> str:
    answer = client.get(path.replace("ID", id))
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def test_an_unchanged_page_costs_one_statement_and_no_bytes(client: TestClient, city: City, looks: list[int]) -> None:
    id = city.decided("P01")
    for path in BEFORE:
        address = path.replace("ID", id)
        first = client.get(address)
        seen = asked(city.cast.engine)
        looks.clear()
        again, known = client.get(address), client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert [one for one in seen if one.startswith("SELECT") and "change_counter" not in one] == [], path
        assert len(looks) == 2
        assert again.content == first.content
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["etag"] == first.headers["etag"]
        for answer in (first, again, known):
            assert answer.headers["cache-control"] == "private, no-cache"
            assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))


def test_every_page_changes_at_once_after_an_act(client: TestClient, city: City, engine: Engine) -> None:
    id = city.decided("P01")
    before = {path: body(client, path, id) for path in BEFORE}
    with work(engine, now=city.cast.clock.now) as unit:
        edition = unit.db.exec(select(Edition)).one()
        edition.name = Localised(fr="Édition renommée", en="Renamed")
        unit.db.add(edition)
        unit.db.exec(select(Proposal)).one().title = "Édition renommée, projet aussi"
    for path in BEFORE:
        now = body(client, path, id)
        assert now != before[path], path
        assert "Édition renommée" in now, path


def test_a_new_project_a_new_name_and_a_withdrawn_project_show_at_once(client: TestClient, city: City, engine: Engine) -> None:
    id = city.decided("P01")
    assert "1 projet</h2>" in body(client, LIST, id)
    other = city.decided("P02")
    assert "2 projets</h2>" in body(client, LIST, id)
    assert body(client, "/projects/ID", other)
    with work(engine) as unit:
        unit.db.exec(select(Organisation)).first().name = "Nouveau nom du club"  # type: ignore[union-attr]
        unit.db.exec(select(Proposal).where(Proposal.public_id == id)).one().title = "Un titre corrigé"
    assert "Un titre corrigé" in body(client, LIST, id)
    assert "Nouveau nom du club" in body(client, "/projects/ID", id) + body(client, "/projects/ID", other)


def test_a_published_result_shows_at_once_on_each_of_its_pages(client: TestClient, unit: Work, cast: Cast) -> None:
    made = Counted(unit, cast)
    made.fill([*sample(), []])
    number = service.count(unit, made.edition, by=made.bureau).number
    unit.db.commit()
    id = made.id_of["P01"]
    before = body(client, f"{HOME}/results", id)
    assert client.get(f"{HOME}/results/replay").status_code == 404
    made.publish(number)
    unit.db.commit()
    assert "12 projets" in body(client, f"{HOME}/results", id)
    assert before != body(client, f"{HOME}/results", id)
    assert body(client, f"{HOME}/results/replay/1", id)


def test_an_embargo_ends_at_its_minute(client: TestClient, cast: Cast, clock: Clock) -> None:
    """Nothing is written at that instant, by nobody: the clock alone shows the decision."""
    shown = clock.now + timedelta(days=2)
    city = City(cast, cast.edition(decisions_at=shown))
    id = city.decided("P01")
    for instant, visible in ((clock.now, False), (shown - timedelta(minutes=1), False), (shown, True), (shown, True)):
        clock.now = instant
        assert [("forage solaire" in client.get(path).text) for path in (LIST, f"{HOME}/map")] == [visible] * 2, instant
        assert client.get(f"/projects/{id}").status_code == (200 if visible else 404)


def test_a_phase_opens_at_its_minute(client: TestClient, cast: Cast, clock: Clock) -> None:
    opens = clock.now + timedelta(hours=3)
    OpenPoll(cast, clock.now, opens=opens)
    texts = []
    for instant in (clock.now, opens - timedelta(minutes=1), opens):
        clock.now = instant
        texts.append(client.get(HOME).text)
    assert f"{HOME}/vote" not in texts[1]
    assert f"{HOME}/vote" in texts[2]


def test_whoever_is_signed_in_gets_a_page_of_their_own(client: TestClient, city: City) -> None:
    anonymous = client.get("/")
    city.cast.sign_in(client, city.cast.person("amelie@example.org", "Amélie Gourmelen"))
    own = client.get("/", headers={"If-None-Match": anonymous.headers["etag"]})
    assert own.status_code == 200
    assert "Amélie Gourmelen" in own.text
    assert (own.headers["cache-control"], "etag" in own.headers) == ("no-store", False)
    client.cookies.clear()
    assert "Amélie" not in client.get("/").text


def test_language_colours_query_and_part_have_pages_of_their_own(client: TestClient, city: City) -> None:
    city.decided("P01")
    french, english = client.get(LIST), client.get(LIST, headers={"Accept-Language": "en"})
    part = client.get(LIST, headers={"HX-Request": "true"})
    dark = client.get(LIST, headers={"Cookie": "theme=dark"})
    told = client.get(f"{LIST}&done=saved")
    texts = [one.text for one in (french, english, part, dark, told)]
    assert len(set(texts)) == 5
    assert 'data-theme="dark"' in texts[3]
    assert [client.get(LIST).text, client.get(LIST, headers={"Accept-Language": "en"}).text] == texts[:2]


def test_no_public_page_reads_a_table_that_is_not_counted(client: TestClient, counted: Counted, engine: Engine) -> None:
    """The other half of the promise of app.changes: what is left out of the count is shown nowhere."""
    seen = asked(engine)
    for path in AFTER:
        client.get(path.replace("ID", counted.id_of["P01"]))
    read = set(re.findall(r'(?:FROM|JOIN)\s+"?(\w+)', " ".join(seen)))
    assert {"edition", "proposal", "publication"} <= read
    turned_out = {"spent_credential"}  # read once the result is published: since the closing no mark was added
    assert read & UNSEEN - {"change_counter"} == turned_out


def test_every_kept_page_is_tried_here(client: TestClient) -> None:
    kept = {route.path for router in routers for route in router.routes if isinstance(route, UnchangedRoute) and marked(route)}
    tried = {re.sub("rennes-2027", "{slug}", urlsplit(path).path).replace("ID", "{public_id}").replace("/1", "/{number}") for path in AFTER}
    about = {"/how-it-works", "/privacy", "/accessibility", "/source"}
    assert kept == tried | about


def marked(route: UnchangedRoute) -> bool:
    return getattr(route.endpoint, "until_changed", False)


def test_a_ballot_counts_no_change_and_waits_for_none(
    client: TestClient, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    poll = OpenPoll(cast, clock.now)
    seen = asked(cast.engine)
    assert client.post(f"{HOME}/ballot", data=poll.form()).status_code == 303
    assert not any("change_counter" in one for one in seen)


@pytest.mark.parametrize(
    "statement", ["INSERT INTO edition (id) VALUES (1)", 'UPDATE "phase" SET x = 1', "DELETE FROM decision", "update poll SET a=1"]
)
def test_a_statement_that_writes_what_is_seen_counts(statement: str) -> None:
    assert shows(statement)


@pytest.mark.parametrize(
    "statement", ["SELECT 1 FOR UPDATE", "INSERT INTO job (id) VALUES (1)", "DELETE FROM sign_in", "PRAGMA query_only=1"]
)
def test_other_statements_do_not(statement: str) -> None:
    assert not shows(statement)


def test_a_transaction_that_is_taken_back_counts_nothing(engine: Engine, cast: Cast, client: TestClient) -> None:
    cast.edition()
    first = client.get("/").headers["etag"]
    with suppress(ZeroDivisionError), work(engine) as unit:
        unit.db.exec(select(Edition)).one().name = Localised(fr="Jamais")
        unit.db.flush()
        raise ZeroDivisionError
    seen = asked(engine)
    assert client.get("/").headers["etag"] == first
    assert len(seen) <= 3


def test_a_mark_that_a_network_gave_a_link_makes_no_page_of_its_own(client: TestClient, city: City, looks: list[int]) -> None:
    city.decided("P01")
    first = client.get(LIST).headers["etag"]
    seen = asked(city.cast.engine)
    looks.clear()
    for marked in (f"{LIST}&fbclid={'x' * 400}", f"{LIST}&utm_source=lettre&utm_medium=mail", f"{HOME}/projects?gclid=1&order=3"):
        assert client.get(marked).headers["etag"] == first
    assert len(looks) == 3
    assert not [one for one in seen if one.startswith("SELECT") and "change_counter" not in one], "only whether anything changed is asked"
    for other in (f"{LIST}&q=forage", f"{LIST}&page=2", f"{LIST}&theme=climate", f"{LIST}&done=saved"):
        assert client.get(other).headers["etag"] != first, other


def test_the_shelf_lets_go_of_what_was_not_asked_for_longest() -> None:
    shelf, page = Shelf(room=800), Kept(b"x" * 300, "text/html", "tag")
    keys = [("/", str(number), "fr", "auto", False, Shown(""), "", 1) for number in range(4)]
    for key in keys[:2]:
        shelf.put(key, page)
    assert shelf.get(keys[0])
    shelf.put(keys[2], page)
    assert [shelf.get(key) is not None for key in keys] == [True, False, True, False]
    assert shelf.taken == 600


def test_a_page_is_compressed_once_and_only_for_who_asks(client: TestClient, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[int] = []
    compress = gzip.compress
    monkeypatch.setattr("app.http.unchanged.gzip.compress", lambda body, *how, **more: packed.append(1) or compress(body, *how, **more))
    plain = client.get(HOME, headers={"Accept-Encoding": "identity"})
    assert not packed
    for _ in range(3):
        assert client.get(HOME, headers={"Accept-Encoding": "gzip"}).text == plain.text
    assert len(packed) == 1


def test_an_address_that_cannot_be_read_is_refused_as_everywhere(client: TestClient, city: City) -> None:
    city.decided("P01")
    whole = {"Cookie": f"{cookie_name()}=nobody"}  # goes FastAPI's own way
    wrong = (f"{LIST}&page=0", f"{HOME}/projects?order=65", f"{LIST}&shown=all", f"{HOME}/results/replay/0", "/projects/%00")
    for address in wrong:
        answers = [client.get(address), client.get(address, headers=whole)]
        assert answers[0].status_code == answers[1].status_code >= 400, address
        assert main_of(answers[0].text) == main_of(answers[1].text)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_tags_are_read_as_browsers_send_them() -> None:
    assert known_tags('"abc", W/"def-gzip"') == {"abc", "def"}
    assert known_tags("") == {""}


def test_officials_too_see_a_change_at_once(client: TestClient, city: City) -> None:
    city.cast.sign_in(client, city.cast.official(Role.ADMINISTRATOR))
    assert client.get(LIST).headers["cache-control"] == "no-store"
