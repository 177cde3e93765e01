"""The letter of the local partner: composed from the file, in the partner's language; what was signed is kept word by word."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

from app.core.messages import Message, say
from app.core.money import Money
from app.countries import country_name
from app.editions.models import Edition, Programme
from app.organisations.models import Organisation
from app.proposals.dossier import dossier_of
from app.proposals.models import Proposal
from app.proposals.partner_models import PartnerLink
from app.rendering import GUEST_LANGUAGES, money, speaking, translate
from app.unit import Work


@dataclass(frozen=True)
class Guest:
    """A partner who came by its link: the file it is asked about, with all that its page shows."""

    link: PartnerLink
    proposal: Proposal
    organisation: Organisation
    edition: Edition
    programme: Programme


def cost_of(work: Work, guest: Guest) -> Money:
    """What the project costs in money."""
    return Money(dossier_of(work, guest.proposal).total_cost.cents, guest.programme.currency)


def letter_of(work: Work, guest: Guest, language: str) -> str:
    """The letter as it would be signed now, in a language."""
    proposal = guest.proposal
    place = country_name(proposal.country, tuple(GUEST_LANGUAGES)) if proposal.country else ""
    asked, cost = Money(proposal.requested_cents or 0, guest.programme.currency), cost_of(work, guest)
    named = {"partner": proposal.partner_name, "title": proposal.title, "carrier": guest.organisation.name}
    parts: list[Message] = [
        say("We, %(partner)s, know the project “%(title)s”, carried by %(carrier)s, and take part in it as its local partner.", **named)
    ]
    if place:
        parts.append(say("The project takes place in this country: %(country)s.", country=place))
    if proposal.partner_role:
        parts.append(say("Our part in it: %(role)s", role=proposal.partner_role))
    if proposal.requested_cents is not None:
        parts.append(say("We know its budget: %(cost)s in all, of which %(asked)s are asked of the city.", cost=cost, asked=asked))
    parts.append(say("We accept that the city writes to us to make sure that this letter is ours."))
    with speaking(language, guest.programme.zone):
        return "\n\n".join(translate(part) for part in parts)


def still_holds(letter: str, language: str, proposal: Proposal, carrier: str, cost: Money) -> bool:
    """Whether a letter signed in a language quotes the file as it is now: its title, its carrier, the partner's part, both amounts."""
    asked = Money(proposal.requested_cents or 0, cost.currency)
    with speaking(language):
        amounts = Counter((_plain(money(cost)), _plain(money(asked))) if proposal.requested_cents is not None else ())
    said = _plain(letter)
    quoted = re.search(rf"[«“„\"] ?{re.escape(_plain(proposal.title))} ?[»”“\"]", said) is not None
    named = all(_plain(part) in said for part in (carrier, proposal.partner_role))
    return quoted and named and all(len(_amounts(said, one)) >= many for one, many in amounts.items())


def _amounts(said: str, amount: str) -> list[str]:
    """Where a text says this amount, and not one that only ends like it: 3 000 € stands in 13 000 € as letters alone."""
    return re.findall(rf"(?<!\d)(?<!\d[ .,]){re.escape(amount)}", said)


def _plain(text: str) -> str:
    return " ".join(text.split())


def hash_of(letter: str) -> str:
    """SHA-256 of a letter in UTF-8, in hexadecimal, so that anyone can compute it again."""
    return hashlib.sha256(letter.encode()).hexdigest()
