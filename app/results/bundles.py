"""The bundle of a published result: asked for here, made by the worker (who alone holds the key that signs it), kept for everyone."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import func
from sqlmodel import col, select

from app import jobs
from app.core.messages import Message, say
from app.core.problems import Missing
from app.editions.models import Edition
from app.editions.queries import find_edition
from app.facts import read_once
from app.ledger.log import log_of
from app.polls.frozen import frozen_of
from app.results.models import ElectionBundle, Publication
from app.unit import Work
from app.voting.models import Ballot, Opening

BUNDLE_JOB = "result:bundle"
NO_BUNDLE = say("There is no bundle of this vote yet: it is made within minutes of the publication of its result.")


class BundleState(StrEnum):
    """Whether the bundle of an edition will ever be there, is being made, or can be downloaded."""

    NONE = "none"
    WAITING = "waiting"
    MADE = "made"


def ask(work: Work, edition: Edition) -> None:
    """Let the worker make the bundle, or make it anew after another public act or signature. Only of a frozen vote with its result out."""
    if edition.frozen and work.db.get(Publication, edition.id) is not None:
        jobs.enqueue(work, BUNDLE_JOB, {"edition": edition.id}, key=f"{BUNDLE_JOB}:{edition.id}")


@read_once
def bundle_state(work: Work, edition: Edition) -> BundleState:
    """Where the bundle of an edition stands."""
    if not edition.frozen:
        return BundleState.NONE
    if work.db.exec(select(ElectionBundle.edition_id).where(ElectionBundle.edition_id == edition.id)).first() is not None:
        return BundleState.MADE
    return BundleState.WAITING if work.db.get(Publication, edition.id) is not None else BundleState.NONE


def bundle_job(work: Work, edition: Edition) -> jobs.Job | None:
    """The bundle that the worker still has to make, or to make anew; None where nothing waits."""
    return work.db.exec(select(jobs.Job).where(jobs.Job.key == f"{BUNDLE_JOB}:{edition.id}")).first()


def bundle_at(work: Work, slug: str) -> ElectionBundle:
    """The bundle of a public edition. Raises Missing."""
    found = work.db.get(ElectionBundle, find_edition(work, slug).id)
    if found is None:
        raise Missing(NO_BUNDLE)
    return found


def keep(work: Work, edition: Edition, content: bytes) -> None:
    """Keep a bundle in the place of the one before."""
    held = work.db.get(ElectionBundle, edition.id) or ElectionBundle(edition_id=edition.id or 0, content=b"", made_on=work.now.date())
    held.content, held.made_on = content, work.now.date()
    work.db.add(held)
    work.db.flush()


def withheld(work: Work, edition: Edition) -> int:
    """0; or, where there are so few ballots in all that only totals may be shown, how many it would take to show them.

    Counted as a bundle is: every ballot of the log, those replaced by their voters too, and every one on paper.
    """
    if not edition.frozen:
        return 0
    frozen, log = frozen_of(work, edition), log_of(work, edition.id or 0)
    if frozen is None or log is None or work.db.get(Opening, edition.id) is None:
        return 0
    wanted = select(func.count()).select_from(Ballot).where(Ballot.edition_id == edition.id, col(Ballot.channel) == "paper")
    return frozen.least_batch if log.size + work.db.exec(wanted).one() < frozen.least_batch else 0


def too_few(least: int) -> Message:
    """Why only totals are published."""
    return say(
        "Fewer than %(least)d ballots were cast in all, so only totals are published: anything more could tell how somebody voted.",
        least=least,
    )
