"""A form is read with limits, the same whether it is sent with files or without: too many fields or too long a text is no form."""

import asyncio
from urllib.parse import urlencode

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.http.forms import MAX_FIELDS, MAX_TEXT, Sent, Unreadable, read_form
from app.unit import work
from app.voting.models import Ballot
from tests.voting.poll import all_rows

PLAIN, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
Pairs = list[tuple[str, str]]
BOTH = pytest.mark.parametrize("kind", [PLAIN, PARTS])


def body_of(pairs: Pairs, kind: str) -> bytes:
    if kind == PLAIN:
        return urlencode(pairs).encode()
    parts = "".join(f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs)
    return f"{parts}--xx--\r\n".encode()


def read(body: bytes, kind: str) -> Sent:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    said = kind if kind == PLAIN else f"{kind}; boundary=xx"
    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", said.encode())]}, receive)
    return asyncio.run(read_form(request))


def sent(pairs: Pairs, kind: str) -> Sent:
    return read(body_of(pairs, kind), kind)


@BOTH
def test_a_form_is_read_with_every_value_blank_ones_too(kind: str) -> None:
    pairs = [("choice", "P01"), ("choice", "P02"), ("title", "L’été à Rennes & « plus » ?"), ("note", "")]
    assert sent(pairs, kind).values == {"choice": ["P01", "P02"], "title": ["L’été à Rennes & « plus » ?"], "note": [""]}


@BOTH
def test_as_many_fields_as_allowed_are_read_and_one_more_is_refused(kind: str) -> None:
    pairs = [("choice", str(number)) for number in range(MAX_FIELDS)]
    assert len(sent(pairs, kind).all("choice")) == MAX_FIELDS
    with pytest.raises(Unreadable):
        sent([*pairs, ("choice", "one more")], kind)


@BOTH
def test_a_text_of_the_allowed_length_is_read_and_a_longer_one_is_refused(kind: str) -> None:
    assert len(sent([("text", "x" * (MAX_TEXT - 4))], kind).get("text")) == MAX_TEXT - 4
    with pytest.raises(Unreadable):
        sent([("text", "x" * (MAX_TEXT + 1))], kind)


@BOTH
def test_many_texts_may_be_longer_together_than_one_may_be(kind: str) -> None:
    pairs = [(name, "x" * (MAX_TEXT // 2)) for name in ("summary", "description", "budget", "need", "result")]
    assert set(sent(pairs, kind).values) == {name for name, _ in pairs}


@pytest.mark.parametrize(
    ("body", "kind"), [(b'{"choice": "P01"}', "application/json"), (b"choice=P01", "text/plain"), (b"no parts", PARTS)]
)
def test_what_is_no_form_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(Unreadable):
        read(body, kind)


@pytest.mark.parametrize("fields", [[("choice", "P01")] * (MAX_FIELDS + 1), [("choice", "x" * (MAX_TEXT + 1))]], ids=["many", "long"])
def test_a_ballot_beyond_the_limits_is_refused_in_a_sentence_and_not_recorded(client: TestClient, engine: Engine, fields: Pairs) -> None:
    answer = client.post("/editions/rennes-2027/ballot", content=body_of(fields, PLAIN), headers={"Content-Type": PLAIN})
    assert answer.status_code == 400
    assert "ne peut pas être lu" in answer.text
    with work(engine, writing=False) as unit:
        assert all_rows(unit, Ballot) == []
