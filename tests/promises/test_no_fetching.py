"""Nothing here fetches an address that somebody gave: no request leaves but those of the settings and of a witness (N16)."""

from __future__ import annotations

import ast
import socket
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.organisations.models import Organisation
from app.printing import pdf
from app.proposals.models import Proposal
from app.settings import ROOT
from app.unit import work
from tests.cast import Cast
from tests.promises.places import settle

CLIENTS = ("urllib.request", "http.client", "httpx", "httpx2", "requests", "aiohttp", "smtplib", "socket", "ftplib", "urllib3", "asyncio")
OF_ANYIO = {"CapacityLimiter", "NoEventLoopError", "lowlevel", "move_on_after", "to_thread"}
"""All that may be taken from anyio, which can ask a network too."""
ALLOWED = {
    "app/serving.py": "asks its own machine whether the server is well, and looks whether a port is free",
    "app/notifications/service.py": "hands mail to the server of the settings",
    "app/notifications/undelivered.py": "reads what that server answered: the kinds of its refusals alone",
    "app/witness/asking.py": "the witness's own process: the address of the city on its command line, no redirect followed elsewhere",
}
TARGETS = [
    f"{scheme}{host}/canary"
    for scheme in ("http://", "https://", "//", "ftp://", "file://")
    for host in (
        "127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "0x7f000001", "017700000001", "localhost", "[::ffff:10.0.0.1]",
        "192.168.0.1", "evil.example",
    )
]  # fmt: skip


def test_only_these_modules_can_ask_anything_of_a_network() -> None:
    found = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [f"{node.module}.{one.name}" for one in getattr(node, "names", ())] if isinstance(node, ast.ImportFrom) else []
            assert not (isinstance(node, ast.Import) and "anyio" in names), path
            assert {name.split(".")[1] for name in names if name.startswith("anyio.")} <= OF_ANYIO, path
            if any(name == client or name.startswith(f"{client}.") for name in names for client in CLIENTS):
                found[str(path.relative_to(ROOT))] = True
    assert set(found) == set(ALLOWED)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that anything tries to reach while the test lasts."""
    seen: list[Any] = []

    def refuse(*told: Any, **_more: Any) -> Any:
        seen.append(told)
        raise OSError("no network in this test")

    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: refuse(address))
    return seen


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_page_reaches_out_whatever_address_stands_in_what_was_written(
    app: FastAPI, client: TestClient, cast: Cast, asked: list[Any]
) -> None:
    places = settle(cast)
    cast.sign_in(client, places.official)
    assert len(TARGETS) >= 40
    for start in range(0, len(TARGETS), 10):
        words = " ".join(f'<img src="{target}"> {target}' for target in TARGETS[start : start + 10])
        with work(cast.engine) as unit:
            unit.db.execute(update(Proposal).values(description=words, partner_role=words[:1000], summary=words[:300]))
            unit.db.execute(update(Organisation).values(name=words[:150]))
        for path in places.addresses(app, "GET"):
            client.get(path)
    assert asked == []


def test_a_pdf_is_made_without_reaching_out_and_reads_no_file_of_the_server(asked: list[Any], tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("ornithorynque")
    words = " ".join(f'<img src="{target}"><link rel="attachment" href="{target}">' for target in [*TARGETS, f"file://{secret}"])
    made = pdf("print/base.html", {"title": words, "site_name": "Quotepart"}, language="fr")
    assert made.startswith(b"%PDF-")
    assert asked == []
    assert b"ornithorynque" not in made
    assert b"/EmbeddedFile" not in made
    assert b"/JavaScript" not in made
