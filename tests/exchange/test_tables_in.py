"""Tables in: looked at first, applied all or nothing, the same row twice is the same thing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from app.core.formats.xlsx_tables import write_sheet
from app.core.lifecycle import State
from app.editions.models import Edition
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.gathering import Shape, table_of
from app.exchange.sheets.passing import go_through
from app.exchange.sheets.reading import read_rows
from app.ledger.models import Entry
from app.organisations.models import Organisation
from app.proposals.models import BudgetLine, Proposal, SectionRevision, Transition
from app.unit import Work
from tests.cast import Cast
from tests.exchange.tables import ORGANISATION, PROJECT, SIRETS, as_csv, bring_in, look, many, rows_in, said
from tests.statements import sent as statements


@pytest.fixture
def carrier(unit: Work, edition: Edition) -> Organisation:
    bring_in(unit, edition, Kind.ORGANISATIONS, as_csv([ORGANISATION]))
    return unit.db.exec(select(Organisation)).one()


def test_looking_writes_nothing(unit: Work, edition: Edition, carrier: Organisation) -> None:
    report = look(unit, edition, Kind.PROJECTS, as_csv([PROJECT]))
    assert (report.create, report.change, report.same, report.wrong) == (1, 0, 0, 0)
    assert unit.db.exec(select(Proposal)).all() == []
    assert not unit.db.new
    assert not unit.db.dirty


def test_a_new_project_arrives_submitted_with_all_that_the_row_says(unit: Work, edition: Edition, carrier: Organisation) -> None:
    bring_in(unit, edition, Kind.PROJECTS, as_csv([PROJECT]))
    made = unit.db.exec(select(Proposal)).one()
    assert (made.state, made.number, made.organisation_id, made.submitted_at) == ("submitted", 1, carrier.id, unit.now)
    assert (made.requested_cents, made.sdgs, made.starts_on) == (1_234_567, [6, 2, 13], date(2027, 5, 1))
    lines = [(line.account, line.cents, line.label, line.status) for line in unit.db.exec(select(BudgetLine).order_by(col(BudgetLine.id)))]
    assert lines == [
        ("60", 2_000_000, "Achats", "confirmed"),
        ("64", 123_456, "Salaires", "confirmed"),
        ("74", 300_000, "Région", "requested"),
    ]
    assert [step.verb for step in unit.db.exec(select(Transition))] == ["submit"]
    assert {one.section for one in unit.db.exec(select(SectionRevision))} >= {"project", "place", "theme", "budget", "calendar"}
    assert "puit" in made.search_text
    assert "proposal:import" in unit.db.exec(select(Entry.event)).all()


def test_the_same_table_twice_changes_nothing_the_second_time(unit: Work, edition: Edition, carrier: Organisation) -> None:
    bring_in(unit, edition, Kind.PROJECTS, as_csv([PROJECT]))
    entries = len(unit.db.exec(select(Entry)).all())
    again = bring_in(unit, edition, Kind.PROJECTS, as_csv([PROJECT], ";"))
    assert (again.create, again.change, again.same) == (0, 0, 1)
    assert len(unit.db.exec(select(Entry)).all()) == entries
    twice = bring_in(unit, edition, Kind.ORGANISATIONS, as_csv([ORGANISATION]))
    assert (twice.create, twice.same) == (0, 1)


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_taken_out_comes_in_again_unchanged(unit: Work, cast: Cast, edition: Edition, kind: Kind, shape: Shape) -> None:
    unit.db.commit()
    first = cast.submitted(cast.person(), edition, project={"title": "=cmd|' /C calc'!A0", "summary": "-- tiret « é »"}).public_id
    cast.organisation(cast.person("b@example.org", "B"), kind="collective", name="Le collectif", no_rna=False)
    out = table_of(unit, edition, kind, shape, public=False)
    report = look(unit, edition, kind, out)
    assert said(report) == {}
    assert (report.create, report.change, report.same) == (0, 0, 1)
    assert first


def test_a_changed_cell_is_a_change_and_keeps_the_version_before(unit: Work, edition: Edition, carrier: Organisation) -> None:
    bring_in(unit, edition, Kind.PROJECTS, as_csv([PROJECT]))
    made = unit.db.exec(select(Proposal)).one()
    report = bring_in(
        unit, edition, Kind.PROJECTS, as_csv([{"id": made.public_id, "title": "Un autre titre", "charges": "60 99.99: Pelle"}])
    )
    assert report.change == 1
    assert (made.title, made.summary, made.requested_cents) == ("Un autre titre", PROJECT["summary"], 1_234_567)
    assert [line.cents for line in unit.db.exec(select(BudgetLine).where(BudgetLine.side == "charge"))] == [9_999]
    kept = unit.db.exec(select(SectionRevision).where(SectionRevision.section == "project").order_by(col(SectionRevision.number))).all()
    assert [one.answers["title"] for one in kept] == ["Un puits", "Un autre titre"]


def test_every_fault_is_named_by_row_and_column_and_nothing_is_applied(unit: Work, edition: Edition, carrier: Organisation) -> None:
    rows = [
        PROJECT, PROJECT | {"reference": "R-2", "requested": "beaucoup", "country": "XX"},
        PROJECT | {"reference": "R-3", "carrier_siret": SIRETS[1]},
        PROJECT, PROJECT | {"reference": "", "number": ""}, PROJECT | {"reference": "R-6", "title": "", "charges": "soixante"},
        PROJECT | {"reference": "R-7", "theme": "nowhere", "id": "NOTHERE"}, PROJECT | {"reference": "R-8", "title": ""},
    ]  # fmt: skip
    found = said(look(unit, edition, Kind.PROJECTS, as_csv(rows)))
    assert set(found) == {
        (3, "requested"), (3, "country"), (4, "carrier_siret"), (5, ""), (6, ""), (7, "charges"), (8, "id"), (9, "title")
    }  # fmt: skip
    assert found[5, ""] == "Rows 2 and 5 are about the same thing. Keep one of them."
    report = go_through(unit, edition, Kind.PROJECTS, read_rows(as_csv(rows)), by=None, writing="whatever")
    assert not report.good
    assert unit.db.exec(select(Proposal)).all() == []


def test_columns_are_known_by_code_or_in_french_and_unknown_ones_are_named(unit: Work, edition: Edition, carrier: Organisation) -> None:
    french = {"Votre propre référence": "A", "N° SIRET": "x", "Titre": "Un puits", "Montant demandé": "3"}
    found = said(look(unit, edition, Kind.PROJECTS, as_csv([french])))
    assert (1, "N° SIRET") in found
    assert (1, "Titre") not in found
    assert "carrier_siret" in found[1, "N° SIRET"]
    twice = b"title;reference;Titre\nx;y;z\n"
    assert "twice" in said(look(unit, edition, Kind.PROJECTS, twice))[1, "Titre"]


def test_a_project_that_was_decided_on_is_left_as_it_is(unit: Work, edition: Edition, carrier: Organisation) -> None:
    bring_in(unit, edition, Kind.PROJECTS, as_csv([PROJECT]))
    unit.db.exec(select(Proposal)).one().state = State.ADMISSIBLE
    unit.db.flush()
    assert look(unit, edition, Kind.PROJECTS, as_csv([PROJECT])).same == 1
    assert (2, "") in said(look(unit, edition, Kind.PROJECTS, as_csv([PROJECT | {"title": "Autre"}])))


def test_a_draft_is_neither_shown_nor_touched_by_a_table(unit: Work, cast: Cast, edition: Edition) -> None:
    unit.db.commit()
    draft = cast.draft(edition=edition).public_id
    assert rows_in(table_of(unit, edition, Kind.PROJECTS, Shape.OPEN, public=False)) == []
    assert (2, "id") in said(look(unit, edition, Kind.PROJECTS, as_csv([{"id": draft, "title": "Volé"}])))


def test_a_look_that_has_been_overtaken_applies_nothing(unit: Work, edition: Edition, carrier: Organisation) -> None:
    bring_in(unit, edition, Kind.PROJECTS, as_csv([PROJECT]))
    changed = as_csv([PROJECT | {"title": "Deuxième titre"}])
    seen = look(unit, edition, Kind.PROJECTS, changed)
    made = unit.db.exec(select(Proposal)).one()
    made.title = "Titre d’un autre"
    unit.db.flush()
    now = go_through(unit, edition, Kind.PROJECTS, read_rows(changed), by=None, writing=seen.digest)
    assert now.digest != seen.digest
    assert made.title == "Titre d’un autre"


def test_organisations_are_found_again_by_their_numbers(unit: Work, edition: Edition, carrier: Organisation) -> None:
    rows = [{"siret": "356 000 000 00048", "name": "Les amis du puits", "members": "13"}]
    assert bring_in(unit, edition, Kind.ORGANISATIONS, as_csv(rows)).change == 1
    assert (carrier.members, carrier.siret) == (13, SIRETS[0])
    bad = [
        {"siret": "35600000000049", "name": "X"},
        {"name": "Sans RNA", "siret": SIRETS[1]},
        {"kind": "club", "name": "Y", "no_rna": "yes"},
    ]
    assert set(said(look(unit, edition, Kind.ORGANISATIONS, as_csv(bad)))) == {(2, "siret"), (3, "rna"), (4, "kind")}


def test_a_sponsor_stands_above_its_collective(unit: Work, edition: Edition) -> None:
    rows = [ORGANISATION, {"kind": "collectif", "name": "Le collectif", "sponsor_siret": SIRETS[0]}]
    bring_in(unit, edition, Kind.ORGANISATIONS, as_csv(rows))
    made = {one.name: one for one in unit.db.exec(select(Organisation))}
    assert made["Le collectif"].sponsor_id == made["Les amis du puits"].id
    strange = as_csv([ORGANISATION, rows[1] | {"name": "Z", "sponsor_siret": SIRETS[2]}])
    assert (3, "sponsor_siret") in said(look(unit, edition, Kind.ORGANISATIONS, strange))


def test_a_workbook_with_dates_and_numbers_reads_like_the_csv(unit: Work, edition: Edition, carrier: Organisation) -> None:
    row = PROJECT | {"starts_on": "2027-05-01"}
    content = write_sheet("x", list(row), [[date(2027, 5, 1) if name == "starts_on" else value for name, value in row.items()]])
    assert look(unit, edition, Kind.PROJECTS, content).digest == look(unit, edition, Kind.PROJECTS, as_csv([row])).digest


def test_a_thousand_projects_take_a_handful_of_statements(unit: Work, edition: Edition, carrier: Organisation) -> None:
    content = as_csv([PROJECT | {"reference": f"R-{number}", "description": "Un puits."} for number in range(1000)])
    with statements(unit.db.get_bind()) as looking:
        report = look(unit, edition, Kind.PROJECTS, content)
    assert (report.create, report.wrong) == (1000, 0)
    assert len(looking) <= 8
    with statements(unit.db.get_bind()) as writing:
        go_through(unit, edition, Kind.PROJECTS, read_rows(content), by=None, writing=report.digest)
    assert sum(one.startswith("SELECT") for one in writing) <= 8
    assert len(set(writing)) <= 60, "on SQLite each row is a statement of its own, but always one of a few"
    with statements(unit.db.get_bind()) as taking:
        out = table_of(unit, edition, Kind.PROJECTS, Shape.XLSX, public=False)
    assert len(taking) <= 8
    assert look(unit, edition, Kind.PROJECTS, out).same == 1000


def test_all_numbers_of_many_projects_are_given_once(unit: Work, cast: Cast, edition: Edition, carrier: Organisation) -> None:
    unit.db.commit()
    many(cast.engine, edition, 3)
    rows = [PROJECT | {"reference": "a"}, PROJECT | {"reference": "b", "number": "7"}, PROJECT | {"reference": "c"}]
    bring_in(unit, edition, Kind.PROJECTS, as_csv(rows))
    assert sorted(unit.db.exec(select(Proposal.number)).all(), key=lambda one: one or 0) == [1, 2, 3, 7, 8, 9]


def test_a_value_that_a_column_does_not_know_is_named(unit: Work, edition: Edition, carrier: Organisation) -> None:
    report = look(unit, edition, Kind.PROJECTS, as_csv([PROJECT | {"country": "Atlantide", "nature": "voyage"}]))
    assert [(one.row, one.column, str(one.sentence).partition(".")[0]) for one in report.faults] == [
        (2, "country", "“Atlantide” is not a value of this column"),
        (2, "nature", "“voyage” is not a value of this column"),
    ]
