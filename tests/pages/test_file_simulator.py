"""The simulator on a file sent by an official: read whole or refused, counted by the worker, shared as a report."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app import worker
from app.core.formats.comparison_json import ComparisonDocument
from app.core.permissions import Role
from app.exchange import trying
from app.jobs import Job
from app.results.models import TriedFile, TriedRule
from app.unit import Work, work
from tests.cast import Cast
from tests.exchange.files import text
from tests.pages.test_simulations import words

PAGE, FILES = "/staff/simulator", "/staff/simulator/files"
SOUND = text("1;40 2;70 3;20", "1,2 1,2 1,2 3 3").encode()


@pytest.fixture
def official(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))


def send(client: TestClient, data: bytes | None, name: str = "vote.pb", **typed: Any) -> Any:
    files = {} if data is None else {"file": (name, data, "text/plain")}
    return client.post(FILES, data=typed, files=files or None)


def kept(engine: Engine) -> list[TriedFile]:
    with work(engine, writing=False) as unit:
        return list(unit.db.exec(select(TriedFile)))


@pytest.mark.usefixtures("official")
def test_a_file_is_counted_by_every_rule_and_its_report_is_for_everyone(client: TestClient, engine: Engine) -> None:
    assert "Simulateur sur un fichier" in client.get(PAGE).text
    made = send(client, b"\xef\xbb\xbf" + SOUND, "C:\\Users\\x\\Vote de Rennes.pb")
    assert made.status_code == 303
    address = made.headers["location"]
    assert "Vote de Rennes.pb" in client.get(PAGE).text
    client.cookies.clear()
    assert "Règles déjà appliquées : 0 sur" in words(client.get(address))
    worker.run_all(engine)
    told = words(client.get(address))
    assert "Une simulation, pas un résultat" in told
    assert "La règle qui décide" in told
    assert "hx-trigger" not in client.get(address).text
    document = ComparisonDocument.model_validate(client.get(f"{address}/comparison.json").json())
    assert document.complete
    assert document.rules[0].result.selected == ("1", "3")
    assert client.get(f"{address}/comparison.csv").text.count("\r\n") == len(document.rules) + 1
    assert [file.content for file in kept(engine)] == [b""]
    assert client.get("/simulations/files/none").status_code == 404


@pytest.mark.usefixtures("official")
def test_another_envelope_and_some_rules_only(client: TestClient, engine: Engine) -> None:
    address = send(client, SOUND, envelope="1,30", rules=["greedy_per_cost"]).headers["location"]
    worker.run_all(engine)
    assert "Enveloppe essayée 1,30" in words(client.get(address))
    found = client.get(f"{address}/comparison.json").json()
    assert found["envelope_cents"] == 130
    assert [one["result"]["name"] for one in found["rules"]] == ["official", "greedy_per_cost"]


@pytest.mark.usefixtures("official")
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "vote.pb:1:"),
        (SOUND.replace(b"2;70", b"2;many"), "vote.pb:17:"),
        (SOUND.replace(b"Rennes", b"R\xe9nnes"), "vote.pb:5: cette ligne n’est pas du texte en UTF-8."),
        (SOUND.decode().encode("utf-16"), "vote.pb:1: cette ligne n’est pas du texte en UTF-8."),
        (SOUND.replace(b"Rennes", b"R\x00nnes"), "vote.pb:5:"),
        (SOUND.replace(b"Rennes", b"R" * 64_001), "vote.pb:5:"),
        (SOUND.replace(b"1,2\n", b"1,9\n", 1), "vote.pb:21:"),
        (SOUND + b"\n" * 20_000_000, "vote.pb:1:"),
    ],
    ids=["empty", "amount", "latin-1", "utf-16", "nul", "long field", "unknown project", "too large"],
)
def test_a_faulty_file_is_refused_with_its_line_and_nothing_is_kept(
    client: TestClient, engine: Engine, data: bytes, why: str
) -> None:
    answer = send(client, data, envelope="60 000")
    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.text
    assert why.lower() in words(answer).lower()
    assert 'value="60 000"' in answer.text
    assert kept(engine) == []
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(Job).where(Job.kind == trying.TRY_JOB)).all() == []


@pytest.mark.usefixtures("official")
def test_without_a_file_or_with_a_wrong_number_the_field_says_so(client: TestClient) -> None:
    assert 'id="f-file-error"' in send(client, None, envelope="5").text
    assert 'id="f-envelope-error"' in send(client, SOUND, envelope="much").text


@pytest.mark.usefixtures("official")
def test_more_than_the_limit_is_refused_before_it_is_read_and_other_pages_keep_theirs(client: TestClient) -> None:
    assert send(client, b"x" * 21_500_000).status_code == 413
    assert client.post(PAGE, content=b"x" * 9_500_000, headers={"content-type": "text/plain"}).status_code == 413


def test_only_some_roles_may_send_a_file(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.MODERATOR))
    assert send(client, SOUND).status_code == 403


@pytest.mark.usefixtures("official")
def test_a_worker_that_died_goes_on_where_it_stopped(client: TestClient, engine: Engine, unit: Work) -> None:
    address = send(client, SOUND).headers["location"]
    (job,) = unit.db.exec(select(Job).where(Job.kind == trying.TRY_JOB)).all()
    whole = trying.compared

    def dying(*given: Any, **named: Any) -> Any:
        for done, entry in enumerate(whole(*given, **named)):
            if done == 2:
                raise OSError("the machine went down")
            yield entry

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trying, "compared", dying)
        with pytest.raises(OSError, match="went down"):
            trying.fill(unit, job.payload)
    unit.db.rollback()
    assert len(unit.db.exec(select(TriedRule)).all()) == 2
    trying.fill(unit, job.payload)
    unit.db.commit()
    found = client.get(f"{address}/comparison.json").json()
    assert found["complete"]
    assert re.fullmatch(r"/simulations/files/\w{12}", address)
