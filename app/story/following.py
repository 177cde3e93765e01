"""Following a project or an edition by e-mail: asked for, confirmed by a link, ended by a link; an address is kept no longer than that."""

from __future__ import annotations

from datetime import timedelta

from pydantic import ConfigDict
from sqlalchemy import ColumnElement, delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts.attempts import HOUR, Limit, count_try
from app.accounts.forms import Email
from app.core.forms import Form
from app.core.messages import Localised, say
from app.core.problems import Missing
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.notifications.service import forget_recipient, queue
from app.proposals.lifecycle import is_public
from app.proposals.models import Proposal
from app.settings import settings
from app.story.models import Follower
from app.unit import Work

TRIES = {"account": Limit(10, HOUR), "network": Limit(60, HOUR)}
CONFIRM_WITHIN = timedelta(days=2)
LINK_OVER = say("This link leads nowhere any more: the following has ended, or was never confirmed. Your address is not kept here.")


class FollowForm(Form):
    """The address to write to."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    email: Email


def follow(work: Work, thing: Proposal | Edition, form: FollowForm, *, language: str, network: str) -> None:
    """Ask for a following: a link to confirm it goes to the address. Who asks is told the same, whatever address it is.

    An address that follows already hears nothing, so that nobody can fill its box. Raises TooManyTries.
    """
    count_try(work, "follow", TRIES, email=form.email, network=network)
    known = work.db.exec(select(Follower).where(Follower.email == form.email, *_about(thing)).with_for_update()).first()
    if known is not None and known.confirmed_at is not None:
        return
    if known is None:
        known = Follower(token=work.token(32), email=form.email, language=language, asked_at=work.now)
        known.proposal_id, known.edition_id = (thing.id, None) if isinstance(thing, Proposal) else (None, thing.id)
    known.asked_at, known.language = work.now, language
    try:
        with work.db.begin_nested():
            work.db.add(known)
    except IntegrityError:  # asked for twice in the same instant: one link is enough
        return
    edition = thing if isinstance(thing, Edition) else work.db.get_one(Edition, thing.edition_id)
    values = {"name": name_of(thing), "link": link_of(known), "edition": Localised(edition.name)}
    queue(work, "follow-confirm", known.email, known.language, values, zone=programme_of(work, edition).zone)


def _about(thing: Proposal | Edition) -> tuple[bool, ...]:
    return (Follower.proposal_id == thing.id,) if isinstance(thing, Proposal) else (Follower.edition_id == thing.id,)


def name_of(thing: Proposal | Edition) -> str | Localised:
    """What is followed, as its readers know it."""
    return thing.title if isinstance(thing, Proposal) else Localised(thing.name)


def link_of(follower: Follower) -> str:
    """The page of one following: confirms it, shows it, ends it."""
    return f"{settings().base_url}/following/{follower.token}"


def find_follower(work: Work, token: str, *, lock: bool = False) -> Follower:
    """The following behind a link. Raises Missing for one that ended, ran out or never was, all alike."""
    query = select(Follower).where(Follower.token == token)
    found = work.db.exec(query.with_for_update() if lock else query).first()
    if found is None or (found.confirmed_at is None and found.asked_at + CONFIRM_WITHIN <= work.now):
        raise Missing(LINK_OVER)
    return found


def thing_of(work: Work, follower: Follower) -> Proposal | Edition | None:
    """What is followed, None where it is not public any more."""
    if follower.proposal_id is not None:
        proposal = work.db.get_one(Proposal, follower.proposal_id)
        return proposal if is_public(proposal) and work.db.get_one(Edition, proposal.edition_id).published_at else None
    edition = work.db.get_one(Edition, follower.edition_id)
    return edition if edition.published_at else None


def confirm(work: Work, token: str) -> Follower:
    """Begin a following. Raises Missing; a second click changes nothing."""
    follower = find_follower(work, token, lock=True)
    if follower.confirmed_at is None:
        follower.confirmed_at = follower.told_until = work.now
        work.db.add(follower)
    return follower


def end(work: Work, token: str) -> None:
    """End a following and erase the address; of an unknown token nothing is left to end, and nothing is told."""
    _erase(work, col(Follower.token) == token)


def forget_unconfirmed(work: Work) -> None:
    """Erase the addresses that nobody confirmed in time."""
    _erase(work, col(Follower.confirmed_at).is_(None), col(Follower.asked_at) <= work.now - CONFIRM_WITHIN)


def _erase(work: Work, *conditions: ColumnElement[bool]) -> None:
    """Delete followings; of an address that follows nothing any more, the messages too that have not left."""
    gone = set(work.db.scalars(delete(Follower).where(*conditions).returning(col(Follower.email))))
    still = set(work.db.exec(select(Follower.email).where(col(Follower.email).in_(gone)))) if gone else set()
    for email in sorted(gone - still):
        forget_recipient(work, email)
