"""Telling followers what happened: of a project at each of its steps, of an edition once a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select

from app.core.lifecycle import FINAL, STATES, State
from app.core.messages import Localised
from app.editions.models import Edition, Programme
from app.notifications.places import News
from app.notifications.service import queue
from app.proposals.lifecycle import MOVED_JOB, at, state_at, state_of
from app.proposals.models import Proposal, Transition
from app.review.history import told
from app.settings import settings
from app.story.following import link_of
from app.story.models import Follower
from app.unit import Work

DIGEST_JOB = "story:digest"
FORGET_JOB = "story:forget"
__all__ = ["DIGEST_JOB", "FORGET_JOB", "MOVED_JOB", "summarise", "tell"]
PUBLIC = [state.value for state, facts in STATES.items() if facts.public]
MOMENT = func.coalesce(col(Transition.shown_at), col(Transition.at))
"""`moment_of` in a statement."""


def tell(work: Work, step_id: int) -> None:
    """Write to everyone who follows the project of this step. After the last step there is, their addresses are erased.

    What is not public is told to nobody: of a project that left the public pages, only that it did.
    """
    step = work.db.get_one(Transition, step_id)
    if step.shown_at is not None and step.shown_at > work.now:
        return
    proposal = work.db.get_one(Proposal, step.proposal_id)
    edition = work.db.get_one(Edition, proposal.edition_id)
    target = State(step.target)
    # Who began to follow after the step, while its job still waited, has read it on the page.
    theirs = select(Follower).where(Follower.proposal_id == proposal.id, col(Follower.confirmed_at) <= moment_of(step))
    followers = work.db.exec(theirs).all()
    if edition.published_at is None or not followers:
        return
    public, last = STATES[target].public and STATES[state_of(at(proposal, work.now))].public, target in FINAL
    values = {
        "title": proposal.title, "edition": Localised(edition.name), "state": STATES[target].label, "last": last,
        "reason": step.reason if public else "", "link": f"{settings().base_url}/projects/{proposal.public_id}/history" if public else "",
    }  # fmt: skip
    zone = work.db.get_one(Programme, edition.programme_id).zone
    for follower in followers:
        stop = link_of(follower) + "/end"
        queue(work, "project-moved", follower.email, follower.language, values | {"stop": stop}, zone=zone, unsubscribe=stop)
        if last:
            work.db.delete(follower)


def summarise(work: Work) -> None:
    """Once a day, to each who follows an edition: what happened to its projects since the last time; nothing where nothing did."""
    followers = work.db.exec(select(Follower).where(col(Follower.edition_id).is_not(None), col(Follower.confirmed_at).is_not(None))).all()
    by_edition: defaultdict[int, list[Follower]] = defaultdict(list)
    for follower in followers:
        by_edition[follower.edition_id or 0].append(follower)
    for edition_id, theirs in by_edition.items():
        _summarise(work, work.db.get_one(Edition, edition_id), theirs)


def _summarise(work: Work, edition: Edition, followers: Sequence[Follower]) -> None:
    since = min(one.told_until or work.now for one in followers)
    news = public_steps(work, edition, since=since)
    zone = work.db.get_one(Programme, edition.programme_id).zone
    base = settings().base_url
    for follower in followers:
        mine = [
            News(proposal.title, told(step)["title"], f"{base}/projects/{proposal.public_id}/history")
            for proposal, step in news
            if follower.told_until is None or moment_of(step) > follower.told_until
        ]
        if mine:
            stop = link_of(follower) + "/end"
            values = {"edition": Localised(edition.name), "news": mine, "stop": stop, "link": f"{base}/editions/{edition.slug}"}
            queue(work, "edition-news", follower.email, follower.language, values, zone=zone, unsubscribe=stop)
        follower.told_until = work.now
        work.db.add(follower)


def public_steps(work: Work, edition: Edition, *, since: datetime | None = None, limit: int = 200) -> list[tuple[Proposal, Transition]]:
    """The newest steps of the public projects of an edition that led to a public state, the newest first; one statement."""
    if edition.published_at is None:
        return []
    wanted = select(Proposal, Transition).join(Transition, col(Transition.proposal_id) == col(Proposal.id)).where(
        Proposal.edition_id == edition.id, state_at(work.now).in_(PUBLIC), col(Transition.target).in_(PUBLIC), work.now >= MOMENT,
        *([since < MOMENT] if since else []),
    )  # fmt: skip
    return list(work.db.exec(wanted.order_by(MOMENT.desc(), col(Transition.id).desc()).limit(limit)).all())


def moment_of(step: Transition) -> datetime:
    """When everybody could know of a step: at once, or at the instant at which the edition shows its decisions."""
    return step.shown_at or step.at
