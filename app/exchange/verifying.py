"""`quotepart verify`: a published bundle, a zip or its folder, checked and told in plain words; no database, no network."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from unicodedata import category

from app.core.messages import Message, say, say_count
from app.core.tally.progress import Told, untold
from app.core.verification import Bundle, Check, Malformed, NoReceipt, Receipt, Verdict, known, read_receipt, read_zip, verify
from app.core.verification.bundle import MOST_BYTES
from app.rendering import speaking, translate

MOST_RECEIPT = 100_000
WIDTH = 110
HOLDS: dict[bool | None, Message] = {True: say("holds"), False: say("DOES NOT HOLD"), None: say("not checked")}


class Language(StrEnum):
    """What the report is written in."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True)
class Report:
    """A verdict, or the one sentence that says why there is none."""

    verdict: Verdict | None
    refusal: Message | None = None

    @property
    def good(self) -> bool:
        """Whether everything that can be checked holds."""
        return self.verdict is not None and self.verdict.holds

    @property
    def last(self) -> Message:
        """The sentence to remember."""
        if self.verdict is None:
            return self.refusal or say("Nothing was checked.")
        wrong = tuple(check.id for check in self.verdict.checks if check.holds is False)
        if wrong == ("V12",):
            return say(
                "Only the receipt that was given does not pass: read what is said of it above. Everything else that can be checked holds."
            )
        if wrong:
            return say_count(
                "%(ids)s does not hold. Ask the city why, with the sentences above, before you trust this result.",
                "%(ids)s do not hold. Ask the city why, with the sentences above, before you trust this result.",
                len(wrong),
                ids=wrong,
            )
        if self.verdict.partly:
            return say("Everything that can be checked here holds. What cannot be checked is said above, with the reason.")
        return say("Everything holds: whoever counts these ballots again comes to this result.")


def verify_path(path: Path, receipt: str | None = None, told: Told = untold) -> Report:
    """Check the bundle at `path`, and a receipt: the name of its file, or a tracking code. Never raises for what it reads."""
    try:
        promised = None if receipt is None else _receipt(receipt)
        with _opened(path) as bundle:
            return Report(verify(bundle, promised, told))
    except (Malformed, NoReceipt) as fault:
        return Report(None, fault.message)
    except OSError:
        return Report(None, say("%(file)s: there is no such file, or it cannot be read.", file=str(path)))


@contextmanager
def _opened(path: Path) -> Iterator[Bundle]:
    if not path.is_dir():
        with path.open("rb") as source:
            yield read_zip(source, name=path.name)
        return
    files = [one for one in sorted(path.iterdir()) if not one.name.startswith(".")]
    if sum(one.stat().st_size for one in files) > MOST_BYTES:
        raise Malformed(path.name, 0, say("the files hold more than %(limit)d MB together.", limit=MOST_BYTES // 1_000_000))
    yield known({one.name: lambda one=one: one.open("rb") for one in files})  # type: ignore[misc]


def _receipt(given: str) -> Receipt | str:
    file = Path(given)
    if len(given) < 1000 and file.is_file():
        with file.open("rb") as source:
            return read_receipt(source.read(MOST_RECEIPT).decode("utf-8", "replace"))
    return read_receipt(given)


def in_words(report: Report, language: str) -> str:
    """The report for people: each check with its sentences, and a last sentence."""
    with speaking(language):
        lines = [] if report.verdict is None else [line for check in report.verdict.checks for line in _told(check)]
        return "\n".join([*lines, *_wrapped(_said(report.last), "")])


def _told(check: Check) -> Iterator[str]:
    yield f"{check.id:<3} {translate(check.title)} — {translate(HOLDS[check.holds])}"
    for sentence in check.sentences:
        yield from _wrapped(_said(sentence), "    ")


def _said(message: Message) -> str:
    """A sentence in the language being spoken. What a stranger's file says may not steer a terminal."""
    return "".join(" " if category(sign).startswith("C") else sign for sign in translate(message))


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def as_json(report: Report, language: str) -> dict[str, Any]:
    """The report as data, its sentences in one language."""
    with speaking(language):
        verdict = report.verdict
        checks = () if verdict is None else verdict.checks
        return {
            "holds": report.good,
            "election_hash": verdict.election_hash if verdict else "",
            "checks": [
                {"id": one.id, "title": translate(one.title), "holds": one.holds, "sentences": [_said(text) for text in one.sentences]}
                for one in checks
            ],
            "last": _said(report.last),
        }
