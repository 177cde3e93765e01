"""Proving that one may vote: by a code sent by e-mail, by a printed code. Each person has one line on the roll."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from app.core.credentials import keyed
from app.core.forms import read
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing, Refused
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.electorate import tallies, tries
from app.electorate.codes import code_hash, person_hash, plain_words, registrar_key
from app.electorate.emails import send_code
from app.electorate.forms import DeclarationForm, PersonForm
from app.electorate.models import EmailProof, RollLine, VotingCode
from app.unit import Work

LASTS = timedelta(minutes=30)
TRIES = 5
DIGITS = "0123456789"
OVER = say("This code has expired or was tried too often. Ask for a new one; your ballot is not lost.")
NO_CODE = say("This code cannot be used. Check each letter, or ask the place that gave it to you.")
TAKEN_OFF = say("This person was taken off the roll: %(reason)s The desk of the city can help.")


@dataclass(frozen=True)
class Waiting:
    """A declaration that waits for its six digits: where they were sent, without the name before the @, and how many tries are left."""

    sent_to: str
    left: int


def today(work: Work, edition: Edition) -> date:
    """The day it is in the edition's own zone: all that the roll ever says of time."""
    return work.now.astimezone(ZoneInfo(programme_of(work, edition).zone)).date()


def declare(work: Work, edition: Edition, form: DeclarationForm, *, network: str, language: str = "fr") -> str:
    """Send a one-time code of six digits to the declared address; returns the ticket to show with it.

    Nothing tells whether the person or the address is known already. Raises Invalid (birth date) and TooManyTries.
    """
    if form.born > today(work, edition):
        raise Invalid({"birth_date": say("This date is in the future.")})
    tries.count_declaration(work, edition, form.email, network)
    work.db.execute(delete(EmailProof).where(col(EmailProof.expires_at) <= work.now))
    ticket, code = work.token(43), work.token(6, DIGITS)
    proof = EmailProof(
        ticket_hash=_ticket_hash(ticket), edition_id=edition.id or 0, code_hash=_proof_hash(work, edition, ticket, code),
        declared=json.dumps(form.model_dump(mode="json"), ensure_ascii=False), expires_at=work.now + LASTS,
    )  # fmt: skip
    work.db.add(proof)
    send_code(work, form.email, language, code)
    tallies.note(work, edition, today(work, edition), tallies.ASKED, _provider(form.email))
    tallies.note(work, edition, today(work, edition), tallies.NETWORK, network)
    return ticket


def waiting(work: Work, edition: Edition, ticket: str) -> Waiting:
    """What may be told of a declaration to whoever holds its ticket: enough to go on, not whose it is. Raises Missing when it is over."""
    known = (EmailProof.ticket_hash == _ticket_hash(ticket), EmailProof.edition_id == edition.id, col(EmailProof.expires_at) > work.now)
    proof = work.db.exec(select(EmailProof).where(*known)).first()
    if proof is None or proof.tries >= TRIES:
        raise Missing(OVER)
    local, _, provider = str(json.loads(proof.declared)["email"]).rpartition("@")
    return Waiting(f"{local[:1]}…@{provider}", TRIES - proof.tries)


SIX = 6
NOT_SIX = say("Type the six digits that are in the e-mail. This try was not counted.")


def prove(work: Work, edition: Edition, ticket: str, typed: str, *, network: str = "unknown") -> RollLine:
    """The line of the person who declared, once the code is right; the same person always gets the same line.

    Raises Invalid at "code" (try again; what is not six digits costs no try), Missing when it is over, Refused for somebody taken off the
    roll, TooManyTries.
    """
    code = "".join(sign for sign in typed if sign.isdigit())
    if len(code) != SIX:
        raise Invalid({"code": NOT_SIX})
    tries.count_proof(work, network)
    proof = _count_answer(work, edition, ticket)
    if proof is None or not hmac.compare_digest(proof.code_hash, _proof_hash(work, edition, ticket, code)):
        if proof is None or proof.tries >= TRIES:
            raise Missing(OVER)
        raise Invalid({"code": wrong_code(TRIES - proof.tries)})
    form = read(DeclarationForm, json.loads(proof.declared))
    line = line_of_person(work, edition, form, origin="email", email=form.email)
    tallies.note(work, edition, today(work, edition), tallies.PROVED, _provider(form.email))
    return standing(line)


def wrong_code(left: int) -> Message:
    """What to say of six digits that are not those that were sent."""
    return say("This is not the code we sent. Tries left: %(left)d.", left=left)


def _count_answer(work: Work, edition: Edition, ticket: str) -> EmailProof | None:
    """The proof of a ticket with this answer counted, for good whatever comes next; None if it is over."""
    counted = (
        update(EmailProof)
        .where(
            col(EmailProof.ticket_hash) == _ticket_hash(ticket), col(EmailProof.edition_id) == edition.id,
            col(EmailProof.tries) < TRIES, col(EmailProof.expires_at) > work.now,
        )
        .values(tries=col(EmailProof.tries) + 1)
        .returning(EmailProof)
    )  # fmt: skip
    found = work.db.scalars(counted, execution_options={"synchronize_session": False, "populate_existing": True}).first()
    work.db.commit()
    return found


def line_of_person(
    work: Work, edition: Edition, person: PersonForm, *, origin: str, email: str = "", apart: str = "", district: str | None = None
) -> RollLine:
    """The one line of a person (found by name and birth date), made if there is none yet."""
    known = person_hash(registrar_key(work, edition), person.name, person.born, apart=apart)
    mine = select(RollLine).where(RollLine.edition_id == edition.id, RollLine.person_hash == known)
    if (line := work.db.exec(mine).first()) is not None:
        return line
    if email:
        _check_crowd(work, edition, email)
    line = RollLine(
        public_id=work.code(26), edition_id=edition.id or 0, origin=origin, person_hash=known, name=person.name,
        search_name=" ".join(plain_words(person.name)), birth_date=person.born, address=person.address, email=email,
        district=district, added_on=today(work, edition),
    )  # fmt: skip
    try:
        with work.db.begin_nested():
            work.db.add(line)
    except IntegrityError:  # the same person, from another tab at the same moment
        return work.db.exec(mine).one()
    return line


def _check_crowd(work: Work, edition: Edition, email: str) -> None:
    same = (RollLine.edition_id == edition.id, RollLine.email == email, RollLine.added_on == today(work, edition))
    if work.db.exec(select(func.count()).select_from(RollLine).where(*same)).one() >= tries.PEOPLE_PER_ADDRESS:
        raise Refused(say("Too many people were declared with this e-mail address today. Come back tomorrow, or go to the desk."))


def line_of_code(work: Work, edition: Edition, typed: str, *, network: str) -> RollLine:
    """The line a printed code stands for. One sentence for every failure: wrong, void, or of another edition.

    Raises Invalid at "printed" and TooManyTries.
    """
    tries.count_printed(work, edition, network)
    known = code_hash(registrar_key(work, edition), typed) or ""
    line = work.db.exec(
        select(RollLine)
        .join(VotingCode, col(VotingCode.roll_line_id) == col(RollLine.id))
        .where(VotingCode.edition_id == edition.id, VotingCode.code_hash == known, col(VotingCode.voided_on).is_(None))
    ).first()
    if line is None:
        tallies.note(work, edition, today(work, edition), tallies.WRONG, network)
        work.db.commit()  # the refusal undoes the rest of the request, but never the count
        raise Invalid({"printed": NO_CODE})
    return standing(line)


def standing(line: RollLine) -> RollLine:
    """The line itself, unless it was taken off the roll. Raises Refused with the reason."""
    if line.mark == "refused":
        raise Refused(say(TAKEN_OFF.text, reason=line.reason))
    return line


def _provider(email: str) -> str:
    return email.rpartition("@")[2]


def _ticket_hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def _proof_hash(work: Work, edition: Edition, ticket: str, code: str) -> str:
    """Keyed, and bound to its ticket: a stolen table does not give back six digits."""
    return keyed(registrar_key(work, edition), "mailed", ticket, code).hex()
