"""Papers of an organisation: handed in once, counted while they are valid, read by members and by the city that has a file (N12)."""

from datetime import date, timedelta

import pytest

from app.accounts.people import Person
from app.core.permissions import Role
from app.core.problems import Invalid, Missing, Refused
from app.organisations import papers
from app.organisations.forms import PaperForm
from app.organisations.models import Organisation, Paper
from app.proposals.by_carrier import paper_for
from app.proposals.dossier import dossier_of
from app.proposals.models import Proposal
from app.unit import Work
from tests.cast import Cast
from tests.proposals.test_documents import PDF
from tests.turns import TakingTurns

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def cast(cast: Cast, unit: Work) -> Cast:
    return TakingTurns(cast, unit)  # type: ignore[return-value]


@pytest.fixture
def claire(cast: Cast) -> Person:
    return cast.person()


@pytest.fixture
def organisation(cast: Cast, claire: Person, unit: Work) -> Organisation:
    made = cast.organisation(claire)
    return unit.db.get_one(Organisation, made.id)


def hand_in(
    unit: Work, organisation: Organisation, by: Person, kind: str = "statutes", until: date | None = None, content: bytes = PDF
) -> Paper:
    form = PaperForm(kind=kind, dated_on=NOVEMBER, valid_until=until)
    return papers.hand_in(unit, organisation, form, "statuts.pdf", content, by=by)


def test_a_valid_paper_counts_for_every_file_and_one_that_ran_out_for_none(
    unit: Work, cast: Cast, claire: Person, organisation: Organisation
) -> None:
    proposal = unit.db.get_one(Proposal, cast.draft(claire).id)
    assert "statutes" not in dossier_of(unit, proposal).documents
    hand_in(unit, organisation, claire, until=unit.now.date())
    assert "statutes" in dossier_of(unit, proposal).documents
    tomorrow = Work(unit.db, unit.now + timedelta(days=1))
    assert "statutes" not in dossier_of(tomorrow, proposal).documents


def test_a_paper_of_the_sponsor_counts_for_a_collectives_file(unit: Work, cast: Cast) -> None:
    ana, claire = cast.person("ana@example.org", "Ana"), cast.person()
    sponsor = unit.db.get_one(Organisation, cast.organisation(claire, name="Porteuse").id)
    hand_in(unit, sponsor, claire, kind="bank_details")
    cast.organisation(ana, kind="collective", name="Graines", sponsor_name="Porteuse", republican_commitment_on=None)
    proposal = unit.db.get_one(Proposal, cast.draft(ana).id)
    assert "bank_details" in dossier_of(unit, proposal).documents


def test_a_replaced_paper_stays_as_an_older_version(unit: Work, claire: Person, organisation: Organisation) -> None:
    first = hand_in(unit, organisation, claire)
    second = hand_in(unit, organisation, claire, content=PDF.replace(b"1 0 obj", b"2 0 obj"))
    assert [one.id for one in papers.current(unit, [organisation.id])] == [second.id]
    assert [one.id for one in papers.all_of(unit, organisation)] == [second.id, first.id]
    assert papers.content_of(unit, first) == PDF
    papers.set_aside(unit, organisation, second.public_id, by=claire)
    assert papers.current(unit, [organisation.id]) == []


def test_what_is_wrong_with_a_paper_is_told_at_its_field(unit: Work, claire: Person, organisation: Organisation) -> None:
    with pytest.raises(Invalid) as caught:
        papers.hand_in(
            unit, organisation, PaperForm(kind="statutes", dated_on=unit.now.date() + timedelta(days=1)), "a.pdf", PDF, by=claire
        )
    assert set(caught.value.errors) == {"dated_on"}
    with pytest.raises(Invalid) as caught:
        hand_in(unit, organisation, claire, content=b"<script>alert(1)</script>")
    assert set(caught.value.errors) == {"file"}
    hand_in(unit, organisation, claire)
    with pytest.raises(Invalid, match="stands here already"):
        hand_in(unit, organisation, claire)


def test_only_those_who_may_sign_hand_papers_in(unit: Work, cast: Cast, organisation: Organisation) -> None:
    for role in ("writer", "reader"):
        somebody = cast.member(organisation, cast.person(f"{role}@example.org", role), role)
        with pytest.raises(Refused, match="Treasurer"):
            hand_in(unit, organisation, somebody)
    with pytest.raises(Refused):
        hand_in(unit, organisation, cast.person("stranger@example.org", "Inconnu"))


def test_a_paper_is_read_by_members_and_by_the_city_only_once_it_has_a_file(
    unit: Work, cast: Cast, claire: Person, organisation: Organisation
) -> None:
    paper = hand_in(unit, organisation, claire, kind="bank_details")
    reader = cast.member(organisation, cast.person("reader@example.org", "Lecteur"), "reader")
    for person in (claire, reader):
        assert paper_for(unit, organisation.slug, paper.public_id, person).id == paper.id
    officer, other = cast.official(Role.CASE_OFFICER), cast.person("other@example.org", "Autre")
    theirs = cast.organisation(other, name="Autre association")
    for slug, person in ((organisation.slug, other), (organisation.slug, None), (organisation.slug, officer), (theirs.slug, other)):
        with pytest.raises(Missing):
            paper_for(unit, slug, paper.public_id, person)
    cast.submitted(claire)
    assert paper_for(unit, organisation.slug, paper.public_id, officer).id == paper.id
    with pytest.raises(Missing):
        paper_for(unit, organisation.slug, paper.public_id, cast.official(Role.MODERATOR, email="mod@example.org"))
