"""How much the long tests do: little in the suite, all that docs/security.md promises by `make soak` (tests/soak.py sets the names)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import Engine

from app.settings import ROOT
from tests.journeys.conftest import free_port


def wanted(what: str, usual: int) -> int:
    """The count of one kind of thing: QUOTEPART_SOAK_<WHAT>, else the usual one."""
    return int(os.environ.get(f"QUOTEPART_SOAK_{what.upper()}", str(usual)))


def tell(text: str) -> None:
    """A number for the report of `make soak`, which shows what passing tests print."""
    print(f"soak: {text}")


@contextmanager
def served(engine: Engine, processes: int = 2) -> Iterator[str]:
    """The product served by so many web processes on a test's database: its address."""
    port = free_port()
    address = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)
    command = [sys.executable, "-m", "uvicorn", "app.main:create_app", "--factory", "--port", str(port), "--workers", str(processes)]
    server = subprocess.Popen(
        [*command, "--log-level", "critical", "--no-access-log"], cwd=ROOT, env={**os.environ, "DATABASE_URL": address}
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _ in range(1200):
        try:
            with urlopen(f"{url}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the server did not start")
