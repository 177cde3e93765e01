"""Roles: who may give them, what the journal keeps, and the administrator who must remain."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts import roles, service, sessions, tokens
from app.accounts.forms import AddressForm, StaffForm
from app.accounts.models import Account, MailToken
from app.accounts.people import Person
from app.core.permissions import Role
from app.core.problems import Invalid, Refused
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.unit import Work
from tests.cast import Cast


@pytest.fixture
def boss(cast: Cast) -> Person:
    return cast.person("amelie@example.org", "Amélie Prigent", roles=["administrator"])


def add(unit: Work, by: Person, email: str = "yann@example.org", role: Role = Role.OBSERVER) -> Account:
    return roles.add_staff(unit, StaffForm(name="Yann", email=email, role=role), by=by, language="fr")


def account_of(unit: Work, person: Person) -> Account:
    return unit.db.get_one(Account, person.id)


def test_a_person_added_chooses_a_password_within_seven_days(boss: Person, unit: Work) -> None:
    account = add(unit, boss)
    [mail] = unit.db.exec(select(OutgoingMail)).all()
    assert (mail.name, mail.recipient) == ("staff-invitation", "yann@example.org")
    assert "/password-resets/" in mail.body_text
    assert unit.db.exec(select(MailToken)).one().expires_at == unit.now + timedelta(days=7)
    assert account.password_hash is None


def test_a_role_for_an_address_never_confirmed_ends_what_somebody_else_prepared(boss: Person, unit: Work, cast: Cast) -> None:
    intruder = account_of(unit, cast_unconfirmed(unit))
    opened = sessions.open_session(unit, intruder)
    add(unit, boss, role=Role.PUBLISHER)
    assert intruder.password_hash is None
    assert sessions.held_by(unit, opened) is None


def cast_unconfirmed(unit: Work) -> Person:
    account = Account(email="yann@example.org", display_name="Intrus", password_hash="known to somebody else", created_at=unit.now)
    unit.db.add(account)
    unit.db.flush()
    return sessions.person_of(unit, account)


def test_an_unconfirmed_account_is_given_no_role(boss: Person, unit: Work) -> None:
    with pytest.raises(Invalid):
        roles.grant_role(unit, account_of(unit, cast_unconfirmed(unit)), Role.OBSERVER, by=boss)


def test_a_change_of_roles_is_in_the_journal_and_ends_the_sessions(boss: Person, unit: Work, cast: Cast) -> None:
    unit.db.commit()
    account = account_of(unit, cast.person("paul@example.org", "Paul"))
    opened = sessions.open_session(unit, account)
    roles.grant_role(unit, account, Role.CASE_OFFICER, by=boss)
    assert sessions.held_by(unit, opened) is None
    roles.withdraw_role(unit, account, Role.CASE_OFFICER, by=boss)
    entries = [(entry.event, entry.subject, entry.text, entry.by_id) for entry in unit.db.exec(select(Entry).order_by(Entry.id))]  # type: ignore[arg-type]
    who = f"account:{account.id}"
    assert entries == [("account:grant_role", who, "case_officer", boss.id), ("account:withdraw_role", who, "case_officer", boss.id)]


def test_a_role_is_given_once_and_withdrawn_only_if_held(boss: Person, unit: Work) -> None:
    with pytest.raises(Invalid):
        roles.grant_role(unit, account_of(unit, boss), Role.ADMINISTRATOR, by=boss)
    with pytest.raises(Invalid):
        roles.withdraw_role(unit, account_of(unit, boss), Role.PUBLISHER, by=boss)


def test_the_last_administrator_who_can_sign_in_stays(boss: Person, unit: Work) -> None:
    invited = add(unit, boss, role=Role.ADMINISTRATOR)
    with pytest.raises(Invalid) as refused:
        roles.withdraw_role(unit, account_of(unit, boss), Role.ADMINISTRATOR, by=boss)
    assert "last administrator" in str(refused.value.message)
    invited.password_hash = "chosen"
    unit.db.flush()
    roles.withdraw_role(unit, account_of(unit, boss), Role.ADMINISTRATOR, by=boss)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_role_may_give_roles(role: Role) -> None:
    asks = Person(id=1, display_name="X", email="x@example.org", roles=frozenset({role}))
    nobody = Account(id=2, email="y@example.org", display_name="Y", created_at=None)  # type: ignore[arg-type]
    for verb in (roles.grant_role, roles.withdraw_role):
        with pytest.raises(Refused):
            verb(None, nobody, Role.OBSERVER, by=asks)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        add(None, asks)  # type: ignore[arg-type]


def test_an_invitation_that_ran_out_is_not_revived_by_asking_for_a_new_password(boss: Person, unit: Work) -> None:
    """N13: the old link stays dead; the new one is another, sent to the stored address alone."""
    add(unit, boss, email="late@example.org")
    later = replace(unit, now=unit.now + timedelta(days=8))
    service.request_reset(later, AddressForm(email="late@example.org"), language="fr", network="192.0.2.0")
    mails = unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    links = [re.findall(r"/password-resets/([\w-]+)", mail.body_text) for mail in mails]
    with pytest.raises(tokens.LinkOver):
        tokens.look(later, links[0][0], tokens.RESET)
    assert {mail.recipient for mail in mails} == {"late@example.org"}
    assert links[0][0] not in {secret for found in links[1:] for secret in found}
