"""Feeds and dates: valid, escaped, the same to whoever has them already, under identities that never change."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy import Engine

from app.editions.models import Edition
from app.proposals.queries import project_by_public_id
from app.story.dates import months_after
from app.unit import work
from tests.cast import Cast
from tests.conftest import NOW, Clock
from tests.review.city import City

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def project(cast: Cast, edition: Edition) -> str:
    return City(cast, edition).decided("P01")


def rename(engine: Engine, clock: Clock, public_id: str, title: str) -> None:
    with work(engine, now=clock.now) as unit:
        found = project_by_public_id(unit, public_id)
        found.title = title
        unit.db.add(found)


@pytest.mark.parametrize("place", ["project", "edition"])
def test_a_feed_is_atom_with_all_it_must_hold(client: TestClient, project: str, edition: Edition, place: str) -> None:
    path = f"/projects/{project}/feed.atom" if place == "project" else f"/editions/{edition.slug}/feed.atom"
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for part in (root, *entries):
        assert all(part.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert part.find(f"{ATOM}link[@rel='alternate']") is not None
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"http://127.0.0.1:8000{path}"  # type: ignore[union-attr]
    updates = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updates == sorted(updates, reverse=True)  # type: ignore[type-var]
    assert root.findtext(f"{ATOM}updated") == updates[0]


def test_titles_of_a_feed_have_the_signs_of_their_language(client: TestClient, project: str, edition: Edition) -> None:
    for path in (f"/projects/{project}/feed.atom", f"/editions/{edition.slug}/feed.atom"):
        entries = ElementTree.fromstring(client.get(path).content).findall(f"{ATOM}entry")
        titles = " / ".join(entry.findtext(f"{ATOM}title") or "" for entry in entries).replace("\xa0", " ")
        assert "Matam : Recevable, par un agent instructeur de la ville" in titles


def test_a_feed_stays_the_same_whoever_else_writes_xml_in_this_process(client: TestClient, project: str) -> None:
    """Making a PDF or a workbook names other namespaces: the bytes, and so the tag that readers keep, must not change with that."""
    before = client.get(f"/projects/{project}/feed.atom")
    ElementTree.register_namespace("", "urn:somebody:else")
    assert client.get(f"/projects/{project}/feed.atom").content == before.content
    assert before.text.partition("?>")[2].lstrip().startswith('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><id>')


def test_identities_stay_when_words_change_and_when_more_happens(
    client: TestClient, engine: Engine, clock: Clock, project: str, edition: Edition, cast: Cast
) -> None:
    def identities(path: str) -> list[str]:
        root = ElementTree.fromstring(client.get(path).content)
        return [entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry")]

    paths = (f"/projects/{project}/feed.atom", f"/editions/{edition.slug}/feed.atom")
    before = [identities(path) for path in paths]
    rename(engine, clock, project, "Un autre titre")
    clock.now += timedelta(hours=1)
    City(cast, edition).decided("P02")
    after = [identities(path) for path in paths]
    assert after[0] == before[0]
    assert set(before[1]) < set(after[1])
    assert len(set(after[1])) == len(after[1])


def test_a_reader_who_has_it_already_is_told_so(client: TestClient, engine: Engine, clock: Clock, project: str) -> None:
    path = f"/projects/{project}/feed.atom"
    first = client.get(path)
    for name, header in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        again = client.get(path, headers={name: first.headers[header]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"x"', "If-Modified-Since": first.headers["last-modified"]}).status_code == 200
    for strange in ("yesterday", "Sat, 99 Foo 2026", ""):
        assert client.get(path, headers={"If-Modified-Since": strange}).status_code == 200
    rename(engine, clock, project, "Un autre titre")
    assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_signs_that_xml_cannot_hold_are_left_out(client: TestClient, engine: Engine, clock: Clock, project: str) -> None:
    rename(engine, clock, project, "Un\x0b & <b>puits</b> ]]>\ufffe")
    root = ElementTree.fromstring(client.get(f"/projects/{project}/feed.atom").content)
    assert (root.findtext(f"{ATOM}title") or "").startswith("Un & <b>puits</b> ]]>")


def test_dates_are_instants_under_identities_shared_with_the_edition(
    client: TestClient, engine: Engine, clock: Clock, cast: Cast, edition: Edition, project: str
) -> None:
    rename(engine, clock, project, "Un puits;\r\nBEGIN:VEVENT")
    text = client.get(f"/projects/{project}/calendar.ics").text
    diary = Calendar.from_ical(text)
    events = {str(event["uid"]): event for event in diary.walk("VEVENT")}
    voting = events[f"voting-{edition.slug}@quotepart"]
    assert f"UID:voting-{edition.slug}@quotepart" in client.get(f"/editions/{edition.slug}/calendar.ics").text
    assert voting["dtstart"].dt.utcoffset() == timedelta(0)
    assert voting["dtstart"].dt > NOW
    assert str(diary["x-wr-timezone"]) == "Europe/Paris"
    assert f"start-{project}@quotepart" in events
    assert text.count("\r\nBEGIN:VEVENT\r\n") == len(events), "a title makes no event of its own"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_month_later_stays_within_its_month() -> None:
    day = NOW.date().replace(year=2027, month=1, day=31)
    assert [months_after(day, months).isoformat() for months in (0, 1, 12, 13)] == ["2027-01-31", "2027-02-28", "2028-01-31", "2028-02-29"]


def test_a_short_address_leads_to_the_permanent_one_however_it_is_typed(
    client: TestClient, engine: Engine, clock: Clock, project: str
) -> None:
    with work(engine, now=clock.now) as unit:
        found = project_by_public_id(unit, project)
        project = found.public_id = "k0m1p9x4qa"
        unit.db.add(found)
    typed = (project, project.upper(), f"{project[:5]}-{project[5:]}", f"{project[:5]} {project[5:]}", "kOmLp9x4qa", "koMip9x4qa")
    for code in typed:
        answer = client.get(f"/p/{code}")
        assert (answer.status_code, answer.headers["location"]) == (301, f"/projects/{project}"), code
    for code in ("%2F%2Fevil.example", "x" * 300, "é", "javascript:alert(1)"):
        assert client.get(f"/p/{code}").status_code == 404, code


def test_the_poster_is_a_sheet_with_a_code_that_has_a_title(client: TestClient, project: str) -> None:
    page = client.get(f"/projects/{project}/poster").text
    assert '<svg viewBox="0 0 ' in page
    assert "<title>Code qui mène à la page du projet" in page
    assert f"127.0.0.1:8000/p/{project}" in page
    made = client.get(f"/projects/{project}/poster.pdf")
    assert made.status_code in (200, 409)
    assert made.status_code == 409 or made.content.startswith(b"%PDF-1.7")
