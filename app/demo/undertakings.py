"""What the people of the demonstration put their name to before a file is submitted."""

from app.accounts.people import Person
from app.demo.city import Town
from app.organisations.queries import sponsor_of
from app.proposals import sponsors
from app.proposals.commitments import CommitmentForm, InterestForm, commit, declare_interests
from app.proposals.queries import CarrierFile
from app.proposals.republican_text import VERSION
from app.proposals.sponsors import ValidationForm, sponsored_file
from app.unit import Work


def undertake(town: Town, unit: Work, file: CarrierFile, person: Person) -> None:
    """Interests declared, the republican commitment taken by whoever had signed it, a collective's file validated by its sponsor."""
    declare_interests(unit, file, InterestForm(interests="none"), by=person)
    sponsor = sponsor_of(unit, file.organisation)
    if sponsor is not None:
        sponsors.ask(unit, file, by=person)
        signing, public_id = town.people[sponsor.name], file.proposal.public_id
        seen = sponsored_file(unit, public_id, signing).content
        sponsors.validate(unit, public_id, ValidationForm(accepts=True, version=VERSION, seen=seen), by=signing)
    elif file.organisation.kind == "association" and file.organisation.republican_commitment_on:
        commit(unit, file, CommitmentForm(accepts=True, version=VERSION), by=person)
