"""The steps of a file up to the ballot: review, another scheme, a merge; who looks after it; the checks before the ballot."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.calendar import PhaseKind
from app.core.eligibility import Section
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.notifications.models import OutgoingMail
from app.proposals import queries
from app.proposals.models import BudgetLine, Document, Proposal, SectionRevision
from app.proposals.service import answers
from app.review import assignment, ballot, diligence, merging, steps
from app.review import service as review
from app.review.asked import asked_of_carrier
from app.review.completion import asked_of, changes_since, time_left
from app.review.diligence import DiligenceForm, Found, Item
from app.review.forms import MergeForm, RedirectForm, StepForm
from app.review.queries import open_case
from app.unit import Work
from tests.cast import Cast
from tests.review.desk import checked, hand_in
from tests.review.test_deciding import ALL_YES, form


@pytest.fixture
def officer(cast: Cast) -> Person:
    return cast.official(Role.CASE_OFFICER)


@pytest.fixture
def folk(cast: Cast) -> dict[str, Person]:
    """Everybody these tests need, made before the transaction of the test begins."""
    return {
        "claire": cast.person(), "paul": cast.person("paul@example.org", "Paul"),
        "publisher": cast.official(Role.PUBLISHER, email="publisher@example.org"),
        "marc": cast.official(Role.CASE_OFFICER, email="marc@example.org", name="Marc Tanguy"),
    }  # fmt: skip


@pytest.fixture
def edition(folk: dict[str, Person], officer: Person, cast: Cast, unit: Work) -> Edition:
    made = cast.edition()
    made = unit.db.merge(made)
    made.review_step = True
    return made


def seen(unit: Work, proposal: Proposal) -> str:
    return open_case(unit, proposal.public_id).seen


def reviewed(unit: Work, edition: Edition, officer: Person, key: str = "P01") -> Proposal:
    """An admissible file whose review has begun."""
    proposal = hand_in(unit, edition, key)
    review.decide(unit, proposal, form(unit, proposal, "admissible"), by=officer)
    steps.begin_review(unit, proposal, StepForm(seen=seen(unit, proposal)), by=officer)
    return proposal


def test_where_there_is_a_review_step_only_what_it_retains_goes_on_the_ballot(unit: Work, edition: Edition, officer: Person) -> None:
    kept, left = reviewed(unit, edition, officer, "P01"), reviewed(unit, edition, officer, "P02")
    assert ballot.ballot_candidates(unit, edition) == []
    review.decide(unit, kept, form(unit, kept, "eligible"), by=officer)
    review.decide(unit, left, form(unit, left, "ineligible", reason="Le besoin n'est pas démontré."), by=officer)
    assert (kept.state, left.state) == ("eligible", "ineligible")
    assert [one.public_id for one in ballot.ballot_candidates(unit, edition)] == [kept.public_id]


def test_a_project_is_declined_only_with_a_reason(unit: Work, edition: Edition, officer: Person) -> None:
    proposal = reviewed(unit, edition, officer)
    with pytest.raises(Invalid) as caught:
        review.decide(unit, proposal, form(unit, proposal, "ineligible"), by=officer)
    assert set(caught.value.errors) == {"reason"}


def test_without_a_review_step_no_review_begins(unit: Work, edition: Edition, officer: Person) -> None:
    edition.review_step = False
    proposal = hand_in(unit, edition)
    review.decide(unit, proposal, form(unit, proposal, "admissible"), by=officer)
    with pytest.raises(Conflict, match="no review step"):
        steps.begin_review(unit, proposal, StepForm(seen=seen(unit, proposal)), by=officer)


def test_a_file_is_redirected_with_scheme_and_reason(unit: Work, edition: Edition, folk: dict[str, Person], officer: Person) -> None:
    proposal = hand_in(unit, edition, member=folk["claire"].id)
    with pytest.raises(Invalid) as caught:
        steps.redirect(unit, proposal, RedirectForm(seen=seen(unit, proposal), scheme="moon"), by=officer)
    assert set(caught.value.errors) == {"scheme", "why"}
    steps.redirect(unit, proposal, RedirectForm(seen=seen(unit, proposal), scheme="emergency_fund", why="Plus adapté."), by=officer)
    unit.db.flush()
    assert proposal.state == "redirected"
    assert unit.db.exec(select(OutgoingMail.name)).all() == ["decision-redirected"]


def test_two_files_become_one_only_once_every_carrier_has_agreed(
    unit: Work, edition: Edition, folk: dict[str, Person], officer: Person
) -> None:
    claire, paul = folk["claire"], folk["paul"]
    one = hand_in(unit, edition, "P01", member=claire.id, role="representative")
    other = hand_in(unit, edition, "P02", member=paul.id, role="representative")
    asked = merging.suggest(unit, one, MergeForm(seen=seen(unit, one), number=other.number, why_merge="Même village."), by=officer)
    assert sorted(unit.db.exec(select(OutgoingMail.name)).all()) == ["merge-asked", "merge-asked"]
    with pytest.raises(Conflict, match="must have agreed"):
        merging.merge(unit, asked.public_id, seen(unit, one), by=officer)
    merging.answer(unit, queries.carrier_file(unit, one.public_id, claire), asked.public_id, agrees=True, by=claire)
    with pytest.raises(Conflict, match="must have agreed"):
        merging.merge(unit, asked.public_id, seen(unit, one), by=officer)
    merging.answer(unit, queries.carrier_file(unit, other.public_id, paul), asked.public_id, agrees=True, by=paul)
    merging.merge(unit, asked.public_id, seen(unit, one), by=officer)
    assert (one.state, other.state) == ("merged", "submitted")
    assert merging.joined_into(unit, one) is None, "the other file is not public yet"
    review.decide(unit, other, form(unit, other, "admissible"), by=officer)
    assert merging.joined_into(unit, one) is other
    assert merging.joined_by(unit, other) == [one]


def test_one_no_ends_a_merge(unit: Work, edition: Edition, folk: dict[str, Person], officer: Person) -> None:
    claire = folk["claire"]
    one, other = hand_in(unit, edition, "P01", member=claire.id, role="representative"), hand_in(unit, edition, "P02")
    asked = merging.suggest(unit, one, MergeForm(seen=seen(unit, one), number=other.number, why_merge="Même village."), by=officer)
    merging.answer(unit, queries.carrier_file(unit, one.public_id, claire), asked.public_id, agrees=False, by=claire)
    assert merging.waiting_for(unit, one) == []
    with pytest.raises(Conflict, match="over"):
        merging.merge(unit, asked.public_id, seen(unit, one), by=officer)


def test_a_merge_that_has_become_impossible_is_asked_of_nobody_any_more(
    unit: Work, edition: Edition, folk: dict[str, Person], officer: Person
) -> None:
    claire = folk["claire"]
    one, other = hand_in(unit, edition, "P01", member=claire.id, role="representative"), hand_in(unit, edition, "P02")
    merging.suggest(unit, one, MergeForm(seen=seen(unit, one), number=other.number, why_merge="Même village."), by=officer)
    file = queries.carrier_file(unit, one.public_id, claire)
    assert len(asked_of_carrier(unit, file)["merges"]) == 1
    other.state = "withdrawn"
    assert [waits.possible for waits in merging.waiting_for(unit, one)] == [False]
    assert asked_of_carrier(unit, file)["merges"] == []


def test_no_project_goes_on_the_ballot_before_its_checks_are_finished(
    unit: Work, edition: Edition, folk: dict[str, Person], officer: Person
) -> None:
    edition.review_step = False
    done, lacking, doubted = (hand_in(unit, edition, key) for key in ("P01", "P02", "P03"))
    for one in (done, lacking, doubted):
        review.decide(unit, one, form(unit, one, "admissible"), by=officer)
    checked(unit, done)
    checked(unit, doubted, "concern")
    with pytest.raises(Conflict, match=r"files no\. 2, 3 are not finished"):
        ballot.put_on_ballot(unit, edition, [one.public_id for one in (done, lacking, doubted)], by=folk["publisher"])
    assert done.state == "admissible"


def test_a_check_says_who_found_what_and_a_concern_needs_a_note(unit: Work, edition: Edition, officer: Person) -> None:
    proposal = hand_in(unit, edition)
    with pytest.raises(Invalid):
        diligence.note(unit, proposal, DiligenceForm(item=Item.PARTNER, found=Found.CONCERN), by=officer)
    kept = diligence.note(unit, proposal, DiligenceForm(item=Item.PARTNER, found=Found.CONCERN, note="Dissous ?"), by=officer)
    assert (kept.done_by_id, kept.done_at, kept.note) == (officer.id, unit.now, "Dissous ?")


def test_a_file_is_taken_given_and_given_back(unit: Work, edition: Edition, folk: dict[str, Person], officer: Person) -> None:
    colleague = folk["marc"]
    proposal = hand_in(unit, edition)
    assignment.take(unit, proposal, by=officer)
    with pytest.raises(Conflict, match="colleague has taken"):
        assignment.take(unit, proposal, by=colleague)
    assert {one.name: one.files for one in assignment.officers(unit)} == {"Sophie Martin": 1, "Marc Tanguy": 0}
    assignment.give(unit, proposal, colleague.id, by=officer)
    assert assignment.officer_of(unit, proposal).id == colleague.id  # type: ignore[union-attr]
    assignment.give_back(unit, proposal, by=colleague)
    assert assignment.officer_of(unit, proposal) is None


def test_a_file_is_not_given_to_a_member_of_its_carrier(unit: Work, edition: Edition, folk: dict[str, Person], officer: Person) -> None:
    proposal = hand_in(unit, edition, member=officer.id)
    with pytest.raises(Refused):
        assignment.take(unit, proposal, by=officer)


def test_what_the_carrier_changed_is_told_page_by_page(unit: Work, edition: Edition, officer: Person) -> None:
    proposal = hand_in(unit, edition)
    unit.db.add(
        Document(
            public_id="old",
            proposal_id=proposal.id or 0,
            kind="statutes",
            name="vieux.pdf",
            media_type="application/pdf",
            size=1,
            sha256="a" * 64,
            added_at=unit.now,
        )
    )
    for section in (Section.PROJECT, Section.BUDGET):
        held = answers(unit, proposal, section)
        unit.db.add(SectionRevision(proposal_id=proposal.id or 0, section=section.value, number=1, answers=held, saved_at=unit.now))
    unit.db.flush()
    sent = form(unit, proposal, "incomplete", to_complete="- Le titre\n- Le devis", complete_by_day="2026-12-05", answers=ALL_YES)
    review.decide(unit, proposal, sent, by=officer)
    asked = asked_of(unit, proposal)
    assert asked is not None
    assert asked.items == ["Le titre", "Le devis"]
    assert changes_since(unit, edition, proposal, asked) == []
    before = proposal.title
    proposal.title = "Un autre titre"
    line = unit.db.exec(select(BudgetLine).where(BudgetLine.proposal_id == proposal.id, BudgetLine.side == "charge")).first()
    assert line is not None
    line.cents += 100
    unit.db.delete(unit.db.exec(select(Document)).one())
    unit.db.add(line)
    unit.db.flush()
    for section in (Section.PROJECT, Section.BUDGET):
        held = answers(unit, proposal, section)
        unit.db.add(SectionRevision(proposal_id=proposal.id or 0, section=section.value, number=2, answers=held, saved_at=unit.now))
    unit.db.flush()
    project, budget, documents = changes_since(unit, edition, proposal, asked)
    assert [(one.before, one.after) for one in project.changes] == [(before, "Un autre titre")]
    assert (len(budget.changes[0].altered), budget.changes[0].gone, budget.changes[0].came) == (1, [], [])
    assert "vieux.pdf" in str(documents.changes[0].gone[0])


def test_the_time_left_is_told_in_days_then_in_hours(unit: Work, edition: Edition) -> None:
    until = calendar_of(unit, edition).deadline(PhaseKind.submission)
    assert until is not None
    from_then = [(3 * 24, "days left"), (25, "1 day left"), (5, "5 hours left"), (0, "The time is over.")]
    for hours, words in from_then:
        now = until - timedelta(hours=hours)
        assert words in str(time_left(until, now))
