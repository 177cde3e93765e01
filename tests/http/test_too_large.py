"""What is too large is refused before it is read: 400 MB, a body of unstated size, and one that says two sizes."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from app.http import safety

SIZE = 400_000_000
PIECE = b"x" * 1_000_000


class Sender:
    """A browser that has 400 MB to send, and counts what the server takes of it; or one that only says so, and waits (`silent`)."""

    def __init__(self, *, silent: bool = False) -> None:
        self.taken, self.status, self.silent = 0, 0, silent

    async def receive(self) -> dict[str, Any]:
        if self.silent:
            await asyncio.sleep(3600)
        self.taken += len(PIECE)
        return {"type": "http.request", "body": PIECE, "more_body": self.taken < SIZE}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "said",
    [
        {"content-length": str(SIZE)},
        {"transfer-encoding": "chunked"},
        {"transfer-encoding": "chunked", "content-length": "10"},
        {"transfer-encoding": "gzip, chunked"},
        {"content-length": "+10"},
        {"content-length": "-1"},
    ],
)
@pytest.mark.parametrize("path", ["/files/abc/documents", "/partner/abc/photos", "/sign-in", "/api/v1/editions/a/ballot"])
def test_400_mb_are_refused_before_they_are_read(app: FastAPI, path: str, said: dict[str, str]) -> None:
    sender = Sender()
    asked(app, path, said, sender)
    assert sender.status == 413
    assert sender.taken < SIZE / 10, "a little is let through and thrown away, so that the browser shows our sentence"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_announces_400_mb_and_sends_nothing_is_answered_too(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "PATIENCE", 0.05)
    sender = Sender(silent=True)
    asked(app, "/files/abc/documents", {"content-length": str(SIZE)}, sender)
    assert (sender.status, sender.taken) == (413, 0)


def asked(app: FastAPI, path: str, said: dict[str, str], sender: Sender) -> None:
    """Ask this of the application, until it has answered."""
    headers = [(b"host", b"127.0.0.1:8000"), (b"sec-fetch-site", b"same-origin"), (b"content-type", b"multipart/form-data; boundary=x")]
    headers += [(name.encode(), value.encode()) for name, value in said.items()]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers,
        "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1), "root_path": "", "http_version": "1.1", "asgi": {},
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(app(scope, sender.receive, sender.send), 60))  # type: ignore[arg-type]
