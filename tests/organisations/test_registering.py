"""Registering organisations: numbers that exist, one organisation for each number, a representative at all times."""

import pytest

from app.core.forms import read
from app.core.permissions import MemberRole
from app.core.problems import Invalid, Refused
from app.organisations import queries, service
from app.organisations.forms import OrganisationForm
from app.organisations.models import Membership
from app.unit import Work
from tests.cast import Cast

ASSOCIATION = {"kind": "association", "name": "Ker Teranga", "siret": "00009001900019", "rna": "W353990001"}


def faults(values: dict[str, object]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read(OrganisationForm, values)
    return {name: str(sentence) for name, sentence in caught.value.errors.items()}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("siret", "00009001900018", "This SIRET number does not exist: check its digits, one of them is wrong."),
        ("siret", "123", "A SIRET number has 14 digits: the 9 of the SIREN, then 5 for the place."),
        ("siren", "000090018", "This SIREN number does not exist: check its digits, one of them is wrong."),
        ("siren", "abcdefghi", "A SIREN number has 9 digits."),
        ("rna", "W35399000", "An RNA number is the letter W and 9 digits, such as W353990001."),
        ("name", "  ", "Fill in this field."),
        ("name", "x" * 151, "Keep this to 150 characters at most."),
        ("founded_on", "31/02/2020", "This date does not exist. Enter a date such as 14/05/2027."),
        ("members", "-4", "Enter 0 or more."),
        ("pending_reports", "0", "This field is not expected here."),
    ],
)
def test_an_ill_formed_answer_gets_its_sentence(field: str, typed: str, sentence: str) -> None:
    assert faults(ASSOCIATION | {field: typed}) == {field: sentence}


def test_numbers_are_read_with_the_spaces_people_put() -> None:
    form = read(OrganisationForm, ASSOCIATION | {"siret": "000 090 019 00019", "rna": "w 353 990 001"})
    assert (form.siret, form.whole_siren, form.rna) == ("00009001900019", "000090019", "W353990001")


def test_a_siret_that_does_not_begin_with_the_siren_is_told() -> None:
    assert list(faults(ASSOCIATION | {"siren": "000090027"})) == [""]


def test_whoever_registers_becomes_the_representative(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    made = service.register(unit, read(OrganisationForm, ASSOCIATION), by=claire)
    assert queries.role_in(unit, made.id, claire) is MemberRole.REPRESENTATIVE
    assert made.slug.startswith("ker-teranga-")


def test_a_siret_already_here_is_told_at_the_field(unit: Work, cast: Cast) -> None:
    claire, leo = cast.person(), cast.person("leo@example.org", "Léo")
    service.register(unit, read(OrganisationForm, ASSOCIATION), by=claire)
    with pytest.raises(Invalid) as caught:
        service.register(unit, read(OrganisationForm, ASSOCIATION | {"name": "Autre"}), by=leo)
    assert set(caught.value.errors) == {"siret", "rna"}
    assert "Ask its representative to invite you" in str(caught.value.errors["siret"])


def test_an_association_without_rna_says_that_it_is_from_alsace_moselle(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    without = {"kind": "association", "name": "Strasbourg sans frontières"}
    with pytest.raises(Invalid) as caught:
        service.register(unit, read(OrganisationForm, without), by=claire)
    assert set(caught.value.errors) == {"rna"}
    assert service.register(unit, read(OrganisationForm, without | {"no_rna": "yes"}), by=claire).rna is None


def test_a_collective_names_a_sponsor_that_is_made_if_it_is_not_known(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    collective = {"kind": "collective", "name": "Graines en commun", "sponsor_name": "Ker Teranga"}
    with pytest.raises(Invalid) as caught:
        service.register(unit, read(OrganisationForm, collective), by=claire)
    assert set(caught.value.errors) == {"sponsor_siret"}
    made = service.register(unit, read(OrganisationForm, collective | {"sponsor_siret": "00009001900019"}), by=claire)
    sponsor = queries.sponsor_of(unit, made)
    assert sponsor is not None
    assert (sponsor.name, sponsor.siren, made.siret) == ("Ker Teranga", "000090019", None)


def test_a_sponsor_without_members_is_taken_over_by_the_association_itself(unit: Work, cast: Cast) -> None:
    collective = {"kind": "collective", "name": "Graines", "sponsor_name": "Ker", "sponsor_siret": "00009001900019"}
    claire, leo = cast.person(), cast.person("leo@example.org", "Léo")
    made = service.register(unit, read(OrganisationForm, collective), by=claire)
    arrived = service.register(unit, read(OrganisationForm, ASSOCIATION), by=leo)
    assert arrived.id == made.sponsor_id
    assert arrived.name == "Ker Teranga"


def test_a_sponsor_is_found_by_name_whatever_the_case(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    service.register(unit, read(OrganisationForm, ASSOCIATION | {"name": "Élan"}), by=claire)
    made = service.register(unit, read(OrganisationForm, {"kind": "collective", "name": "G", "sponsor_name": "éLAN"}), by=claire)
    assert made.sponsor_id is not None


def test_only_a_representative_or_treasurer_changes_it(unit: Work, cast: Cast) -> None:
    claire, leo = cast.person(), cast.person("leo@example.org", "Léo")
    made = service.register(unit, read(OrganisationForm, ASSOCIATION), by=claire)
    with pytest.raises(Refused):
        service.change(unit, made, read(OrganisationForm, ASSOCIATION), by=leo)
    unit.db.add(Membership(organisation_id=made.id or 0, account_id=leo.id, role="writer", since=unit.now))
    unit.db.flush()
    with pytest.raises(Refused, match="Legal representative"):
        service.change(unit, made, read(OrganisationForm, ASSOCIATION), by=leo)


def test_the_kind_of_an_organisation_stays(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    made = service.register(unit, read(OrganisationForm, ASSOCIATION), by=claire)
    service.change(unit, made, read(OrganisationForm, ASSOCIATION | {"kind": "collective", "name": "Nouveau nom"}), by=claire)
    assert (made.kind, made.name) == ("association", "Nouveau nom")
