"""`quotepart keys make` and `check`: each holder gets one share, nothing holds the whole key, and shares are checked in plain words."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import main
from app.core.transparency.share_words import words_of
from app.core.transparency.shares import combine, fingerprint
from app.exchange.key_sharing import read_share

HOLDERS = "Anne Morvan, Luc <Petit> & Cie, Mairie"


def keys(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["keys", *words], input=typed)


def make(folder: Path, threshold: int = 2, shares: int = 3, holders: str = HOLDERS, *more: str) -> Result:
    return keys("make", "--threshold", str(threshold), "--shares", str(shares), "--holders", holders, "--out", str(folder), *more)


def public_of(output: str) -> str:
    found = re.search(r"Public key: ([0-9a-f]{64})", output)
    assert found
    return found[1]


@pytest.fixture
def pages(tmp_path: Path) -> tuple[Path, str]:
    result = make(tmp_path / "pages")
    assert result.exit_code == 0, result.output
    return tmp_path / "pages", public_of(result.output)


def test_each_holder_gets_a_page_as_html_and_as_text(pages: tuple[Path, str]) -> None:
    folder, public = pages
    assert sorted(path.name for path in folder.iterdir()) == [f"share-{n}.{form}" for n in (1, 2, 3) for form in ("html", "txt")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for number in (1, 2, 3):
        text, html = ((folder / f"share-{number}.{form}").read_text() for form in ("txt", "html"))
        for page in (text, html):
            for words in (
                public,
                fingerprint(public),
                "33.",
                "Ne photographiez",
                "Do not photograph",
                f"{number} sur 3",
                f"{number} of 3",
            ):
                assert words in page
        assert words_of(read_share(folder / f"share-{number}.txt")) == words_of(read_share(folder / f"share-{number}.html"))
        assert len(text.splitlines()) < 60
        assert "size: A4" in html
    assert "Luc <Petit> & Cie" in (folder / "share-2.txt").read_text()
    assert "Luc &lt;Petit&gt; &amp; Cie" in (folder / "share-2.html").read_text()


def test_no_file_and_no_word_on_the_screen_holds_the_whole_key(tmp_path: Path) -> None:
    result = make(tmp_path / "pages")
    files = sorted((tmp_path / "pages").glob("*.txt"))
    secret = combine([read_share(file) for file in files[:2]], public_of(result.output)).private_bytes_raw()
    everything = result.output.encode() + b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret not in everything
    assert secret.hex().encode() not in everything.lower()
    shares = [" ".join(words_of(read_share(file))) for file in files]
    assert not any(share in result.output for share in shares)
    for file, share in zip(files, shares, strict=True):
        assert [words_of(file.read_text()) == words_of(other) for other in shares].count(True) == 1, share[:10]


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    assert public_of(make(tmp_path / "a").output) != public_of(make(tmp_path / "b").output)


@pytest.mark.parametrize(
    ("threshold", "shares", "holders", "words"),
    [
        (1, 3, "A, B, C", "let at least 2 shares be needed"),
        (4, 3, "A, B, C", "4 shares cannot be needed where there are only 3"),
        (2, 17, ",".join(map(str, range(17))), "at most 16 shares"),
        (2, 3, "A, B", "2 holders are named for 3 shares"),
        (2, 3, "A, B, a", "A is named twice"),
        (2, 3, "", "0 holders are named"),
    ],
)
def test_what_makes_no_safe_key_is_refused(tmp_path: Path, threshold: int, shares: int, holders: str, words: str) -> None:
    result = make(tmp_path / "pages", threshold, shares, holders)
    assert (result.exit_code, words in result.stderr) == (1, True), result.output
    assert not (tmp_path / "pages").exists()


def test_one_share_alone_must_be_asked_for_and_says_so(tmp_path: Path) -> None:
    result = make(tmp_path / "pages", 1, 1, "Anne", "--unsafe-alone")
    assert result.exit_code == 0
    assert "for trying out, never for a vote" in (tmp_path / "pages" / "share-1.txt").read_text()
    assert "open" in make(tmp_path / "more", 1, 3, HOLDERS, "--unsafe-alone").stderr


def test_pages_are_never_written_over_others(pages: tuple[Path, str]) -> None:
    folder, _ = pages
    before = {path: path.read_bytes() for path in folder.iterdir()}
    result = make(folder)
    assert (result.exit_code, "is not empty" in result.stderr) == (1, True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_without_a_folder_each_share_is_shown_alone(tmp_path: Path) -> None:
    result = keys("make", "--threshold", "2", "--shares", "3", "--holders", "A, B, C", typed="\n" * 6)
    assert result.exit_code == 0, result.output
    shown = result.output.split("on paper, press Enter")[:-1]
    assert len(shown) == 3
    assert [f"Let {name} alone see" in page for name, page in zip("ABC", shown, strict=True)] == [True] * 3
    assert combine([words_in(page) for page in shown[1:]], public_of(result.output))


def words_in(page: str) -> str:
    return " ".join(words_of(page))


def test_enough_shares_say_which_key_they_open_and_never_show_it(pages: tuple[Path, str]) -> None:
    folder, public = pages
    files = [str(folder / "share-1.html"), str(folder / "share-3.txt")]
    result = keys("check", *files)
    assert result.exit_code == 0, result.output
    assert public in result.output
    assert fingerprint(public) in result.output
    assert "open the public key given" in keys("check", *files, "--public", public).output
    secret = combine([read_share(Path(file)) for file in files]).private_bytes_raw()
    assert secret.hex() not in result.output


def test_too_few_shares_belong_together_but_cannot_say_more(pages: tuple[Path, str]) -> None:
    folder, public = pages
    result = keys("check", str(folder / "share-1.html"))
    assert (result.exit_code, "too few to say which key" in result.output) == (0, True)
    result = keys("check", str(folder / "share-1.html"), "--public", public)
    assert (result.exit_code, "1 share is here, and 2 are needed" in result.stderr) == (1, True)


def test_shares_of_two_keys_or_of_another_key_are_told(pages: tuple[Path, str], tmp_path: Path) -> None:
    folder, public = pages
    make(tmp_path / "other")
    first, second, third = (str(tmp_path / "other" / "share-1.txt"), str(folder / "share-2.txt"), str(folder / "share-3.txt"))
    assert keys("check", third, second, first).stderr == f"{first} is of another set than the others: it belongs to another key.\n"
    result = keys("check", first, str(tmp_path / "other" / "share-2.txt"), "--public", public)
    assert (result.exit_code, "make another key than the one asked for" in result.stderr) == (1, True)
    assert "are the same share" in keys("check", second, second).stderr
    assert "64 hexadecimal letters" in keys("check", second, third, "--public", public[1:]).stderr


def test_every_wrong_word_is_named_with_its_file_and_place(pages: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = pages
    wrong = []
    for number in (1, 2):
        words = list(words_of(read_share(folder / f"share-{number}.txt")))
        words[4] = "zebraa"
        wrong.append(tmp_path / f"typed-{number}")
        wrong[-1].write_text("\n".join(words))
    result = keys("check", *map(str, wrong))
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [f"{path}, word 5" for path in wrong]
    assert keys("check", str(tmp_path / "none")).stderr.startswith(f"{tmp_path}/none: there is no such file")


def test_without_files_the_words_are_asked_for(pages: tuple[Path, str]) -> None:
    folder, public = pages
    typed = "".join(words_in(read_share(folder / f"share-{number}.txt")) + "\n" for number in (2, 1)) + "\n"
    result = keys("check", "--public", public, typed=typed)
    assert (result.exit_code, "open the public key given" in result.output) == (0, True), result.output
    assert "Share 1, word 1" in keys("check", typed="hello world\n\n").stderr
    assert "No share was given" in keys("check", typed="\n").stderr


def test_there_is_no_command_that_gives_the_key() -> None:
    result = keys("combine")
    assert result.exit_code == 2
    assert "No such command" in result.stderr
