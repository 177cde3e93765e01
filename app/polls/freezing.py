"""The freeze: two members of the bureau fix the vote, its register and its keys before it opens. Without it nobody can vote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from app.accounts.people import Person
from app.core.calendar import Stage
from app.core.forms import Form, Text
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Refused
from app.core.sentences import wrong
from app.core.transparency import canonical, digest
from app.editions.models import Edition
from app.electorate.register import freeze_register
from app.ledger import acts, log, motions
from app.ledger import service as ledger
from app.ledger.models import Motion
from app.polls.calendar import voting_stage
from app.polls.definition import Safekeeping, definition_of, origin_of, without_register, witnesses_in
from app.polls.models import Freeze
from app.polls.permitted import check
from app.polls.queries import fixed_poll
from app.unit import Work
from app.voting.clock import skew
from app.voting.durability import durability_faults
from app.voting.service import freeze_box

FREEZE = "freeze"
MOST_SKEW = 2.0
"""Seconds by which the clocks of the application and of the database may differ when a vote is frozen."""


def _hex_key(typed: str) -> str:
    key = "".join(typed.split()).lower()
    if len(key) != 64 or any(sign not in "0123456789abcdef" for sign in key):
        raise wrong(say("The opening key has 64 letters from 0 to 9 and a to f: copy it from what « quotepart keys make » printed."))
    return key


def _witnesses(text: str) -> str:
    try:
        witnesses_in(text)
    except ValueError as line:
        raise wrong(say("Give each witness a line: a name, a space, and a key of 64 letters. Look at: %(line)s", line=str(line))) from None
    return text


class FreezeForm(Form):
    """What the bureau decides at the freeze."""

    opening_key: Annotated[Text, AfterValidator(_hex_key)]
    threshold: Annotated[int, Field(ge=1, le=16)]
    shares: Annotated[int, Field(ge=1, le=16)]
    publication: Literal["open", "discreet"] = "open"
    change_of_vote: Annotated[bool, BeforeValidator(lambda typed: typed in (True, "yes", "on", "true"))] = False
    witnesses: Annotated[str, Field(max_length=4000), AfterValidator(_witnesses)] = ""

    def safekeeping(self) -> Safekeeping:
        """The same as the definition takes it. Raises Invalid where the numbers of shares make no sense."""
        if self.threshold > self.shares:
            raise Invalid({"threshold": say("No more shares can be needed than there are.")})
        if self.change_of_vote and self.publication == "discreet":
            raise Invalid({"publication": say("Where votes may be changed, the ballots that count are published: choose « open ».")})
        return Safekeeping(
            self.opening_key, self.threshold, self.shares, self.publication, self.change_of_vote, tuple(witnesses_in(self.witnesses))
        )


def freeze_of(work: Work, edition: Edition) -> Freeze | None:
    """The freeze of an edition, None before."""
    return work.db.get(Freeze, edition.id)


def propose_freeze(work: Work, edition: Edition, form: FreezeForm, *, by: Person) -> Motion:
    """Propose to freeze the vote with this opening key. Raises Refused (no permission, not set up, open already), Invalid, Conflict."""
    check(by, "freeze_vote")
    poll = fixed_poll(work, edition)
    _still_time(work, edition)
    payload: dict[str, Any] = {"form": form.model_dump(mode="json"), "definition": definition_of(work, edition, poll, form.safekeeping())}
    motion = motions.propose(work, edition.id or 0, FREEZE, payload, by=by.id)
    ledger.record(work, "poll:propose_freeze", edition.slug, by=by.id)
    return motion


def confirm_freeze(work: Work, edition: Edition, motion: Motion, *, by: Person) -> Freeze:
    """Freeze the vote as it was proposed: definition, register and keys, under one hash that every receipt will name.

    Raises Refused (no permission, the same person, open already, clocks apart, a database that may lose ballots) and Conflict (it is
    over, or something has changed since it was proposed: nothing is frozen that nobody has read).
    """
    check(by, "freeze_vote")
    poll = fixed_poll(work, edition)
    _still_time(work, edition)
    _clocks_agree(work)
    _nothing_is_lost(work)
    payload = motions.second(work, motion, FREEZE, by=by.id)
    kept = FreezeForm.model_validate(payload["form"]).safekeeping()
    definition = definition_of(work, edition, poll, kept)
    if without_register(definition) != without_register(payload["definition"]):
        raise Conflict(say("The vote has changed since this was proposed. Withdraw the proposal, read the vote again, and propose anew."))
    made = Freeze(
        edition_id=edition.id or 0, definition=canonical(definition).decode(), election_hash=digest(definition), frozen_at=work.now,
        proposed_by_id=motion.proposed_by_id, confirmed_by_id=by.id,
    )  # fmt: skip
    _seal(work, edition, made, definition)
    ledger.record(work, "poll:freeze", edition.slug, made.election_hash, by=by.id)
    return made


def _seal(work: Work, edition: Edition, made: Freeze, definition: Mapping[str, Any]) -> None:
    """Write the freeze, the box that takes ballots from now on, the roll that two people change, and the first public act."""
    edition.frozen = True
    work.db.add_all((made, edition))
    freeze_register(work, edition)
    freeze_box(
        work, made.edition_id, bytes.fromhex(definition["keys"]["opening"]), made.election_hash, definition["ballot_bytes"],
        changeable=definition["change_of_vote"], merge_by=definition["merge_by"],
    )  # fmt: skip
    origin = origin_of(edition)
    log.open_log(work, made.edition_id, "ballots", origin, made.election_hash)
    log.open_log(work, made.edition_id, "acts", f"{origin}/acts", made.election_hash)
    text = f"freeze {made.election_hash}"
    acts.announce(work, made.edition_id, FREEZE, text, day=made.frozen_at.date().isoformat(), origin=f"{origin}/acts")
    work.db.flush()


def _still_time(work: Work, edition: Edition) -> None:
    if freeze_of(work, edition) is not None:
        raise Conflict(say("This vote is frozen already, and nothing was changed. What was frozen stands on the page of its public log."))
    if voting_stage(work, edition) is not Stage.before:
        raise Refused(say("A vote is frozen before it opens. The dates of this one have come, or are missing: give it later ones first."))


def _clocks_agree(work: Work) -> None:
    apart = skew(work.core, work.now)
    if abs(apart) > MOST_SKEW:
        raise Refused(say(
            "The clocks of this server and of its database are %(seconds)d seconds apart, so the vote is not frozen. Set them first.",
            seconds=round(abs(apart)),
        ))  # fmt: skip


def _nothing_is_lost(work: Work) -> None:
    for fault in durability_faults(work.core):
        raise Refused(fault)
