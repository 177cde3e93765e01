"""A small site with the public addresses of one edition, which a test can make fork, roll back, lie and break."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.transparency import Head, Note, canonical, consistency_proof, digest, leaf_hash, root_of, sign

LOG_KEY, WITNESS_KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3))
ORIGIN = "ville.example/editions/2027"
API = "/api/v1/editions/2027"


def hexed(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


class City:
    """What the site serves; tests change it while it runs."""

    def __init__(self) -> None:
        self.definition: dict[str, object] = {
            "edition": "2027",
            "origin": ORIGIN,
            "keys": {"log": hexed(LOG_KEY)},
            "witnesses": [{"name": "journal.example", "key": hexed(WITNESS_KEY)}],
        }
        self.frozen, self.takes_signatures = True, True
        self.key, self.hash = LOG_KEY, digest(self.definition)
        self.leaves: dict[str, list[bytes]] = {"log": [], "acts": []}
        self.signed: dict[str, str] = {}
        self.raw: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.taken: list[tuple[str, Note]] = []
        self.asked: list[str] = []
        self.url = ""

    def grow(self, which: str, *entries: str) -> None:
        """Append entries and sign the head."""
        self.leaves[which] += [leaf_hash(entry.encode()) for entry in entries]
        self.show(which)

    def show(self, which: str, minute: str = "2026-11-21T20:15Z") -> None:
        """Sign what the log holds now."""
        origin = ORIGIN + ("/acts" if which == "acts" else "")
        head = Head(origin, len(self.leaves[which]), root_of(self.leaves[which]), self.hash, minute)
        self.signed[which] = str(sign(head.text, origin, self.key))

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        if path in self.raw:
            return self.raw[path]
        if path == "definition" and self.frozen:
            return 200, {}, canonical(self.definition)
        which, _, what = path.partition("/")
        if what == "head" and which in self.signed:
            return 200, {}, self.signed[which].encode()
        if what == "consistency":
            before, after = int(query["before"][0]), int(query["after"][0])
            steps = consistency_proof(before, self.leaves[which][:after])
            return 200, {}, json.dumps({"proof": [base64.b64encode(step).decode() for step in steps]}).encode()
        return 404, {}, b"{}"

    def take(self, which: str, origin: str | None, note: str) -> tuple[int, dict[str, str], bytes]:
        """Like the real site: nothing from who does not say where it comes from, nothing without a signature that holds."""
        read = Note.read(note)
        if origin != self.url or not self.takes_signatures or not read.cosigned_by("journal.example", WITNESS_KEY.public_key()):
            return 422, {}, json.dumps({"detail": "No\x1b[2J thanks."}).encode()
        self.taken.append((which, read))
        return 204, {}, b""


@contextmanager
def running(city: City) -> Iterator[str]:
    """The site of this city at an address of this machine, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            city.asked.append(parts.path)
            self._send(*city.answer(parts.path.removeprefix(f"{API}/"), parse_qs(parts.query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            which = self.path.removeprefix(f"{API}/").removesuffix("/cosignatures")
            self._send(*city.take(which, self.headers["Origin"], body))

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    city.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield city.url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
