"""What a witness remembers: whole after kill -9 at any step, on the disk before a signature leaves, held by one process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.problems import Conflict, Invalid
from app.core.transparency import Note
from app.settings import ROOT
from app.witness.memory import Memory, Signed, alone, evidence_of, load, save
from tests.witness.site import LOG_KEY, ORIGIN, WITNESS_KEY, City, hexed, running

DIE = "os.kill(os.getpid(), signal.SIGKILL)"
STEPS = {
    "half written": f"json.dump = lambda told, file, **_: (file.write('{{\"kind\": '), file.flush(), {DIE})",
    "before the file is on the disk": f"os.fsync = lambda handle: {DIE}",
    "before the exchange": f"os.replace = lambda *paths: {DIE}",
    "after the exchange": f"memory.sync_folder = lambda folder: {DIE}",
}
SAVING = """
import json, os, signal, sys
from pathlib import Path
from app.witness import memory
path = Path(sys.argv[1])
old = memory.load(path)
{patch}
memory.save(path, memory.replace(old, name="new"))
"""
COUNTING = """
import sys
from pathlib import Path
from app.witness.memory import Memory, save
number = 0
while True:
    number += 1
    save(Path(sys.argv[1]), Memory("e", str(number) * 2000, "", "", "ab" * 32, ""))
    print(number, flush=True)
"""
LOOKING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from app.keyring import key_in
from app.witness import watching
from app.witness.asking import Site
url, folder = sys.argv[1], Path(sys.argv[2])
{patch}
site, key = Site(url + "/editions/2027"), key_in(folder / "witness.key")
watching.Witness(site, key, folder / "state.json", None, print, lambda: datetime(2026, 11, 21, tzinfo=UTC)).look()
"""
SIGNATURE_LEAVES = {
    "before it leaves": f"Site.send = lambda *_: {DIE}",
    "after it left": f"send = Site.send; Site.send = lambda *sent: (send(*sent), {DIE})",
}


def child(script: str, *words: str) -> int:
    return subprocess.run([sys.executable, "-c", script, *words], cwd=ROOT, check=False, capture_output=True).returncode


def remembered(name: str = "old") -> Memory:
    return Memory("https://ville.example", name, hexed(WITNESS_KEY), ORIGIN, hexed(LOG_KEY), "ab" * 32, {})


@pytest.mark.parametrize("step", STEPS)
def test_killed_while_writing_it_remembers_what_was_before_or_what_was_to_be(tmp_path: Path, step: str) -> None:
    path = tmp_path / "state.json"
    save(path, remembered())
    assert child(SAVING.format(patch=STEPS[step]), str(path)) == -signal.SIGKILL
    found = load(path)
    assert found == remembered("new" if step == "after the exchange" else "old")
    save(path, remembered("later"))
    assert load(path) == remembered("later")
    assert [left.name for left in tmp_path.iterdir()] == ["state.json"]


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for rounds in range(1, 6):
        with subprocess.Popen([sys.executable, "-c", COUNTING, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            last = [process.stdout.readline() for _ in range(7 * rounds)][-1]
            process.send_signal(signal.SIGKILL)
            last = (process.stdout.read().splitlines() or [last])[-1]
        found = load(path)
        assert found is not None
        number = int(last)
        assert found.name in (str(number) * 2000, str(number + 1) * 2000)


@pytest.mark.parametrize("moment", SIGNATURE_LEAVES)
def test_killed_around_a_signature_it_knows_what_it_signed_and_hands_it_in_again(tmp_path: Path, moment: str) -> None:
    (tmp_path / "witness.key").write_text(WITNESS_KEY.private_bytes_raw().hex() + "\n")
    city = City()
    with running(city) as url:
        city.grow("log", "a")
        assert child(LOOKING.format(patch=SIGNATURE_LEAVES[moment]), url, str(tmp_path)) == -signal.SIGKILL
        found = load(tmp_path / "state.json")
        assert found is not None
        assert (Note.read(found.logs["log"].note).text, found.logs["log"].delivered) == (Note.read(city.signed["log"]).text, False)
        assert child(LOOKING.format(patch=""), url, str(tmp_path)) == 0
    sent = {str(note) for _, note in city.taken}
    assert sent == {found.logs["log"].note}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"kind": "other"}',
        '{"kind": "quotepart-witness/1"}',
        '{"kind": "quotepart-witness/1", "logs": {"log": 1}}',
        "[" * 99_999,
    ],
)
def test_a_memory_that_cannot_be_read_is_never_taken_for_an_empty_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(Invalid, match="is not what a witness remembers"):
        load(path)


def test_a_damaged_note_or_key_in_the_memory_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for wrong in (remembered().with_signed("log", Signed("no note")), Memory("", "", "", "", "zz", "")):
        save(path, wrong)
        with pytest.raises(Invalid):
            load(path)
    assert load(tmp_path / "none.json") is None


def test_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with alone(path), pytest.raises(Conflict, match="Another witness"), alone(path):
        pass
    with alone(path):
        pass


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none" / "state.json"
    with pytest.raises(Conflict, match="cannot be written"):
        save(path, remembered())
    with pytest.raises(Conflict, match="cannot be written"), alone(path):
        pass
    assert evidence_of(path).parent == path.parent
    assert not os.path.exists(path)
