"""Proving by e-mail: one line for each person, six digits, five tries, and nobody learns who is on the roll."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import inspect
from sqlmodel import SQLModel, col, func, select

from app.accounts.attempts import TooManyTries
from app.core.problems import Invalid, Missing, Refused
from app.electorate import service, tries
from app.electorate.models import EmailProof, RollLine
from app.jobs import Job
from app.notifications.models import OutgoingMail
from app.polls.queries import credential_for
from app.unit import Work, work
from app.voting.models import Box, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import NETWORK, declaration, identified, mailed_code, open_vote
from tests.voting.soaking import tell, wanted


def lines(unit: Work) -> int:
    return unit.db.exec(select(func.count()).select_from(RollLine)).one()


def test_a_resident_proves_by_e_mail_and_asking_again_gives_the_same_credential(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    first = identified(unit, edition)
    again = identified(unit, edition, email="aminata.diallo@example.com", name="DIALLO  aminatá", address="9 quai Lamennais")
    assert again.id == first.id
    assert lines(unit) == 1
    assert credential_for(unit, edition, first) == credential_for(unit, edition, again)
    assert re.fullmatch(r"[0-9a-f]{64}", credential_for(unit, edition, first))


def test_several_people_of_one_household_share_an_address_up_to_a_limit(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    keys = {credential_for(unit, edition, identified(unit, edition, name=f"Enfant {word}")) for word in "abcdefgh"}
    assert len(keys) == tries.PEOPLE_PER_ADDRESS == 8
    with pytest.raises(Refused, match="Too many people"):
        identified(unit, edition, name="Enfant neuf")


def test_n24_a_list_of_correct_civil_data_without_the_e_mails_opens_nothing(unit: Work, cast: Cast, clock: Clock) -> None:
    edition = open_vote(cast)
    accepted = 0
    for number in range(wanted("voters", 60)):
        form = declaration(name=f"Personne Numéro{number}", email=f"p{number}@example.org")
        ticket = service.declare(unit, edition, form, network=NETWORK)
        for guess in range(service.TRIES + 2):
            try:
                service.prove(unit, edition, ticket, f"{guess:06d}" if f"{guess:06d}" != mailed_code(unit) else "999999")
                accepted += 1
            except (Invalid, Missing):
                pass
        with pytest.raises(Missing, match="expired or was tried too often"):
            service.prove(unit, edition, ticket, mailed_code(unit))
    assert (accepted, lines(unit)) == (0, 0)
    tell(f"N24 {cast.engine.dialect.name}: {wanted('voters', 60)} correct declarations without their e-mails, 0 accepted")


def test_a_code_ends_after_thirty_minutes_and_serves_its_own_ticket_only(cast: Cast, clock: Clock) -> None:
    edition = open_vote(cast)
    with work(cast.engine, now=clock.now) as unit:
        ticket = service.declare(unit, edition, declaration(), network=NETWORK)
        code = mailed_code(unit)
        other = service.declare(unit, edition, declaration(name="Karim Haddad"), network=NETWORK)
        if mailed_code(unit) != code:
            with pytest.raises(Invalid, match="not the code"):
                service.prove(unit, edition, other, code)
    with work(cast.engine, now=clock.now + timedelta(minutes=30)) as unit, pytest.raises(Missing, match="expired"):
        service.prove(unit, edition, ticket, code)
    with work(cast.engine, now=clock.now + timedelta(minutes=31)) as unit:
        service.declare(unit, edition, declaration(), network=NETWORK)
        assert unit.db.exec(select(func.count()).select_from(EmailProof)).one() == 1, "a declaration that ran out is forgotten"


def test_who_does_not_live_here_is_refused_before_anything_is_stored(cast: Cast) -> None:
    with pytest.raises(Invalid, match="Only people who live in the city") as told:
        declaration(resident="")
    assert set(told.value.errors) == {"resident"}


def test_a_birth_date_to_come_and_a_single_name_are_told(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    with pytest.raises(Invalid, match="future"):
        service.declare(unit, edition, declaration(birth_date="2199-01-01"), network=NETWORK)
    with pytest.raises(Invalid, match="first name and the last name"):
        declaration(name="Aminata")


def test_asking_for_codes_without_end_is_stopped_by_address(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    for _ in range(tries.DECLARE["account"].tries):
        service.declare(unit, edition, declaration(), network=NETWORK)
    with pytest.raises(TooManyTries):
        service.declare(unit, edition, declaration(), network=NETWORK)
    service.declare(unit, edition, declaration(email="autre@example.org"), network=NETWORK)


def test_somebody_taken_off_the_roll_gets_no_credential(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    line = identified(unit, edition)
    line.mark, line.reason = "refused", "Ne réside pas à Rennes."
    unit.db.add(line)
    unit.db.flush()
    with pytest.raises(Refused, match="taken off the roll"):
        identified(unit, edition)


def test_nothing_on_the_roll_is_dated_finer_than_a_day(unit: Work, cast: Cast) -> None:
    edition = open_vote(cast)
    line = identified(unit, edition)
    instants = {"roll_line", "roll_tally", "code_batch", "voting_code", "registrar"} & {
        table.name for table in SQLModel.metadata.sorted_tables if any(issubclass(one.type.python_type, datetime) for one in table.columns)
    }
    assert not instants
    assert type(line.added_on) is date
    mail = unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "voting-code")).one()
    job = unit.db.exec(select(Job).where(col(Job.kind) == "mail:send")).first()
    assert job is not None
    assert (mail.queued_at.hour, mail.queued_at.minute, job.run_at.hour, job.run_at.minute) == (0, 0, 0, 0)


TABLES = ("ballot_box", "spent_credential", "cast_ballot", "ballot")


def test_no_vote_table_has_room_for_a_name(unit: Work) -> None:
    seen = inspect(unit.db.get_bind())
    tables = {name: {column["name"] for column in seen.get_columns(name)} for name in TABLES}
    assert tables["ballot_box"] == set(Box.model_fields) == {
        "edition_id", "key", "public_key", "election_hash", "ballot_bytes", "changeable", "merge_by", "closed", "opened",
    }  # fmt: skip
    assert tables["cast_ballot"] == {"leaf_hash", "edition_id", "entry", "replaces"}
    assert tables["spent_credential"] == {"edition_id", "mark", "how", "day"} == set(SpentCredential.model_fields)
    assert not tables["ballot"] & {"name", "email", "address", "birth_date", "person_hash", "roll_line_id", "credential", "mark", "at"}
