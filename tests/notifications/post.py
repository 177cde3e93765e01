"""A mail server of a test, that refuses what it is told to refuse."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from app.settings import settings


class Post:
    """Keeps what it takes; `at_recipient` and `at_data` hold the answer to refuse with, "" to accept."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.at_recipient = self.at_data = ""

    async def handle_RCPT(self, server: object, session: object, envelope: object, address: str, options: object) -> str:
        if self.at_recipient:
            return f"{self.at_recipient} <{address}>"
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        if self.at_data:
            return self.at_data
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[attr-defined,arg-type]
        return "250 OK"


@contextmanager
def open_post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A server on a free port, named by the settings while the block lasts."""
    handler = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in {"HOST": "127.0.0.1", "PORT": str(port), "STARTTLS": "false"}.items():
        monkeypatch.setenv(f"QUOTEPART_SMTP_{name}", value)
    settings.cache_clear()
    try:
        yield handler
    finally:
        controller.stop()
        settings.cache_clear()
