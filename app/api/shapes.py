"""What the API shows, said once: never a table row. Texts of the city are {language: text}; amounts are cents and a currency."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel, Field, JsonValue

from app.review.models import Ground


class Amount(BaseModel):
    """An exact amount of money."""

    cents: int = Field(description="Hundredths of the currency's unit.")
    currency: str = Field(description="ISO 4217 code.")


class Phase(BaseModel):
    """One phase of an edition, open from `opens` (included) to `closes` (excluded)."""

    kind: str
    opens: datetime
    closes: datetime


class Choice(BaseModel):
    """An entry of a list that the city sets."""

    key: str
    label: dict[str, str]


class EditionSummary(BaseModel):
    """An edition in the list."""

    slug: str
    name: dict[str, str]
    programme: str
    published_at: datetime
    url: str = Field(description="Address of its page for people.")


class Rule(BaseModel):
    """A rule of the edition, in the city's words."""

    key: str
    kind: str
    article: str | None
    blocking: bool
    wording: dict[str, str]


class EditionDetail(EditionSummary):
    """An edition with its envelope, its calendar and its rules."""

    introduction: dict[str, str]
    zone: str = Field(description="IANA name of the zone its dates are shown in.")
    envelope: Amount | None
    themes: list[Choice]
    phases: list[Phase]
    rules: list[Rule]
    accepted_projects: int
    refused_projects: int


class Carrier(BaseModel):
    """The association or collective that carries a project."""

    slug: str
    name: str
    kind: str
    sponsor: str | None = Field(description="The association that signs for a collective.")


class ProjectSummary(BaseModel):
    """A project in the list. `language` is that of the carrier's own texts."""

    public_id: str
    number: int | None
    title: str
    summary: str
    language: str
    carrier: str
    country: str | None = Field(description="ISO 3166 alpha-2 code.")
    state: str
    requested: Amount | None
    url: str = Field(description="Its permanent address for people.")


class ProjectPage(BaseModel):
    """One page of the projects of an edition, in one of the published random orders."""

    order: int
    page: int
    pages: int
    total: int
    projects: list[ProjectSummary]


class BudgetLine(BaseModel):
    """One line of a budget; the grant asked of the city is no line but `requested`."""

    side: str = Field(description="charge or product.")
    account: str
    label: str
    amount: Amount
    status: str = Field(description="requested or confirmed.")


class Step(BaseModel):
    """One step in the life of a project. People are not named."""

    at: datetime
    verb: str
    source: str
    target: str
    reason: str


class Criterion(BaseModel):
    """What was found on one rule."""

    rule: str
    verdict: str
    fact: str = Field(description="A sentence in the language of the request.")


class Decision(BaseModel):
    """The latest decision on admissibility. `stands` is false once a refusal was taken back on appeal; see `veto` for an acceptance."""

    outcome: str
    reason: str
    redirect: str | None
    decided_at: datetime
    stands: bool
    criteria: list[Criterion]


class JuryOpinion(BaseModel):
    """The jury's opinion, once its minutes are confirmed. `mean` is an exact fraction, such as "73/20", on a scale from 0."""

    stance: str
    text: str
    mean: str | None
    scale: int
    opinions: int
    recused: int = Field(description="Jurors who stood aside.")
    disputed: int = Field(description="Criteria on which jurors were far apart.")


class Veto(BaseModel):
    """A published veto on a project of the ballot. People are not named."""

    ground: Ground
    reason: str
    on_ballot: bool = Field(description="The ballot was frozen already and keeps the project: the council applies the veto.")
    vetoed_at: datetime


class ProjectDetail(BaseModel):
    """A project as its public page shows it."""

    public_id: str
    edition: str
    number: int | None
    title: str
    summary: str
    description: str
    language: str
    state: str
    carrier: Carrier
    country: str | None
    place: str = Field(description="A region, or blank, where telling more would put people in danger.")
    partner: str = Field(description="Blank where telling it would put people in danger.")
    theme: str | None
    sdgs: list[int]
    sdg_targets: list[str]
    purpose_code: str | None
    need: str
    origin: str = Field(description="Who asked for the project.")
    objectives: str
    beneficiaries: int | None
    activities: list[str]
    starts_on: date | None
    duration_months: int | None
    requested: Amount | None
    total_cost: Amount
    budget: list[BudgetLine]
    steps: list[Step]
    decision: Decision | None
    jury: JuryOpinion | None
    carrier_answer: str | None = Field(description="What the carrier answers to what was found, in the project's language.")
    veto: Veto | None
    url: str


class Candidate(BaseModel):
    """One project on the ballot paper."""

    id: str = Field(description="What a ballot names it by.")
    number: int
    title: str
    carrier: str
    cost: Amount


class BallotPaper(BaseModel):
    """What can be chosen, under which rule, and when: from `opens` (included) to `closes` (excluded)."""

    opens: datetime | None
    closes: datetime | None
    rule: str = Field(description="The rule in one line, in the language of the request.")
    style: dict[str, JsonValue] = Field(description="The ballot style as data: its kind and its parameters.")
    most_choices: int | None
    most_money: Amount | None
    projects: list[Candidate]


class Receipt(BaseModel):
    """The proof that a ballot is in the box; it tells nothing of the choices."""

    tracking_code: str
    leaf_hash: str = Field(description="SHA-256 of the ballot's leaf, which only the sender can recompute.")
    url: str
    change_code: str | None = Field(None, description="26 letters that replace this ballot later, where votes may be changed.")


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="A sentence in the language of the request.")
    errors: dict[str, str] = Field(default_factory=dict, description="Parameter -> sentence.")


class Consistency(BaseModel):
    """That a log only grew."""

    proof: list[str] = Field(description="Hashes in base 64, empty between equal sizes and from an empty log.")


class Inclusion(BaseModel):
    """That a log holds a leaf."""

    index: int = Field(description="The place of the leaf, from 0.")
    proof: list[str] = Field(description="Hashes in base 64, from the leaf to the root.")


def base64_each(parts: Iterable[bytes]) -> list[str]:
    """Bytes as JSON carries them."""
    return [b64encode(part).decode() for part in parts]
