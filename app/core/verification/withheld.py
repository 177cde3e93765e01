"""Few ballots: where there are fewer than the least batch in all, none is shown, and then nobody can count again."""

from __future__ import annotations

from app.core.messages import Message, say
from app.core.verification.bundle import Bundle, compact
from app.core.verification.checks import Findings

FILES = ("log.jsonl", "ballots.jsonl", "opening.json")
FEW = {"withheld": "few"}


def is_withheld(bundle: Bundle) -> bool:
    """Whether the bundle says that its ballots are not shown. Raises Malformed where a file is missing."""
    line = compact(FEW)
    with bundle.reading(FILES[0]) as file:
        return file.read(len(line) + 1) == line


def check_withheld(bundle: Bundle, leaves: int, paper: int, least: int, found: Findings) -> None:
    """That all three files are withheld, and that there is a reason to."""
    for name in FILES:
        found.expect(bundle.whole(name) == compact(FEW), say("%(file)s shows ballots that the other files withhold.", file=name))
    found.expect("result.pb" not in bundle.names, say("%(file)s shows ballots that the other files withhold.", file="result.pb"))
    if leaves + paper >= least:
        found.fault(
            say(
                "The ballots are withheld as too few, and there are %(many)d; from %(least)d on they must be shown.",
                many=leaves + paper,
                least=least,
            )
        )


def why(least: int) -> Message:
    """Why a check cannot be made by anyone."""
    return say(
        "Nobody can check this here: with fewer than %(least)d ballots in all, none is published, because each voter’s choices "
        "could be guessed. The paper and the log are kept by the bureau.",
        least=least,
    )
