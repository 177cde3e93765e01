"""A veto after the ballot list: closed grounds, two people, published; what it does before the freeze and after it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.ledger.models import PublicAct
from app.notifications.models import OutgoingMail
from app.polls import vetoing
from app.proposals.models import Proposal
from app.results.forms import CouncilForm
from app.results.service import make_decisions
from app.review.models import Ground
from app.review.vetoes import grounds_of
from app.unit import Work
from tests.cast import Cast
from tests.review.desk import hand_in


@pytest.fixture
def two(cast: Cast) -> tuple[Person, Person]:
    return cast.official(Role.PUBLISHER), cast.official(Role.PUBLISHER, email="yann@example.org", name="Yann Kerbrat")


@pytest.fixture
def edition(two: tuple[Person, Person], cast: Cast, unit: Work) -> Edition:
    return unit.db.merge(cast.edition())


def on_ballot(unit: Work, edition: Edition, state: str = "on_ballot") -> Proposal:
    proposal = hand_in(unit, edition)
    proposal.state = state
    unit.db.add(proposal)
    unit.db.flush()
    return proposal


def veto(unit: Work, edition: Edition, project: Proposal, two: tuple[Person, Person]) -> None:
    form = vetoing.VetoForm(project=project.public_id, ground=Ground.CARRIER_DISSOLVED, reason="Dissoute le 2 mars.")
    vetoing.confirm_veto(unit, edition, vetoing.propose_veto(unit, edition, form, by=two[0]), by=two[1])


def test_before_the_freeze_a_veto_takes_the_project_off_the_ballot(unit: Work, edition: Edition, two: tuple[Person, Person]) -> None:
    project = on_ballot(unit, edition)
    veto(unit, edition, project, two)
    assert project.state == "ineligible"
    assert grounds_of(unit, [project.public_id]) == {project.public_id: Ground.CARRIER_DISSOLVED}


def test_it_takes_two_people_a_reason_and_a_project_of_the_ballot(unit: Work, edition: Edition, two: tuple[Person, Person]) -> None:
    project = on_ballot(unit, edition)
    form = vetoing.VetoForm(project=project.public_id, ground=Ground.FRAUD_PROVEN, reason="Jugement du 3 mars.")
    motion = vetoing.propose_veto(unit, edition, form, by=two[0])
    with pytest.raises(Refused, match="second person"):
        vetoing.confirm_veto(unit, edition, motion, by=two[0])
    with pytest.raises(Conflict, match="waits for a second person"):
        vetoing.propose_veto(unit, edition, form, by=two[1])
    with pytest.raises(Invalid) as caught:
        vetoing.propose_veto(unit, edition, vetoing.VetoForm(project="nowhere", ground=Ground.FRAUD_PROVEN), by=two[0])
    assert set(caught.value.errors) == {"project", "reason"}
    assert project.state == "on_ballot"


def test_after_the_freeze_the_ballot_stays_the_veto_is_a_public_act_and_the_council_cannot_award(
    unit: Work, edition: Edition, two: tuple[Person, Person]
) -> None:
    edition.frozen = True
    project = on_ballot(unit, edition)
    veto(unit, edition, project, two)
    assert project.state == "on_ballot"
    assert unit.db.exec(select(PublicAct.text)).all() == [f"veto {project.public_id} carrier_dissolved"]
    project.state = "leading"
    unit.db.flush()
    day = (unit.now - timedelta(days=1)).date().isoformat()
    form = {"reference": "2027-123", "held_on": day, "decided_on": day, "projects": [project.public_id]}
    fields = {name: value for name, value in form.items() if name in {f.alias or n for n, f in CouncilForm.model_fields.items()}}
    with pytest.raises(Invalid, match="cannot be awarded"):
        make_decisions(unit, edition, CouncilForm.model_validate(fields | {"outcome": "awarded"}), by=two[0].id)


def test_the_carrier_is_told(unit: Work, edition: Edition, two: tuple[Person, Person]) -> None:
    project = hand_in(unit, edition, member=two[0].id)
    project.state = "on_ballot"
    veto(unit, edition, project, two)
    mail = unit.db.exec(select(OutgoingMail)).one()
    assert mail.name == "project-vetoed"
    assert "Dissoute le 2 mars." in mail.body_text
