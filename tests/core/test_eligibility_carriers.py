"""Promises of the rules about who carries a project, and about dates, places and papers."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.eligibility import Carrier, CarrierForm, Context, CountryList, Dossier, Partner, Verdict
from tests.core.rules import book, rule, verdict

DEADLINE = Context(deadline=date(2027, 1, 31), council_on=date(2027, 6, 28))
SPONSOR = Carrier(CarrierForm.ASSOCIATION, "Appui", founded_on=date(2001, 1, 15), republican_commitment_on=date(2026, 11, 2))


def collective(sponsor: Carrier | None = SPONSOR, founded_on: date | None = date(2026, 9, 1)) -> Dossier:
    """A young collective, with or without the association that signs for it."""
    return Dossier(carrier=Carrier(CarrierForm.COLLECTIVE, "Graines", founded_on=founded_on, sponsor=sponsor))


def association(founded_on: date | None = None, pending: int = 0) -> Dossier:
    """An association founded that day."""
    return Dossier(carrier=Carrier(CarrierForm.ASSOCIATION, "Ker Teranga", founded_on=founded_on, pending_reports=pending))


def test_a_collective_needs_the_association_that_signs_for_it() -> None:
    forms = ["association", "collective"]
    assert verdict("carrier_kind", collective(), forms=forms) is Verdict.PASS
    assert verdict("carrier_kind", collective(None), forms=forms) is Verdict.MISSING
    assert verdict("carrier_kind", collective()) is Verdict.FAIL


@pytest.mark.parametrize(
    ("founded", "expected"),
    [(date(2026, 1, 31), Verdict.PASS), (date(2026, 2, 1), Verdict.FAIL), (date(2028, 1, 1), Verdict.FAIL), (None, Verdict.MISSING)],
)
def test_age_is_counted_on_the_last_day_of_submission(founded: date | None, expected: Verdict) -> None:
    assert verdict("carrier_age", association(founded), DEADLINE) is expected


def test_a_young_collective_may_lean_on_the_age_of_its_sponsor() -> None:
    assert verdict("carrier_age", collective(), DEADLINE) is Verdict.PASS
    assert verdict("carrier_age", collective(), DEADLINE, sponsor_counts=False) is Verdict.FAIL
    assert verdict("carrier_age", collective(founded_on=None), DEADLINE) is Verdict.PASS


def test_an_overdue_report_of_the_sponsor_counts_too() -> None:
    late = Carrier(CarrierForm.ASSOCIATION, "Appui", pending_reports=1)
    assert verdict("carrier_standing", association(pending=1)) is Verdict.FAIL
    assert verdict("carrier_standing", collective(late)) is Verdict.FAIL
    assert verdict("carrier_standing", collective()) is Verdict.PASS


def test_the_republican_commitment_of_a_collective_is_its_sponsors() -> None:
    assert verdict("republican_commitment", collective()) is Verdict.PASS
    assert verdict("republican_commitment", collective(None)) is Verdict.MISSING
    assert verdict("republican_commitment", association()) is Verdict.MISSING


def test_awards_per_carrier_wait_for_the_count() -> None:
    assert verdict("awards_per_carrier", association()) is Verdict.LATER


@pytest.mark.parametrize(("start", "expected"), [(date(2027, 6, 28), Verdict.FAIL), (date(2027, 6, 29), Verdict.PASS)])
def test_a_project_starts_after_the_day_of_the_council(start: date, expected: Verdict) -> None:
    assert verdict("start_after", Dossier(starts_on=start), DEADLINE) is expected
    assert verdict("start_after", Dossier(starts_on=start)) is Verdict.LATER


@pytest.mark.parametrize(("months", "expected"), [(5, Verdict.FAIL), (6, Verdict.PASS), (24, Verdict.PASS), (25, Verdict.FAIL)])
def test_both_ends_of_a_duration_are_included(months: int, expected: Verdict) -> None:
    assert verdict("duration", Dossier(duration_months=months)) is expected


def test_a_country_is_judged_by_the_list_of_the_rules_own_date() -> None:
    listed = CountryList("oda", date(2026, 10, 15), frozenset({"SN"}))
    older = CountryList("oda", date(2017, 1, 1), frozenset({"SN", "CL"}))
    context = Context(countries=(older, listed))
    assert verdict("country_in_list", Dossier(country="SN"), context) is Verdict.PASS
    assert verdict("country_in_list", Dossier(country="CL"), context) is Verdict.FAIL
    assert verdict("country_in_list", Dossier(country="SN"), Context(countries=(older,))) is Verdict.LATER
    assert book(rule("country_in_list")).country_lists() == {("oda", date(2026, 10, 15))}


@pytest.mark.parametrize(
    ("partner", "expected"),
    [
        (None, Verdict.MISSING),
        (Partner(" "), Verdict.MISSING),
        (Partner("Comité"), Verdict.MISSING),
        (Partner("Comité", letter_signed=True), Verdict.PASS),
        (Partner("Comité", declined=True), Verdict.MISSING),
        (Partner("Comité", declined=True, guarded=True), Verdict.MISSING),
    ],
)
def test_a_partner_is_named_and_has_signed(partner: Partner | None, expected: Verdict) -> None:
    assert verdict("partner_letter", Dossier(partner=partner)) is expected


def test_a_text_of_spaces_is_still_missing() -> None:
    assert verdict("text_required", Dossier(texts={"feedback": " \n"})) is Verdict.MISSING
    assert verdict("text_required", Dossier(texts={"feedback": "Fête"})) is Verdict.PASS


def test_a_document_is_joined_or_missing() -> None:
    assert verdict("required_document", Dossier(documents=frozenset({"statutes"}))) is Verdict.PASS
    assert verdict("required_document", Dossier(documents=frozenset({"budget"}))) is Verdict.MISSING


def test_a_declaration_left_open_is_missing_and_a_no_fails() -> None:
    assert verdict("declaration", Dossier(declarations={"non_profit": None})) is Verdict.MISSING
    assert verdict("declaration", Dossier(declarations={"non_profit": False})) is Verdict.FAIL
    assert verdict("declaration", Dossier(declarations={"non_profit": True})) is Verdict.PASS
