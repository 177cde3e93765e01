"""The JSON door: what is public, in shapes of its own, and nothing else."""

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from app.proposals.models import Proposal
from app.review.jury.models import JuryFinding, JuryMinutes
from app.review.models import CarrierAnswer, Veto
from app.unit import work
from tests.cast import Cast
from tests.review.city import City
from tests.review.desk import EMERGENCY

LIST = "/api/v1/editions/rennes-2027/projects"
SECRET = {"note", "search_text", "id", "organisation_id", "edition_id", "partner_letter", "declarations", "created_at", "by_id", "email"}


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | set().union(*map(keys_of, value.values()), set())
    return set().union(*map(keys_of, value), set()) if isinstance(value, list) else set()


def test_an_edition_comes_with_envelope_phases_and_rules(client: TestClient, city: City) -> None:
    assert [one["slug"] for one in client.get("/api/v1/editions").json()] == ["rennes-2027"]
    edition = client.get("/api/v1/editions/rennes-2027").json()
    assert edition["envelope"] == {"cents": 23_089_000, "currency": "EUR"}
    assert len(edition["rules"]) == 22
    assert {"kind": "voting", "opens": edition["phases"][5]["opens"], "closes": edition["phases"][5]["closes"]} in edition["phases"]


def test_a_project_comes_with_exact_amounts_steps_and_criteria(client: TestClient, city: City) -> None:
    project = client.get(f"/api/v1/projects/{city.decided('P01')}").json()
    assert project["requested"] == {"cents": 2_450_000, "currency": "EUR"}
    assert project["total_cost"]["cents"] == 3_840_000
    assert [step["target"] for step in project["steps"]] == ["submitted", "admissible"]
    assert len(project["decision"]["criteria"]) == 22


def test_a_project_comes_with_its_veto_its_carriers_answer_and_the_jurys_opinion(client: TestClient, city: City, cast: Cast) -> None:
    public_id, path = city.decided("P01"), "/api/v1/projects/"
    bare = client.get(path + public_id).json()
    assert [bare[name] for name in ("veto", "carrier_answer", "jury")] == [None] * 3
    second = cast.person("second@rennes.example", "Seconde")
    with work(cast.engine, now=cast.clock.now) as unit:
        owner = unit.db.exec(select(Proposal.id).where(Proposal.public_id == public_id)).one()
        unit.db.add(CarrierAnswer(proposal_id=owner, text="Nous avons un devis.", written_at=unit.now, written_by_id=second.id))
        unit.db.add(Veto(proposal_id=owner, ground="partner_gone", reason="Le comité est dissous.", on_ballot=True, vetoed_at=unit.now,
                         proposed_by_id=city.officer.id, confirmed_by_id=second.id))
        minutes = JuryMinutes(
            edition_id=city.edition.id, number=1, sha256="0" * 64, confirmed_at=unit.now, confirmed_by_id=second.id, facts={}
        )
        unit.db.add(minutes)
        unit.db.flush()
        unit.db.add(JuryFinding(proposal_id=owner, minutes_id=minutes.id, stance="favourable", text="Solide.", mean_top=7, mean_bottom=2,
                                scale=5, opinions=2, recused=1, disputed=0))
    project = client.get(path + public_id).json()
    assert project["carrier_answer"] == "Nous avons un devis."
    assert project["veto"].pop("vetoed_at")
    assert project["veto"] == {"ground": "partner_gone", "reason": "Le comité est dissous.", "on_ballot": True}
    assert project["jury"] == {
        "stance": "favourable", "text": "Solide.", "mean": "7/2", "scale": 5, "opinions": 2, "recused": 1, "disputed": 0,
    }
    assert not keys_of(project) & SECRET
    assert "Seconde" not in str(project)


def test_no_private_column_comes_out_of_the_api(client: TestClient, city: City) -> None:
    public_id, _ = city.decided("P01"), city.refused()
    paths = ("/api/v1/editions", "/api/v1/editions/rennes-2027", LIST, f"/api/v1/projects/{public_id}")
    answers = [client.get(path).json() for path in paths]
    assert not keys_of(answers) & SECRET


def test_lists_have_the_filters_and_pages_of_the_site(client: TestClient, city: City) -> None:
    city.decided("P01"), city.decided("P02"), city.refused(EMERGENCY)
    assert client.get(LIST).json()["total"] == 2
    assert client.get(LIST, params={"shown": "refused"}).json()["projects"][0]["state"] == "inadmissible"
    page = client.get(LIST, params={"per_page": 1, "page": 2}).json()
    assert (page["pages"], len(page["projects"])) == (2, 1)


@pytest.mark.parametrize("values", [{"theme": "moon"}, {"country": "XX"}, {"sort": "", "order": 64}, {"per_page": 101}, {"shown": "draft"}])
def test_an_unknown_filter_is_a_problem_in_the_readers_language(client: TestClient, city: City, values: dict[str, str]) -> None:
    answer = client.get(LIST, params=values)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"]


def test_what_is_missing_is_a_problem_too(client: TestClient, city: City) -> None:
    answer = client.get("/api/v1/projects/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_cookie_of_staff_opens_nothing_more(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.file("P01")
    cast.sign_in(client, city.officer)
    assert client.get(f"/api/v1/projects/{public_id}").status_code == 404


OPERATIONS = (
    "/api/v1/editions",
    "/api/v1/editions/{slug}",
    "/api/v1/editions/{slug}/projects",
    "/api/v1/editions/{slug}/results",
    "/api/v1/editions/{slug}/ballot",
    "/api/v1/projects/{public_id}",
)


@pytest.mark.parametrize("path", OPERATIONS)
def test_whatever_is_asked_the_answer_is_as_the_schema_says(app: FastAPI, city: City, path: str) -> None:
    city.decided("P01")
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    operation = schema[path]["GET"]
    positive, negative = operation.as_strategy(), operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=positive if path == OPERATIONS[0] else st.one_of(positive, negative))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate()

    holds()
