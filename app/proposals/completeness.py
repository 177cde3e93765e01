"""What a file still lacks, which rule each missing thing serves, and which rules it does not meet as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlmodel import select

from app.core.eligibility import Context, Finding, Section, Verdict
from app.core.eligibility.carriers import SPONSOR_SAYS
from app.core.messages import Localised, Message, say
from app.editions.queries import context_of
from app.proposals.dossier import dossier_of
from app.proposals.models import BudgetLine, Proposal
from app.proposals.queries import CarrierFile, lines_of
from app.proposals.sections import DOCUMENT_KINDS, PAGES
from app.proposals.undertakings import Commitment, InterestStatement
from app.rendering import LANGUAGES, speaking, translate
from app.unit import Work

NEEDED: dict[str, tuple[Section, Message]] = {
    "title": (Section.PROJECT, say("Give the project a title.")),
    "summary": (Section.PROJECT, say("Sum the project up in a few lines.")),
    "description": (Section.PROJECT, say("Describe the project.")),
    "country": (Section.PLACE, say("Choose the country where the project takes place.")),
    "theme": (Section.THEME, say("Choose a theme.")),
    "requested": (Section.BUDGET, say("Say how much you ask for.")),
    "charges": (Section.BUDGET, say("Enter the charges of the budget.")),
    "starts_on": (Section.CALENDAR, say("Say when the project starts.")),
    "duration_months": (Section.CALENDAR, say("Say how many months the project lasts.")),
}
"""Without these a file cannot be judged, so it cannot be submitted. Everything else may fail, and an officer decides."""


NOT_COMMITTED = say("The republican commitment is not accepted for this request yet.")
NOT_DECLARED = say("The interests of the carrier are not declared yet.")
ABOUT_SPONSOR = {message.text for message in SPONSOR_SAYS.values()}


@dataclass(frozen=True)
class Point:
    """One thing to look at: on which page and field, the fact, the rules it serves in the city's words.

    `needed`: the file cannot be submitted without it. `broken`: something is said that a rule does not accept.
    """

    section: Section
    field: str
    fact: Message
    rules: tuple[Localised, ...] = ()
    needed: bool = False
    broken: bool = False


@dataclass(frozen=True)
class Completeness:
    """Every point of a file, in the order of its pages."""

    points: tuple[Point, ...]

    def of(self, section: Section) -> list[Point]:
        """The points of one page."""
        return [point for point in self.points if point.section is section]

    def broken(self, section: Section | None = None) -> list[Point]:
        """The points where a rule is broken by what is said, on one page or on all."""
        return [point for point in self.points if point.broken and section in (None, point.section)]

    @property
    def needed(self) -> list[Point]:
        """What must be given before the file can be submitted."""
        return [point for point in self.points if point.needed]

    @property
    def done(self) -> int:
        """How many pages have nothing left to look at."""
        return sum(1 for page in PAGES if not self.of(page.section))


def assess(work: Work, file: CarrierFile) -> Completeness:
    """Look at a file as it stands, with the rules of its edition."""
    findings = file.edition.rulebook.check(dossier_of(work, file.proposal), document_words(context_of(work, file.edition)))
    lacking = lacks(file.proposal, lines_of(work, file.proposal), themes=bool(file.edition.themes))
    points = _points_of(file, findings, lacking)
    points += _undertakings(work, file)
    met = {point.field for point in points if point.needed}
    points += [Point(*_place(name), NEEDED[name][1], needed=True) for name in lacking if name not in met]
    order = [page.section for page in PAGES]
    return Completeness(tuple(sorted(points, key=lambda point: order.index(point.section))))


def lacks(proposal: Proposal, lines: Iterable[BudgetLine], *, themes: bool = True) -> list[str]:
    """The names of `NEEDED` that a file does not give."""
    given = {
        "requested": proposal.requested_cents is not None,
        "charges": any(line.side == "charge" for line in lines),
        "theme": bool(proposal.theme) or not themes,
    }
    return [name for name in NEEDED if not (given[name] if name in given else getattr(proposal, name))]


def document_words(context: Context) -> Context:
    """The same context with the names of the kinds of documents, in each language of the interface."""
    words: dict[str, Localised] = {}
    for language in LANGUAGES:
        with speaking(language):
            for kind, label in DOCUMENT_KINDS.items():
                words.setdefault(f"document:{kind}", Localised())[language] = translate(label)
    return replace(context, names={**context.names, **words})


def _undertakings(work: Work, file: CarrierFile) -> list[Point]:
    """What people have not put their name to yet, whatever the rulebook says: the law and the city's own code ask for it."""
    points = []
    own = file.organisation.kind == "association"
    if own and not work.db.exec(select(Commitment.id).where(Commitment.proposal_id == file.proposal.id).limit(1)).first():
        points.append(Point(Section.COMMITMENTS, "accepts", NOT_COMMITTED))
    if not work.db.exec(select(InterestStatement.id).where(InterestStatement.proposal_id == file.proposal.id).limit(1)).first():
        points.append(Point(Section.COMMITMENTS, "interests", NOT_DECLARED))
    return points


def _points_of(file: CarrierFile, findings: Iterable[Finding], lacking: list[str]) -> list[Point]:
    """One point for each fact: several rules may rest on the same one."""
    points: list[Point] = []
    for finding in findings:
        rule = file.edition.rulebook.rule(finding.rule_key)
        if not finding.unmet or rule.field.section is Section.REVIEW:
            continue
        known = next((index for index, point in enumerate(points) if point.fact == finding.fact), None)
        if known is None:
            field = _input(rule.field.section, rule.field.name, finding)
            missing = finding.verdict is Verdict.MISSING
            needed, wording = missing and field in lacking, (rule.public_wording,)
            section = Section.COMMITMENTS if finding.fact.text in ABOUT_SPONSOR else rule.field.section
            points.append(Point(section, field, finding.fact, wording, needed=needed, broken=not missing))
        else:
            points[known] = replace(points[known], rules=(*points[known].rules, rule.public_wording))
    return points


def _place(name: str) -> tuple[Section, str]:
    return NEEDED[name][0], name


def _input(section: Section, name: str, finding: Finding) -> str:
    """The input a rule's field stands for."""
    if section is Section.DECLARATIONS:
        return "declared"
    if name == "partner":
        return "partner_name" if finding.fact.values == {} else "partner_letter"
    if finding.fact == NEEDED["charges"][1]:
        return "charges"
    return {"balance": "charges", "documents": "kind"}.get(name, name)


