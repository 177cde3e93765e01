"""A file started from an earlier one: what would be typed again is there; dates, declarations, letters and rates are not."""

import pytest

from app.core.eligibility import Section
from app.core.problems import Missing
from app.proposals import copying, queries, service
from app.unit import Work
from tests.cast import Cast
from tests.proposals.test_currencies import PAID
from tests.proposals.test_saving import opened


def test_the_answers_are_copied_and_the_dated_and_signed_ones_are_not(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, complete=True, budget={"charges": [PAID]}, feedback={"feedback_on": "2028-05-06"})
    made = copying.start_from(unit, file.edition, file.organisation, file, by=claire)
    copy = queries.carrier_file(unit, made.public_id, claire)
    for section in (Section.PROJECT, Section.NEED, Section.BENEFICIARIES, Section.PLACE, Section.INDICATORS, Section.RISKS, Section.THEME):
        assert service.answers(unit, made, section) == service.answers(unit, file.proposal, section), section
    assert (made.partner_name, made.partner_letter) == ("Comité de gestion de l’eau", None)
    assert (made.duration_months, made.starts_on, made.feedback_on) == (18, None, None)
    assert (made.declarations, made.number, made.submitted_at, made.state) == ({}, None, None, "draft")
    charge, *_ = queries.lines_of(unit, made)
    assert (charge.cents, charge.currency, charge.rate_on) == (120_000, "", None)
    assert {line.status for line in queries.lines_of(unit, made) if line.side == "product"} == {"requested"}, "of that year alone"
    source, pages = copying.copied_pages(unit, copy)
    assert source is not None
    assert source.proposal.public_id == file.proposal.public_id
    assert "Declarations" not in [str(page) for page in pages]


def test_the_earlier_file_stays_as_it_was(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, complete=True)
    before = [service.answers(unit, file.proposal, Section(name)) for name in ("project", "budget", "partner")]
    copying.start_from(unit, file.edition, file.organisation, file, by=claire)
    assert [service.answers(unit, file.proposal, Section(name)) for name in ("project", "budget", "partner")] == before


def test_a_file_of_another_organisation_is_not_copied(unit: Work, cast: Cast) -> None:
    leo = cast.person("leo@example.org", "Léo")
    other = cast.organisation(leo, name="Autre")
    file, _ = opened(unit, cast, complete=True)
    with pytest.raises(Missing):
        copying.start_from(unit, file.edition, other, file, by=leo)
