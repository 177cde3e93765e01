"""A file whose local partner was sent its link, for tests on both sides of it."""

import re
from typing import Any

from sqlmodel import col, select

from app.core.forms import read
from app.notifications.models import OutgoingMail
from app.proposals import partner, queries
from app.proposals.models import Proposal
from app.proposals.partner_forms import InviteForm
from app.unit import Work, work
from tests.cast import Cast

CONTACT = {"contact": "Ana Quispe", "email": "ana@example.org"}


def invited(cast: Cast, proposal: Proposal | None = None, *, language: str = "es", **contact: str) -> str:
    """Send the partner of a file of Claire's its link; returns the secret that stands in the e-mail."""
    claire = cast.person()
    proposal = proposal or cast.draft(claire, partner={"partner_letter": "no", "partner_role": "Suivi du chantier"})
    with work(cast.engine, now=cast.clock.now) as unit:
        file = queries.carrier_file(unit, proposal.public_id, claire)
        partner.invite(unit, file, read(InviteForm, CONTACT | {"language": language} | contact), by=claire)
    return secret_in(cast)


def secret_in(cast: Cast) -> str:
    """The secret in the newest e-mail to a partner."""
    with work(cast.engine, now=cast.clock.now) as unit:
        sent = select(OutgoingMail).where(OutgoingMail.name == "partner-invitation").order_by(col(OutgoingMail.id).desc())
        mail = unit.db.exec(sent).first()
        assert mail is not None
        found = re.search(r"/partner/([0-9a-z]{26})\b", mail.body_text)
        assert found is not None
        return found[1]


def all_of(unit: Work, table: Any) -> list[Any]:
    """Every row of a table, the oldest first."""
    return list(unit.db.exec(select(table).order_by(table.id)))
