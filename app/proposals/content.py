"""What a file says, as one fingerprint: whoever puts their name to it puts it to exactly this."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from app.proposals.budget import BudgetForm
from app.proposals.models import BudgetLine, Proposal
from app.proposals.sections import PAGES


def content_hash(proposal: Proposal, lines: Sequence[BudgetLine], documents: Iterable[tuple[str, str]]) -> str:
    """SHA-256 (hexadecimal) of every answer of a file and of its documents, given as (kind, SHA-256), in whatever order."""
    said = {page.section.value: page.form.answers(proposal, list(lines) if page.form is BudgetForm else []) for page in PAGES if page.form}
    whole = {"answers": said, "documents": sorted(documents)}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
