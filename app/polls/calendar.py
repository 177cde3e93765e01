"""Where an edition stands beside the dates of its vote."""

from app.core.calendar import PhaseKind, Stage
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.unit import Work


def voting_stage(work: Work, edition: Edition) -> Stage:
    """Before, in, after the vote, or absent where it has no dates."""
    return calendar_of(work, edition).stage(PhaseKind.voting, work.now)
