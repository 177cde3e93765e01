"""No answer tells whether an address has an account: same status, same headers, same body, same work (T24)."""

import re

import pytest
from fastapi.testclient import TestClient

from app.accounts import passwords
from tests.cast import Cast

FORMS = {
    "/sign-in": {"password": "une phrase fausse", "next": "/files"},
    "/register": {"name": "Quelqu’un", "password": "une longue phrase à moi"},
    "/password-resets": {},
}


def told(client: TestClient, path: str, email: str) -> tuple[object, ...]:
    """All that the visitor receives, the address itself taken out."""
    answer = client.post(path, data={**FORMS[path], "email": email})
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return answer.status_code, headers, answer.text.replace(email, "…")


@pytest.fixture
def known(cast: Cast) -> dict[str, str]:
    """Four addresses: without account, confirmed, invited without password, and of staff."""
    cast.person("claire@example.org")
    cast.person("boss@example.org", "Amélie", roles=["administrator"])
    return {"unknown": "nobody@example.org", "confirmed": "claire@example.org", "staff": "boss@example.org"}


@pytest.mark.parametrize("path", FORMS)
def test_known_and_unknown_addresses_receive_the_same_answer(client: TestClient, known: dict[str, str], path: str) -> None:
    answers = [told(client, path, email) for email in known.values()]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("path", FORMS)
def test_the_limit_of_tries_is_the_same_for_both(
    client: TestClient, known: dict[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify", lambda password, kept: False)
    monkeypatch.setattr(passwords, "hash_password", lambda password: "$argon2id$stand-in")
    runs = [[told(client, path, known[who]) for _ in range(12)] for who in ("unknown", "confirmed")]
    assert runs[0] == runs[1]
    assert runs[0][-1][0] == 429


@pytest.mark.parametrize("path", ["/sign-in", "/register"])
def test_as_many_passwords_are_computed_for_both(
    client: TestClient, known: dict[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    real_hash, real_verify = passwords._context.hash, passwords._context.verify
    monkeypatch.setattr(passwords._context, "hash", lambda *given, **named: (counted.append("hash"), real_hash(*given, **named))[1])
    monkeypatch.setattr(passwords._context, "verify", lambda *given, **named: (counted.append("verify"), real_verify(*given, **named))[1])
    passwords.dummy_verify()
    spent = []
    for email in known.values():
        counted.clear()
        told(client, path, email)
        spent.append(list(counted))
    assert spent[0] == spent[1] == spent[2]
    assert len(spent[0]) == 1


def test_links_that_never_were_and_links_that_are_over_are_told_alike(client: TestClient) -> None:
    pages = [client.get(f"/password-resets/{token}") for token in ("a" * 43, "b" * 43, "...", "%00", "x" * 500)]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'value="/password-resets/[^"]*"', "", page.text) for page in pages[:2]}) == 1
