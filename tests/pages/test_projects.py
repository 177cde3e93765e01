"""The public list of projects and the permanent page of each."""

import html
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.core.lifecycle import State
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.review.city import City
from tests.review.desk import EMERGENCY
from tests.statements import counted
from tests.voting.poll import OpenPoll

LIST = "/editions/rennes-2027/projects"
XSS = '"><script>alert(1)</script>javascript:alert(1)'


def test_the_list_draws_an_order_and_puts_it_into_the_address(client: TestClient, edition: Edition) -> None:
    answer = client.get(LIST, params={"theme": "climate"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{LIST}?theme=climate&order=")
    assert 1 <= int(answer.headers["location"].rpartition("=")[2]) <= 64


def test_the_list_shows_admissible_projects_with_their_number_and_order(client: TestClient, city: City) -> None:
    city.decided("P01")
    page = client.get(LIST, params={"order": 16}).text
    assert "Un forage solaire pour trois villages du Matam" in page
    assert "1 projet</h2>" in page
    assert "Ordre tiré au sort n°\u00a016 sur 64" in page


def test_the_same_order_gives_the_same_list_and_another_order_another(client: TestClient, city: City) -> None:
    for key in ("P01", "P02", "P03", "P04", "P05", "P06"):
        city.decided(key)

    def shown(order: int) -> list[str]:
        found = client.get("/api/v1" + LIST, params={"order": order}).json()["projects"]
        return [one["public_id"] for one in found]

    assert shown(3) == shown(3)
    assert len({tuple(shown(order)) for order in range(8)}) > 1
    assert sorted(shown(1)) == sorted(shown(2))


def test_the_search_finds_words_without_their_accents(client: TestClient, city: City) -> None:
    city.decided("P01")
    assert "Un forage solaire" in client.get(LIST, params={"order": 0, "q": "forages SOLAIRES"}).text
    assert "Aucun projet ne correspond" in client.get(LIST, params={"order": 0, "q": "piscine"}).text


def test_the_search_finds_a_project_by_its_number(client: TestClient, city: City) -> None:
    city.decided("P01")
    page = client.get(f"{LIST}?order=3").text
    card = page[page.index('class="tag"') :]
    number, address = re.search(r"(\d+)</span>", card)[1], re.search(r'href="(/projects/[^"]+)"', card)[1]  # type: ignore[index]
    for typed in (number, f"n° {number}"):
        assert address in client.get(LIST, params={"order": 3, "q": typed}).text
    assert "(facultatif)" not in page[page.index('role="search"') : page.index('id="list"')]


def test_filters_narrow_the_list_and_stay_in_the_form(client: TestClient, city: City) -> None:
    city.decided("P01")
    page = client.get(LIST, params={"order": 0, "theme": "infrastructure", "country": "SN"}).text
    assert "Un forage solaire" in page
    assert '<option value="SN" selected>' in page
    assert "Un forage solaire" not in client.get(LIST, params={"order": 0, "theme": "climate"}).text


def test_each_part_offers_the_countries_of_its_own_projects_and_a_joined_file_stands_in_neither(client: TestClient, city: City) -> None:
    accepted, joined, refused = city.decided("P01"), city.decided("P02"), city.refused()
    with work(city.cast.engine) as unit:
        for id, country in ((accepted, "SN"), (joined, "TG"), (refused, "CM")):
            unit.db.exec(select(Proposal).where(Proposal.public_id == id)).one().country = country
        unit.db.exec(select(Proposal).where(Proposal.public_id == joined)).one().state = "merged"
    for shown, here, elsewhere in (("accepted", "SN", "CM"), ("refused", "CM", "SN")):
        page = client.get(f"{LIST}?order=1&shown={shown}").text
        assert f'value="{here}"' in page
        assert f'value="{elsewhere}"' not in page
        assert 'value="TG"' not in page
        assert f"/projects/{joined}" not in page
    assert client.get(f"/projects/{joined}").status_code == 200, "its address stays"


def test_refused_projects_are_listed_with_their_reasons_and_the_other_scheme(client: TestClient, city: City) -> None:
    city.refused()
    page = client.get(LIST, params={"order": 0, "shown": "refused"}).text
    assert "Convoi d&#39;urgence" in page
    assert "relève de l'aide &lt;b&gt;d'urgence" in page
    assert "Un autre dispositif pourrait convenir" in page
    assert "Convoi" not in client.get(LIST, params={"order": 0}).text


@pytest.mark.parametrize(
    "values", [{"theme": "moon"}, {"country": "XX"}, {"country": "fr"}, {"shown": "all"}, {"order": "65"}, {"order": "-1"}, {"page": "0"},
               {"q": "x" * 201}],
)  # fmt: skip
def test_an_unknown_filter_is_a_422_page(client: TestClient, edition: Edition, values: dict[str, str]) -> None:
    assert client.get(LIST, params={"order": "0"} | values).status_code == 422


@pytest.mark.parametrize("name", ["q", "theme", "country", "shown", "order", "page", "strange"])
@pytest.mark.parametrize("payload", [XSS, "javascript:alert(1)", "' OR 1=1 --", "%00\x00", "{{7*1913}}", "\ud7ff\ufffe"])
def test_no_parameter_comes_back_unescaped_or_as_a_script(client: TestClient, city: City, name: str, payload: str) -> None:
    answer = client.get(LIST, params={"order": "0"} | {name: payload})
    assert answer.status_code in ((404,) if "\x00" in payload else (200, 422))
    assert "<script>alert" not in answer.text
    assert 'href="javascript:' not in answer.text
    assert "13391" not in answer.text


def test_htmx_gets_the_list_alone(client: TestClient, city: City) -> None:
    part = client.get(LIST, params={"order": 0}, headers={"HX-Request": "true"}).text.strip()
    assert part.startswith('<section id="list"')
    assert "<html" not in part


def test_a_list_page_needs_at_most_eight_statements(client: TestClient, city: City, engine: Engine) -> None:
    for key in ("P01", "P02", "P03"):
        city.decided(key)
    with counted(engine) as statements:
        client.get(LIST, params={"order": 0})
    assert len(statements) <= 8, "\n".join(statements)


def test_the_page_of_a_project_tells_money_rules_and_life(client: TestClient, city: City) -> None:
    page = client.get(f"/projects/{city.decided('P01')}").text
    assert "24\u202f500\u00a0€" in page
    assert "63,8\u202f% d’un coût total de 38\u202f400\u00a0€" in page
    assert "Ker Teranga Rennes (fictif)" in page
    assert "Sénégal" in page
    assert "par un agent instructeur de la ville" in page
    assert "Sophie Martin" not in page
    assert "http://127.0.0.1:8000/projects/" in page


def test_the_page_of_a_refused_project_gives_the_reason_and_the_fact(client: TestClient, city: City) -> None:
    page = client.get(f"/projects/{city.refused()}").text
    assert "Pourquoi ce projet a été refusé" in page
    assert "&lt;b&gt;" in page
    assert "aide d’urgence" in page


def test_what_carriers_write_never_becomes_a_tag(client: TestClient, city: City, cast: Cast) -> None:
    texts = dict.fromkeys(("title", "summary", "description", "place", "partner_name", "sustainability", "feedback"), XSS)
    activity = {"label": XSS, "month": None, "months": None}
    public_id = city.file("P01", **texts, activities=[activity], indicators=[{"label": XSS, "target": XSS}], state=State.DRAFT)
    cast.sign_in(client, city.officer)
    for path in (f"/projects/{public_id}", f"/staff/reviews/{public_id}", "/staff", "/staff/reviews"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert 'href="javascript:' not in page.text


def test_a_link_written_by_people_leads_to_the_web_or_nowhere(client: TestClient, city: City) -> None:
    city.decided(EMERGENCY, "inadmissible", reason="[ici](javascript:alert(1)) <img src=x onerror=alert(1)> [là](data:text/html,x)")
    page = client.get(LIST, params={"order": 0, "shown": "refused"}).text
    for bad in ('href="javascript:', 'href="data:', "<img"):
        assert bad not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_speaks_every_language(client: TestClient, city: City, cast: Cast, language: str) -> None:
    public_id, refused = city.decided("P01"), city.refused()
    cast.sign_in(client, cast.official(email="admin@example.org"))
    client.headers["Accept-Language"] = language
    lists = (f"{LIST}?order=0", f"{LIST}?order=0&shown=refused", "/staff", "/staff/reviews", "/staff/editions/rennes-2027/ballot-list")
    for path in (*lists, *(f"{room}/{one}" for room in ("/projects", "/staff/reviews") for one in (public_id, refused))):
        answer = client.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text


def test_a_file_not_decided_yet_is_nowhere_to_be_found(client: TestClient, city: City) -> None:
    public_id = city.file("P01")
    assert client.get(f"/projects/{public_id}").status_code == 404
    assert client.get(f"/api/v1/projects/{public_id}").status_code == 404
    assert "Un forage" not in client.get(LIST, params={"order": 0}).text
    assert "Un forage" not in client.get(LIST, params={"order": 0, "q": "forage", "shown": "refused"}).text
    assert client.get("/api/v1" + LIST, params={"q": "forage"}).json()["total"] == 0


def test_staff_see_a_file_before_the_public_with_a_word_that_it_is_not_public(client: TestClient, city: City, cast: Cast) -> None:
    public_id = city.file("P01")
    cast.sign_in(client, city.officer)
    page = client.get(f"/projects/{public_id}")
    assert page.status_code == 200
    assert "Pas encore public" in page.text


def test_a_carrier_sees_its_own_file_and_nobody_elses(client: TestClient, city: City, cast: Cast) -> None:
    member, stranger = cast.person(), cast.person("stranger@example.org", "Inconnu")
    public_id = city.file("P01", member=member.id)
    cast.sign_in(client, stranger)
    assert client.get(f"/projects/{public_id}").status_code == 404
    cast.sign_in(client, member)
    assert "Pas encore public" in client.get(f"/projects/{public_id}").text


def test_an_unpublished_edition_shows_nothing(client: TestClient, cast: Cast) -> None:
    hidden = cast.edition(slug="hidden", published=False)
    city = City(cast, hidden)
    public_id = city.decided("P01")
    for path in ("/editions/hidden/projects?order=0", f"/projects/{public_id}", f"/api/v1/projects/{public_id}", "/api/v1/editions/hidden"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("address", ["nothing", "%00", "..%2f..", "a" * 300, "é"])
def test_a_strange_address_is_a_helpful_404(client: TestClient, edition: Edition, address: str) -> None:
    assert client.get(f"/projects/{address}").status_code == 404
    assert client.get(f"/editions/{address}/projects").status_code == 404


def test_the_word_projects_leads_to_the_edition_of_the_moment(client: TestClient, edition: Edition) -> None:
    assert client.get("/projects").headers["location"] == LIST


def test_before_the_first_edition_the_page_says_so(client: TestClient) -> None:
    assert "Aucun projet pour l’instant" in client.get("/projects").text


def test_a_project_page_needs_at_most_thirteen_statements(client: TestClient, city: City, engine: Engine) -> None:
    public_id = city.decided("P01")
    with counted(engine) as statements:
        client.get(f"/projects/{public_id}")
    assert len(statements) <= 13, "\n".join(statements)


def test_while_the_vote_is_open_the_page_of_a_project_leads_to_it(client: TestClient, cast: Cast, clock: Clock) -> None:
    poll = OpenPoll(cast, clock.now)
    first = client.get(f"/projects/{poll.ids[0]}").text.partition('class="facts"')[0]
    assert '<a class="btn" href="/editions/rennes-2027/vote?lang=fr">Voter maintenant</a>' in first
    assert "Le vote est ouvert jusqu’au" in html.unescape(first)
    assert "€</bdi></strong>" in first, "the amount stands above the texts, where a phone shows it at once"
    clock.now += timedelta(days=60)
    assert "Voter maintenant" not in client.get(f"/projects/{poll.ids[0]}").text
