"""A place that would put people in danger is nowhere public: not on the page, not in the API, not in the search, not in a fact."""

import pytest
from fastapi.testclient import TestClient

from app.core.eligibility import Context
from app.core.eligibility.papers import PartnerLetter
from app.core.lifecycle import State
from app.proposals.dossier import dossier_of
from app.proposals.models import Proposal
from app.proposals.search import stems
from app.review.sheet import sheet_of
from app.unit import Work, work
from tests.cast import Cast

PLACE = {
    "country": "SN",
    "place": "Ourossogui",
    "latitude": "15,66",
    "longitude": "-13,26",
    "place_guarded": "yes",
    "public_place": "Vallée du fleuve",
}
PARTNER = {"partner_name": "Réseau des veilleuses", "partner_role": "Refuge de Thilogne", "partner_letter": "yes"}
SECRETS = ("Ourossogui", "veilleuses", "Thilogne", "15,66", "15.66", "-13")


@pytest.fixture
def project(cast: Cast) -> Proposal:
    """A public project whose place and partner are kept back."""
    made = cast.submitted(place=PLACE, partner=PARTNER)
    with work(cast.engine) as unit:
        held = unit.db.get_one(Proposal, made.id)
        held.state = State.ADMISSIBLE
        unit.db.add(held)
    return made


def test_nothing_public_tells_where_or_with_whom(client: TestClient, project: Proposal) -> None:
    page = client.get(f"/projects/{project.public_id}")
    detail = client.get(f"/api/v1/projects/{project.public_id}")
    assert page.status_code == detail.status_code == 200
    assert "Vallée du fleuve" in page.text
    assert detail.json()["place"] == "Vallée du fleuve"
    for secret in SECRETS:
        assert secret not in page.text, secret
        assert secret not in detail.text, secret


def test_the_search_does_not_find_what_is_kept_back(unit: Work, project: Proposal) -> None:
    held = unit.db.get_one(Proposal, project.id)
    assert all(stem not in held.search_text for stem in stems("Ourossogui veilleuses", "fr"))
    assert stems("fleuve", "fr")[0] in held.search_text


def test_no_fact_of_a_rule_names_the_partner(unit: Work, project: Proposal) -> None:
    held = unit.db.get_one(Proposal, project.id)
    rule = PartnerLetter(key="partner", wording={"fr": "Un partenaire."})
    assert "veilleuses" not in str(rule.check(dossier_of(unit, held), Context()).fact)
    held.partner_letter = False
    assert "veilleuses" not in str(rule.check(dossier_of(unit, held), Context()).fact)


def test_a_sheet_shows_coordinates_only_where_they_are_not_kept_back(unit: Work, project: Proposal) -> None:
    held = unit.db.get_one(Proposal, project.id)
    assert sheet_of(unit, held).coordinates is None
    held.place_guarded = False
    assert sheet_of(unit, held).coordinates == (15.66, -13.26)


def test_the_carrier_s_own_preview_is_what_residents_read(client: TestClient, cast: Cast, project: Proposal) -> None:
    claire = cast.person()
    cast.sign_in(client, claire)
    preview = client.get(f"/files/{project.public_id}/preview").text
    assert "Aperçu" in preview
    assert all(secret not in preview for secret in SECRETS)
    assert "Ourossogui" in client.get(f"/files/{project.public_id}/submission").text
