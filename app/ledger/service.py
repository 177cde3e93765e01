"""Writing the journal."""

from app.ledger.models import Entry
from app.unit import Work


def record(work: Work, event: str, subject: str, text: str = "", *, by: int | None) -> None:
    """Add one act to the journal, in the transaction of the act itself. `by` is an account's id, None for the clock."""
    work.db.add(Entry(event=event, subject=subject, text=text, at=work.now, by_id=by))
