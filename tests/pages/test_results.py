"""The result for everyone: before publication, after it, and as files."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pabulib.checker import Checker
from sqlalchemy import Engine, event

from app.core.formats import read_election, rule_of
from app.core.formats.result_json import ResultDocument, result_schema
from app.core.permissions import Role
from app.core.tally import read_rule
from app.exchange.declared import election_of
from app.ledger.motions import waiting
from app.polls.models import Poll
from app.results import service
from app.unit import Work
from tests.cast import Cast
from tests.results.election import City, person, sample

FEW = ("P01", "P02", "P03", "P04")


@pytest.fixture
def city(unit: Work, cast: Cast) -> City:
    """The demonstration's election, counted and published."""
    made = City(unit, cast)
    made.fill([*sample(), []])
    count = service.count(unit, made.edition, by=made.bureau)
    made.publish(count.number)
    unit.db.commit()
    return made


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return text_of_any(answer)


def text_of_any(answer: Any) -> str:
    """The words of a page, whatever its status."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("\u202f", " ").replace("\xa0", " ")


def test_the_result_says_first_who_won_and_how_much(city: City, client: TestClient) -> None:
    page = text_of(client.get("/editions/rennes-2027/results"))
    assert "12 projets, 230 600 € sur 230 890 €" in page
    assert "sous réserve de la délibération" in page
    assert "601 personnes ont voté" in page
    assert "170 voix" in page
    assert "À égalité" in page


def test_the_totals_are_those_of_the_heading(city: City, client: TestClient) -> None:
    answer = client.get("/editions/rennes-2027/results")
    winners = answer.text.partition('id="winners"')[2].partition("</table>")[0]
    *each, total = [int(re.sub(r"\D", "", one)) for one in re.findall(r'data-label="Montant"><bdi>([^<]+)', winners)]
    assert (len(each), sum(each), total) == (12, 230_600, 230_600)
    words = text_of(answer)
    assert words.count("Total 12 sur 24 230 600 €") == 2, "by theme and by country"


def test_the_result_is_told_in_english_too(city: City, client: TestClient) -> None:
    page = text_of(client.get("/editions/rennes-2027/results", headers={"Accept-Language": "en"}))
    assert "12 projects, €230,600 of €230,890" in page
    assert "It would have won with" in page


def test_before_publication_the_page_says_when_and_gives_no_number(unit: Work, cast: Cast, client: TestClient) -> None:
    city = City(unit, cast, keys=FEW)
    city.fill([["P01", "P02", "P03"]])
    service.count(unit, city.edition, by=city.bureau)
    unit.db.commit()
    page = text_of(client.get("/editions/rennes-2027/results"))
    assert "pas encore connu" in page
    assert re.search(r"\d voix", page) is None
    assert "Un forage" not in page
    for name in ("results.json", "projects.csv", "ballots.csv", "election.pb"):
        assert client.get(f"/editions/rennes-2027/{name}").status_code == 404
    assert client.get("/api/v1/editions/rennes-2027/results").status_code == 404


def test_an_edition_that_is_not_public_has_no_result_page(cast: Cast, client: TestClient) -> None:
    cast.edition(slug="draft", published=False)
    assert client.get("/editions/draft/results").status_code == 404
    assert client.get("/editions/none/results").status_code == 404


def test_the_json_fits_its_published_schema_and_the_api_says_the_same(city: City, client: TestClient) -> None:
    assert client.get("/editions/results.schema.json").json() == result_schema()
    answer = client.get("/editions/rennes-2027/results.json")
    assert "results.schema.json" in answer.headers["link"]
    found = answer.json()
    ResultDocument.model_validate(found)
    assert found == client.get("/api/v1/editions/rennes-2027/results").json()
    assert (len(found["selected"]), found["left_cents"], found["ballots"]) == (12, 29_000, {"valid": 600, "blank": 1, "null": 0})


def test_the_pabulib_file_gives_the_same_winners_when_counted_again(city: City, client: TestClient) -> None:
    file = read_election(client.get("/editions/rennes-2027/election.pb").content, name="election.pb")
    stored = rule_of(file)
    assert stored is not None
    published = client.get("/editions/rennes-2027/results.json").json()["selected"]
    assert list(read_rule(stored).count(election_of(file, read_rule(stored))).selected) == published
    assert file.meta["unit"] == "Rennes"


def test_the_ballots_bear_nothing_but_their_choices_in_sorted_order(city: City, client: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/editions/rennes-2027/ballots.csv").text)))
    assert rows[0] == ["ballot", "choices"]
    choices = [row[1] for row in rows[1:]]
    assert len(choices) == 601
    assert choices == sorted(choices, key=str.split)


def test_the_french_table_opens_in_a_french_spreadsheet(city: City, client: TestClient) -> None:
    content = client.get("/editions/rennes-2027/projects.csv?variant=french").content
    assert content.startswith("\ufeffRang;Numéro;".encode())
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert {(one["Résultat du vote"], one["État du dossier"]) for one in lines} == {
        ("Retenu", "Arrivé en tête (sous réserve de la délibération)"),
        ("Non retenu", "Non lauréat"),
    }
    assert client.get("/editions/rennes-2027/projects.csv?variant=latin").status_code == 422


def test_the_edition_before_stands_beside(unit: Work, cast: Cast, client: TestClient, clock: Any) -> None:
    for slug, days in (("rennes-2026", 400), ("rennes-2027", 0)):
        early = Work(unit.db, unit.now)
        city = City(early, cast, keys=FEW, slug=slug, back=days)
        city.fill([["P01", "P02", "P03"]] * 3)
        count = service.count(unit, city.edition, by=city.bureau)
        city.publish(count.number)
    unit.db.commit()
    assert 'href="/editions/rennes-2026/results"' in client.get("/editions/rennes-2027/results").text
    assert 'href="/editions/rennes-2027/results"' not in client.get("/editions/rennes-2026/results").text.partition('id="before"')[2]


def official(cast: Cast, client: TestClient, role: Role) -> None:
    cast.sign_in(client, person(cast, role))


def test_officials_count_publish_and_enter_the_council_through_the_pages(unit: Work, cast: Cast, client: TestClient) -> None:
    city = City(unit, cast, euros=50_000, keys=FEW)
    city.fill([["P01", "P02", "P03"]] * 3)
    unit.db.commit()
    desk = "/staff/editions/rennes-2027"
    official(cast, client, Role.BUREAU_MEMBER)
    assert "Dépouiller les bulletins" in text_of(client.get(f"{desk}/results"))
    assert client.post(f"{desk}/counts").headers["location"] == f"{desk}/results?done=counted"
    assert client.post(f"{desk}/result-publication", data={"count": "1"}).status_code == 403
    official(cast, client, Role.PUBLISHER)
    assert client.post(f"{desk}/result-publication", data={"count": "2"}).status_code == 409
    assert client.post(f"{desk}/result-publication", data={"count": "1", "reserve": "1"}).status_code == 303
    (motion,) = waiting(unit, city.edition.id or 0, "publication")
    unit.db.commit()
    assert client.post(f"{desk}/result-publication", data={"motion": motion.public_id}).status_code == 403
    cast.sign_in(client, city.colleague)
    assert client.post(f"{desk}/result-publication", data={"motion": motion.public_id}).status_code == 303
    leading = re.findall(r'name="projects" type="checkbox" value="(\w+)"', client.get(f"{desk}/results").text)
    assert leading
    form = {"projects": leading, "outcome": "refused", "reference": "2026-0312", "decided_on": "2026-11-20"}
    again = client.post(f"{desk}/council-decisions", data=form)
    assert again.status_code == 422
    assert "2026-0312" in again.text
    assert "Motif public : Indiquez le motif." in text_of_any(again)
    assert client.post(f"{desk}/council-decisions", data=form | {"reason": "Sans objet."}).status_code == 303
    page = client.get("/editions/rennes-2027/results")
    assert "Sans objet." in page.text
    assert f"de l’enveloppe. Le conseil a refusé {len(leading)} projet" in text_of(page)


def test_the_draw_is_entered_on_the_page_and_a_wrong_one_keeps_what_was_typed(unit: Work, cast: Cast, client: TestClient) -> None:
    city = City(unit, cast, euros=30_000, keys=("P01", "P02", "P03"), tie_first="")
    city.fill([["P01"], ["P02"], ["P03"]])
    unit.db.commit()
    desk = "/staff/editions/rennes-2027"
    official(cast, client, Role.BUREAU_MEMBER)
    client.post(f"{desk}/counts")
    assert "Tirage du Loto" in client.get(f"{desk}/results").text
    wrong = client.post(f"{desk}/draw", data={"kind": "order", "value": "1, 9", "held_on": "2026-11-20"})
    assert wrong.status_code == 422
    assert 'value="1, 9"' in wrong.text
    assert client.post(f"{desk}/draw", data={"kind": "order", "value": "2, 1, 3", "held_on": "2026-11-20"}).status_code == 303
    assert client.get(f"{desk}/results?count=1").status_code == 200
    assert client.get(f"{desk}/results?count=7").status_code == 404


def test_a_count_before_the_end_is_refused_with_its_reason(cast: Cast, unit: Work, client: TestClient, clock: Any) -> None:
    city = City(unit, cast, keys=FEW)
    unit.db.commit()
    clock.now = city.closes
    official(cast, client, Role.BUREAU_MEMBER)
    clock.now = city.closes - (city.closes - city.opens) / 2
    answer = client.post("/staff/editions/rennes-2027/counts")
    assert answer.status_code == 403
    assert "Rien ne peut être dépouillé avant" in answer.text
    assert client.get("/staff/editions/rennes-2027/results").status_code == 200


def test_the_result_page_asks_the_database_a_fixed_number_of_things(city: City, client: TestClient, engine: Engine) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
    client.get("/editions/rennes-2027/results")
    assert len([one for one in asked if one.startswith("SELECT") and "change_counter" not in one]) <= 15


def test_the_published_file_passes_the_public_checker(city: City, client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    report = Checker().process_files([client.get("/editions/rennes-2027/election.pb").text])
    capsys.readouterr()
    assert report["metadata"]["valid"] == 1, report
    assert not report[1]["results"].get("errors"), report


def test_the_result_says_where_one_euro_went_in_centimes_that_make_one_euro(city: City, client: TestClient) -> None:
    page = client.get("/editions/rennes-2027/results")
    section = page.text.partition('aria-labelledby="euro"')[2].partition("</section>")[0]
    words = re.sub(r"<[^>]+>", " ", section.partition("</ul>")[0])
    assert sum(int(found) for found in re.findall(r"(\d+) centimes?", words)) == 100
    assert "1,00" in section or "1 €" in section.replace("\xa0", " ")
    assert section.count("<rect") == len(re.findall(r"<li>", section)) - (1 if "non dépensé" in words else 0)


def test_the_table_says_what_a_project_is_given_where_the_rule_made_a_partial_offer(unit: Work, cast: Cast, client: TestClient) -> None:
    made = City(unit, cast, keys=FEW, euros=40_000, partial="yes")
    poll = unit.db.get_one(Poll, made.edition.id)
    poll.candidates = [one.model_copy(update={"least_cents": 100}) for one in poll.candidates]
    made.fill([["P01", "P02", "P03"], ["P01", "P02"], ["P01", "P04", "P02"]] * 20)
    made.publish(service.count(unit, made.edition, by=made.bureau).number)
    unit.db.commit()
    rows = list(csv.DictReader(io.StringIO(client.get("/editions/rennes-2027/projects.csv").text)))
    chosen = [row for row in rows if row["status"] == "won"]
    assert [row for row in chosen if float(row["given"]) < float(row["cost"])]
    assert sum(float(row["given"]) for row in chosen) == 40_000
    assert {row["given"] for row in rows if row["status"] != "won"} <= {""}


def test_a_table_by_theme_or_country_says_once_what_it_is_by_and_a_long_one_is_folded(client: TestClient, city: City) -> None:
    page = client.get("/editions/rennes-2027/results").text
    assert page.count("Par thème") == 1
    assert 'aria-labelledby="by-theme"' in page
    assert page.count("Par pays") == 2, "the heading, and the words that tell one fold from another"
    folded = r'<details class="fold"><summary>En tableau.*?</summary><div>\s*<table class="stack" aria-labelledby="by-country"'
    assert re.search(folded, page)
