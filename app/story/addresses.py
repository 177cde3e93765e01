"""The addresses of a project: the permanent one, the short one for paper, and its QR code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno
from markupsafe import Markup

from app.core.problems import Missing
from app.proposals.models import Proposal
from app.proposals.queries import project_by_public_id
from app.settings import settings
from app.unit import Work

MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
"""Letters that Crockford's base 32 leaves out because people read them as digits; what is typed from paper may hold them."""


@dataclass(frozen=True)
class Addresses:
    """Where a project is found, for ever."""

    permanent: str
    short: str

    def qr(self, title: str) -> Markup:
        """The short address as an inline SVG, with a title that says where it leads; correction level M, for a phone at arm's length."""
        return _drawn(self.short, title)


@lru_cache(maxsize=1000)
def _drawn(address: str, title: str) -> Markup:
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", title=title, svgclass="qr", lineclass=None, omitsize=True))


def addresses_of(proposal: Proposal) -> Addresses:
    """The addresses of a project."""
    base = settings().base_url
    return Addresses(f"{base}/projects/{proposal.public_id}", f"{base}/p/{proposal.public_id}")


def project_at(work: Work, code: str) -> Proposal:
    """The public project of a short address, however it was typed. Raises Missing, as for an address that never was."""
    try:
        return project_by_public_id(work, code)
    except Missing:
        return project_by_public_id(work, code.casefold().translate(MISREAD))
