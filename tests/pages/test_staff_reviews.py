"""The desk of files, the page of a review, and the list of the ballot."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.core.permissions import Role
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.review.models import Decision
from app.unit import work
from tests.cast import Cast
from tests.review.city import City
from tests.review.desk import EMERGENCY
from tests.review.test_deciding import QUESTIONS
from tests.statements import counted

XSS = '"><script>alert(1)</script>'
YES = {f"answer-{key}": "yes" for key in QUESTIONS}


@pytest.fixture
def city(cast: Cast, edition: Edition, client: TestClient) -> City:
    """The city, its case officer signed in."""
    city = City(cast, edition)
    cast.sign_in(client, city.officer)
    return city


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def decide(client: TestClient, public_id: str, **values: str) -> tuple[int, str]:
    """Open the review and send its form."""
    sent = {"seen": seen_on(client.get(f"/staff/reviews/{public_id}").text), "redirect": "", "to_complete": "", "note": ""} | YES | values
    answer = client.post(f"/staff/reviews/{public_id}/decisions", data=sent)
    return answer.status_code, answer.text


def test_the_desk_lists_the_files_to_decide_with_the_rules_they_break(client: TestClient, city: City) -> None:
    city.file("P01"), city.file(EMERGENCY)
    page = client.get("/staff/reviews").text
    assert "Un forage solaire" in page
    assert "Convoi d&#39;urgence" in page
    assert "À décider (2)" in page


@pytest.mark.parametrize("sort", ["number", "submitted", "carrier", "failures"])
def test_the_desk_is_sorted_by_links(client: TestClient, city: City, sort: str) -> None:
    city.file("P01"), city.file(EMERGENCY)
    page = client.get("/staff/reviews", params={"sort": sort, "down": "true"}).text
    assert 'aria-sort="descending"' in page
    if sort == "failures":
        assert page.index("Convoi d&#39;urgence") < page.index("Un forage solaire")


STRANGE = [{"sort": "id; DROP TABLE"}, {"state": "draft"}, {"page": "-1"}, {"down": "perhaps"}, {"edition": "x" * 90}]


@pytest.mark.parametrize("values", STRANGE)
def test_an_unknown_sort_or_pile_is_a_422_page(client: TestClient, city: City, values: dict[str, str]) -> None:
    assert client.get("/staff/reviews", params=values).status_code == 422


@pytest.mark.parametrize("name", ["edition", "state", "sort", "down", "page"])
def test_no_parameter_of_the_desk_comes_back_unescaped(client: TestClient, city: City, name: str) -> None:
    answer = client.get("/staff/reviews", params={name: XSS})
    assert answer.status_code in (404, 422)
    assert "<script>alert" not in answer.text


def test_the_review_shows_the_file_beside_the_facts_found(client: TestClient, city: City) -> None:
    page = client.get(f"/staff/reviews/{city.file(EMERGENCY)}").text
    assert "1 règle bloquante n’est pas respectée." in page
    assert "Convoi d&#39;urgence" in page
    assert "Non respectée" in page
    assert '<option value="emergency_fund" selected>' in page


def test_an_officer_admits_a_file_and_its_page_opens(client: TestClient, city: City) -> None:
    public_id = city.file("P01")
    assert decide(client, public_id, outcome="admissible")[0] == 303
    client.cookies.clear()
    assert client.get(f"/projects/{public_id}").status_code == 200


def test_an_officer_sends_a_file_back_with_a_date(client: TestClient, city: City) -> None:
    public_id = city.file("P01")
    sent = {"outcome": "incomplete", "to_complete": "La lettre.", "complete_by_day": "2026-12-24", "complete_by_clock": "18:00"}
    assert decide(client, public_id, **sent)[0] == 303
    assert "jusqu’au 24 décembre 2026 à 18\u00a0h" in client.get(f"/staff/reviews/{public_id}").text


def test_a_faulty_decision_keeps_all_that_was_typed(client: TestClient, city: City) -> None:
    public_id = city.file("P01")
    typed = {"outcome": "inadmissible", "reason": "Un <motif> écrit", "note": "Une note", "answer-non_profit": "no"}
    status, page = decide(client, public_id, **typed)
    assert status == 422
    for kept in ("Un &lt;motif&gt; écrit", "Une note", 'id="f-comment-non_profit-error"'):
        assert kept in page


def test_a_fault_is_named_with_its_field(client: TestClient, city: City) -> None:
    _, page = decide(client, city.file("P01"), outcome="")
    assert '<a href="#f-outcome">Votre décision' in page


def test_an_outcome_must_be_chosen(client: TestClient, city: City) -> None:
    status, page = decide(client, city.file("P01"))
    assert status == 422
    assert 'href="#f-outcome"' in page


def test_a_reason_drawn_up_stands_one_rule_below_the_other_and_names_what_was_answered_with_no(client: TestClient, city: City) -> None:
    public_id = city.file(EMERGENCY, duration_months=60)
    first = next(iter(YES))
    kept = client.get(f"/staff/reviews/{public_id}").text
    assert len(typed_reason(kept).splitlines()) == 2
    said = {first: "no", first.replace("answer", "comment"): "Une entreprise en profite.", "act": "prefill"}
    _, page = decide(client, public_id, **said)
    lines = typed_reason(page).splitlines()
    assert len(lines) == 3
    assert re.match(r"Règle \d+ – .+ Une entreprise en profite\.$", lines[2])


def typed_reason(page: str) -> str:
    found = re.search(r'<textarea[^>]* name="reason"[^>]*>\n?([^<]*)</textarea>', page)
    assert found is not None
    return unescape(found[1]).strip()


@pytest.mark.parametrize("extra", ["state", "proposal_id", "decided_by_id", "answer-", "comment-strange"])
def test_a_field_that_is_not_on_the_form_is_refused(client: TestClient, city: City, cast: Cast, extra: str) -> None:
    status, _ = decide(client, city.file("P01"), outcome="admissible", **{extra: "on_ballot"})
    assert status == 422
    with work(cast.engine) as unit:
        assert unit.db.exec(select(Decision)).all() == []


def test_of_two_officers_the_second_loses_nothing_and_decides_nothing(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.file("P01")
    seen = seen_on(client.get(f"/staff/reviews/{public_id}").text)
    decide(client, public_id, outcome="incomplete", to_complete="La lettre.", complete_by_day="2026-12-24")
    late = {"seen": seen, "outcome": "inadmissible", "reason": "Ma raison à moi"} | YES
    answer = client.post(f"/staff/reviews/{public_id}/decisions", data=late)
    assert answer.status_code == 409
    assert "Le dossier a changé pendant votre lecture" in answer.text
    with work(cast.engine) as unit:
        assert len(unit.db.exec(select(Decision)).all()) == 1


def test_drafts_and_unknown_files_are_not_on_the_desk(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.file("P01")
    with work(cast.engine) as unit:
        proposal = unit.db.exec(select(Proposal)).one()
        proposal.state = "draft"
        unit.db.add(proposal)
    for address in (public_id, "nothing", "%00"):
        assert client.get(f"/staff/reviews/{address}").status_code == 404
        assert client.post(f"/staff/reviews/{address}/decisions", data={}).status_code == 404


def test_an_observer_reads_the_file_and_sees_why_there_is_no_form(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.file("P01")
    cast.sign_in(client, cast.person("observer@example.org", "Jeanne", [Role.OBSERVER]))
    page = client.get(f"/staff/reviews/{public_id}")
    assert page.status_code == 200
    assert "Enregistrer la décision" not in page.text
    assert client.post(f"/staff/reviews/{public_id}/decisions", data={}).status_code == 403


def test_a_member_of_the_carrier_is_told_that_a_colleague_decides(client: TestClient, city: City) -> None:
    page = client.get(f"/staff/reviews/{city.file('P01', member=city.officer.id)}").text
    assert "un·e collègue doit décider" in page
    assert "Enregistrer la décision" not in page


def test_visitors_and_residents_stay_outside(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.file("P01")
    cast.sign_in(client, cast.person())
    assert client.get(f"/staff/reviews/{public_id}").status_code == 403
    client.cookies.clear()
    assert client.get("/staff/reviews").headers["location"].startswith("/sign-in")


def test_the_ballot_list_is_read_then_confirmed(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.decided("P01")
    city.checked(public_id)
    cast.sign_in(client, cast.person("publisher@example.org", "Paul", [Role.PUBLISHER]))
    page = client.get("/staff/editions/rennes-2027/ballot-list").text
    assert f'name="project" value="{public_id}"' in page
    assert client.post("/staff/editions/rennes-2027/ballot-list", data={"project": "other"}).status_code == 409
    assert client.post("/staff/editions/rennes-2027/ballot-list", data={"project": public_id}).status_code == 303
    assert "Soumis au vote" in client.get(f"/projects/{public_id}").text


def test_a_page_of_the_desk_needs_at_most_fourteen_statements(client: TestClient, city: City, engine: Engine) -> None:
    for key in ("P01", "P02", "P03", EMERGENCY):
        city.file(key)
    with counted(engine) as statements:
        client.get("/staff/reviews", params={"sort": "failures"})
    assert len(statements) <= 14, "\n".join(statements)
