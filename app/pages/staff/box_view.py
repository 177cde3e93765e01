"""What the page of the ballot box shows: how far the vote is, what comes next and who may do it, what waits for a second person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.people import Person
from app.accounts.queries import names, people_who_may
from app.core.calendar import PhaseKind, Stage
from app.core.messages import Localised, Message, say
from app.core.transparency import Head, Note
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.ledger import motions
from app.ledger.log import heads_of, log_of
from app.ledger.models import Motion
from app.polls.calendar import voting_stage
from app.polls.freezing import FREEZE, freeze_of
from app.polls.opening import OPENING, opening_of
from app.polls.public_log import ToldAct, told_acts
from app.polls.queries import poll_of
from app.polls.two_people import ACTS, Act
from app.results.models import Publication
from app.results.queries import counts_of
from app.results.service import PUBLICATION
from app.unit import Work
from app.voting import paper
from app.voting.merging import is_complete, waiting_in
from app.voting.models import Box

Step = dict[str, Any]


@dataclass(frozen=True)
class Proposal:
    """An act that waits for a second person: who proposed it, who else can confirm it, and what the reader of the page may do."""

    motion: Motion
    act: Act
    by: str
    others: tuple[str, ...]
    may_confirm: bool
    may_withdraw: bool


@dataclass(frozen=True)
class Next:
    """What is to be done next, and where; `permission` is the one it takes, None where the clock or the worker does it."""

    words: Message
    permission: str | None = None
    path: str = ""
    label: Message | None = None


def proposals(work: Work, edition: Edition, who: Person) -> list[Proposal]:
    """The acts of this vote that wait for a second person, the oldest first."""
    waiting = [motion for motion in motions.waiting(work, edition.id or 0) if motion.act in ACTS]
    return [proposal(work, motion, who) for motion in waiting]


def proposal(work: Work, motion: Motion, who: Person) -> Proposal:
    """One act that takes two people, as `who` sees it."""
    act = ACTS[motion.act]
    able = [one for one in people_who_may(work, act.confirms) if one.id != motion.proposed_by_id]
    return Proposal(
        motion, act, _name(work, motion.proposed_by_id), tuple(one.display_name for one in able),
        may_confirm=who.may(act.confirms) and who.id != motion.proposed_by_id, may_withdraw=who.may(act.proposes),
    )  # fmt: skip


def steps(work: Work, edition: Edition) -> list[Step]:
    """Set up, frozen, open, closed, opened, counted, published: each done or not, by whom and when."""
    poll, frozen, opened = poll_of(work, edition), freeze_of(work, edition), opening_of(work, edition)
    voting, stage = calendar_of(work, edition).window(PhaseKind.voting), voting_stage(work, edition)
    counts, published = counts_of(work, edition), work.db.get(Publication, edition.id)
    box = work.db.get(Box, edition.id)
    freezing = _two(work, frozen.proposed_by_id, frozen.confirmed_by_id) if frozen else None
    rows: list[tuple[Message, Any, Any]] = [
        (say("Vote set up"), poll and poll.fixed_at, _by(work, poll.fixed_by_id) if poll else None),
        (say("Vote frozen"), frozen and frozen.frozen_at, freezing),
        (say("Vote open"), voting.opens if voting and frozen and stage in (Stage.open, Stage.after) else None, None),
        (say("Box closed"), voting.closes if voting and box and box.closed else None, None),
        (say("Box opened"), opened and opened.opened_at, _last(work, edition, OPENING)),
        (say("Ballots counted"), counts[0][0].counted_at if counts else None, None),
        (say("Result published"), published and published.published_at, _last(work, edition, PUBLICATION)),
    ]
    found: list[Step] = [
        {"title": title, "when": when, "text": text if when else None, "kind": "done" if when else "todo"} for title, when, text in rows
    ]
    if frozen and stage is Stage.open:
        found[2]["kind"] = "now"
    return found


def next_act(work: Work, edition: Edition) -> Next:
    """The next thing to be done on this vote."""
    base, stage = f"/staff/editions/{edition.slug}", voting_stage(work, edition)
    voting = calendar_of(work, edition).window(PhaseKind.voting)
    if poll_of(work, edition) is None:
        return Next(say("Set up the vote: its ballot, its rule, its projects."), "set_up_poll", f"{base}/poll", say("The vote"))
    if freeze_of(work, edition) is None:
        if voting is None or stage is not Stage.before:
            words = say("The vote is not frozen, and its dates have come or are missing. Give it later dates, then freeze it.")
            return Next(words, "edit_edition", f"{base}/calendar", say("Calendar"))
        words = say("Freeze the vote before it opens on %(opens)s: without the freeze nobody can vote.", opens=voting.opens)
        return Next(words, "freeze_vote", *_unless_proposed(work, edition, FREEZE, f"{base}/box/freeze", say("Propose the freeze")))
    if stage is Stage.before and voting:
        return Next(say("Nothing: the vote opens by itself on %(opens)s.", opens=voting.opens))
    if stage is Stage.open and voting:
        return Next(say("Nothing: the vote ends by itself on %(closes)s, and the worker closes the box.", closes=voting.closes))
    return _after(work, edition, base)


def _after(work: Work, edition: Edition, base: str) -> Next:
    if not is_complete(work, edition.id or 0):
        return Next(say(
            "Wait: the worker closes the box and brings the last ballots to the public log within minutes. If it does not, whoever runs "
            "the server can do it by hand: %(command)s", command=f"quotepart merge {edition.slug}",
        ))  # fmt: skip
    if opening_of(work, edition) is None:
        if any(not lot.closed for lot in paper.lots(work, edition.id or 0)):
            words = say("Enter the paper ballots and close their lots: after the opening none can be entered.")
            return Next(words, "keep_desk", f"{base}/desk/lots", say("Lots of paper ballots"))
        if proposed := motions.waiting(work, edition.id or 0, OPENING):
            words = say("The opening is proposed. Another member of the bureau confirms it with the shares of the key.")
            return Next(words, "open_box", f"{base}/box/motions/{proposed[0].public_id}", say("Open the box"))
        words = say("Open the box: one member of the bureau proposes it, another confirms it with the shares of the key.")
        return Next(words, "open_box")
    if not counts_of(work, edition):
        return Next(say("Count the ballots."), "count_ballots", f"{base}/results", say("Count and results"))
    if work.db.get(Publication, edition.id) is None:
        words = say("Publish the result: one person proposes it, another confirms it.")
        return Next(words, "publish_results", f"{base}/results", say("Count and results"))
    return Next(say("Nothing: the result is published."))


def _unless_proposed(work: Work, edition: Edition, act: str, path: str, label: Message) -> tuple[str, Message | None]:
    """Where to propose an act; nowhere while it waits for its second person."""
    return ("", None) if motions.waiting(work, edition.id or 0, act) else (path, label)


def log_facts(work: Work, edition: Edition) -> dict[str, Any] | None:
    """The last signed head of the ballots' log, how many heads there are, and how many ballots wait. None before the freeze."""
    log = log_of(work, edition.id or 0)
    if log is None:
        return None
    heads = heads_of(work, log)
    head = Head.read(Note.read(heads[-1].note).text) if heads else None
    signed = datetime.fromisoformat(head.minute) if head else None
    root = head.text.split("\n")[2] if head else ""
    return {"head": head, "signed": signed, "root": root, "batches": len(heads), "waiting": waiting_in(work, edition.id or 0)}


def public_acts(work: Work, edition: Edition) -> list[ToldAct]:
    """The public acts of an edition, the newest first."""
    return list(reversed(told_acts(work, edition)))


def _last(work: Work, edition: Edition, act: str) -> Message | None:
    done = motions.done(work, edition.id or 0, act)
    return _two(work, done[-1].proposed_by_id, done[-1].seconded_by_id) if done else None


def _two(work: Work, first: int | None, second: int | None) -> Message:
    return say("Proposed by %(first)s, confirmed by %(second)s.", first=_name(work, first), second=_name(work, second))


def _by(work: Work, account: int | None) -> Message | None:
    return say("By %(name)s.", name=_name(work, account)) if account else None


def _name(work: Work, account: int | None) -> str:
    return names(work, {account}).get(account, "–") if account else "–"


def read_definition(text: str) -> dict[str, Any]:
    """The frozen definition as it is kept."""
    found: dict[str, Any] = json.loads(text)
    return found


def read_instant(written: str) -> datetime:
    """An instant as a definition writes it."""
    return datetime.fromisoformat(written)


def title_of(texts: dict[str, str]) -> Localised:
    """A title of a definition, in the reader's language."""
    return Localised(texts)
