"""The ceremony of the opening key on the command line: made, handed out share by share, checked; never kept whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path

from app.core.messages import Message, say, say_count
from app.core.problems import Conflict, Invalid, Missing
from app.core.transparency.shares import SplitKey, combine, fingerprint, make_split_key, together
from app.exchange.key_pages import share_pages
from app.keyring import State, make_missing, write_new

MOST_BYTES = 100_000
NOT_TEXT = re.compile(r"<style\b.*?</style>|<title\b.*?</title>|<[^>]*>", re.DOTALL | re.IGNORECASE)
PURPOSE = {
    "receipt.key": say("signs receipts: needed by the web processes (quotepart serve), and by nobody else"),
    "receipt.pub": say("checks receipts: public"),
    "log.key": say("signs heads of the public log: needed by the worker (quotepart worker), and by nobody else"),
    "log.pub": say("checks heads: public, needed by web processes and worker"),
}


def make(threshold: int, shares: int, holders: str, *, alone: bool) -> tuple[SplitKey, list[str]]:
    """A new key and the names of its holders, as many as shares. Raises Invalid."""
    names = [name.strip() for name in holders.split(",") if name.strip()]
    if len(names) != shares:
        raise Invalid(
            {
                "": say_count(
                    "%(count)d holder is named for %(shares)d shares: name as many, joined by commas.",
                    "%(count)d holders are named for %(shares)d shares: name as many, joined by commas.",
                    len(names),
                    shares=shares,
                )
            }
        )
    twice = next((name for name in names if [one.casefold() for one in names].count(name.casefold()) > 1), None)
    if twice is not None:
        raise Invalid({"": say("%(name)s is named twice: each share needs another person.", name=twice)})
    return make_split_key(threshold, shares, alone=alone), names


def write_pages(key: SplitKey, holders: list[str], out: Path) -> list[Message]:
    """Write the page of each share into a new folder, as HTML and as text, and say what to do with them. Raises Conflict."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise Conflict(say("%(folder)s is not empty: name a new folder.", folder=str(out)))
        for number, page in enumerate(share_pages(key, holders), 1):
            write_new(out / f"share-{number}.html", page.html, 0o600)
            write_new(out / f"share-{number}.txt", page.text, 0o600)
    except OSError as fault:
        raise Conflict(say("%(file)s: it cannot be written here (%(reason)s).", file=str(out), reason=fault.strerror or "")) from None
    return [
        say("The pages are in %(folder)s, one share each.", folder=str(out)),
        say(
            "Print each, give it to its holder, then destroy the folder: whoever has %(needed)d of its pages can open the box.",
            needed=key.threshold,
        ),
    ]


def hand_out(key: SplitKey, holders: list[str], *, show: Callable[[str], None], pause: Callable[[str], None]) -> None:
    """Show each share alone: `pause` waits for the holder before it, and until the words are on paper after it, and clears the screen."""
    for page in share_pages(key, holders):
        pause(str(say("Let %(holder)s alone see this screen, then press Enter.", holder=page.holder)))
        show(page.text)
        pause(str(say("Once %(holder)s has all 33 words on paper, press Enter: they are not shown again.", holder=page.holder)))


def about(key: SplitKey) -> list[Message]:
    """What everybody may know of a key."""
    return [
        say("Public key: %(public)s", public=key.public),
        say("Fingerprint: %(letters)s", letters=fingerprint(key.public)),
        say("Shares: %(count)d, of which %(needed)d open the box.", count=len(key.shares), needed=key.threshold),
    ]


def check(texts: Sequence[str], names: Sequence[str], public: str | None) -> list[Message]:
    """Whether these shares belong together and, if there are enough, which public key they open. Raises Invalid with every fault found."""
    if public is not None and not re.fullmatch(r"[0-9a-f]{64}", public.strip().lower()):
        raise Invalid({"": say("A public key has 64 hexadecimal letters; “%(text)s” is none.", text=public[:80])})
    try:
        shares = together(texts, names)
        needed = shares[0].member_threshold
        told = [say("Shares here: %(count)d, all of one key, of which %(needed)d open it.", count=len(shares), needed=needed)]
        if len(shares) < needed and public is None:
            return [*told, say("They are too few to say which key they open.")]
        opened = combine(texts, public, names).public_key().public_bytes_raw().hex()
    except Invalid as fault:
        raise Invalid({"": _in_lines(list(fault.errors.values()))}) from None
    if public is not None:
        return [*told, say("Together they open the public key given.")]
    return [*told, say("Public key: %(public)s", public=opened), say("Fingerprint: %(letters)s", letters=fingerprint(opened))]


def read_share(path: Path) -> str:
    """The text of a page of a share, printed by `quotepart keys make` or typed. Raises Missing."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES).decode()
    except (OSError, UnicodeDecodeError):
        raise Missing(say("%(file)s: there is no such file, or it cannot be read.", file=str(path))) from None
    return unescape(NOT_TEXT.sub(" ", text))


def server_keys(folder: Path | None) -> list[Message]:
    """Make the keys of the server that are missing, and say of each file where it lies, what it is for and who needs it. Raises NoKey."""
    lines = []
    for file in make_missing(folder):
        lines.append(say("%(file)s: %(purpose)s; %(state)s.", file=str(file.path), purpose=PURPOSE[file.path.name], state=file.state.value))
        if file.exposed:
            lines.append(say("%(file)s can be read by others on this machine. Close it: chmod 600 %(file)s", file=str(file.path)))
        if file.state is State.MADE and file.path.suffix == ".key":
            lines.append(say("Keep a copy of %(file)s in a safe place, on paper or on a disk that is on no network.", file=file.path.name))
    return lines


def _in_lines(sentences: list[Message]) -> Message:
    whole = sentences[0]
    for sentence in sentences[1:]:
        whole = Message("%(before)s\n%(after)s", {"before": whole, "after": sentence})
    return whole
