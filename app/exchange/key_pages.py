"""The page of one share of the opening key, in every language: as HTML to be printed on one sheet of A4, and as text."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import Message, say
from app.core.transparency.shares import SplitKey, fingerprint
from app.rendering import render, speaking, translate

COLUMNS = 3
ON_PAPER = ("fr", "en")
"""The languages of the printed page of a share."""


@dataclass(frozen=True)
class SharePage:
    """One share with its holder, ready to be written or shown."""

    holder: str
    html: str
    text: str


def share_pages(key: SplitKey, holders: list[str]) -> list[SharePage]:
    """A page for each share, in the order of the holders."""
    return [_page(key, number, holder) for number, holder in enumerate(holders, 1)]


def _page(key: SplitKey, number: int, holder: str) -> SharePage:
    words = key.shares[number - 1]
    rows = -(-len(words) // COLUMNS)
    numbered = [f"{place:2}. {word}" for place, word in enumerate(words, 1)]
    lines = ["  ".join(f"{one:<14}" for one in numbered[row::rows]).rstrip() for row in range(rows)]
    values = {
        "holder": holder,
        "words": list(enumerate(words, 1)),
        "lines": lines,
        "public": key.public,
        "letters": fingerprint(key.public),
        "said": [_said(key, number, language) for language in ON_PAPER],
    }
    return SharePage(holder, *(render(f"keys/share.{form}", values, language="fr") for form in ("html", "txt")))


def _said(key: SplitKey, number: int, language: str) -> dict[str, object]:
    """All sentences of the page in one language."""
    with speaking(language):
        return {
            "language": language,
            "title": translate(say("Share %(number)d of %(count)d of the opening key", number=number, count=len(key.shares))),
            "holder": translate(say("Holder")),
            "public": translate(say("Public key")),
            "fingerprint": translate(say("Fingerprint")),
            "purpose": [translate(sentence) for sentence in _purpose(key)],
            "do": [translate(sentence) for sentence in _do()],
            "dont": [translate(sentence) for sentence in _dont(key)],
        }


def _purpose(key: SplitKey) -> list[Message]:
    together = (
        say("This share opens the ballot box alone: it is for trying out, never for a vote.")
        if key.threshold == 1
        else say(
            "After the close of the vote, %(needed)d of the %(count)d shares together open the ballot box. Fewer tell nothing.",
            needed=key.threshold,
            count=len(key.shares),
        )
    )
    return [together, say("The fingerprint must be the one published with the election.")]


def _do() -> list[Message]:
    return [
        say("Keep this page on paper, in a sealed envelope, in a place that only you can open."),
        say("Bring it to the opening, and type the words yourself, in their order."),
        say("Tell the city at once if it is lost, or if somebody else has seen it."),
    ]


def _dont(key: SplitKey) -> list[Message]:
    return [
        say("Do not photograph, scan, copy or dictate it; do not type it anywhere but at the ceremony and at the opening."),
        say("Do not give it to another holder: whoever has %(needed)d shares can open the box.", needed=key.threshold),
        say("Do not destroy it before the result is final."),
    ]
