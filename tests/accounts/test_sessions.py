"""Sessions: how long they last, how they end, what the database keeps of them."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from app.accounts import sessions
from app.accounts.models import Account, SignIn, StaffRole
from app.unit import Work


def someone(unit: Work, *roles: str) -> Account:
    account = Account(email="claire@example.org", display_name="Claire", created_at=unit.now)
    unit.db.add(account)
    unit.db.flush()
    for role in roles:
        unit.db.add(StaffRole(account_id=account.id, role=role, granted_at=unit.now))
    unit.db.flush()
    return account


def later(unit: Work, **time: int) -> Work:
    return replace(unit, now=unit.now + timedelta(**time))


def test_the_database_keeps_no_secret_that_could_be_used(unit: Work) -> None:
    secret = sessions.open_session(unit, someone(unit))
    unit.db.flush()
    assert len(secret) == 43
    assert secret not in repr(unit.db.exec(select(SignIn)).one())


def test_a_session_left_alone_for_half_an_hour_has_ended(unit: Work) -> None:
    secret = sessions.open_session(unit, someone(unit))
    unit.db.flush()
    assert sessions.held_by(later(unit, minutes=29, seconds=59), secret)
    assert sessions.held_by(later(unit, minutes=30), secret) is None


def test_staff_sessions_end_after_a_quarter_of_an_hour_alone(unit: Work) -> None:
    secret = sessions.open_session(unit, someone(unit, "observer"))
    unit.db.flush()
    assert sessions.held_by(later(unit, minutes=14), secret)
    assert sessions.held_by(later(unit, minutes=15), secret) is None


def test_no_session_outlives_its_day_however_much_it_is_used(unit: Work) -> None:
    account = someone(unit)
    secret = sessions.open_session(unit, account)
    unit.db.flush()
    for quarter in range(1, 12 * 4):
        sessions.touch(later(unit, minutes=15 * quarter), secret)
    unit.db.expire_all()
    assert sessions.held_by(later(unit, hours=11, minutes=59), secret)
    assert sessions.held_by(later(unit, hours=12), secret) is None


def test_ending_the_other_sessions_keeps_the_present_one(unit: Work) -> None:
    account = someone(unit)
    mine, other = sessions.open_session(unit, account), sessions.open_session(unit, account)
    unit.db.flush()
    sessions.end_sessions(unit, account.id or 0, but=mine)
    assert sessions.held_by(unit, mine)
    assert sessions.held_by(unit, other) is None


def test_sessions_that_ended_are_forgotten(unit: Work) -> None:
    sessions.open_session(unit, someone(unit))
    unit.db.flush()
    sessions.forget_old(later(unit, hours=13))
    assert unit.db.exec(select(SignIn)).all() == []
