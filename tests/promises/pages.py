"""Reading an answer as a browser would: what in it could run, load or lead elsewhere."""

import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.cast import Cast
from tests.promises.places import Places

LOADED = {"src", "href", "action", "formaction", "data", "poster", "srcset", "background", "srcdoc", "xlink:href"}
NEVER = {"iframe", "object", "embed", "base", "applet", "canary", "style", "math", "foreignobject"}
OUR_SCRIPT = re.compile(r"(/static/[\w./-]+\?v=\w+|(\.\./\.\./static/(vendor|verify)/)[\w.-]+)$")
"""A file of ours with its version; the verifier's page names its own without, as it also works from a folder."""


class Reader(HTMLParser):
    """Notes what a page must not hold: `faults`, one line each."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        framed = tag == "iframe" and given.get("src", "").startswith("/")
        if tag in NEVER and not framed:
            self.faults.append(f"<{tag}>")
        if tag == "script" and not OUR_SCRIPT.match(given.get("src", "")):
            self.faults.append(f"<script {given}>")
        if tag in ("input", "select", "textarea", "button") and given.get("name"):
            self.names.add(given["name"])
        for name, value in given.items():
            if name.startswith(("on", "hx-on")) or name in ("style", "canary") or (name.startswith("hx-") and "canary" in value):
                self.faults.append(f"{tag} {name}={value[:60]}")
            scheme = urlsplit(re.sub(r"[\x00-\x20]", "", value)).scheme if name in LOADED else ""
            if scheme not in ("", "http", "https", "mailto") and not (tag in ("link", "img") and value.startswith("data:image/")):
                self.faults.append(f"{tag} {name}={value[:60]}")


@cache
def _read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


def faults_of(answer: Response) -> list[str]:
    """What is wrong with an answer: an error of ours, something alive in a page, a way to another site."""
    faults = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    if (to := answer.headers.get("location")) and (urlsplit(to).netloc not in ("", "127.0.0.1:8000") or to[1:2] in ("/", "\\")):
        faults.append(f"leads to {to}")
    if answer.headers.get("content-type", "").startswith("text/html"):
        faults += _read(answer.text).faults
        faults += ["a template was run"] if "13391" in answer.text else []
    return faults


def names_of(client: TestClient, cast: Cast, places: Places, path: str) -> set[str]:
    """The names of the fields that the page of a form shows to the official or to the carrier."""
    names: set[str] = {"revision", "seen", "back", "next"}
    for person in (places.carrier, places.official):
        cast.sign_in(client, person)
        for near in (path, path.rpartition("/")[0], f"{path}/new", f"{path.rpartition('/')[0]}/edit"):
            answer = client.get(near or "/")
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                names |= _read(answer.text).names
    return names
