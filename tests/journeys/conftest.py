"""A real server, a real worker, a real mail server and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, sync_playwright

from app.settings import ROOT
from tests.conftest import skip_or_fail
from tests.journeys.nursery import Nursery, is_healthy

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text()


@dataclass
class Mailbox:
    """What the mail server received."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[attr-defined,arg-type]
        return "250 OK"

    def wait_for(self, recipient: str, subject: str = "", seconds: float = 150) -> EmailMessage:
        """The newest e-mail to somebody, once it is there; one that could not leave at once is sent again after a minute."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in reversed(self.messages):
                if recipient in message["To"] and subject in message["Subject"]:
                    return message
            time.sleep(0.1)
        raise AssertionError(f"no e-mail to {recipient} about “{subject}”; received: {[m['Subject'] for m in self.messages]}")


@dataclass
class Live:
    """A running installation."""

    url: str
    mailbox: Mailbox
    environment: dict[str, str]

    def command(self, *words: str, answers: str = "") -> str:
        """Run `quotepart …` against this installation."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=ROOT,
            env=self.environment,
            input=answers,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(environment: dict[str, str], url: str, port: int) -> subprocess.Popen[bytes]:
    """Start the server with its worker and wait for its health."""
    server = subprocess.Popen([sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--with-worker"], cwd=ROOT, env=environment)
    if is_healthy(url):
        return server
    server.kill()
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where servers come from in a moment."""
    opened = Nursery()
    yield opened
    opened.close()


@pytest.fixture
def live(tmp_path: Path, _sqlite_model: Path, nursery: Nursery) -> Iterator[Live]:
    """An installation on an empty database, with its worker, sending real mail to a local server."""
    mailbox = Mailbox()
    mail = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    shutil.copy(_sqlite_model, tmp_path / "live.db")
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/live.db",
        "QUOTEPART_BASE_URL": url,
        "QUOTEPART_SMTP_HOST": "127.0.0.1",
        "QUOTEPART_SMTP_PORT": str(mail.port),
        "QUOTEPART_SMTP_STARTTLS": "false",
    }
    server = nursery.start(environment, url, port)
    yield Live(url, mailbox, environment)
    server.terminate()
    server.wait(timeout=20)
    mail.stop()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[str]:
    """The demonstration city, served: its address. Shared by the tests that only look."""
    folder, port = tmp_path_factory.mktemp("city"), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/city.db", "QUOTEPART_BASE_URL": url, "QUOTEPART_DEMO": "true"}
    subprocess.run(
        [sys.executable, "-m", "app.cli", "demo", "--prepare-only"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    server = nursery.start(environment, url, port)
    yield url
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        skip_or_fail("no Chromium: apt install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=["script", "no script"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Someone with a phone, once with JavaScript and once without it. Any error of the page fails the test."""
    if "live" in request.fixturenames:
        request.getfixturevalue("live")  # the server outlives the page, which may still be loading a picture at the end
    context = browser.new_context(java_script_enabled=request.param == "script", viewport={"width": 360, "height": 740}, locale="fr-FR")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" and "status of 4" not in line.text else None)
    yield page
    context.close()
    assert faults == []


def axe(page: Page) -> list[str]:
    """What axe-core finds on the page as it is: one line for each violation."""
    found = page.evaluate(
        AXE + "\n; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [f"{v['id']}: {node['target']} {node.get('failureSummary', '')[:160]}" for v in found["violations"] for node in v["nodes"]]
