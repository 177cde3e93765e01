"""What a file still lacks, which rule each missing thing serves, and which rules it does not meet as it stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlmodel import select

from app.core.calendar import Calendar
from app.core.eligibility import Context, Dossier, Finding, Section, Verdict
from app.core.eligibility.carriers import SPONSOR_SAYS
from app.core.eligibility.papers import NO_PARTNER
from app.core.messages import Localised, Message, say
from app.editions.models import Edition
from app.editions.queries import calendar_of, rules_context
from app.proposals.coherence import loose_ends
from app.proposals.dossier import dossiers_from
from app.proposals.gathered import gather
from app.proposals.models import BudgetLine, Proposal
from app.proposals.queries import CarrierFile
from app.proposals.sections import DOCUMENT_KINDS, PAGES
from app.proposals.undertakings import InterestStatement
from app.rendering import LANGUAGES, speaking, translate
from app.unit import Work


class Standing(StrEnum):
    """Where one page of a file stands."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    OPTIONAL = "optional"


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
    `advice`: no rule asks for it, but two answers do not fit together, or half an answer is missing.
    """

    section: Section
    field: str
    fact: Message
    rules: tuple[Localised, ...] = ()
    needed: bool = False
    broken: bool = False
    advice: bool = False


@dataclass(frozen=True)
class Completeness:
    """Every point of a file, in the order of its pages, and what each rule found.

    `required`: the pages that the edition asks for; the others are optional. `blank`: the pages that say nothing yet. `lines`: those of
    its budget, as they were looked at.
    """

    points: tuple[Point, ...]
    findings: tuple[Finding, ...] = ()
    required: frozenset[Section] = frozenset()
    blank: frozenset[Section] = frozenset()
    lines: Sequence[BudgetLine] = ()

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
        """How many of the required pages have nothing left to look at."""
        return sum(1 for section in self.required if not self.of(section))

    @property
    def extra(self) -> int:
        """How many of the optional pages say something."""
        return sum(1 for page in PAGES if page.section not in self.required and page.section not in self.blank)

    def standing(self, section: Section) -> Standing:
        """Where a page stands, in one word."""
        if self.of(section):
            return Standing.INCOMPLETE
        return Standing.OPTIONAL if section in self.blank and section not in self.required else Standing.COMPLETE


def assess(work: Work, file: CarrierFile, calendar: Calendar | None = None) -> Completeness:
    """Look at a file as it stands, with the rules of its edition: by the very code that judges it later.

    `calendar`: that of the edition, where it was read already.
    """
    key = file.proposal.id or 0
    held = gather(work, [file.proposal], {file.edition.id or 0: (file.edition, file.programme)})
    dossier = dossiers_from(held, [file.proposal], work.now.date())[key]
    context = rules_context(file.edition, calendar or calendar_of(work, file.edition))
    findings = file.edition.rulebook.check(dossier, document_words(context))
    lines = held.lines.get(key, ())
    lacking = lacks(file.proposal, lines, themes=bool(file.edition.themes))
    points = _points_of(file, findings, lacking)
    points += _undertakings(work, file, dossier, {point.field for point in points})
    met = {point.field for point in points if point.needed}
    points += [Point(*_place(name), NEEDED[name][1], needed=True) for name in lacking if name not in met]
    points += [Point(section, field, fact, advice=True) for section, field, fact in loose_ends(file.proposal)]
    blank = blank_pages(file.proposal, lines) | (frozenset() if held.documents.get(key) else {Section.DOCUMENTS})
    order = [page.section for page in PAGES]
    ordered = tuple(sorted(points, key=lambda point: order.index(point.section)))
    return Completeness(ordered, tuple(findings), required_pages(file.edition), blank, lines)


def required_pages(edition: Edition) -> frozenset[Section]:
    """The pages that an edition asks for: those of its rules, and those without which no file can be judged."""
    ruled = {rule.field.section for rule in edition.rulebook.rules}
    return frozenset(ruled | {section for section, _ in NEEDED.values()} | {Section.IDENTITY}) - {Section.REVIEW}


def blank_pages(proposal: Proposal, lines: Sequence[BudgetLine]) -> frozenset[Section]:
    """The pages with a form on which nothing is said; a mark of 0 says something."""
    return frozenset(page.section for page in PAGES if page.form and _says_nothing(page.form.answers(proposal, lines)))


def _says_nothing(answers: Mapping[str, object]) -> bool:
    return all(value is None or value is False or value in ("", []) for name, value in answers.items() if name != "language")


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


def _undertakings(work: Work, file: CarrierFile, dossier: Dossier, said: Collection[str]) -> list[Point]:
    """What people have not put their name to yet, whatever the rulebook says: the law and the city's own code ask for it.

    `said`: the fields of which a rule speaks already.
    """
    points = []
    own = dossier.carrier if file.organisation.kind == "association" else None
    if own and own.republican_commitment_on is None and "accepts" not in said:
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
        return "partner_name" if finding.fact == NO_PARTNER else "partner_letter"
    if finding.fact == NEEDED["charges"][1]:
        return "charges"
    return {"balance": "charges", "documents": "kind"}.get(name, name)
