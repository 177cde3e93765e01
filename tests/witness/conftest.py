"""A city whose site runs, and a folder with the key of a witness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.witness.site import WITNESS_KEY, City, running


@pytest.fixture
def city() -> Iterator[City]:
    made = City()
    with running(made):
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "witness.key").write_text(WITNESS_KEY.private_bytes_raw().hex() + "\n")
    return tmp_path
