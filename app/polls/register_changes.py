"""Changes of the register once it is frozen: one person proposes, another confirms, and everybody can read how many, never who.

What a proposal says of people is deleted when it is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.accounts.people import Person
from app.core.calendar import Stage
from app.core.messages import Message, say
from app.core.problems import Conflict, Refused
from app.editions.models import Edition
from app.electorate import batches, desk
from app.electorate.forms import CodeActForm, CodeBatchForm
from app.electorate.models import RollLine
from app.ledger import acts, motions
from app.ledger import service as ledger
from app.ledger.models import Motion
from app.polls import service
from app.polls.calendar import voting_stage
from app.polls.definition import origin_of
from app.polls.permitted import check
from app.polls.removal import RemovalForm, put_back, take_off
from app.unit import Work


class Change(StrEnum):
    """What may be done to a frozen register, as motions name it."""

    IMPORT = "register:import"
    BATCH = "register:batch"
    VOID = "register:void"
    REPLACE = "register:replace"
    TAKE_OFF = "register:take_off"
    PUT_BACK = "register:put_back"


CHANGE_LABELS: dict[Change, Message] = {
    Change.IMPORT: say("Take in a list of residents"),
    Change.BATCH: say("Make a batch of codes"),
    Change.VOID: say("Cancel a code"),
    Change.REPLACE: say("Cancel a code and make another"),
    Change.TAKE_OFF: say("Take people off the roll"),
    Change.PUT_BACK: say("Put somebody back on the roll"),
}
ON_PEOPLE = (Change.TAKE_OFF, Change.PUT_BACK)


@dataclass(frozen=True)
class Done:
    """What a confirmed change did: the public acts, counts only, and the letters that are shown this once (serial, code)."""

    said: tuple[str, ...]
    batch: int = 0
    label: str = ""
    letters: tuple[tuple[int, str], ...] = ()


def permission_of(change: Change) -> str:
    """The permission that proposing a change takes; confirming it takes "confirm_register"."""
    return "correct_roll" if change in ON_PEOPLE else "make_codes"


def propose_import(work: Work, edition: Edition, content: bytes, *, by: Person) -> Motion:
    """Propose to take in a list of residents, read already. Raises Refused, and Invalid at "file"."""
    rows = desk.rows_of(content)
    return _propose(work, edition, Change.IMPORT, {"text": content.decode("utf-8-sig"), "count": len(rows)}, by=by)


def propose_batch(work: Work, edition: Edition, form: CodeBatchForm, *, by: Person) -> Motion:
    """Propose to make a batch of printed codes; whoever confirms is shown the letters. Raises Refused."""
    return _propose(work, edition, Change.BATCH, form.model_dump(mode="json"), by=by)


def propose_void(work: Work, edition: Edition, form: CodeActForm, *, by: Person, replace: bool = False) -> Motion:
    """Propose to cancel a printed code, and to make another (`replace`). Raises Refused, Missing, Conflict (void already, used)."""
    code, line = batches.find_code(work, edition, form.batch, form.serial)
    if code.voided_on is not None:
        raise Conflict(say("This code is void already, since %(day)s.", day=code.voided_on))
    service.refuse_used(work, edition, line)
    return _propose(work, edition, Change.REPLACE if replace else Change.VOID, form.model_dump(mode="json"), by=by)


def propose_removal(work: Work, edition: Edition, form: RemovalForm, *, by: Person) -> Motion:
    """Propose to take people off the roll. Raises Refused, and Missing (no such line)."""
    lines = [desk.line_at(work, edition, name).public_id for name in sorted(set(form.lines))]
    return _propose(work, edition, Change.TAKE_OFF, {"lines": lines, "reason": form.reason}, by=by)


def propose_return(work: Work, edition: Edition, line: RollLine, *, by: Person) -> Motion:
    """Propose to put a person back on the roll. Raises Refused, and Conflict (the person is on the roll)."""
    if line.mark != "refused":
        raise Conflict(say("This person is on the roll."))
    return _propose(work, edition, Change.PUT_BACK, {"line": line.public_id}, by=by)


def _propose(work: Work, edition: Edition, change: Change, payload: dict[str, Any], *, by: Person) -> Motion:
    check(by, permission_of(change))
    _not_over(work, edition)
    motion = motions.propose(work, edition.id or 0, change.value, payload, by=by.id, several=True)
    ledger.record(work, "roll:propose", edition.slug, change.value, by=by.id)
    return motion


def confirm_change(work: Work, edition: Edition, motion: Motion, *, by: Person) -> Done:
    """Change the register as it was proposed, and say publicly by how many.

    Raises Refused (no permission, the same person, the vote is over), Conflict (the proposal is over) and what the change itself
    raises, such as Conflict for a person who has voted meanwhile.
    """
    check(by, "confirm_register")
    _not_over(work, edition)
    payload = motions.second(work, motion, motion.act, by=by.id)
    done = _DO[Change(motion.act)](work, edition, payload, by)
    motions.forget(work, motion, said=list(done.said))
    for text in done.said:
        day = work.now.date().isoformat()
        acts.announce(work, edition.id or 0, "register", text, day=day, origin=f"{origin_of(edition)}/acts")
    return done


def withdraw_change(work: Work, motion: Motion, *, by: Person) -> None:
    """Take a proposal back and forget whom it was about. Raises Refused, and Conflict if it is over."""
    check(by, permission_of(Change(motion.act)))
    motions.withdraw(work, motion, by=by.id)
    motions.forget(work, motion)


def settle_after(work: Work, edition_id: int) -> None:
    """The job of a closing, on the side of the roll: forget declarations and proposals that nobody needs any more."""
    service.forget_after(work, edition_id)
    drop_waiting(work, work.db.get_one(Edition, edition_id))


def drop_waiting(work: Work, edition: Edition) -> None:
    """After the vote nothing of the register changes: forget what the proposals that nobody confirmed say of people."""
    for motion in motions.waiting(work, edition.id or 0):
        if motion.act in set(Change) and motion.payload:
            motions.forget(work, motion)


def lines_named(work: Work, edition: Edition, motion: Motion) -> list[RollLine]:
    """The people of the roll whom a waiting proposal names."""
    named = [*motion.payload.get("lines", ()), *filter(None, [motion.payload.get("line")])]
    return [desk.line_at(work, edition, name) for name in named]


def _not_over(work: Work, edition: Edition) -> None:
    if voting_stage(work, edition) is Stage.after:
        raise Refused(say("The vote is over: its roll no longer changes."))


def _take_in(work: Work, edition: Edition, payload: Mapping[str, Any], by: Person) -> Done:
    added = desk.import_roll(work, edition, payload["text"].encode(), by=by, seconded=True)
    return Done((f"register +{added}",))


def _make(work: Work, edition: Edition, payload: Mapping[str, Any], by: Person) -> Done:
    form = CodeBatchForm.model_validate(payload)
    batch, codes = batches.make_batch(work, edition, form, by=by, seconded=True)
    return Done((f"register +{len(codes)}",), batch.number, batch.label, tuple(enumerate(codes, 1)))


def _void(work: Work, edition: Edition, payload: Mapping[str, Any], by: Person) -> Done:
    service.void(work, edition, payload["batch"], payload["serial"], payload["reason"], by=by, seconded=True)
    return Done(("code voided 1",))


def _replace(work: Work, edition: Edition, payload: Mapping[str, Any], by: Person) -> Done:
    made = service.replace(work, edition, payload["batch"], payload["serial"], payload["reason"], by=by, seconded=True)
    label = batches.label_of(work, edition, payload["batch"])
    return Done(("code voided 1", "register +1"), payload["batch"], label, letters=(made,))


def _take_off(work: Work, edition: Edition, payload: Mapping[str, Any], by: Person) -> Done:
    form = RemovalForm(lines=tuple(payload["lines"]), reason=payload["reason"])
    return Done((f"register -{len(take_off(work, edition, form, by=by, seconded=True))}",))


def _put_back(work: Work, edition: Edition, payload: Mapping[str, Any], by: Person) -> Done:
    put_back(work, edition, desk.line_at(work, edition, payload["line"]), by=by, seconded=True)
    return Done(("register +1",))


_DO: Mapping[Change, Callable[[Work, Edition, Mapping[str, Any], Person], Done]] = {
    Change.IMPORT: _take_in, Change.BATCH: _make, Change.VOID: _void, Change.REPLACE: _replace, Change.TAKE_OFF: _take_off,
    Change.PUT_BACK: _put_back,
}  # fmt: skip
