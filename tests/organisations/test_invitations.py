"""Members by invitation: one address, one link, one week; nobody joins, or is joined, without being asked (N08, N13)."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts import tokens
from app.accounts.forms import NewPasswordForm
from app.accounts.models import Account
from app.accounts.people import Person
from app.core.permissions import MemberRole
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.organisations import invitations, members, queries
from app.organisations.forms import InvitationForm, MemberRoleForm
from app.organisations.models import Invitation, Organisation
from app.unit import Work
from tests.cast import Cast
from tests.turns import TakingTurns


@pytest.fixture
def cast(cast: Cast, unit: Work) -> Cast:
    return TakingTurns(cast, unit)  # type: ignore[return-value]


@pytest.fixture
def claire(cast: Cast) -> Person:
    return cast.person()


@pytest.fixture
def organisation(cast: Cast, claire: Person, unit: Work) -> Organisation:
    made = cast.organisation(claire)
    return unit.db.get_one(Organisation, made.id)


def ask(unit: Work, organisation: Organisation, by: Person, email: str = "leo@example.org", role: str = "writer") -> tuple[Invitation, str]:
    """An invitation and the secret of its link, as the mail tells it."""
    made = invitations.invite(unit, organisation, InvitationForm(email=email, role=role), by=by)
    return made, secret_of(unit)


def secret_of(unit: Work) -> str:
    mail = [one for one in unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id)) if one.name == "invitation"][-1]  # type: ignore[arg-type]
    found = re.search(r"/invitations/(\S+)", mail.body_text)
    assert found is not None
    return found[1]


def later(unit: Work, **after: int) -> Work:
    return Work(unit.db, unit.now + timedelta(**after))


def test_who_accepts_acts_for_the_organisation_in_the_role_that_was_offered(
    unit: Work, cast: Cast, claire: Person, organisation: Organisation
) -> None:
    leo = cast.person("leo@example.org", "Léo")
    made, secret = ask(unit, organisation, claire, email="LEO@example.org", role="treasurer")
    assert queries.role_in(unit, organisation.id, leo) is None
    assert secret not in (made.token_hash, made.public_id)
    invitations.accept(unit, invitations.by_secret(unit, secret), by=leo)
    assert queries.role_in(unit, organisation.id, leo) is MemberRole.TREASURER
    events = [entry.event for entry in unit.db.exec(select(Entry).where(Entry.subject == organisation.slug))]
    assert events[-2:] == ["organisation:invite", "organisation:accept-invitation"]
    assert [mail.recipient for mail in unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "invitation-accepted"))] == [
        claire.email
    ]


def test_a_link_works_once(unit: Work, cast: Cast, claire: Person, organisation: Organisation) -> None:
    leo = cast.person("leo@example.org", "Léo")
    _, secret = ask(unit, organisation, claire)
    invitations.accept(unit, invitations.by_secret(unit, secret), by=leo)
    members.remove_member(unit, organisation, leo.id, by=claire)
    with pytest.raises(Conflict, match="already been accepted"):
        invitations.accept(unit, invitations.by_secret(unit, secret), by=leo)
    assert queries.role_in(unit, organisation.id, leo) is None


def test_an_invitation_is_for_one_address_alone(unit: Work, cast: Cast, claire: Person, organisation: Organisation) -> None:
    made, secret = ask(unit, organisation, claire, email="mike@example.org")
    for other in ("leo@example.org", "mıke@example.org", "mike@example.org.evil.example"):
        somebody = cast.person(other, "Quelqu’un")
        with pytest.raises(Conflict, match="another address"):
            invitations.accept(unit, invitations.by_secret(unit, secret), by=somebody)
        with pytest.raises(Missing):
            invitations.mine(unit, made.public_id, somebody)
        assert invitations.waiting_for(unit, somebody) == []
        assert queries.role_in(unit, organisation.id, somebody) is None


def test_an_address_that_is_not_confirmed_accepts_nothing(unit: Work, cast: Cast, claire: Person, organisation: Organisation) -> None:
    _, secret = ask(unit, organisation, claire)
    leo = cast.person("leo@example.org", "Léo")
    unconfirmed = Person(id=leo.id, display_name="Léo", email=leo.email, confirmed=False)
    with pytest.raises(Refused, match="Confirm your e-mail address"):
        invitations.accept(unit, invitations.by_secret(unit, secret), by=unconfirmed)
    assert invitations.waiting_for(unit, unconfirmed) == []


def test_an_invitation_that_ran_out_is_not_revived_by_a_new_password(
    unit: Work, cast: Cast, claire: Person, organisation: Organisation
) -> None:
    leo = cast.person("leo@example.org", "Léo")
    made, secret = ask(unit, organisation, claire)
    after = later(unit, days=7)
    reset = tokens.issue(after, after.db.get_one(Account, leo.id), tokens.RESET, tokens.RESET_LASTS)
    accounts.choose_password(after, reset, NewPasswordForm(password="un autre mot de passe long"))
    with pytest.raises(Conflict, match="ran out"):
        invitations.accept(after, invitations.by_secret(after, secret), by=leo)
    with pytest.raises(Conflict, match="ran out"):
        invitations.accept(after, invitations.mine(after, made.public_id, leo), by=leo)
    assert invitations.waiting_for(after, leo) == []
    invitations.resend(after, organisation, made.public_id, by=claire)
    with pytest.raises(Missing):
        invitations.by_secret(after, secret)
    invitations.accept(after, invitations.by_secret(after, secret_of(after)), by=leo)
    assert queries.role_in(after, organisation.id, leo) is MemberRole.WRITER


def test_a_withdrawn_invitation_is_over_and_a_second_one_replaces_the_first(
    unit: Work, cast: Cast, claire: Person, organisation: Organisation
) -> None:
    leo = cast.person("leo@example.org", "Léo")
    made, first = ask(unit, organisation, claire)
    _, second = ask(unit, organisation, claire, role="reader")
    assert made.outcome == "withdrawn"
    with pytest.raises(Conflict, match="withdrawn"):
        invitations.accept(unit, invitations.by_secret(unit, first), by=leo)
    latest = invitations.pending(unit, organisation)
    assert [one.role for one in latest] == ["reader"]
    invitations.withdraw(unit, organisation, latest[0].public_id, by=claire)
    with pytest.raises(Conflict, match="withdrawn"):
        invitations.accept(unit, invitations.by_secret(unit, second), by=leo)
    with pytest.raises(Conflict, match="withdrawn"):
        invitations.resend(unit, organisation, latest[0].public_id, by=claire)


@pytest.mark.parametrize("role", [None, "writer", "reader"])
def test_nobody_but_those_who_may_sign_invites_or_changes_members(
    unit: Work, cast: Cast, claire: Person, organisation: Organisation, role: str | None
) -> None:
    made, _ = ask(unit, organisation, claire, email="new@example.org")
    leo = cast.person("leo@example.org", "Léo")
    if role:
        cast.member(organisation, leo, role)
    for attempt in (
        lambda: ask(unit, organisation, leo, email="ami@example.org", role="representative"),
        lambda: invitations.resend(later(unit, days=1), organisation, made.public_id, by=leo),
        lambda: invitations.withdraw(unit, organisation, made.public_id, by=leo),
        lambda: members.change_role(unit, organisation, leo.id, MemberRoleForm(role="representative"), by=leo),
        lambda: members.remove_member(unit, organisation, claire.id, by=leo),
    ):
        with pytest.raises(Refused, match="Legal representative"):
            attempt()
    assert made.outcome is None


def test_an_invitation_of_another_organisation_is_out_of_reach(unit: Work, cast: Cast, claire: Person, organisation: Organisation) -> None:
    made, _ = ask(unit, organisation, claire)
    other = cast.person("autre@example.org", "Autre")
    theirs = unit.db.get_one(Organisation, cast.organisation(other, name="Autre association").id)
    with pytest.raises(Missing):
        invitations.withdraw(unit, theirs, made.public_id, by=other)
    with pytest.raises(Missing):
        invitations.resend(later(unit, days=1), theirs, made.public_id, by=other)


def test_a_member_is_not_invited_again_nor_too_many_at_once(unit: Work, claire: Person, organisation: Organisation) -> None:
    with pytest.raises(Invalid, match="already acts"):
        ask(unit, organisation, claire, email=claire.email)
    for number in range(invitations.PENDING_AT_MOST):
        ask(unit, organisation, claire, email=f"n{number}@example.org")
    with pytest.raises(Invalid, match="waiting already"):
        ask(unit, organisation, claire, email="one.more@example.org")


def test_an_invitation_is_not_sent_again_at_once(unit: Work, claire: Person, organisation: Organisation) -> None:
    made, _ = ask(unit, organisation, claire)
    with pytest.raises(Conflict, match="five minutes"):
        invitations.resend(unit, organisation, made.public_id, by=claire)


def test_the_last_representative_neither_leaves_nor_is_demoted(unit: Work, cast: Cast, claire: Person, organisation: Organisation) -> None:
    leo = cast.member(organisation, cast.person("leo@example.org", "Léo"), "treasurer")
    for attempt in (
        lambda: members.leave(unit, organisation, by=claire),
        lambda: members.remove_member(unit, organisation, claire.id, by=leo),
        lambda: members.change_role(unit, organisation, claire.id, MemberRoleForm(role="reader"), by=leo),
    ):
        with pytest.raises(Invalid, match="another legal representative"):
            attempt()
    members.change_role(unit, organisation, leo.id, MemberRoleForm(role="representative"), by=claire)
    members.leave(unit, organisation, by=claire)
    assert [one.account_id for one in queries.members_of(unit, organisation.id)] == [leo.id]
    with pytest.raises(Missing):
        members.change_role(unit, organisation, claire.id, MemberRoleForm(role="reader"), by=leo)
