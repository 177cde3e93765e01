"""The standing cast: named people and organisations that tests share, made on demand through the verbs."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts import passwords, sessions
from app.accounts.models import Account, StaffRole
from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.forms import read
from app.core.messages import Localised
from app.core.permissions import Role
from app.editions.models import Edition, Phase, Programme
from app.editions.presets import rennes_preset
from app.http.identity import cookie_name
from app.organisations import queries as organisations
from app.organisations import service as registry
from app.organisations.forms import OrganisationForm
from app.organisations.models import Membership, Organisation
from app.proposals import queries, service
from app.proposals.commitments import CommitmentForm, InterestForm, commit, declare_interests
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile
from app.proposals.republican_text import VERSION
from app.proposals.sections import BY_SECTION
from app.unit import Work, work
from tests.calendars import usual_calendar
from tests.files import complete_answers

PASSWORD = "un mot de passe solide"


@cache
def _password_hash() -> str:
    """One real hash for everybody: making one takes 25 ms."""
    return passwords.hash_password(PASSWORD)


def undertake(unit: Work, file: CarrierFile, person: Person) -> None:
    """Take the republican commitment for a file (where its carrier can) and declare no interests."""
    if file.organisation.kind == "association":
        commit(unit, file, CommitmentForm(accepts=True, version=VERSION), by=person)
    declare_interests(unit, file, InterestForm(interests="none"), by=person)


class Cast:
    """Makes people, organisations and editions in the test's database."""

    def __init__(self, engine: Engine, clock: object, app: FastAPI) -> None:
        self.engine, self.clock, self.app = engine, clock, app

    def person(self, email: str = "claire@example.org", name: str = "Claire Le Goff", roles: Iterable[str] = ()) -> Person:
        """A confirmed account with the password PASSWORD and these staff roles; asked for again, the same with the roles added."""
        with work(self.engine, now=self.clock.now) as unit:
            account = unit.db.exec(select(Account).where(Account.email == email)).first()
            if account is None:
                account = Account(
                    email=email, display_name=name, password_hash=_password_hash(), confirmed_at=unit.now, created_at=unit.now
                )
                unit.db.add(account)
                unit.db.flush()
            for role in sorted(set(roles) - sessions.person_of(unit, account).roles):
                unit.db.add(StaffRole(account_id=account.id, role=str(role), granted_at=unit.now))
            unit.db.flush()
            return sessions.person_of(unit, account)

    def sign_in(self, client: TestClient, person: Person) -> None:
        """Give a visitor the cookie of a new session of this person."""
        with work(self.engine, now=self.clock.now) as unit:
            secret = sessions.open_session(unit, unit.db.get_one(Account, person.id))
        client.cookies.set(cookie_name(), secret)

    def official(self, *roles: Role, email: str = "sophie@example.org", name: str = "Sophie Martin") -> Person:
        """One of the city's people with these roles (administrator if none is named)."""
        return self.person(email, name, roles or (Role.ADMINISTRATOR,))

    def programme(self, slug: str = "rennes-solidarite") -> Programme:
        """The programme of Rennes, one euro per inhabitant; asked for again, the same."""
        with work(self.engine, now=self.clock.now) as unit:
            found = unit.db.exec(select(Programme).where(Programme.slug == slug)).first()
            if found is None:
                name = Localised(fr="Rennes solidarité internationale", en="Rennes in solidarity")
                tagline = Localised(fr="1 € par habitant·e", en="1 € for each inhabitant")
                found = Programme(slug=slug, name=name, tagline=tagline, operator="Ville de Rennes", commune="35238", created_at=unit.now)
                unit.db.add(found)
                unit.db.flush()
            return found

    def edition(
        self,
        now: datetime | None = None,
        *,
        slug: str = "rennes-2027",
        published: bool = True,
        phases: dict[str, tuple[datetime, datetime] | None] | None = None,
        **overrides: Any,
    ) -> Edition:
        """An edition with the Rennes rules and 230 890 €, published, submission open at `now`; asked for again, the same.

        `phases` replaces dates by (opens, closes), or leaves a phase out (None); `overrides` sets columns.
        """
        programme, preset = self.programme(), rennes_preset()
        with work(self.engine, now=self.clock.now) as unit:
            found = unit.db.exec(select(Edition).where(Edition.slug == slug)).first()
            if found is not None:
                return found
            columns: dict[str, Any] = {
                "name": Localised(fr="Édition 2027", en="2027 edition"),
                "introduction": Localised(fr="Les habitant·es choisissent des projets de solidarité.", en="Residents choose projects."),
                "envelope": preset.envelope,
                "rulebook": preset.rulebook,
                "themes": list(preset.themes),
                "redirects": list(preset.redirects),
                "created_at": unit.now,
                "published_at": unit.now if published else None,
            }
            made = Edition(programme_id=programme.id, slug=slug, **columns | overrides)
            unit.db.add(made)
            unit.db.flush()
            for window in usual_calendar(now or self.clock.now, programme.zone, **phases or {}).windows:
                unit.db.add(Phase(edition_id=made.id, kind=window.kind.value, opens_at=window.opens, closes_at=window.closes))
            return made

    def organisation(self, person: Person, **overrides: Any) -> Organisation:
        """The association this person represents, of Rennes, with its commitment signed; asked for again, the same."""
        with work(self.engine, now=self.clock.now) as unit:
            known = organisations.organisations_of(unit, person)
            if known and not overrides:
                return known[0].organisation
            usual = {"kind": "association", "name": "Ker Teranga Rennes", "no_rna": True, "founded_on": "2011-03-14", "commune": "35238"}
            form = read(OrganisationForm, usual | {"republican_commitment_on": "2026-11-02", "members": 64} | overrides)
            return registry.register(unit, form, by=person)

    def draft(
        self, person: Person | None = None, edition: Edition | None = None, complete: bool = True, **answers: dict[str, Any]
    ) -> Proposal:
        """A draft of this person's organisation, with every page filled and every rule met unless `complete` is false.

        `answers` replaces some answers of a page: `cast.draft(place={"country": "FR"})`.
        """
        person = person or self.person()
        organisation, edition = self.organisation(person), edition or self.edition()
        with work(self.engine, now=self.clock.now) as unit:
            proposal = service.start(unit, edition, organisation, by=person)
            file = queries.carrier_file(unit, proposal.public_id, person)
            pages = complete_answers(unit.now) if complete else {}
            if complete:
                undertake(unit, file, person)
            for name in {**pages, **answers}:
                form = BY_SECTION[name].form
                assert form is not None
                service.save(unit, file, Section(name), read(form, pages.get(name, {}) | answers.get(name, {})), seen=0, by=person)
            return proposal

    def member(self, organisation: Organisation, person: Person, role: str = "writer") -> Person:
        """The same person, acting for the organisation from now on in this role."""
        with work(self.engine, now=self.clock.now) as unit:
            unit.db.add(Membership(organisation_id=organisation.id or 0, account_id=person.id, role=role, since=unit.now))
        return person

    def submitted(self, person: Person | None = None, edition: Edition | None = None, **answers: dict[str, Any]) -> Proposal:
        """A complete file, submitted now."""
        person = person or self.person()
        proposal = self.draft(person, edition, **answers)
        with work(self.engine, now=self.clock.now) as unit:
            file = queries.carrier_file(unit, proposal.public_id, person)
            service.submit(unit, file, by=person)
            return file.proposal
