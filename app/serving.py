"""Running the product: the web server, and the worker beside it in a process of its own."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn

from app.database import make_engine
from app.settings import ROOT, settings
from app.worker import run_until


def serve(host: str, port: int, *, workers: int = 1, with_worker: bool = False) -> None:
    """Serve until stopped. With more than one web process, put a real proxy in front (docs/operations.md)."""
    refuse_taken(host, port)
    beside = _worker_beside() if with_worker else None
    try:
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            app_dir=str(ROOT),
            server_header=False,
            access_log=False,
            proxy_headers=True,
            timeout_graceful_shutdown=10,
        )
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait(timeout=10)


def refuse_taken(host: str, port: int) -> None:
    """Leave with a sentence if something else already listens at this address."""
    kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            raise SystemExit(f"Port {port} is already in use. Stop what uses it, or choose another: --port {port + 1}.") from None


def _worker_beside() -> subprocess.Popen[bytes]:
    """A worker that holds the other end of a pipe of ours: however this process ends, even by kill -9, the worker sees it and stops."""
    return subprocess.Popen([sys.executable, "-m", "app.cli", "worker", "--beside"], cwd=ROOT, stdin=subprocess.PIPE)


def work_until_stopped(*, beside: bool = False) -> None:
    """Run background jobs until told to stop, or until the standard input closes if `beside`; the job in hand is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if beside:
        threading.Thread(target=_set_at_the_end_of_input, args=(stop,), daemon=True).start()
    run_until(make_engine(settings().database_url, sides=settings().sides), stop)


def _set_at_the_end_of_input(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


def is_well(port: int) -> bool:
    """Whether the server of this machine answers its health page (its public address may not be reachable from here)."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def enter_demonstration(port: int) -> None:
    """Turn this process and its children to the demonstration: its own file, its own ribbon, no real mail unless set."""
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{ROOT}/var/demo.db")
    os.environ["QUOTEPART_DEMO"] = "true"
    os.environ.setdefault("QUOTEPART_BASE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("QUOTEPART_SITE_NAME", "Rennes solidarité internationale")
    settings.cache_clear()
