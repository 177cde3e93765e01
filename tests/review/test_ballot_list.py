"""Putting the admissible projects on the ballot."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.permissions import Role
from app.core.problems import Conflict, Refused
from app.editions.models import Edition
from app.ledger.models import Entry
from app.proposals.models import Proposal
from app.review import ballot
from app.unit import Work
from tests.cast import Cast
from tests.review.desk import checked, hand_in


def admitted(work: Work, edition: Edition, *keys: str) -> list[Proposal]:
    """Files of the demonstration that are admissible already."""
    made = [hand_in(work, edition, key) for key in keys]
    for proposal in made:
        proposal.state = "admissible"
        work.db.add(proposal)
        checked(work, proposal)
    work.db.flush()
    return made


def test_all_admissible_projects_go_on_the_ballot_and_only_they(unit: Work, cast: Cast) -> None:
    person = cast.official(Role.PUBLISHER)
    edition = cast.edition()
    projects, waiting = admitted(unit, edition, "P01", "P02"), hand_in(unit, edition, "P03")
    ballot.put_on_ballot(unit, edition, [one.public_id for one in projects], by=person)
    unit.db.flush()
    assert [one.state for one in projects] == ["on_ballot", "on_ballot"]
    assert waiting.state == "submitted"
    assert unit.db.exec(select(Entry.text).where(Entry.event == "edition:ballot_list")).one() == "1, 2"


def test_a_list_that_changed_since_it_was_read_is_not_applied(unit: Work, cast: Cast) -> None:
    person = cast.official(Role.PUBLISHER)
    edition = cast.edition()
    first, second = admitted(unit, edition, "P01", "P02")
    with pytest.raises(Conflict, match="changed meanwhile"):
        ballot.put_on_ballot(unit, edition, [first.public_id], by=person)
    assert second.state == "admissible"


def test_an_empty_list_is_told(unit: Work, cast: Cast) -> None:
    person, edition = cast.official(Role.PUBLISHER), cast.edition()
    with pytest.raises(Conflict, match="No project is waiting"):
        ballot.put_on_ballot(unit, edition, [], by=person)


def test_the_ballot_does_not_change_once_the_vote_has_begun(unit: Work, cast: Cast) -> None:
    person = cast.official(Role.PUBLISHER)
    edition = cast.edition(unit.now - timedelta(days=180))
    projects = admitted(unit, edition, "P01")
    with pytest.raises(Refused, match="vote has begun"):
        ballot.put_on_ballot(unit, edition, [projects[0].public_id], by=person)


def test_a_case_officer_does_not_make_the_ballot(unit: Work, cast: Cast) -> None:
    person = cast.official(Role.CASE_OFFICER)
    edition = cast.edition()
    projects = admitted(unit, edition, "P01")
    with pytest.raises(Refused):
        ballot.put_on_ballot(unit, edition, [projects[0].public_id], by=person)
