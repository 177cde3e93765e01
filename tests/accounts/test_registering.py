"""Registering and confirming an address: nobody learns who has an account, nobody takes an address that is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts import passwords, service, sessions, tokens
from app.accounts.forms import RegisterForm, SignInForm
from app.accounts.models import Account
from app.accounts.tokens import LinkOver
from app.core.forms import read
from app.core.problems import Invalid
from app.notifications.models import OutgoingMail
from app.unit import Work
from tests.accounts.letters import path_in
from tests.cast import PASSWORD


def register(unit: Work, email: str = "claire@example.org", password: str = PASSWORD, name: str = "Claire") -> None:
    form = read(RegisterForm, {"name": name, "email": email, "password": password})
    service.register(unit, form, language="fr", network="203.0.113.0/24")
    unit.db.flush()


def mails(unit: Work) -> list[OutgoingMail]:
    return list(unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id)))  # type: ignore[arg-type]


def secret_in(mail: OutgoingMail) -> str:
    return path_in(mail).rsplit("/", 1)[1]


def test_an_address_is_confirmed_by_the_link_sent_to_it(unit: Work) -> None:
    register(unit, "  Claire@Example.ORG ")
    [mail] = mails(unit)
    assert (mail.name, mail.recipient) == ("confirm-address", "claire@example.org")
    held = sessions.held_by(unit, service.confirm(unit, secret_in(mail)))
    assert held is not None
    assert held.person.confirmed


def test_a_link_works_once_and_for_two_days(unit: Work) -> None:
    register(unit)
    secret = secret_in(mails(unit)[0])
    with pytest.raises(LinkOver):
        service.confirm(replace(unit, now=unit.now + timedelta(days=2)), secret)
    service.confirm(unit, secret)
    with pytest.raises(LinkOver):
        service.confirm(unit, secret)


def test_a_link_of_one_kind_does_not_serve_for_another(unit: Work) -> None:
    register(unit)
    with pytest.raises(LinkOver):
        tokens.look(unit, secret_in(mails(unit)[0]), tokens.RESET)


def test_a_known_address_is_told_by_mail_and_keeps_its_password(unit: Work) -> None:
    register(unit)
    service.confirm(unit, secret_in(mails(unit)[0]))
    register(unit, password="une autre phrase à moi", name="Quelqu’un")
    account = unit.db.exec(select(Account)).one()
    assert mails(unit)[-1].name == "address-known"
    assert account.display_name == "Claire"
    assert passwords.verify(PASSWORD, account.password_hash)


def test_who_registered_an_address_first_gains_nothing_over_its_holder(unit: Work) -> None:
    register(unit, password="la phrase de l’intrus", name="Intrus")
    former = service.sign_in(unit, SignInForm(email="claire@example.org", password="la phrase de l’intrus"), network="x")[0]
    register(unit)
    with pytest.raises(LinkOver):
        service.confirm(unit, secret_in(mails(unit)[0]))
    service.confirm(unit, secret_in(mails(unit)[1]))
    assert sessions.held_by(unit, former) is None
    with pytest.raises(Invalid):
        service.sign_in(unit, SignInForm(email="claire@example.org", password="la phrase de l’intrus"), network="x")


def test_an_address_that_only_looks_alike_is_another_one(unit: Work) -> None:
    register(unit, "mike@example.org")
    register(unit, "mıke@example.org")
    assert [mail.recipient for mail in mails(unit)] == ["mike@example.org", "mıke@example.org"]


@pytest.mark.parametrize("twin", ["ｍike@example.org", "MIKE@example.org", "mi\u212ae@example.org"])
def test_forms_of_one_address_are_one_account_and_mail_goes_to_the_stored_one(unit: Work, twin: str) -> None:
    register(unit, "mike@example.org")
    register(unit, twin)
    assert [account.email for account in unit.db.exec(select(Account))] == ["mike@example.org"]
    assert {mail.recipient for mail in mails(unit)} == {"mike@example.org"}


@pytest.mark.parametrize("name", ["Claire\nBcc: x@example.org", "https://piege.example", "\u202eeriale", ""])
def test_a_name_cannot_carry_headers_links_or_disguises(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(RegisterForm, {"name": name, "email": "claire@example.org", "password": PASSWORD})
    assert list(refused.value.errors) == ["name"]
