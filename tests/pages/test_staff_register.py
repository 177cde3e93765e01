"""After the freeze, what is sent on the pages of codes and roll becomes a proposal that a second person reads and confirms."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.permissions import Role
from app.electorate.models import CodeBatch, RollLine
from app.ledger.models import Motion
from app.unit import work
from tests.bureau import members
from tests.cast import Cast
from tests.electorate.roll import crowd
from tests.polls.stage import open_vote

EDITION = "/staff/editions/rennes-2027"
CODE = re.compile(r'class="letter-code"[^>]*>([0-9a-z ]{19})<')
LIST = b"name;birth_date;address\nPaul Petit;2000-01-01;1 rue de Brest\n"


def sent(client: TestClient, path: str, **data: Any) -> str:
    """The page of the proposal that a form has become."""
    answer = client.post(f"{EDITION}/{path}", **data)
    assert answer.status_code == 303, html.unescape(answer.text)
    where = str(answer.headers["location"])
    assert where.startswith(f"{EDITION}/box/motions/")
    return where.partition("?")[0]


def confirmed(client: TestClient, cast: Cast, motion: str) -> str:
    """Ibrahim Sow confirms; what the answer shows."""
    cast.sign_in(client, members(cast)[1])
    answer = client.post(f"{motion}/confirmation")
    assert answer.status_code in (200, 303), html.unescape(answer.text)
    return html.unescape(answer.text)


def box(client: TestClient) -> str:
    return html.unescape(client.get(f"{EDITION}/box").text)


def test_a_list_is_proposed_read_and_confirmed_and_its_names_are_gone(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    members(cast)
    cast.sign_in(client, cast.official(Role.DESK_AGENT))
    assert "Le vote est gelé" in html.unescape(client.get(f"{EDITION}/codes").text)
    motion = sent(client, "roll", files={"file": ("liste.csv", LIST, "text/csv")})
    shown = html.unescape(client.get(motion).text)
    assert "Paul Petit" in shown
    assert "Hélène Riou" in shown, "who must confirm"
    assert client.post(f"{motion}/confirmation").status_code == 403
    cast.sign_in(client, cast.person("omar@example.org", "Omar", [Role.OBSERVER]))
    assert "Paul Petit" not in html.unescape(client.get(motion).text)
    confirmed(client, cast, motion)
    assert "register +1" in box(client)
    with work(cast.engine) as unit:
        assert [one.name for one in unit.db.exec(select(RollLine))] == ["Paul Petit"]
        assert "Paul" not in str(unit.db.exec(select(Motion)).all())


def test_a_bad_list_is_told_by_line_and_nothing_is_proposed(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    cast.sign_in(client, cast.official(Role.DESK_AGENT))
    answer = client.post(f"{EDITION}/roll", files={"file": ("liste.csv", b"name;birth_date\nPaul;2000-01-01\n", "text/csv")})
    assert answer.status_code == 422
    assert "Ligne 2, colonne name" in html.unescape(answer.text)


def test_whoever_confirms_a_batch_is_shown_its_letters_this_once(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    motion = sent(client, "codes", data={"label": "École Liberté", "size": "2"})
    with work(cast.engine) as unit:
        assert not unit.db.exec(select(CodeBatch)).all()
    assert len(CODE.findall(confirmed(client, cast, motion))) == 2
    assert not CODE.findall(client.get(motion).text)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    offered = html.unescape(client.get(f"{EDITION}/codes").text)
    assert all(f">{words}</button>" in offered for words in ("Proposer d’annuler ce code", "Proposer de l’annuler et d’en créer un autre"))
    lost = sent(client, "codes/replacement", data={"batch": "1", "serial": "1", "reason": "Perdue"})
    assert len(CODE.findall(confirmed(client, cast, lost))) == 1
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    void = sent(client, "codes/void", data={"batch": "1", "serial": "2", "reason": "Perdue"})
    confirmed(client, cast, void)
    assert box(client).count("code voided 1") == 2


@pytest.mark.parametrize("missing", [{"batch": "9", "serial": "9", "reason": "Perdue"}, {"batch": "x", "serial": "1", "reason": ""}])
def test_a_code_that_is_not_there_is_said_at_once(client: TestClient, cast: Cast, missing: dict[str, str]) -> None:
    open_vote(cast)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    assert client.post(f"{EDITION}/codes/void", data=missing).status_code in (404, 422)


def test_people_are_taken_off_and_put_back_by_two(client: TestClient, cast: Cast) -> None:
    edition = open_vote(cast)
    with work(cast.engine, now=cast.clock.now) as unit:
        lines = crowd(unit, edition, 8, email=lambda _: "president@club.example")
    cast.sign_in(client, members(cast)[0])
    found = re.search(rf"{EDITION}/(anomalies/[0-9a-f]{{16}})", client.get(f"{EDITION}/anomalies").text)
    assert found
    data = {"lines": [lines[0].public_id, lines[1].public_id], "reason": "N'habitent pas la ville"}
    motion = sent(client, f"{found[1]}/removal", data=data)
    assert lines[0].name in html.unescape(client.get(motion).text)
    confirmed(client, cast, motion)
    assert "register -2" in box(client)
    cast.sign_in(client, members(cast)[0])
    back = sent(client, f"roll/{lines[0].public_id}/return")
    confirmed(client, cast, back)
    assert "register +1" in box(client)
    assert lines[0].name not in html.unescape(client.get(back).text)
