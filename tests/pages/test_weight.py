"""What the resident's pages weigh over the line, with their styles: an old phone on a patchy network waits for every byte."""

import gzip
import re

import pytest
from fastapi.testclient import TestClient

from app.settings import ROOT
from tests.cast import Cast
from tests.conftest import Clock
from tests.core.rennes import demonstration
from tests.voting.poll import OpenPoll

HOME = "/editions/rennes-2027"
PAGE, WAY = 30_000, 200_000
ALL = tuple(one["id"] for one in demonstration()["projects"])
BROWSER = {"Accept-Encoding": "gzip", "Accept-Language": "fr"}
LOADED = re.compile(r'<(?:link|script|img|iframe)\b[^>]*?(?:href|src)="(/[^"#]+)')
USED_SHAPES = re.compile(r'<use href="(/[^"#]+)')


@pytest.fixture
def poll(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> OpenPoll:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    made = OpenPoll(cast, clock.now, keys=ALL)
    assert len(made.ids) == 24
    return made


class Line:
    """The line between a phone and the site: every byte that comes over it once, as a browser with a cache would ask."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.had, self.total = client, set[str](), 0

    def bytes_of(self, path: str, data: dict[str, object] | None = None) -> tuple[bytes, str]:
        """What comes over the line for an address, and its text."""
        method = "GET" if data is None else "POST"
        with self.client.stream(method, path, data=data, headers=BROWSER, follow_redirects=True) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.status_code == 200, (path, answer.status_code)
        packed = answer.headers.get("content-encoding") == "gzip"
        return raw, (gzip.decompress(raw) if packed else raw).decode("utf-8", "replace")

    def page(self, path: str, data: dict[str, object] | None = None) -> int:
        """Open a page with all it loads, frames too; gives the bytes of its HTML and styles together."""
        raw, text = self.bytes_of(path, data)
        self.total += len(raw)
        styled = len(raw)
        for part in sorted(set(LOADED.findall(text)) | set(USED_SHAPES.findall(text))):
            address = part.replace("&amp;", "&")
            if "/identification" in address:
                self.page(address)
            elif address.startswith("/static/"):
                size = len(self.bytes_of(address)[0])
                styled += size if ".css" in address else 0
                self.total += 0 if address in self.had else size
                self.had.add(address)
        return styled


def test_each_page_of_the_resident_weighs_at_most_30_kb_of_html_and_css(client: TestClient, poll: OpenPoll) -> None:
    line = Line(client)
    chosen = {"lang": "fr", "order": "1", "choice": poll.ids[:4]}
    weights = {
        "home": line.page("/"),
        "edition": line.page(HOME),
        "booth": line.page(f"{HOME}/vote?lang=fr&order=1"),
        "booth with choices": line.page(f"{HOME}/vote", {**chosen, "add": poll.ids[5]}),
        "review": line.page(f"{HOME}/vote/review", chosen),
        "identification": line.page(f"{HOME}/identification?lang=fr"),
        "receipt": line.page(f"{HOME}/ballot", poll.form()),
        "project": line.page(f"/projects/{poll.ids[0]}"),
        "list": line.page(f"{HOME}/projects?order=3"),
    }
    print(weights)
    assert {name: weight for name, weight in weights.items() if weight > PAGE} == {}


def test_from_the_poster_to_the_receipt_is_at_most_200_kb_in_all(client: TestClient, poll: OpenPoll) -> None:
    """The poster’s project, the edition, the booth, three presses, the review with its frame, the receipt; styles, scripts, fonts."""
    line = Line(client)
    line.page(f"/projects/{poll.ids[0]}")
    line.page(HOME)
    line.page(f"{HOME}/vote?lang=fr&order=1")
    for count in range(3):
        line.page(f"{HOME}/vote", {"lang": "fr", "order": "1", "choice": poll.ids[:count], "add": poll.ids[count]})
    line.page(f"{HOME}/vote/review", {"lang": "fr", "order": "1", "choice": poll.ids[:3]})
    line.page(f"{HOME}/ballot", poll.form())
    print(line.total, sorted(line.had))
    assert any("figtree" in one for one in line.had)
    assert line.total + 2 * 8_000 <= WAY, "with two pages of the frame, the code and the key"


def test_no_face_is_loaded_that_no_page_names() -> None:
    """The faces of the line above are all: those of other alphabets are asked for by pages that use them."""
    named = set(re.findall(r'url\("(vendor/fonts/[^"]+)"\)', (ROOT / "static" / "app.css").read_text()))
    assert {one.name for one in (ROOT / "static" / "vendor" / "fonts").glob("*.woff2")} == {one.rpartition("/")[2] for one in named}
