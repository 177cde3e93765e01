"""Where each page stands, in words; what does not fit together; what the rules found."""

from typing import Any

import pytest

from app.core.eligibility import Section
from app.proposals import queries
from app.proposals.completeness import Standing, assess, required_pages
from app.unit import Work
from tests.cast import Cast
from tests.proposals.test_saving import opened


def test_an_empty_page_is_incomplete_where_asked_for_and_optional_elsewhere(unit: Work, cast: Cast) -> None:
    file, _ = opened(unit, cast)
    found = assess(unit, file)
    assert found.standing(Section.PROJECT) is Standing.INCOMPLETE
    assert {one for one in Section if found.standing(one) is Standing.OPTIONAL} >= {Section.NEED, Section.RISKS, Section.MARKERS}
    assert found.extra == 0
    assert found.done < len(found.required)


def test_a_complete_file_is_complete_on_every_page_it_fills(unit: Work, cast: Cast) -> None:
    file, _ = opened(unit, cast, complete=True)
    found = assess(unit, file)
    assert found.done == len(found.required) == len(required_pages(file.edition))
    assert {found.standing(one) for one in (Section.NEED, Section.RISKS, Section.BUDGET)} == {Standing.COMPLETE}
    assert {one.rule_key for one in found.findings} == {rule.key for rule in file.edition.rulebook.rules}


@pytest.mark.parametrize(
    ("page", "answers", "field"),
    [
        ("beneficiaries", {"women_0_14": "501"}, "beneficiaries"),
        ("beneficiaries", {"beneficiaries": ""}, "beneficiaries"),
        ("markers", {"gender_equality_reason": ""}, "gender_equality_reason"),
        ("markers", {"climate_mitigation": "0"}, "climate_mitigation_reason"),
        ("activities", {"activities": [{"label": "Bilan", "month": "18", "months": "2"}]}, "activities-0-month"),
        ("theme", {"sdg_targets": ["13.1"]}, "sdg_targets"),
        ("indicators", {"indicators": [{"label": "Temps"}]}, "indicators-0-target"),
        ("risks", {"risks": [{"what": "Pluies"}]}, "risks-0-answer"),
    ],
)
def test_answers_that_do_not_fit_are_told_and_kept(unit: Work, cast: Cast, page: str, answers: dict[str, Any], field: str) -> None:
    file, _ = opened(unit, cast, complete=True, **{page: answers})
    (point,) = assess(unit, file).points
    assert (point.section.value, point.field, point.advice, point.needed) == (page, field, True, False)


def test_a_reader_of_the_file_finds_the_same_people_twice(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, complete=True)
    again = queries.carrier_file(unit, file.proposal.public_id, claire)
    assert assess(unit, again) == assess(unit, file)
