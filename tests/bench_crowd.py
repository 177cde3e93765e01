"""The crowd of the benches: many clients in one light process, and what the servers' processes spend on them."""

import os
import re
import selectors
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

CLIENTS = 16
STATUS = re.compile(rb"HTTP/1\.1 (\d+)")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: (\S+)", re.IGNORECASE)
TICK = os.sysconf("SC_CLK_TCK")

Visit = Generator[bytes, bytes, None]
"""What one client does on its connection: it yields a request and is sent the whole answer, until it has seen enough."""


class Client:
    """One connection that stays open, making one visit after the other."""

    def __init__(self, port: int, visits: Iterator[Visit]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.visits, self.visit, self.answer = visits, next(visits, None), b""

    def begin(self) -> bool:
        """Send the first request of the visit in hand; False if there is none left."""
        if self.visit is None:
            return False
        self.socket.sendall(next(self.visit))
        return True

    def go_on(self) -> bool:
        """Read what has come and, once an answer is whole, ask the next thing; False when there is nothing left to ask."""
        chunk = self.socket.recv(65536)
        assert chunk, "the server closed the connection"
        self.answer += chunk
        head, gap, body = self.answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if self.visit is None or not gap or len(body) < (int(length[1]) if length else 0):
            return True
        answer, self.answer = self.answer, b""
        try:
            self.socket.sendall(self.visit.send(answer))
            return True
        except StopIteration:
            self.visit = next(self.visits, None)
            return self.begin()


def crowd(ports: Sequence[int], visits: Iterator[Visit]) -> float:
    """Seconds until every visit is over, by CLIENTS clients with a connection each, shared out among the ports in turn."""
    clients = [Client(ports[number % len(ports)], visits) for number in range(CLIENTS)]
    ready = selectors.DefaultSelector()
    start = time.perf_counter()
    for client in clients:
        if client.begin():
            ready.register(client.socket, selectors.EVENT_READ, client)
    while ready.get_map():
        for key, _ in ready.select(60):
            if not key.data.go_on():
                ready.unregister(key.fileobj)
    taken = time.perf_counter() - start
    for client in clients:
        client.socket.close()
    return taken


def post(path: str, body: bytes) -> bytes:
    """A form as a browser sends it."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nSec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body


def get(path: bytes) -> bytes:
    """A page as a browser asks for it."""
    return b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"


def expect(status: int, answer: bytes) -> bytes:
    """The answer, if it has this status."""
    found = STATUS.match(answer)
    assert found is not None, answer[:600]
    assert int(found[1]) == status, answer[:600]
    return answer


def cpu_seconds(parent: int) -> float:
    """What a process and all that it started have spent on the processors so far, in seconds (Linux; 0 elsewhere)."""
    if not Path("/proc/self/stat").exists():
        return 0.0
    spent: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(entry.parent.name)
        children.setdefault(int(fields[1]), []).append(number)
        spent[number] = sum(int(ticks) for ticks in fields[11:15]) / TICK
    family, found = 0.0, [parent]
    while found:
        number = found.pop()
        family += spent.get(number, 0.0)
        found += children.get(number, [])
    return family
