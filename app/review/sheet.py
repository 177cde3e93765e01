"""The sheet of a project: what every reader of a file sees of it, officer, resident or program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, ClassVar

from app.core.eligibility import Dossier
from app.core.eligibility.dossier import IN_KIND_CHARGES, IN_KIND_PRODUCTS
from app.core.lifecycle import STATES, State
from app.core.messages import Localised, Message
from app.core.money import Money
from app.editions.models import Edition, Programme
from app.editions.reference import BudgetAccount, Goal, GoalTarget, PurposeCode, budget_accounts, goal_targets, goals, purpose_codes
from app.organisations.models import Organisation
from app.proposals.currencies import foreign_said
from app.proposals.dossier import dossiers_from
from app.proposals.gathered import gather
from app.proposals.guarding import public_coordinates, public_partner, public_place
from app.proposals.logframe import AGES, MARKERS, SEXES
from app.proposals.models import BudgetLine, Document, Proposal
from app.proposals.partner_letter import still_holds
from app.proposals.partner_models import PartnerAnswer
from app.proposals.partner_queries import CONFIRMED
from app.proposals.queries import STATE_KINDS
from app.proposals.sections import LABELS, MARKER_LABELS
from app.proposals.undertaken import Undertaken, undertaken_for
from app.unit import Work

IN_KIND = IN_KIND_CHARGES + IN_KIND_PRODUCTS


def shown_state(proposal: Proposal) -> tuple[Message, str]:
    """The label of a file's state and the kind of its badge."""
    state = State(proposal.state)
    return STATES[state].label, STATE_KINDS.get(state, "")


@dataclass(frozen=True)
class Sheet:
    """A file with all that is needed to show it, read in a fixed number of statements.

    `inside`: for the officer's eyes; everyone else reads no more of a guarded place than its region.
    `undertake`: reads what was promised and stated, for the pages that show it.
    """

    proposal: Proposal
    edition: Edition
    programme: Programme
    carrier: Organisation
    sponsor: Organisation | None
    dossier: Dossier
    lines: Sequence[BudgetLine]
    documents: Sequence[Document]
    partner_answer: PartnerAnswer | None
    undertake: Callable[[], Undertaken]
    inside: ClassVar[bool] = False

    @cached_property
    def undertaken(self) -> Undertaken:
        """What the carrier and its sponsor promised and stated; one statement."""
        return self.undertake()

    @property
    def place(self) -> str:
        """The place beside its country, as this reader may know it."""
        return self.proposal.place if self.inside else public_place(self.proposal)

    @property
    def partner(self) -> str:
        """The partner's name, blank where this reader may not know it."""
        return self.proposal.partner_name if self.inside else public_partner(self.proposal)

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, as this reader may know them."""
        latitude, longitude = self.proposal.latitude, self.proposal.longitude
        if not self.inside:
            return public_coordinates(self.proposal)
        return (latitude, longitude) if latitude is not None and longitude is not None else None

    @property
    def letter_is_behind(self) -> bool:
        """Whether the file has changed since the partner signed: what the letter quotes of it is no longer so."""
        answer = self.partner_answer
        if answer is None or answer.outcome != CONFIRMED:
            return False
        return not still_holds(answer.letter, answer.language, self.proposal, self.carrier.name, self.total_cost)

    @property
    def people(self) -> list[tuple[Message, list[int | None], int]]:
        """People by age: (age, the number of each sex, together), the ages of which nothing is known left out."""
        groups = self.proposal.beneficiary_groups
        rows = [(label, [groups.get(f"{sex}_{age}") for sex in SEXES]) for age, label in AGES.items()]
        return [(label, counts, sum(count or 0 for count in counts)) for label, counts in rows if counts != [None] * len(SEXES)]

    @property
    def targets(self) -> list[GoalTarget]:
        """The targets of the goals."""
        return [goal_targets()[code] for code in self.proposal.sdg_targets if code in goal_targets()]

    @property
    def markers(self) -> list[tuple[Message, Message, str]]:
        """The donors' markers: name, what is said, why."""
        said, why = self.proposal.markers, self.proposal.marker_reasons
        return [(LABELS[name], MARKER_LABELS[str(said[name])], why.get(name, "")) for name in MARKERS if name in said]

    @property
    def requested(self) -> Money | None:
        """The grant asked of the city."""
        return None if self.proposal.requested_cents is None else self.money(self.proposal.requested_cents)

    @property
    def total_cost(self) -> Money:
        """What the project costs in money, contributions in kind not counted."""
        return self.money(self.dossier.total_cost.cents)

    @property
    def rate(self) -> Fraction | None:
        """The city's share of the cost, None while there is no cost."""
        cost = self.total_cost.cents
        return Fraction(self.proposal.requested_cents, cost) if self.proposal.requested_cents is not None and cost else None

    @property
    def theme(self) -> Localised | None:
        """The theme in the city's words."""
        return next((Localised(one.label) for one in self.edition.themes if one.key == self.proposal.theme), None)

    @property
    def goals(self) -> list[Goal]:
        """The sustainable development goals, the main one first."""
        known = {goal.number: goal for goal in goals()}
        return [known[number] for number in self.proposal.sdgs if number in known]

    @property
    def purpose(self) -> PurposeCode | None:
        """The purpose code in words."""
        return purpose_codes().get(self.proposal.purpose_code or "")

    def paid(self, line: BudgetLine) -> Message | None:
        """How the euros of a cost in another currency were computed; None for a line in euros."""
        return foreign_said(line.model_dump())

    @cached_property
    def budget(self) -> "Budget":
        """The budget in its two columns."""
        return Budget(self)

    def money(self, cents: int) -> Money:
        """Cents in the programme's currency."""
        return Money(cents, self.programme.currency)


class Budget:
    """The lines of a budget by side, money apart from contributions in kind, with their totals."""

    def __init__(self, sheet: Sheet) -> None:
        money = [line for line in sheet.lines if not line.account.startswith(IN_KIND)]
        in_kind = [line for line in sheet.lines if line.account.startswith(IN_KIND)]
        self.charges, self.products = ([line for line in money if line.side == side] for side in ("charge", "product"))
        self.given, self.sources = ([line for line in in_kind if line.side == side] for side in ("charge", "product"))
        self.total_charges = sheet.total_cost
        self.total_products = sheet.money(sheet.dossier.total_products.cents)
        self.total_given, self.total_sources = (sheet.money(sum(line.cents for line in lines)) for lines in (self.given, self.sources))

    @property
    def balanced(self) -> bool:
        """Whether both columns have the same total, money and kind each."""
        return self.total_charges == self.total_products and self.total_given == self.total_sources


def account_of(line: BudgetLine) -> BudgetAccount | None:
    """The account of a line in words: its own, else the class it belongs to."""
    known = budget_accounts()
    return known.get(line.account) or known.get(line.account[:2])


def parts_of(work: Work, proposal: Proposal) -> dict[str, Any]:
    """The parts of a sheet, by name."""
    key, held = proposal.id or 0, gather(work, [proposal])
    edition, programme = held.editions[proposal.edition_id]
    dossier = dossiers_from(held, [proposal], work.now.date())[key]
    word = dossier.carrier.sponsor_word if dossier.carrier else None
    return {
        "proposal": proposal,
        "edition": edition,
        "programme": programme,
        "carrier": held.carrier(proposal),
        "sponsor": held.sponsor(proposal),
        "dossier": dossier,
        "lines": held.lines.get(key, ()),
        "documents": held.documents.get(key, ()),
        "partner_answer": held.answers.get(key),
        "undertake": partial(undertaken_for, work, proposal, held, word),
    }


def sheet_of(work: Work, proposal: Proposal) -> Sheet:
    """The sheet of one file as everyone may read it."""
    return Sheet(**parts_of(work, proposal))
