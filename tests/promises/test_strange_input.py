"""Whatever is sent, to whichever route, by whoever it is: never an error of ours, never a script, never a foreign address (T15, N02)."""

from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.http.audience import api_routes
from tests.cast import Cast
from tests.promises.pages import faults_of, names_of
from tests.promises.places import Places, settle
from tests.voting.soaking import wanted

OFFER = ["sqlite"]
"""One engine will do here: each verb's own tests run on both."""
WORDS = (
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "1e999",
    "NaN",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "é\u202e\ufeff\U0001f600\ud7ff",
    "x" * 5_000,
    "a; b; c; d\n;;;\n: :",
    "add-key:99999999999",
    "take:0",
    "' OR 1=1 --",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "//evil.example/a",
    "https://evil.example",
    "/\\evil.example",
    "{{7*1913}}%(x)s%s",
)


@pytest.fixture
def places(cast: Cast) -> Places:
    return settle(cast)


@pytest.mark.parametrize("engine", OFFER, indirect=True)
@pytest.mark.parametrize("who", ["visitor", "carrier", "official"])
def test_every_page_of_a_real_city_opens_or_says_why_not(app: FastAPI, client: TestClient, cast: Cast, places: Places, who: str) -> None:
    if who != "visitor":
        cast.sign_in(client, places.carrier if who == "carrier" else places.official)
    answers = {path: client.get(path) for path in places.addresses(app, "GET")}
    assert [path for path, answer in answers.items() if answer.status_code >= 500] == []
    assert sum(answer.status_code == 200 for answer in answers.values()) > {"visitor": 15, "carrier": 25, "official": 45}[who]


@pytest.mark.parametrize("engine", OFFER, indirect=True)
def test_every_form_survives_every_strange_word_in_every_field(app: FastAPI, client: TestClient, cast: Cast, places: Places) -> None:
    forms = {path: names_of(client, cast, places, path) for path in places.addresses(app, "POST")}
    wrong = []
    for path, names in forms.items():
        person = places.carrier if path.startswith(("/files", "/organisations")) else places.official
        for word in WORDS[:: len(WORDS) // min(len(WORDS), wanted("WORDS", 5))]:
            cast.sign_in(client, person)
            answer = client.post(path, data=dict.fromkeys(names, word) | {"action": "save"})
            wrong += [(path, word[:20], fault) for fault in faults_of(answer)]
    assert wrong == []


@pytest.mark.parametrize("engine", OFFER, indirect=True)
def test_no_parameter_of_any_page_breaks_it_or_comes_back_alive(app: FastAPI, client: TestClient, cast: Cast, places: Places) -> None:
    cast.sign_in(client, places.official)
    wrong = []
    for path, route in api_routes(app):
        parameters = [field.alias for field in route.dependant.query_params] if "GET" in (route.methods or ()) else []
        for address in places.fill(path)[:1] if parameters else ():
            for word in WORDS:
                for values in [{one: word} for one in parameters] + [dict.fromkeys(parameters, word)]:
                    answer = client.get(address, params=values)
                    wrong += [(address, values, fault) for fault in faults_of(answer)]
    assert wrong == []


ELSEWHERE = ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil.example", "/\n/x")


@pytest.mark.parametrize("back", ELSEWHERE)
def test_no_form_of_ours_leads_to_another_site(client: TestClient, cast: Cast, back: str) -> None:
    cast.person()
    sent = [client.post("/preferences", data={"language": "fr", "back": back})]
    sent.append(client.post("/sign-in", data={"email": "claire@example.org", "password": "un mot de passe solide", "next": back}))
    for answer in sent:
        assert answer.status_code == 303
        assert not urlsplit(answer.headers["location"].strip()).netloc
        assert answer.headers["location"].startswith("/")
        assert answer.headers["location"][1:2] not in ("/", "\\")
