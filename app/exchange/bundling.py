"""The bundle of a published result, gathered from the database: all that anyone needs to check it. Signed with the key of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import keyring
from app.core.messages import say
from app.core.problems import Conflict, Missing
from app.core.tally.progress import Told, untold
from app.core.transparency import Head, Note, leaf_hash
from app.core.transparency.tree import tree_over
from app.core.verification import Act, Material, PaperBallot, Published, WrittenHead, write_bundle, write_zip
from app.core.verification.result import draw_value
from app.editions.models import Edition
from app.editions.queries import find_edition
from app.electorate.register import register_size
from app.exchange.exporting import document, election_text
from app.ledger import acts, log
from app.ledger.models import PublicAct
from app.polls.frozen import Frozen, frozen_of
from app.results.bundles import NO_BUNDLE, BundleState, bundle_at, bundle_state, keep
from app.results.counting import drawn_by
from app.results.queries import Result, result_of
from app.unit import Work
from app.voting.box import ballots, turnout
from app.voting.models import Opening, PaperLot
from app.voting.opening import choices_in, published, replaced_in

GATHERING, PACKING = say("The log, the ballots and the result are gathered"), say("The file is packed and signed")


def make(work: Work, payload: dict[str, Any], told: Told = untold) -> None:
    """The job: make the bundle of an edition and keep it. What is not in the log of acts yet goes there first."""
    edition = work.db.get_one(Edition, payload["edition"])
    told(GATHERING, None)
    acts.log_waiting(work, edition.id or 0, keyring.log_key())
    gathered = material(work, edition)
    told(PACKING, None)
    keep(work, edition, write_zip(write_bundle(gathered, keyring.log_key().sign)))


def content_of(work: Work, slug: str) -> bytes:
    """The bundle of a public edition; if it was not made yet, it is made here, where the key of the log is. Raises Missing, NoKey."""
    edition = find_edition(work, slug)
    if bundle_state(work, edition) is not BundleState.MADE:
        make(work, {"edition": edition.id})
    return bundle_at(work, slug).content


def write(path: Path, content: bytes) -> None:
    """Write a bundle to a file. Raises Conflict where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise Conflict(say("%(file)s: it cannot be written here (%(reason)s).", file=str(path), reason=fault.strerror or "")) from None


def material(work: Work, edition: Edition) -> Material:
    """All that the bundle of a published result tells. Raises Missing where nothing is frozen, opened or published."""
    frozen, result, opening = frozen_of(work, edition), result_of(work, edition), work.db.get(Opening, edition.id)
    ballot_log, act_log = (log.log_of(work, edition.id or 0, kind) for kind in ("ballots", "acts"))
    if frozen is None or result is None or opening is None or ballot_log is None or act_log is None:
        raise Missing(NO_BUNDLE)
    entries, told = log.entries_of(work, ballot_log), [one for one in acts.acts_of(work, edition.id or 0) if one.place is not None]
    told.sort(key=lambda one: one.place or 0)
    lines, openings = _online(work, frozen, entries)
    return Material(
        definition=frozen.value, entries=entries, heads=_heads(log.notes_of(work, ballot_log), [leaf_hash(one) for one in entries]),
        acts=[Act(one.hash, one.salt, one.text) for one in told],
        act_heads=_heads(log.notes_of(work, act_log), [bytes.fromhex(one.hash) for one in told]),
        opening=_opening(opening, openings), ballots=lines, turnout=_turnout(work, frozen, told), result=_result(work, result),
        pb=b"" if result.few else election_text(work, result).encode(), paper=_paper(work, edition),
    )  # fmt: skip


def _heads(notes: Sequence[str], leaves: Sequence[bytes]) -> list[WrittenHead]:
    tree, before, heads = tree_over(leaves), 0, []
    for note in notes:
        size = Head.read(Note.read(note).text).size
        heads.append(WrittenHead(note, tree.consistency(before, size)))
        before = size
    return heads


def _online(work: Work, frozen: Frozen, entries: Sequence[bytes]) -> tuple[list[Published], list[dict[str, Any]]]:
    """The lines of the ballots in the order of the log (in their own, where they stand apart from it), and what opens each alone."""
    wanted = select(ballots.c.leaf_hash, ballots.c.content, ballots.c.null_reason, ballots.c.opening)
    rows = work.core.execute(wanted.where(ballots.c.edition_id == frozen.edition.id, ballots.c.channel == "online"))
    by_leaf = {row.leaf_hash: row for row in rows}
    if frozen.value["publication"] == "discreet":
        return [published(bytes(row.content), row.null_reason) for row in by_leaf.values()], []
    replaced = replaced_in(entries) if frozen.value["change_of_vote"] else {}
    lines, openings = [], []
    for index, entry in enumerate(entries):
        leaf = leaf_hash(entry).hex()
        if leaf in replaced:
            lines.append(Published(replaced_by=replaced[leaf]))
            continue
        row = by_leaf[leaf]
        lines.append(published(bytes(row.content), row.null_reason))
        # No key can be agreed with some ballots that are no ballots: nothing opens them, zeros neither.
        openings.append({"index": index, "shared": bytes(row.opening or bytes(32)).hex()})
    return lines, openings


def _opening(opening: Opening, openings: list[dict[str, Any]]) -> dict[str, Any]:
    if opening.commitment is not None:
        return {"mode": "discreet", "commitment": opening.commitment}
    return {"mode": "open", "key": opening.key.hex()} if opening.key else {"mode": "open", "openings": openings}


def _paper(work: Work, edition: Edition) -> list[PaperBallot]:
    lots = PaperLot.__table__.c  # type: ignore[attr-defined]
    wanted = select(lots.number, ballots.c.serial, ballots.c.content, ballots.c.null_reason).join(PaperLot, lots.id == ballots.c.lot_id)
    rows = work.core.execute(wanted.where(ballots.c.edition_id == edition.id))
    return [PaperBallot(lot, serial, tuple(sorted(choices_in(bytes(content)))), null or "") for lot, serial, content, null in rows]


def _turnout(work: Work, frozen: Frozen, told: Sequence[PublicAct]) -> dict[str, Any]:
    """Numbers of people. Who declared themselves is what the register has grown by, beside what two people changed."""
    edition, days, voided = frozen.edition, dict[str, Counter[str]](), 0
    for row in turnout(work, edition.id or 0):
        if row.how == "void":
            voided += row.count
        else:
            days.setdefault(row.day, Counter())[row.how] += row.count
    changes, total, first = changes_in(told), register_size(work, edition), int(frozen.value["register"]["count"])
    declared = max(total - first - sum(one["added"] - one["removed"] for one in changes), 0)
    rows = [{"day": day, "online": many["online"], "paper": many["paper"]} for day, many in sorted(days.items())]
    return {
        "register": {"frozen": first, "declared": declared, "changes": changes, "total": total},
        "spent": {how: sum(row[how] for row in rows) for how in ("online", "paper")}, "voided": voided, "days": rows,
    }  # fmt: skip


def changes_in(told: Sequence[PublicAct]) -> list[dict[str, Any]]:
    """By day, how many lines two people added to the register and took off it: acts such as "register +12"."""
    days: dict[str, Counter[str]] = {}
    for act in told:
        sign = (act.text or "").removeprefix("register ")
        if act.event == "register" and sign[:1] in ("+", "-") and sign[1:].isdigit():
            days.setdefault(act.day, Counter())["added" if sign[0] == "+" else "removed"] += int(sign[1:])
    return [{"day": day, "added": many["added"], "removed": many["removed"]} for day, many in sorted(days.items())]


def _result(work: Work, result: Result) -> Mapping[str, Any]:
    """The document of the site, and beside it what a verifier reads."""
    outcome = result.outcome
    return document(work, result).model_dump(mode="json") | {
        "total_cost_cents": outcome.spent_cents, "draw": draw_value(drawn_by(result.draw, result.poll)), "blank": outcome.blank,
        "null": result.null, "valid": outcome.valid,
    }  # fmt: skip
