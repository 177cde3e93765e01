"""Signing in, passwords and links to choose a new one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app import limits
from app.accounts import passwords, service, sessions, tokens
from app.accounts.attempts import TooManyTries, network_of
from app.accounts.forms import AddressForm, ChangePasswordForm, NewPasswordForm, SignInForm
from app.accounts.models import Account
from app.accounts.tokens import LinkOver
from app.core.problems import Invalid
from app.notifications.models import OutgoingMail
from app.unit import Work
from tests.accounts.letters import path_in
from tests.cast import PASSWORD, Cast

NEW = "une toute autre phrase"


def sign_in(unit: Work, email: str = "claire@example.org", password: str = PASSWORD, network: str = "here") -> str:
    return service.sign_in(unit, SignInForm(email=email, password=password), network=network)[0]


def reset_secret(unit: Work, email: str = "claire@example.org") -> str:
    service.request_reset(unit, AddressForm(email=email), language="fr", network="here")
    unit.db.flush()
    return path_in(unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()).rsplit("/", 1)[1]  # type: ignore[union-attr, arg-type]


@pytest.fixture(autouse=True)
def _claire(cast: Cast) -> None:
    cast.person()


def test_the_right_password_opens_a_session_of_its_own_each_time(unit: Work) -> None:
    first, second = sign_in(unit), sign_in(unit)
    assert first != second
    assert sessions.held_by(unit, first)
    assert sessions.held_by(unit, second)


def test_the_session_the_browser_had_ends_when_it_signs_in(unit: Work) -> None:
    former = sign_in(unit)
    form = SignInForm(email="claire@example.org", password=PASSWORD)
    service.sign_in(unit, form, network="here", former=former)
    assert sessions.held_by(unit, former) is None


def test_an_unknown_address_and_a_wrong_password_get_one_sentence_and_one_computation(unit: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[str | None] = []
    monkeypatch.setattr(passwords, "verify", lambda password, kept: bool(spent.append(kept)))
    refusals = []
    for email in ("claire@example.org", "nobody@example.org"):
        with pytest.raises(Invalid) as refused:
            sign_in(unit, email, "une phrase fausse")
        refusals.append(refused.value.errors)
    assert refusals[0] == refusals[1]
    assert len(spent) == 2


def test_an_account_without_password_opens_with_none(unit: Work) -> None:
    unit.db.exec(select(Account)).one().password_hash = None
    with pytest.raises(Invalid):
        sign_in(unit, password="None")


def test_an_older_hash_is_made_anew_at_the_next_sign_in(unit: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    before = unit.db.exec(select(Account)).one().password_hash
    monkeypatch.setattr(passwords, "needs_new_hash", lambda kept: True)
    sign_in(unit)
    assert unit.db.exec(select(Account)).one().password_hash != before


def test_the_eleventh_try_from_one_network_waits_while_the_owner_signs_in_elsewhere(unit: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify", lambda password, kept: password == PASSWORD)
    for _ in range(10):
        with pytest.raises(Invalid):
            sign_in(unit, password="une phrase fausse")
    with pytest.raises(TooManyTries) as refused:
        sign_in(unit)
    assert refused.value.message.values["when"] == unit.now + timedelta(minutes=15)
    assert sign_in(unit, network="elsewhere")
    assert sign_in(replace(unit, now=unit.now + timedelta(minutes=15)))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"), ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"), ("fe80::1%eth0", "fe80::/48"), ("testclient", "unknown"),
    ],
)
def test_tries_are_counted_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_new_password_through_a_link_ends_every_session_and_the_link(unit: Work) -> None:
    opened, secret = sign_in(unit), reset_secret(unit)
    service.choose_password(unit, secret, NewPasswordForm(password=NEW))
    assert sessions.held_by(unit, opened) is None
    assert sign_in(unit, password=NEW)
    with pytest.raises(LinkOver):
        service.choose_password(unit, secret, NewPasswordForm(password=PASSWORD))


def test_a_weak_password_does_not_use_up_the_link(unit: Work) -> None:
    secret = reset_secret(unit)
    with pytest.raises(Invalid):
        service.choose_password(unit, secret, NewPasswordForm(password="court"))
    service.choose_password(unit, secret, NewPasswordForm(password=NEW))


def test_a_link_for_a_new_password_lasts_thirty_minutes(unit: Work) -> None:
    secret = reset_secret(unit)
    assert tokens.look(replace(unit, now=unit.now + timedelta(minutes=29, seconds=59)), secret, tokens.RESET)
    with pytest.raises(LinkOver):
        tokens.look(replace(unit, now=unit.now + timedelta(minutes=30)), secret, tokens.RESET)


def test_asking_again_ends_the_earlier_link(unit: Work) -> None:
    first, second = reset_secret(unit), reset_secret(unit)
    with pytest.raises(LinkOver):
        tokens.look(unit, first, tokens.RESET)
    assert tokens.look(unit, second, tokens.RESET)


def test_an_unknown_or_twin_address_receives_nothing(unit: Work) -> None:
    for email in ("nobody@example.org", "cla\u0131re@example.org"):
        service.request_reset(unit, AddressForm(email=email), language="fr", network="here")
    assert unit.db.exec(select(OutgoingMail)).all() == []


def test_changing_the_password_needs_the_present_one_and_ends_the_other_sessions(unit: Work, cast: Cast) -> None:
    opened = sign_in(unit)
    unit.db.commit()
    person = sessions.person_of(unit, unit.db.exec(select(Account)).one())
    with pytest.raises(Invalid) as refused:
        service.change_password(unit, ChangePasswordForm(current="une phrase fausse", password=NEW), by=person)
    assert list(refused.value.errors) == ["current"]
    present = service.change_password(unit, ChangePasswordForm(current=PASSWORD, password=NEW), by=person)
    assert sessions.held_by(unit, opened) is None
    assert sessions.held_by(unit, present)


def test_counters_of_days_long_past_are_forgotten_at_the_next_sign_in(unit: Work) -> None:
    """They bear parts of addresses, so they are not kept longer than they serve."""
    long_ago = replace(unit, now=unit.now - timedelta(days=5))
    limits.count(long_ago, "sign-in:192.0.2.0", limit=10, per=timedelta(hours=1))
    sign_in(unit)
    assert "sign-in:192.0.2.0" not in unit.db.exec(select(limits.Counter.key)).all()
