"""Decisions shown all at one set time: before it nobody outside the city learns anything, at it everything shows because of the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts.people import Person
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid
from app.editions.forms.programme import Change
from app.editions.models import Edition
from app.notifications.models import OutgoingMail
from app.proposals import queries, service
from app.proposals.models import Proposal
from app.review import ballot, publication
from app.review import service as review
from app.review.queries import decisions_of
from app.unit import Work, work
from tests.cast import Cast
from tests.conftest import Clock
from tests.review.bench_of_jurors import Bench
from tests.review.desk import EMERGENCY, checked, hand_in
from tests.review.test_deciding import form
from tests.review.test_jury import confirm

SHOWN = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
REASON = "Le projet relève de l'aide d'urgence humanitaire."


@pytest.fixture
def officer(cast: Cast) -> Person:
    return cast.official(Role.CASE_OFFICER)


def refused(unit: Work, edition: Edition, officer: Person, member: int | None = None) -> Proposal:
    """A file refused before the instant."""
    edition = unit.db.get_one(Edition, edition.id)
    edition.decisions_at = SHOWN
    unit.db.add(edition)
    proposal = hand_in(unit, edition, EMERGENCY, member=member, role="representative")
    review.decide(unit, proposal, form(unit, proposal, "inadmissible", reason=REASON), by=officer)
    unit.db.flush()
    return proposal


def after(unit: Work) -> Work:
    return Work(unit.db, SHOWN)


def test_before_the_instant_the_city_alone_knows(unit: Work, cast: Cast, officer: Person) -> None:
    carrier = cast.person()
    proposal = refused(unit, cast.edition(), officer, carrier.id)
    assert (proposal.state, proposal.decided_state) == ("submitted", "inadmissible")
    assert [step.verb for step in queries.history(unit, proposal)] == ["submit"]
    assert decisions_of(unit, proposal) == []
    assert len(decisions_of(unit, proposal, hidden=True)) == 1
    assert unit.db.exec(select(OutgoingMail)).all() == []
    assert queries.carrier_file(unit, proposal.public_id, carrier).proposal.state == "submitted"


def test_at_the_instant_the_clock_alone_shows_it(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = refused(unit, cast.edition(), officer)
    later = after(unit)
    unit.db.expire_all()
    assert queries.project_by_public_id(later, proposal.public_id).state == "inadmissible"
    assert [step.verb for step in queries.history(later, proposal)] == ["submit", "reject"]
    assert len(decisions_of(later, proposal)) == 1
    unit.db.expire_all()
    assert unit.db.get_one(Proposal, proposal.id).decided_state == "inadmissible", "nothing was written by reading"


def test_the_job_of_the_instant_writes_it_down_and_sends_each_e_mail_once(unit: Work, cast: Cast, officer: Person) -> None:
    edition, carrier = cast.edition(), cast.person()
    proposal = refused(unit, edition, officer, carrier.id)
    for _ in range(2):
        publication.show_due(after(unit), {"edition": edition.id})
        unit.db.flush()
    assert (proposal.state, proposal.decided_state, proposal.shown_at) == ("inadmissible", None, None)
    assert [mail.name for mail in unit.db.exec(select(OutgoingMail))] == ["decision-inadmissible"]


def test_a_request_for_completion_never_waits(unit: Work, cast: Cast, officer: Person) -> None:
    edition = unit.db.merge(cast.edition())
    edition.decisions_at = SHOWN
    proposal = hand_in(unit, edition)
    review.decide(unit, proposal, form(unit, proposal, "incomplete", to_complete="La lettre.", complete_by_day="2026-12-05"), by=officer)
    assert proposal.state == "incomplete"


def test_a_carrier_withdraws_what_it_sees_and_learns_nothing(unit: Work, cast: Cast, officer: Person) -> None:
    edition, carrier = cast.edition(), cast.person()
    proposal = refused(unit, edition, officer, carrier.id)
    service.withdraw(unit, queries.carrier_file(unit, proposal.public_id, carrier), "Plus le temps.", by=carrier)
    unit.db.flush()
    assert (proposal.state, proposal.decided_state) == ("withdrawn", None)
    publication.show_due(after(unit), {"edition": edition.id})
    assert [one.name for one in unit.db.exec(select(OutgoingMail)).all()] == ["file-withdrawn"]


def test_the_ballot_waits_for_the_decisions(unit: Work, cast: Cast, officer: Person) -> None:
    publisher, edition = cast.official(Role.PUBLISHER, email="publisher@example.org"), unit.db.merge(cast.edition())
    edition.decisions_at = SHOWN
    proposal = hand_in(unit, edition)
    checked(unit, proposal)
    review.decide(unit, proposal, form(unit, proposal, "admissible"), by=officer)
    unit.db.flush()
    with pytest.raises(Conflict, match="The ballot is public"):
        ballot.put_on_ballot(unit, edition, [proposal.public_id], by=publisher)
    ballot.put_on_ballot(after(unit), edition, [proposal.public_id], by=publisher)
    assert (proposal.state, proposal.decided_state) == ("on_ballot", None)


def test_the_instant_lies_ahead_and_before_the_vote_and_can_be_moved_until_it_comes(unit: Work, cast: Cast, officer: Person) -> None:
    admin, made = cast.official(Role.ADMINISTRATOR, email="admin@example.org"), cast.edition()
    proposal = refused(unit, made, officer)
    edition = unit.db.get_one(Edition, made.id)

    def move(instant: datetime | None, at: Work = unit) -> None:
        change = Change(revision=edition.revision, reason="Nouvelle date.")
        publication.set_up(at, edition, change, review_step=False, decisions_at=instant, by=admin)

    for wrong in (unit.now - timedelta(days=1), datetime(2028, 1, 1, tzinfo=UTC)):
        with pytest.raises(Invalid):
            move(wrong)
    sooner = SHOWN - timedelta(days=3)
    move(sooner)
    unit.db.expire_all()
    assert proposal.shown_at == sooner
    with pytest.raises(Conflict, match="can no longer change"):
        move(SHOWN, Work(unit.db, sooner))


def test_the_jury_judges_what_is_admitted_but_not_shown_yet_and_its_carrier_learns_nothing(
    client: TestClient, cast: Cast, clock: Clock, officer: Person
) -> None:
    carrier = cast.person()
    bench = Bench(cast, cast.edition(), officer)
    with work(cast.engine, now=clock.now) as unit:
        edition = unit.db.get_one(Edition, bench.edition.id)
        edition.decisions_at = SHOWN
        file = hand_in(unit, edition, member=carrier.id).public_id
        review.decide(unit, bench.proposal(unit, file), form(unit, bench.proposal(unit, file), "admissible"), by=officer)
    for juror in range(3):
        bench.give(file, juror, 4, 2)
    bench.common(file, text="Un projet solide, porté par le village.")
    confirm(bench)
    cast.sign_in(client, carrier)
    pages = (f"/projects/{file}", f"/projects/{file}/history", f"/files/{file}", f"/files/{file}/preview")
    assert [address for address in pages if "porté par le village" in client.get(address).text] == []
    clock.now = SHOWN
    assert "porté par le village" in client.get(f"/projects/{file}").text
    assert "porté par le village" in client.get(f"/projects/{file}/history").text


def test_an_officer_is_not_told_that_the_carrier_was_while_the_decision_waits(
    client: TestClient, cast: Cast, clock: Clock, officer: Person
) -> None:
    with work(cast.engine, now=clock.now) as unit:
        edition = unit.db.get_one(Edition, cast.edition().id)
        files = [hand_in(unit, edition, key).public_id for key in (EMERGENCY, "X02")]
    cast.sign_in(client, officer)
    told = [_refuse(client, files[0])]
    with work(cast.engine, now=clock.now) as unit:
        unit.db.get_one(Edition, edition.id).decisions_at = SHOWN
    told.append(_refuse(client, files[1]))
    assert ["le porteur est prévenu" in page for page in told] == [True, False]


def _refuse(client: TestClient, public_id: str) -> str:
    address = f"/staff/reviews/{public_id}"
    seen = client.get(address).text.partition('name="seen" value="')[2].partition('"')[0]
    form = {"seen": seen, "outcome": "inadmissible", "reason": REASON, "redirect": "", "to_complete": "", "note": ""}
    return client.post(f"{address}/decisions", data=form, follow_redirects=True).text


PUBLIC = ("/projects/{}", "/api/v1/projects/{}")


def test_no_page_no_list_no_search_no_interface_tells_before_the_instant(
    client: TestClient, cast: Cast, clock: Clock, officer: Person
) -> None:
    edition, carrier = cast.edition(), cast.person()
    with work(cast.engine, now=clock.now) as unit:
        proposal = refused(unit, edition, officer, carrier.id)
        public_id, title = proposal.public_id, proposal.title
    lists = (
        f"/editions/{edition.slug}/projects?order=1&shown=refused", f"/editions/{edition.slug}/projects?order=1",
        f"/editions/{edition.slug}/projects?order=1&shown=refused&q=urgence", f"/editions/{edition.slug}", "/",
        f"/api/v1/editions/{edition.slug}/projects?shown=refused", f"/api/v1/editions/{edition.slug}",
    )  # fmt: skip
    for address in PUBLIC:
        assert client.get(address.format(public_id)).status_code == 404
    for address in lists:
        assert title not in client.get(address).text
    assert "(1)" not in client.get(lists[0]).text
    cast.sign_in(client, carrier)
    for address in (f"/files/{public_id}", "/files", f"/projects/{public_id}"):
        page = client.get(address).text
        assert "Irrecevable" not in page, address
        assert "aide d&#39;urgence humanitaire" not in page, address
    clock.now = SHOWN
    client.cookies.clear()
    assert "aide d&#39;urgence humanitaire" in client.get(f"/projects/{public_id}").text
    assert client.get(f"/api/v1/projects/{public_id}").json()["state"] == "inadmissible"
    assert "humanitaire" in client.get(lists[0]).text
