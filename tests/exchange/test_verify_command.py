"""`quotepart verify`: plain words in two languages, a zip or a folder, a receipt or its code, and an exit status that tells."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import main
from app.core.transparency import tracking_code
from app.core.verification import write_zip
from app.settings import ROOT
from tests.core.attacks_on_count import other_winners
from tests.core.bundle_maker import honest
from tests.core.bundles import Poll


@pytest.fixture(scope="module")
def poll() -> Poll:
    return honest(1, change=False, discreet=False)


@pytest.fixture
def bundle(poll: Poll, tmp_path: Path) -> Path:
    file = tmp_path / "vote-2026.zip"
    file.write_bytes(write_zip(poll.bundle()))
    return file


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, words)])


def test_an_honest_bundle_is_told_check_by_check_with_a_last_sentence(bundle: Path) -> None:
    found = run(bundle, "--language", "en")
    assert found.exit_code == 0
    heads = [line for line in found.stdout.splitlines() if line.startswith("V")]
    assert [line.split()[0] for line in heads] == [f"V{number}" for number in range(1, 14)]
    assert all(line.endswith(" — holds") for line in heads if not line.startswith("V12"))
    assert found.stdout.splitlines()[-1] == "Everything holds: whoever counts these ballots again comes to this result."


def test_french_is_spoken_first(bundle: Path) -> None:
    found = run(bundle)
    assert "V11 Le résultat découle des bulletins — vérifié" in found.stdout
    assert "Tout est juste" in found.stdout.splitlines()[-1]


def test_a_folder_is_as_good_as_its_zip(poll: Poll, tmp_path: Path) -> None:
    folder = tmp_path / "vote-2026"
    folder.mkdir()
    for name, data in poll.bundle().items():
        (folder / name).write_bytes(data)
    assert run(folder).exit_code == 0
    (folder / "notes.txt").write_text("mine")
    found = run(folder, "--language", "en")
    assert found.exit_code == 1
    assert "notes.txt: a bundle holds no such file." in found.stdout


def test_a_bundle_that_lies_says_what_is_wrong_and_fails(poll: Poll, tmp_path: Path) -> None:
    file = tmp_path / "lie.zip"
    file.write_bytes(write_zip(other_winners(poll)))
    found = run(file, "--language", "en")
    assert found.exit_code == 1
    assert "V11 The result follows from the ballots — DOES NOT HOLD" in found.stdout
    assert "The ballots give other winners." in found.stdout
    assert "Ask the city why" in found.stdout.splitlines()[-1]


def test_a_receipt_is_given_as_its_file_or_as_its_code(poll: Poll, bundle: Path, tmp_path: Path) -> None:
    receipt = poll.receipt(4)
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt))
    for given in (file, tracking_code(receipt["leaf"]).upper()):
        found = run(bundle, "--receipt", given, "--language", "en")
        assert found.exit_code == 0
        assert "V12 The receipt was kept — holds" in found.stdout
        assert "place 5" in found.stdout, "people count from one"


def test_a_signed_receipt_without_its_ballot_speaks_against_the_city(poll: Poll, bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(poll.promised("34" * 32)))
    found = run(bundle, "--receipt", file, "--language", "en")
    assert found.exit_code == 1
    assert "This is evidence against the city." in " ".join(found.stdout.split())
    assert "Only the receipt that was given does not pass" in " ".join(found.stdout.split()), "the bundle itself is not blamed"


def test_data_for_programs_says_the_same(bundle: Path) -> None:
    data = json.loads(run(bundle, "--json", "--language", "en").stdout)
    assert data["holds"] is True
    assert [check["id"] for check in data["checks"]] == [f"V{number}" for number in range(1, 14)]
    assert len(data["election_hash"]) == 64
    assert all(set(check) == {"id", "title", "holds", "sentences"} for check in data["checks"])


@pytest.mark.parametrize(
    ("bytes_of", "said"), [(b"", "not a zip file"), (b"PK\x05\x06" + bytes(18), "this file is missing"), (b"hello", "not a zip file")]
)
def test_what_is_no_bundle_is_told_in_a_sentence(bytes_of: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.zip"
    file.write_bytes(bytes_of)
    found = run(file, "--language", "en")
    assert found.exit_code == 1
    assert said in found.stdout


def test_a_name_that_is_no_file_and_a_receipt_that_is_none_are_told(bundle: Path, tmp_path: Path) -> None:
    absent = run(tmp_path / "absent.zip", "--language", "en")
    assert absent.exit_code == 1
    assert "there is no such file" in " ".join(absent.stdout.split())
    wrong = run(bundle, "--receipt", "my receipt", "--language", "en")
    assert wrong.exit_code == 1
    assert "neither a receipt file nor a tracking code" in wrong.stdout
    assert run(bundle, "--language", "it").exit_code == 2


def test_the_example_on_the_page_is_what_the_command_prints(tmp_path: Path) -> None:
    poll = honest(10, change=False, discreet=False)
    (tmp_path / "vote-2026.zip").write_bytes(write_zip(poll.bundle()))
    (tmp_path / "receipt.json").write_text(json.dumps(poll.receipt(3)))
    found = run(tmp_path / "vote-2026.zip", "--receipt", tmp_path / "receipt.json", "--language", "en")
    assert f"--receipt receipt.json --language en\n{found.stdout}```" in (ROOT / "docs" / "verify.md").read_text()


def test_a_bundle_cannot_steer_the_terminal_it_is_told_on(poll: Poll, tmp_path: Path) -> None:
    file = tmp_path / "steering.zip"
    file.write_bytes(write_zip({**poll.bundle(), "\x1b[2Jgone": b""}))
    found = run(file, "--language", "en")
    assert found.exit_code == 1
    assert "\x1b" not in found.stdout
