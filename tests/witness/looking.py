"""The command `quotepart witness` as a test runs it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from app.cli import main
from tests.witness.site import City


def look(city: City, folder: Path, *options: str, page: str = "/editions/2027", once: bool = True) -> Result:
    files = ["--key", str(folder / "witness.key"), "--state", str(folder / "state.json")]
    return CliRunner().invoke(main, ["witness", city.url + page, *files, *(["--once"] if once else []), *options])


def evidence(folder: Path) -> Path:
    return folder / "state.json.evidence.json"
