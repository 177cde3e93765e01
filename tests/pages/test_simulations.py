"""Other rules beside a result, reports to share, and the simulator of officials, as people and programs meet them."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from app import jobs, worker
from app.core.formats.comparison_json import ComparisonDocument, comparison_schema
from app.core.messages import say
from app.core.permissions import Role
from app.jobs import Job
from app.results import service
from app.unit import Work, work
from tests.cast import Cast
from tests.results.election import City, person, sample

RULES = "/editions/rennes-2027/results/other-rules"
DESK = "/staff/editions/rennes-2027"


@pytest.fixture
def city(unit: Work, cast: Cast) -> City:
    """A part of the demonstration's election, counted and published; the other rules have not counted yet."""
    made = City(unit, cast, euros=50_000, keys=("P01", "P02", "P03", "P04"))
    made.fill([["P01", "P02", "P03"]] * 3 + [["P01", "P02", "P04"]] * 2 + [["P01", "P03", "P04"]])
    count = service.count(unit, made.edition, by=made.bureau)
    made.publish(count.number)
    unit.db.commit()
    return made


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("\u202f", " ").replace("\xa0", " ")


def test_while_the_worker_counts_the_page_says_how_far_it_is_and_can_be_asked_again(city: City, client: TestClient) -> None:
    page = client.get(RULES)
    assert page.status_code == 200
    assert "Règles déjà appliquées : 1 sur" in words(page)
    assert f'href="{RULES}">Actualiser' in page.text
    part = client.get(RULES, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.strip().startswith('<div id="rules"')
    assert 'hx-trigger="every 3s"' in part.text


def test_once_counted_every_rule_and_project_stands_in_the_tables(city: City, client: TestClient, engine: Engine) -> None:
    worker.run_all(engine)
    page = client.get(RULES)
    assert "Actualiser" not in page.text
    assert "hx-trigger" not in page.text
    text = words(page)
    for name in ("La règle qui décide", "Parts égales, selon les montants", "Le plus de voix au regard du montant d’abord"):
        assert name in text
    assert "Chaque groupe de votant·es obtient-il sa part ?" in text


def test_the_files_say_the_same_and_fit_their_schema(city: City, client: TestClient, engine: Engine) -> None:
    worker.run_all(engine)
    found = client.get(f"{RULES}.json")
    assert "comparison.schema.json" in found.headers["link"]
    document = ComparisonDocument.model_validate(found.json())
    assert document.complete
    assert client.get("/api/v1/editions/rennes-2027/results/comparison").json() == found.json()
    assert client.get("/editions/comparison.schema.json").json() == comparison_schema()
    rows = list(csv.DictReader(io.StringIO(client.get(f"{RULES}.csv").text)))
    assert [row["rule"] for row in rows] == [one.result.name for one in document.rules]
    assert rows[0]["selected"].split() == list(document.rules[0].result.selected)
    french = client.get(f"{RULES}.csv?variant=french").content.decode("utf-8-sig")
    assert french.splitlines()[0].startswith("Règle;Projets retenus;")
    assert french.splitlines()[1].startswith("La règle qui décide;")


def test_before_publication_there_is_nothing_to_compare(unit: Work, cast: Cast, client: TestClient) -> None:
    early = City(unit, cast, keys=("P01", "P02", "P03"))
    early.fill([])
    service.count(unit, early.edition, by=early.bureau)
    unit.db.commit()
    for path in (RULES, f"{RULES}.json", f"{RULES}.csv", "/api/v1/editions/rennes-2027/results/comparison"):
        assert client.get(path).status_code == 404
    cast.sign_in(client, early.publisher)
    assert client.get(f"{DESK}/simulator").status_code == 404


def test_the_result_page_says_what_the_voters_got_and_leads_to_the_other_rules(city: City, client: TestClient) -> None:
    page = client.get("/editions/rennes-2027/results")
    assert f'href="{RULES}"' in page.text
    text = words(page)
    assert "Votant·es dont au moins un projet est retenu 100 % (6 sur 6)" in text
    assert "Projets retenus par votant·e, en moyenne 1,83" in text
    assert "Part des dépenses" in text


def test_an_official_tries_another_envelope_without_changing_anything(city: City, client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, city.publisher)
    assert "Simulateur" in words(client.get(f"{DESK}/simulator"))
    before = client.get("/editions/rennes-2027/results.json").json()
    text = words(client.get(f"{DESK}/simulator?envelope=1000000&min_votes=&rules=equal_shares"))
    assert "Parts égales, selon les montants" in text.partition("Ce que donnerait chaque règle")[2]
    assert "4 " in text
    assert client.get("/editions/rennes-2027/results.json").json() == before
    wrong = client.get(f"{DESK}/simulator?envelope=beaucoup")
    assert wrong.status_code == 422
    assert 'value="beaucoup"' in wrong.text


def test_an_official_makes_a_report_that_anyone_opens(city: City, client: TestClient, cast: Cast, engine: Engine) -> None:
    cast.sign_in(client, city.publisher)
    made = client.post(f"{DESK}/simulations", data={"envelope": "60 000", "min_votes": "", "rules": ["equal_shares", "greedy_per_cost"]})
    assert made.status_code == 303
    address = made.headers["location"]
    assert f'href="{address}"' in client.get(f"{DESK}/simulator").text
    worker.run_all(engine)
    client.cookies.clear()
    text = words(client.get(address))
    assert "Une simulation, pas un résultat" in text
    assert "Enveloppe essayée 60 000 €" in text
    assert len(client.get(f"{address}/comparison.json").json()["rules"]) == 3
    assert client.get(f"{address}/comparison.csv").text.count("\r\n") == 4
    assert client.get("/simulations/none").status_code == 404
    cast.sign_in(client, city.publisher)
    assert client.post(f"{DESK}/simulations", data={"rules": ["other"]}).status_code == 422


def test_too_many_ballots_are_not_counted_in_a_request(city: City, client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pages.staff.simulator.AT_ONCE", 5)
    cast.sign_in(client, city.publisher)
    text = words(client.get(f"{DESK}/simulator?envelope=1000000"))
    assert "Il y a trop de bulletins" in text
    assert "Ce que donnerait chaque règle" not in text


def test_a_count_left_to_the_worker_shows_how_far_it_is_until_it_can_be_read(
    unit: Work, cast: Cast, client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = City(unit, cast, euros=50_000, keys=("P01", "P02", "P03"))
    city.fill([["P01", "P02", "P03"]] * 3)
    unit.db.commit()
    monkeypatch.setattr(service, "AT_ONCE", 2)
    cast.sign_in(client, person(cast, Role.BUREAU_MEMBER))
    assert client.post(f"{DESK}/counts").headers["location"] == f"{DESK}/results"
    page = client.get(f"{DESK}/results")
    assert "Le dépouillement attend le travailleur de fond" in words(page)
    assert "Fermer l’urne" not in page.text
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert 'hx-trigger="every 3s"' in client.get(f"{DESK}/results", headers=part).text
    with work(engine) as other:
        job = next(one for one in iter(lambda: jobs.lease(other), None) if one.kind == service.COUNT_JOB)
        jobs.keep(other, job, say("Reading the ballots"), 40)
    page = client.get(f"{DESK}/results")
    assert "Lecture des bulletins – 40 % effectués." in words(page)
    assert '<progress max="100" value="40"' in page.text
    with work(engine) as other:
        jobs.postpone(other, job, "the machine went down")
        other.db.get_one(Job, job.id).run_at = other.now - timedelta(days=1)
    worker.run_all(engine)
    done = client.get(f"{DESK}/results", headers=part)
    assert done.text.strip().startswith('<div id="counting"')
    assert "Lire le dépouillement" in done.text
    assert "hx-trigger" not in done.text
    assert f'href="{DESK}/results?count=1"' in client.get(f"{DESK}/results").text


def test_the_page_of_other_rules_asks_the_database_a_fixed_number_of_things(
    unit: Work, cast: Cast, client: TestClient, engine: Engine
) -> None:
    city = City(unit, cast)
    city.fill(sample())
    count = service.count(unit, city.edition, by=city.bureau)
    city.publish(count.number)
    unit.db.commit()
    worker.run_all(engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
    assert client.get(RULES).status_code == 200
    assert len([one for one in asked if one.startswith("SELECT")]) <= 10


def test_ones_own_ballot_is_worked_out_on_the_page_and_nothing_of_it_can_be_sent(city: City, client: TestClient) -> None:
    page = client.get("/editions/rennes-2027/results").text
    part = page[page.index('id="own-ballot"') : page.index("</section>", page.index('id="own-ballot"'))]
    assert part.count('type="checkbox"') == 4
    assert " name=" not in part
    assert "<form" not in part
    assert "hx-" not in part
    found = client.get("/editions/rennes-2027/results.json").json()
    assert [step["project"] for step in found["steps"] if step["action"] == "bought"] == found["selected"]
    assert found["voters"]["served"] == 6
    assert found["parts_kept"]["measure"] == "money"
