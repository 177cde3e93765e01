"""The server and the worker beside it: they end together, and a port in use is told in a sentence."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import serving
from app.settings import ROOT
from tests.journeys.conftest import free_port, start


@pytest.fixture
def migrated(tmp_path: Path, _sqlite_model: Path) -> Path:
    """A migrated file of this test alone."""
    shutil.copy(_sqlite_model, tmp_path / "live.db")
    return tmp_path / "live.db"


def others(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def runs(pid: int) -> bool:
    """Whether a process is still at work (a zombie is not)."""
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at the processes of Linux")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda one: one.name)
def test_however_the_server_ends_its_worker_ends_too(migrated: Path, how: signal.Signals) -> None:
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{migrated}", "QUOTEPART_BASE_URL": f"http://127.0.0.1:{port}"}
    server = start(environment, f"http://127.0.0.1:{port}", port)
    workers = others(server.pid)
    assert len(workers) == 1
    server.send_signal(how)
    server.wait(timeout=20)
    end = time.monotonic() + 10
    while runs(workers[0]) and time.monotonic() < end:
        time.sleep(0.1)
    assert not runs(workers[0])


def test_a_port_in_use_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/demo.db"}
        command = [sys.executable, "-m", "app.cli", "demo", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == f"Port {port} is already in use. Stop what uses it, or choose another: --port {port + 1}."
    assert list(tmp_path.iterdir()) == []


def test_health_asks_this_machine_whatever_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def unreachable(address: str, timeout: int) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.setenv("QUOTEPART_BASE_URL", "https://participer.example.org")
    monkeypatch.setattr(serving, "urlopen", unreachable)
    assert serving.is_well(8000) is False
    assert asked == ["http://127.0.0.1:8000/health"]
