"""Tables out: everyone gets what is public at that instant and nothing of what is kept back, the staff all; nothing is lost on the way."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.lifecycle import State
from app.core.permissions import Role
from app.editions.models import Edition
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.gathering import Shape, table_of
from app.exchange.sheets.reading import read_rows
from app.proposals.models import BudgetLine, Proposal
from app.unit import Work
from tests.cast import Cast
from tests.exchange.tables import as_csv, bring_in, look, rows_in, said
from tests.files import complete_answers
from tests.proposals.test_guarding import PARTNER, PLACE, SECRETS
from tests.review.test_publication import SHOWN, refused

ABROAD = {
    "account": "60", "label": "Pompe", "currency": "XOF", "foreign_millis": "8200000", "rate": "655,957", "rate_on": "2026-11-02",
    "rate_source": "BCE",
}  # fmt: skip


@pytest.fixture
def officer(cast: Cast) -> Person:
    return cast.official(Role.CASE_OFFICER)


@pytest.fixture
def file(unit: Work, cast: Cast, edition: Edition) -> Proposal:
    """A file with all that a table cannot show whole: a cost in another currency, a place kept back, months, risks, indicators."""
    unit.db.commit()
    budget = complete_answers(unit.now)["budget"]
    made = cast.submitted(
        place=PLACE, partner=PARTNER, budget={"charges": [ABROAD, *budget["charges"]]},
        activities={"activities": [{"label": "A|B|C"}, {"label": "Forage", "month": "2", "months": "3"}, {"label": "Fête", "month": "9"}]},
        feedback={"feedback_on": "2028-06-01"}, theme={"sdg_targets": ["6.1", "6.b"]},
    )  # fmt: skip
    return unit.db.get_one(Proposal, made.id)


def whole(unit: Work, proposal: Proposal) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Everything a file says."""
    unit.db.flush()
    lines = unit.db.exec(select(BudgetLine).order_by(col(BudgetLine.side), col(BudgetLine.position)))
    return proposal.model_dump(), [line.model_dump(exclude={"id"}) for line in lines]


def everything(content: bytes) -> str:
    return "\n".join(cell for row in read_rows(content) for cell in row.cells)


@pytest.mark.parametrize("shape", list(Shape))
def test_a_whole_file_goes_out_and_comes_in_without_a_change(unit: Work, edition: Edition, file: Proposal, shape: Shape) -> None:
    report = look(unit, edition, Kind.PROJECTS, table_of(unit, edition, Kind.PROJECTS, shape, public=False))
    assert said(report) == {}
    assert (report.create, report.change, report.same) == (0, 0, 1)


def test_what_a_table_does_not_show_is_never_wiped(unit: Work, edition: Edition, file: Proposal) -> None:
    before, lines = whole(unit, file)
    row = rows_in(table_of(unit, edition, Kind.PROJECTS, Shape.OPEN, public=False))[0]
    changed = row | {
        "title": "Un autre titre", "place": "Thilogne", "feedback": "Un film.", "women_0_14": "501", "gender_equality": "2",
        "charges": row["charges"].replace("16500: Pompe et réservoir", "17000: Pompe et réservoir"),
        "activities": row["activities"].replace("Fête|9|", "Fête|10|1"),
        "indicators": f"{row['indicators']}\nÉcoles|raccordées|écoles|0|3|Rapport", "risks": "Pluies tardives|medium|On creuse en mai\nVol",
    }  # fmt: skip
    assert bring_in(unit, edition, Kind.PROJECTS, as_csv([changed])).change == 1
    after, lines_after = whole(unit, file)
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"title", "place", "feedback", "beneficiary_groups", "markers", "activities", "indicators", "risks", "search_text"}
    assert (lines[0]["currency"], lines[0]["cents"]) == ("XOF", 1_250_082)
    assert [new for old, new in zip(lines, lines_after, strict=True) if old != new] == [lines[1] | {"cents": 1_700_000}]
    assert file.activities[2] == {"label": "Fête", "month": 10, "months": 1}
    assert file.indicators[:-1] == before["indicators"]
    assert file.indicators[-1] == {"label": "Écoles|raccordées", "unit": "écoles", "baseline": "0", "target": "3", "source": "Rapport"}
    assert file.risks == [
        {"what": "Pluies tardives", "likelihood": "medium", "answer": "On creuse en mai"}, {"what": "Vol", "likelihood": "", "answer": ""},
    ]
    assert "thilogn" not in file.search_text


def test_a_wrong_indicator_or_risk_is_told_at_its_row_and_column(unit: Work, edition: Edition, file: Proposal) -> None:
    row = {"id": file.public_id, "indicators": "Familles|40", "risks": "Pluies|medium|On creuse"}
    assert set(said(look(unit, edition, Kind.PROJECTS, as_csv([row])))) == {(2, "indicators")}
    strange = row | {"indicators": "", "risks": "Pluies|souvent|On creuse"}
    assert set(said(look(unit, edition, Kind.PROJECTS, as_csv([strange])))) == {(2, "risks")}


def test_only_a_plain_no_makes_a_place_public(unit: Work, edition: Edition, file: Proposal) -> None:
    named = {"id": file.public_id}
    assert look(unit, edition, Kind.PROJECTS, as_csv([named | {"place_guarded": "", "place": PLACE["place"]}])).same == 1
    assert set(said(look(unit, edition, Kind.PROJECTS, as_csv([named | {"place_guarded": "peut-être"}])))) == {(2, "place_guarded")}
    bring_in(unit, edition, Kind.PROJECTS, as_csv([named | {"place_guarded": "non"}]))
    assert not file.place_guarded


@pytest.mark.parametrize("shape", list(Shape))
def test_no_public_table_tells_where_or_with_whom_and_the_staff_reads_all(
    unit: Work, edition: Edition, file: Proposal, shape: Shape
) -> None:
    file.state = State.ADMISSIBLE
    unit.db.flush()
    for kind in Kind:
        public = everything(table_of(unit, edition, kind, shape, public=True))
        assert "Ker Teranga" in public
        assert [secret for secret in SECRETS if secret in public] == []
    staff = everything(table_of(unit, edition, Kind.PROJECTS, shape, public=False))
    assert all(secret in staff for secret in ("Ourossogui", "veilleuses", "Thilogne", "15.66" if shape is not Shape.FRENCH else "15,66"))


def test_no_public_table_tells_a_decision_before_its_instant_and_the_staff_knows_at_once(
    unit: Work, edition: Edition, officer: Person
) -> None:
    proposal = refused(unit, edition, officer)

    def states(at: Work, *, public: bool) -> list[str]:
        return [row["state"] for row in rows_in(table_of(at, edition, Kind.PROJECTS, Shape.OPEN, public=public))]

    assert states(unit, public=False) == ["inadmissible"]
    assert states(unit, public=True) == rows_in(table_of(unit, edition, Kind.ORGANISATIONS, Shape.OPEN, public=True)) == []
    later = Work(unit.db, SHOWN)
    assert states(later, public=True) == states(later, public=False) == ["inadmissible"]
    assert len(rows_in(table_of(later, edition, Kind.ORGANISATIONS, Shape.OPEN, public=True))) == 1
    unit.db.expire_all()
    assert (proposal.state, proposal.decided_state) == ("submitted", "inadmissible"), "nothing was written by reading"


def test_a_public_state_stays_until_the_next_one_is_shown(unit: Work, edition: Edition, officer: Person) -> None:
    proposal = refused(unit, edition, officer)
    proposal.state = State.ADMISSIBLE
    unit.db.flush()
    assert [row["state"] for row in rows_in(table_of(unit, edition, Kind.PROJECTS, Shape.OPEN, public=True))] == ["admissible"]


def test_a_file_decided_on_is_left_as_it_is_before_anybody_may_know(unit: Work, edition: Edition, officer: Person) -> None:
    proposal = refused(unit, edition, officer)
    assert (2, "") in said(look(unit, edition, Kind.PROJECTS, as_csv([{"id": proposal.public_id, "title": "Autre"}])))
