"""Saving pages of a file: incomplete is fine, ill-formed is told, nobody's words are overwritten unseen."""

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.forms import read
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.proposals import queries, service
from app.proposals.completeness import assess
from app.proposals.forms import DeclarationsForm, PlaceForm, ProjectForm, ThemeForm
from app.proposals.models import SectionRevision
from app.unit import Work
from tests.cast import Cast


def opened(unit: Work, cast: Cast, complete: bool = False, **answers: dict[str, object]) -> tuple[queries.CarrierFile, Person]:
    """A draft and its carrier. The cast works in transactions of its own, so it comes before the test's first statement."""
    claire = cast.person()
    proposal = cast.draft(claire, complete=complete, **answers)
    return queries.carrier_file(unit, proposal.public_id, claire), claire


def test_an_empty_page_is_a_fine_draft(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast)
    assert service.save(unit, file, Section.PROJECT, read(ProjectForm, {}), seen=0, by=claire) is False


def test_each_save_is_kept_as_a_revision_and_the_same_content_is_not(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast)
    assert service.save(unit, file, Section.PROJECT, read(ProjectForm, {"title": "Un"}), seen=0, by=claire)
    assert not service.save(unit, file, Section.PROJECT, read(ProjectForm, {"title": "Un"}), seen=0, by=claire)
    assert service.save(unit, file, Section.PROJECT, read(ProjectForm, {"title": "Deux"}), seen=1, by=claire)
    kept = unit.db.exec(select(SectionRevision).order_by(SectionRevision.number)).all()
    assert [(one.number, one.answers["title"], one.saved_by_id) for one in kept] == [(1, "Un", claire.id), (2, "Deux", claire.id)]


def test_a_page_saved_by_somebody_else_meanwhile_is_not_overwritten(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast)
    service.save(unit, file, Section.PROJECT, read(ProjectForm, {"title": "Le leur"}), seen=0, by=claire)
    with pytest.raises(service.Overtaken) as caught:
        service.save(unit, file, Section.PROJECT, read(ProjectForm, {"title": "Le mien"}), seen=0, by=claire)
    assert caught.value.latest is not None
    assert caught.value.latest.answers["title"] == "Le leur"
    assert file.proposal.title == "Le leur"
    assert service.save(unit, file, Section.PROJECT, read(ProjectForm, {"title": "Le mien"}), seen=1, by=claire)


def test_every_page_reads_back_what_was_saved(unit: Work, cast: Cast) -> None:
    file, _ = opened(unit, cast, complete=True)
    assert service.answers(unit, file.proposal, Section.THEME)["sdgs"] == [7]
    assert file.proposal.sdgs == [6, 7]
    budget = service.answers(unit, file.proposal, Section.BUDGET)
    assert budget["requested"] == 1_200_000
    assert [line["amount"] for line in budget["charges"]] == [1_650_000, 350_000, 504_000]
    assert service.answers(unit, file.proposal, Section.PLACE)["latitude"] == 15.66
    assert assess(unit, file).points == ()


def test_an_answer_that_is_not_on_the_edition_s_list_is_refused(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast)
    with pytest.raises(Invalid):
        service.save(unit, file, Section.THEME, read(ThemeForm, {"theme": "gardens"}), seen=0, by=claire)
    with pytest.raises(Invalid):
        service.save(unit, file, Section.DECLARATIONS, read(DeclarationsForm, {"declared": ["i_am_staff"]}), seen=0, by=claire)


def test_a_file_of_another_carrier_does_not_exist(unit: Work, cast: Cast) -> None:
    leo = cast.person("leo@example.org", "Léo")
    file, _ = opened(unit, cast)
    with pytest.raises(Missing):
        queries.carrier_file(unit, file.proposal.public_id, leo)
    with pytest.raises(Missing):
        queries.carrier_file(unit, file.proposal.public_id, None)


def test_a_reader_may_not_write(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast)
    reader = queries.CarrierFile(file.proposal, file.organisation, file.edition, file.programme, "reader")
    with pytest.raises(Refused, match="Writer"):
        service.save(unit, reader, Section.PLACE, read(PlaceForm, {}), seen=0, by=claire)


def test_a_submitted_file_can_no_longer_be_changed(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    file = queries.carrier_file(unit, cast.submitted(claire).public_id, claire)
    with pytest.raises(Conflict):
        service.save(unit, file, Section.PLACE, read(PlaceForm, {"country": "ML"}), seen=1, by=claire)


def test_what_is_missing_names_the_rule_it_serves(unit: Work, cast: Cast) -> None:
    file, _ = opened(unit, cast)
    points = assess(unit, file).points
    country = next(point for point in points if point.field == "country")
    assert country.needed
    assert country.rules[0]["fr"].startswith("Le projet se déroule")
    assert {point.field for point in points if point.needed} == {
        "title", "summary", "description", "country", "theme", "requested", "charges", "starts_on", "duration_months",
    }
    asked = next(point for point in points if point.field == "requested")
    assert len(asked.rules) == 3


def test_a_rule_that_is_broken_warns_with_the_exact_fact(unit: Work, cast: Cast) -> None:
    file, _ = opened(unit, cast, complete=True, place={"country": "FR"})
    (point,) = assess(unit, file).broken()
    assert (point.section, point.field, point.needed) == (Section.PLACE, "country", False)
    assert "not on the list" in str(point.fact)
