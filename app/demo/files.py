"""The files of the demonstration: written page by page, submitted, decided, put on the ballot, by the same verbs as real ones."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.permissions import Role
from app.demo.carriers import carrier_name, organisation_named
from app.demo.city import Town, at_noon, data, edition_at
from app.demo.dates import Move
from app.demo.undertakings import undertake
from app.proposals import service as proposals
from app.proposals.budget import BudgetForm
from app.proposals.forms import CalendarForm, DeclarationsForm, PartnerForm, PlaceForm, ProjectForm, SectionForm, ThemeForm
from app.proposals.logframe import ActivitiesForm, BeneficiariesForm, FeedbackForm, IndicatorsForm, MarkersForm, SustainabilityForm
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile, carrier_file
from app.proposals.sections import declarations
from app.review import ballot, diligence
from app.review import service as review
from app.review.forms import DecisionForm, Outcome
from app.review.queries import open_case
from app.unit import Work

OUR_GRANT = "Subvention demandée – Ville de Rennes"


def all_files() -> list[dict[str, Any]]:
    """The 24 admissible and the 10 inadmissible files, in the order they are submitted."""
    return [*data()["projects"], *data()["inadmissible_projects"]]


def write(town: Town, slug: str, given: dict[str, Any], move: Move, instant: datetime, *, pages: int | None = None) -> str:
    """Start a file and save its first `pages` pages (all of them without a number). Returns its public identifier."""
    person = town.people[carrier_name(given)]
    with town.at(instant) as unit:
        edition = edition_at(unit, slug)
        proposal = proposals.start(unit, edition, organisation_named(unit, carrier_name(given)), by=person)
        file = carrier_file(unit, proposal.public_id, person)
        for section, form in list(_pages(file, given, move))[:pages]:
            proposals.save(unit, file, section, form, seen=0, by=person)
        return proposal.public_id


def submit(town: Town, public_id: str, given: dict[str, Any], instant: datetime) -> None:
    """Submit a file."""
    person = town.people[carrier_name(given)]
    with town.at(instant) as unit:
        undertake(town, unit, carrier_file(unit, public_id, person), person)
        proposals.submit(unit, carrier_file(unit, public_id, person), by=person)


def decide(town: Town, public_id: str, instant: datetime, outcome: Outcome, **words: Any) -> None:
    """Decide on a file as the case officer: every question of the rulebook answered yes where the file is admitted."""
    officer = town.officer(Role.CASE_OFFICER)
    with town.at(instant) as unit:
        proposal = unit.db.exec(select(Proposal).where(Proposal.public_id == public_id)).one()
        case = open_case(unit, public_id)
        admitted = {rule.key: True for rule in case.edition.rulebook.officer_rules()} if outcome is Outcome.ADMISSIBLE else {}
        review.decide(unit, proposal, DecisionForm(outcome=outcome, seen=case.seen, answers=admitted, **words), by=officer)


def enter_files(town: Town, slug: str, move: Move) -> None:
    """All 34 files of an edition: submitted over the weeks of submission, decided in the weeks of admissibility."""
    first = at_noon(move, "2026-11-20", 9)
    for number, given in enumerate(all_files()):
        instant = first + timedelta(days=2 * number, hours=number % 7)
        public_id = write(town, slug, given, move, instant)
        submit(town, public_id, given, instant + timedelta(hours=3))
        verdict = at_noon(move, "2027-02-10", 10) + timedelta(minutes=25 * number)
        if "reason" in given:
            decide(town, public_id, verdict, Outcome.INADMISSIBLE, reason=given["reason"], redirect=given.get("redirect"))
        else:
            decide(town, public_id, verdict, Outcome.ADMISSIBLE)


def list_ballot(town: Town, slug: str, move: Move) -> None:
    """Every file that was admitted, checked and put on the ballot."""
    with town.at(at_noon(move, "2027-05-03", 9)) as unit:
        edition = edition_at(unit, slug)
        projects = ballot.ballot_candidates(unit, edition)
        for proposal in projects:
            _check(unit, proposal, by=town.officer(Role.CASE_OFFICER))
        ballot.put_on_ballot(unit, edition, [proposal.public_id for proposal in projects], by=town.officer(Role.PUBLISHER))


def _check(unit: Work, proposal: Proposal, *, by: Person) -> None:
    """The checks before the ballot, all in order."""
    for item in diligence.Item:
        diligence.note(unit, proposal, diligence.DiligenceForm(item=item, found=diligence.Found.FINE), by=by)


def make_coming_edition(town: Town, slug: str, move: Move, now: datetime) -> None:
    """The edition that is open for submissions: a draft for the treasurer, three files to decide, one being completed."""
    days = iter((15, 11, 9, 6, 4))
    draft = data()["projects"][1]
    write(town, slug, draft, move, now - timedelta(days=next(days)), pages=7)
    for given in (data()["projects"][8], data()["inadmissible_projects"][2], data()["projects"][19]):
        instant = now - timedelta(days=next(days))
        submit(town, write(town, slug, given, move, instant), given, instant + timedelta(hours=2))
    lacking = data()["inadmissible_projects"][3]
    public_id = write(town, slug, lacking, move, now - timedelta(days=8))
    submit(town, public_id, lacking, now - timedelta(days=7))
    words = "Indiquez votre partenaire local et joignez sa lettre d’accord signée."
    decide(
        town,
        public_id,
        now - timedelta(days=next(days)),
        Outcome.INCOMPLETE,
        to_complete=words,
        complete_by_day=(now + timedelta(days=20)).date().isoformat(),
    )


def _pages(file: CarrierFile, given: dict[str, Any], move: Move) -> list[tuple[Section, SectionForm]]:
    """The answers of a file, page by page, in the order of its pages; what the data does not say stays blank."""
    partner, declared = given["local_partner"] or {}, given.get("declarations", {})
    return [
        (Section.PROJECT, ProjectForm(title=given["title"], summary=given["summary"], description=given["description"])),
        (Section.BENEFICIARIES, BeneficiariesForm(beneficiaries=given["direct_beneficiaries"])),
        (
            Section.PLACE,
            PlaceForm(country=given["country"], place=given["place"], latitude=given["latitude"], longitude=given["longitude"]),
        ),
        (
            Section.PARTNER,
            PartnerForm(
                partner_name=partner.get("name", ""),
                partner_kind=partner.get("kind", ""),
                partner_letter=partner.get("agreement_letter"),
            ),
        ),
        (Section.CALENDAR, CalendarForm(starts_on=move.day(given["start"]), duration_months=given["duration_months"])),
        (Section.ACTIVITIES, ActivitiesForm(activities=[{"label": one} for one in given["activities"]])),
        (
            Section.THEME,
            ThemeForm(
                theme=given["theme"],
                nature=given.get("nature", "development"),
                main_sdg=given["sdgs"][0],
                sdgs=given["sdgs"][1:],
                sdg_targets=given.get("sdg_targets", []),
                purpose_code=given["crs_sector"],
            ),
        ),
        (Section.MARKERS, MarkersForm(**{name: str(value) for name, value in given["markers"].items()})),
        (
            Section.INDICATORS,
            IndicatorsForm(indicators=[{name: str(value) for name, value in one.items()} for one in given["indicators"]]),
        ),
        (Section.BUDGET, _budget(given["requested"], given["budget"])),
        (Section.FEEDBACK, FeedbackForm(feedback=given["rennes_feedback"])),
        (Section.SUSTAINABILITY, SustainabilityForm(sustainability=given["sustainability"])),
        (Section.DECLARATIONS, DeclarationsForm(declared=[key for key in declarations(file.edition) if declared.get(key, True)])),
    ]


def _budget(requested: int, budget: dict[str, Any]) -> BudgetForm:
    """The lines in euros; the grant asked of the city is no line."""
    given = budget["in_kind"]
    charges = [*budget["charges"], {"account": "864", "label": "Bénévolat", "amount": given["864_volunteering"]}]
    others = [line for line in budget["products"] if not line["label"].startswith(OUR_GRANT)]
    products = [*others, {"account": "870", "label": "Bénévolat", "amount": given["870_volunteering"], "status": "confirmed"}]
    return BudgetForm(
        requested=str(requested),
        charges=[{"account": line["account"], "label": line["label"], "amount": str(line["amount"])} for line in charges],
        products=[line | {"amount": str(line["amount"])} for line in products],
    )
