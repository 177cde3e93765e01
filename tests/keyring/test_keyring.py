"""The key files of a server: made once, never overwritten, read once, and a missing or damaged one is told."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import keyring
from app.cli import main
from app.keyring import NoKey, log_key, log_public, make_key, make_missing, receipt_key, receipt_public, write_new
from app.settings import settings

READERS: dict[str, Callable[[], object]] = {
    "receipt.key": receipt_key,
    "log.key": log_key,
    "receipt.pub": receipt_public,
    "log.pub": log_public,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("QUOTEPART_KEYS_DIR", str(tmp_path / "var" / "keys"))
    settings.cache_clear()
    yield tmp_path / "var" / "keys"
    monkeypatch.undo()
    settings.cache_clear()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_command_makes_what_is_missing_and_says_who_needs_it(folder: Path) -> None:
    result = CliRunner().invoke(main, ["keys", "server"])
    assert result.exit_code == 0, result.output
    for words in (
        f"{folder}/receipt.key: signs receipts",
        "quotepart serve",
        f"{folder}/log.key: signs heads",
        "quotepart worker",
        "made now",
    ):
        assert words in result.output
    assert receipt_key().public_key() == receipt_public()
    assert log_key().public_key() == log_public()
    assert receipt_public() != log_public()
    for text in contents(folder).values():
        assert receipt_key().private_bytes_raw().hex() not in result.output
        assert len(text) == 65
        assert text.endswith(b"\n")


def test_private_keys_are_closed_to_others_whatever_the_mask(folder: Path) -> None:
    before = os.umask(0)
    try:
        make_missing()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"receipt.key": 0o600, "log.key": 0o600, "receipt.pub": 0o644, "log.pub": 0o644}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_key_open_to_others_is_told(folder: Path) -> None:
    make_missing()
    (folder / "log.key").chmod(0o640)
    output = CliRunner().invoke(main, ["keys", "server"]).output
    assert f"chmod 600 {folder}/log.key" in output
    assert "chmod 600 " + str(folder / "receipt.key") not in output


def test_nothing_is_ever_overwritten(folder: Path) -> None:
    make_missing()
    before = contents(folder)
    result = CliRunner().invoke(main, ["keys", "server"])
    assert "made now" not in result.output
    assert contents(folder) == before
    (folder / "log.pub").unlink()
    make_missing()
    assert contents(folder) == before
    assert not write_new(folder / "log.key", "x", 0o600)
    assert contents(folder) == before


def test_two_processes_at_once_end_with_one_key(folder: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: make_missing(), range(32)))
    assert sorted(contents(folder)) == ["log.key", "log.pub", "receipt.key", "receipt.pub"]
    assert log_key().public_key() == log_public()


def test_a_machine_that_only_checks_gets_no_key_of_its_own(folder: Path) -> None:
    make_missing()
    (folder / "log.key").unlink()
    before = contents(folder)
    output = CliRunner().invoke(main, ["keys", "server"]).output
    assert "not on this machine" in output
    assert contents(folder) == before
    assert log_public()


def test_a_public_key_of_another_pair_is_told(folder: Path) -> None:
    make_missing()
    (folder / "log.pub").write_bytes((folder / "receipt.pub").read_bytes())
    result = CliRunner().invoke(main, ["keys", "server"])
    assert (result.exit_code, "is not the public key of log.key" in result.stderr) == (1, True)


@pytest.mark.parametrize("name", READERS)
def test_a_missing_file_says_its_name_and_what_to_run_and_no_path(folder: Path, name: str) -> None:
    with pytest.raises(NoKey) as caught:
        READERS[name]()
    assert str(caught.value) == f"The key file {name} is missing. To make it: quotepart keys server"
    assert caught.value.status == 503


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "content", [b"", b"ab" * 31, b"ab" * 33, b"zz" * 32, b"ab" * 32 + b"\n\n", b"\xff" * 64, b"ab" * 10_000, b"AB" * 32]
)
def test_a_damaged_file_is_told_and_never_replaced(folder: Path, name: str, content: bytes) -> None:
    make_missing()
    (folder / name).write_bytes(content)
    with pytest.raises(NoKey, match=f"{name} is not a key of 64 hexadecimal letters"):
        READERS[name]()
    with pytest.raises(NoKey, match="is not a key"):
        make_missing()
    assert (folder / name).read_bytes() == content


def test_a_folder_in_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "log.key").mkdir(parents=True)
    with pytest.raises(NoKey, match=r"log.key cannot be read"):
        log_key()


def test_a_file_is_read_once_and_again_when_it_is_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_missing()
    first = log_public()
    opened: list[Path] = []
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *words, **more: opened.append(self) or real(self, *words, **more))
    assert log_public() == log_public() == first
    assert opened == []
    other = folder / "other.pub"
    other.write_bytes((folder / "receipt.pub").read_bytes())
    other.replace(folder / "log.pub")
    assert log_public() == receipt_public() != first
    assert folder / "log.pub" in opened


def test_another_folder_may_be_named_and_one_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["keys", "server", "--folder", str(tmp_path / "here")]).exit_code == 0
    assert (tmp_path / "here" / "log.key").exists()
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["keys", "server", "--folder", str(tmp_path / "file" / "keys")])
    assert (result.exit_code, "cannot be written here" in result.stderr) == (1, True)


def test_the_key_of_a_witness_is_made_in_a_new_file_only(tmp_path: Path) -> None:
    path = tmp_path / "witness.key"
    result = CliRunner().invoke(main, ["keys", "witness", str(path)])
    assert result.output.strip() == keyring.key_in(path).public_key().public_bytes_raw().hex()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    again = CliRunner().invoke(main, ["keys", "witness", str(path)])
    assert (again.exit_code, "never overwritten" in again.stderr) == (1, True)
    assert path.read_bytes() == before
    with pytest.raises(NoKey, match="cannot be written"):
        make_key(tmp_path / "none" / "witness.key")
