"""The people of an organisation: another role, removal, leaving. Somebody who may sign for it remains at all times."""

from sqlmodel import select

from app.accounts.people import Person
from app.core.messages import say
from app.core.permissions import MemberRole
from app.core.problems import Invalid, Missing
from app.ledger import service as ledger
from app.organisations.forms import MemberRoleForm
from app.organisations.models import Membership, Organisation
from app.organisations.service import check_member
from app.unit import Work


def hold(work: Work, organisation: Organisation) -> None:
    """Hold the organisation to the end of the transaction, so that two people who change its members at once never meet."""
    work.db.refresh(organisation, with_for_update=True)


def change_role(work: Work, organisation: Organisation, account_id: int, form: MemberRoleForm, *, by: Person) -> None:
    """Give a member another role. Raises Invalid at "role" for the last representative, Missing for who is no member."""
    hold(work, organisation)
    check_member(work, organisation, "manage_members", by)
    membership = work.db.get(Membership, (organisation.id, account_id), populate_existing=True)
    if membership is None:
        raise Missing(say("This person does not act for the organisation."))
    if membership.role == form.role:
        return
    if form.role is not MemberRole.REPRESENTATIVE:
        _keep_a_representative(work, organisation, without=account_id, field=f"role-of-{account_id}")
    former, membership.role = membership.role, form.role.value
    work.db.add(membership)
    ledger.record(work, "organisation:change-role", organisation.slug, f"{account_id}: {former} > {form.role.value}", by=by.id)


def remove_member(work: Work, organisation: Organisation, account_id: int, *, by: Person) -> None:
    """End somebody's membership; of who is no member there is nothing to end. Raises Invalid for the last representative."""
    hold(work, organisation)
    check_member(work, organisation, "manage_members", by)
    _end(work, organisation, account_id, "organisation:remove-member", by)


def leave(work: Work, organisation: Organisation, *, by: Person) -> None:
    """Act for an organisation no more. Raises Invalid for the last representative."""
    hold(work, organisation)
    _end(work, organisation, by.id, "organisation:leave", by)


def _end(work: Work, organisation: Organisation, account_id: int, event: str, by: Person) -> None:
    membership = work.db.get(Membership, (organisation.id, account_id), populate_existing=True)
    if membership is None:
        return
    _keep_a_representative(work, organisation, without=account_id, field="")
    work.db.delete(membership)
    ledger.record(work, event, organisation.slug, str(account_id), by=by.id)


def _keep_a_representative(work: Work, organisation: Organisation, *, without: int, field: str) -> None:
    rows = work.db.exec(select(Membership).where(Membership.organisation_id == organisation.id)).all()
    if not any(row.role == MemberRole.REPRESENTATIVE and row.account_id != without for row in rows):
        raise Invalid({field: say("Name another legal representative first: an organisation cannot be left without one.")})
