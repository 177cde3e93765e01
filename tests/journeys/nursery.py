"""A process that has imported the product once and forks servers from then on: a journey starts in a moment instead of seconds.

What it starts is what `quotepart serve --with-worker` starts, in an environment of its own; the command itself, with its start from
nothing, is tried in tests/serving and by the demonstration.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from app.settings import ROOT


@dataclass(frozen=True)
class Forked:
    """A process that was forked by another one than this."""

    pid: int

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float) -> None:
        """Wait until it is gone. Raises TimeoutError."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        raise TimeoutError(f"process {self.pid} did not end in {timeout} seconds")


class Nursery:
    """The process, seen from the tests."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.journeys.nursery"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, environment: dict[str, str], url: str, port: int) -> Forked:
        """A server with its worker, once it is healthy."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"environment": environment, "port": port}) + "\n")
        self.process.stdin.flush()
        server = Forked(int(self.process.stdout.readline()))
        if is_healthy(url):
            return server
        os.kill(server.pid, signal.SIGKILL)
        raise AssertionError("the server did not start")

    def close(self) -> None:
        """End it; what it started goes on."""
        with self.process:
            pass  # it ends when nobody can write to it any more


def is_healthy(url: str) -> bool:
    """Whether a server answers its health page before a minute is over."""
    for _ in range(1200):
        try:
            with urlopen(f"{url}/health", timeout=1) as answer:
                if answer.status == 200:
                    return True
        except (URLError, OSError):
            time.sleep(0.05)
    return False


class _Beside:
    """A worker forked by the server itself; used as the process that `quotepart serve` would start."""

    def __init__(self) -> None:
        read, self.open = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.open)
            os.dup2(read, 0)
            _end_with(lambda: serving.work_until_stopped(beside=True))
        os.close(read)

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float) -> None:
        os.waitpid(self.pid, 0)


def _end_with(work: Callable[[], None]) -> NoReturn:
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _serve(environment: dict[str, str], port: int) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()
    serving._worker_beside = _Beside  # type: ignore[assignment]
    _end_with(lambda: serving.serve("127.0.0.1", port, with_worker=True))


if __name__ == "__main__":
    import app.main  # noqa: F401
    from app import serving
    from app.settings import settings

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _serve(**json.loads(line))
        print(child, flush=True)
