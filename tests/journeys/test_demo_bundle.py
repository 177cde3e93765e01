"""The bundle that the demonstration publishes is accepted by the command line and by the page that works offline."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from app.cli import main
from app.core.verification import write_zip
from app.settings import ROOT
from tests.journeys.test_verifier_page import checked, held


def published_by(city: str) -> bytes:
    """The first bundle that the worker of the demonstration has made."""
    until = time.monotonic() + 180
    with urlopen(f"{city}/editions") as answer:
        slugs = sorted(set(re.findall(r'href="/editions/([a-z0-9-]+)"', answer.read().decode())))
    while time.monotonic() < until:
        for slug in slugs:
            try:
                with urlopen(f"{city}/editions/{slug}/results/bundle.zip") as answer:
                    return bytes(answer.read())
            except HTTPError as fault:
                if fault.code != 404:
                    raise
        time.sleep(1)
    raise AssertionError(f"no bundle came of {slugs}")


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """The page of the second verifier, opened from a disk without any network."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((ROOT / "static/verify/index.html").as_uri())
    yield page
    context.close()


def test_both_verifiers_accept_what_the_demonstration_publishes(city: str, offline: Page, tmp_path: Path) -> None:
    content, file = published_by(city), tmp_path / "bundle.zip"
    file.write_bytes(content)
    told = CliRunner().invoke(main, ["verify", str(file)])
    assert told.exit_code == 0, told.output
    with ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = held(checked(offline, content))
    assert False not in found.values(), found
    assert found["V11"] is True, "counted again by the page"
    result = json.loads(files["result.json"])
    files["result.json"] = json.dumps(result | {"blank": result["blank"] + 1}).encode()
    file.write_bytes(write_zip(files))
    assert CliRunner().invoke(main, ["verify", str(file)]).exit_code == 1
    assert False in held(checked(offline, files)).values()
