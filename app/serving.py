"""Running the product: the web server, and the worker beside it in a process of its own."""

import logging
import os
import signal
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
    beside = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], cwd=ROOT) if with_worker else None
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


def work_until_stopped() -> None:
    """Run background jobs until the process is told to stop; the job in hand is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run_until(make_engine(settings().database_url), stop)


def is_well(base_url: str) -> bool:
    """Whether the server at this address answers its health page."""
    try:
        with urlopen(f"{base_url}/health", timeout=5) as answer:
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
