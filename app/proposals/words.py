"""What the sponsor of a collective says of a file, and whether it still holds of the file as it is."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import col, select

from app.core.eligibility import SponsorWord
from app.proposals.models import Proposal
from app.proposals.undertakings import SponsorStep
from app.unit import Work


class Words(NamedTuple):
    """Every step between a file and its sponsors, the oldest first."""

    steps: tuple[SponsorStep, ...] = ()

    def last(self, sponsor_id: int | None, *acts: str) -> SponsorStep | None:
        """The latest step with this sponsor, of these acts if any are named."""
        theirs = (step for step in reversed(self.steps) if step.sponsor_id == sponsor_id)
        return next((step for step in theirs if not acts or step.act in acts), None)

    def on(self, sponsor_id: int | None, content: str) -> SponsorWord:
        """What this sponsor says of a file whose content has the fingerprint `content`."""
        answer, latest = self.last(sponsor_id, "validate", "decline"), self.last(sponsor_id)
        if answer is not None and answer.act == "validate" and answer.content_hash == content:
            return SponsorWord.VALIDATED
        if latest is None:
            return SponsorWord.NOT_ASKED
        return {"ask": SponsorWord.ASKED, "validate": SponsorWord.OUTDATED, "decline": SponsorWord.DECLINED}[latest.act]


def words_on(work: Work, proposals: Sequence[Proposal]) -> dict[int, Words]:
    """The steps of each of these files, by row number, in one statement; none where there are no files."""
    if not proposals:
        return {}
    found: dict[int, list[SponsorStep]] = defaultdict(list)
    asked = select(SponsorStep).where(col(SponsorStep.proposal_id).in_([one.id for one in proposals]))
    for step in work.db.exec(asked.order_by(col(SponsorStep.id))):
        found[step.proposal_id].append(step)
    return {one.id or 0: Words(tuple(found[one.id or 0])) for one in proposals}
