"""The pages of a file as data: their titles, their forms, and how each answer is shown back to people."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from app.core.eligibility import Section
from app.core.eligibility.papers import Declaration
from app.core.messages import Localised, Message, say
from app.core.money import Money
from app.countries import country_name
from app.editions.models import Edition
from app.editions.reference import budget_accounts, goal_targets, goals, purpose_codes
from app.proposals.budget import BudgetForm
from app.proposals.currencies import foreign_said
from app.proposals.forms import CalendarForm, DeclarationsForm, PartnerForm, PlaceForm, ProjectForm, SectionForm, ThemeForm
from app.proposals.logframe import (
    AGES,
    GROUPS,
    LIKELIHOODS,
    MARKERS,
    SEXES,
    ActivitiesForm,
    BeneficiariesForm,
    FeedbackForm,
    IndicatorsForm,
    MarkersForm,
    NeedForm,
    RisksForm,
    SustainabilityForm,
)
from app.rendering import LANGUAGES, WHOLE


class Page(NamedTuple):
    """One page of the file; without a form it has its own way of being filled (identity, documents)."""

    section: Section
    title: Message
    hint: Message
    form: type[SectionForm] | None = None


PAGES: tuple[Page, ...] = (
    Page(Section.IDENTITY, say("Who carries the project"), say("Your association or collective, as it is registered here.")),
    Page(Section.PROJECT, say("The project in words"), say("Title, summary, description."), ProjectForm),
    Page(Section.NEED, say("The need, and who asked"), say("What is lacking there, and who asked for the project."), NeedForm),
    Page(Section.BENEFICIARIES, say("For whom"), say("The people who benefit, by sex and age."), BeneficiariesForm),
    Page(Section.PLACE, say("Country and place"), say("Where the project takes place."), PlaceForm),
    Page(Section.PARTNER, say("The local partner"), say("With whom you work there, and the letter of agreement."), PartnerForm),
    Page(Section.CALENDAR, say("Start and duration"), say("When the project starts and how long it lasts."), CalendarForm),
    Page(Section.ACTIVITIES, say("Objectives and activities"), say("What you aim at, what you do, when."), ActivitiesForm),
    Page(Section.THEME, say("Theme and goals"), say("The city's theme, the sustainable development goals."), ThemeForm),
    Page(Section.MARKERS, say("Gender and climate"), say("What the project changes for women and for the climate, and why."), MarkersForm),
    Page(Section.INDICATORS, say("How you will measure it"), say("Figures before and after, and where they are read."), IndicatorsForm),
    Page(Section.RISKS, say("Risks"), say("What may go wrong, and what you would do."), RisksForm),
    Page(Section.BUDGET, say("Budget"), say("What it costs, what you ask for, who else pays."), BudgetForm),
    Page(Section.FEEDBACK, say("Feedback in the city"), say("What residents will see of it: how, when, where."), FeedbackForm),
    Page(Section.SUSTAINABILITY, say("What remains afterwards"), say("Who keeps it going once the money is spent."), SustainabilityForm),
    Page(Section.DECLARATIONS, say("Declarations"), say("What the rulebook asks you to declare."), DeclarationsForm),
    Page(
        Section.COMMITMENTS, say("Commitments"),
        say("The republican commitment, your interests, the word of the association that signs for a collective."),
    ),
    Page(Section.DOCUMENTS, say("Documents"), say("Letter of the partner, statutes, bank details …")),
)
BY_SECTION: dict[str, Page] = {page.section.value: page for page in PAGES}

LABELS: dict[str, Message] = {
    "title": say("Title"),
    "summary": say("Summary"),
    "description": say("Description"),
    "language": say("Language you write in"),
    "need": say("The need"),
    "origin": say("Who asked for the project"),
    "objectives": say("Objectives"),
    "activities": say("Activities"),
    "beneficiaries": say("Number of people who benefit"),
    "beneficiaries_who": say("Who they are"),
    **{key: say("%(sex)s, %(age)s", sex=SEXES[sex], age=AGES[age]) for key, (sex, age) in GROUPS.items()},
    "indicators": say("How you will measure it"),
    "risks": say("Risks"),
    "country": say("Country"),
    "place": say("Place"),
    "latitude": say("Latitude"),
    "longitude": say("Longitude"),
    "place_guarded": say("This information would put people in danger"),
    "public_place": say("Place as everyone may read it"),
    "partner_name": say("Name of the partner"),
    "partner_kind": say("Kind of partner"),
    "partner_role": say("What the partner does in the project"),
    "partner_letter": say("Letter of agreement signed"),
    "theme": say("Theme"),
    "nature": say("Nature of the project"),
    "main_sdg": say("Main sustainable development goal"),
    "sdgs": say("Other goals it serves"),
    "sdg_targets": say("Targets it serves"),
    "purpose_code": say("Purpose code"),
    "gender_equality": say("Gender equality"),
    "climate_adaptation": say("Adaptation to climate change"),
    "climate_mitigation": say("Fight against climate change"),
    "gender_equality_reason": say("Gender equality: why"),
    "climate_adaptation_reason": say("Adaptation to climate change: why"),
    "climate_mitigation_reason": say("Fight against climate change: why"),
    "requested": say("Amount asked of the city"),
    "charges": say("Charges"),
    "products": say("Other products"),
    "starts_on": say("Start of the project"),
    "duration_months": say("Duration in months"),
    "feedback": say("Feedback event in the city"),
    "feedback_on": say("Day of the event"),
    "feedback_place": say("Where the event takes place"),
    "sustainability": say("What remains afterwards"),
    "declared": say("Declarations made"),
}
PARTNER_KINDS: dict[str, Message] = {
    "association": say("Association"),
    "cooperative": say("Cooperative"),
    "community_committee": say("Committee of residents or users"),
    "local_authority": say("Local authority"),
    "indigenous_authority": say("Indigenous authority"),
    "foundation": say("Foundation"),
    "school": say("School"),
    "public_body": say("Public body"),
    "other": say("Other"),
}
NATURES: dict[str, Message] = {"development": say("Development"), "emergency": say("Emergency aid")}
MARKER_LABELS: dict[str, Message] = {"0": say("not aimed at"), "1": say("one of the aims"), "2": say("the main aim")}
DOCUMENT_KINDS: dict[str, Message] = {
    "partner_letter": say("Letter of agreement of the local partner"),
    "statutes": say("Statutes"),
    "board_list": say("List of the board"),
    "bank_details": say("Bank details"),
    "accounts": say("Accounts of the last year"),
    "activity_report": say("Activity report"),
    "quote": say("Quote"),
    "photo": say("Photo"),
    "other": say("Other document"),
}
UNANSWERED = say("Not answered yet")


def theme_names(edition: Edition) -> dict[str, Localised]:
    """The themes of an edition: key -> words of the city."""
    return {theme.key: Localised(theme.label) for theme in edition.themes}


def declarations(edition: Edition) -> dict[str, Localised]:
    """The declarations an edition asks for: key -> words of the city."""
    return {rule.declaration: rule.public_wording for rule in edition.rulebook.rules if isinstance(rule, Declaration)}


def goal_name(number: int) -> Message:
    """A goal with its number: "6. Clean water and sanitation"."""
    return say("%(number)d. %(name)s", number=number, name=goals()[number - 1].name)


def target_name(code: str) -> Message | str:
    """A target with its code: "6.1 Safe and affordable drinking water for all"."""
    known = goal_targets().get(code)
    return say("%(code)s %(name)s", code=code, name=known.name) if known else code


def shown(answers: Mapping[str, Any], edition: Edition) -> list[tuple[str, Any]]:
    """(field, what people read) for each answer of a page; a list is one thing after another."""
    return [(name, _show(name, value, edition)) for name, value in answers.items()]


def _show(name: str, value: Any, edition: Edition) -> Any:
    if value is None or value == "" or value == []:
        return UNANSWERED
    return _SHOWN[name](value, edition) if name in _SHOWN else value


def _line(line: Mapping[str, Any]) -> Message:
    name = line["label"] or budget_accounts()[line["account"]].name
    values: dict[str, Any] = {"account": line["account"], "label": name, "amount": Money(line["amount"])}
    if said := foreign_said(line):
        return say("%(account)s %(label)s: %(amount)s, that is %(said)s", said=said, **values)
    if line["account"].startswith("7") and line["status"] == "requested":
        return say("%(account)s %(label)s: %(amount)s (requested)", **values)
    return say("%(account)s %(label)s: %(amount)s", **values)


def _indicator(row: Mapping[str, str]) -> Message:
    values = {name: row[name] for name in ("label", "baseline", "target", "unit")}
    said = say("%(label)s: from %(baseline)s to %(target)s (%(unit)s)", **values)
    return say("%(said)s. Source: %(source)s", said=said, source=row["source"]) if row.get("source") else said


def activity_said(row: Mapping[str, Any]) -> Message | str:
    """An activity with its months: "Drilling: months 2 to 4"."""
    first, months = row.get("month"), row.get("months") or 1
    if first is None:
        return str(row["label"])
    if months == 1:
        return say("%(label)s: month %(first)d", label=row["label"], first=first)
    return say("%(label)s: months %(first)d to %(last)d", label=row["label"], first=first, last=first + months - 1)


def _risk(row: Mapping[str, str]) -> Message:
    likely = LIKELIHOODS.get(row["likelihood"], say("likelihood not said"))
    return say("%(what)s (%(likely)s). Answer: %(answer)s", what=row["what"], likely=likely, answer=row["answer"] or UNANSWERED)


def _words(known: Mapping[str, Message]) -> Callable[[Any, Edition], Any]:
    return lambda value, _edition: known.get(str(value), value)


_SHOWN: dict[str, Callable[[Any, Edition], Any]] = {
    "language": lambda code, _: LANGUAGES.get(code, code),
    "activities": lambda rows, _: [activity_said(row) for row in rows],
    "indicators": lambda rows, _: [_indicator(row) for row in rows],
    "risks": lambda rows, _: [_risk(row) for row in rows],
    "place_guarded": lambda ticked, _: say("Yes: not published") if ticked else say("No"),
    "sdg_targets": lambda codes, _: [target_name(code) for code in codes],
    "feedback_on": lambda day, _: date.fromisoformat(day),
    "country": lambda code, _: country_name(code, WHOLE),
    "partner_kind": _words(PARTNER_KINDS),
    "partner_letter": lambda signed, _: say("Yes") if signed else say("Not yet"),
    "theme": lambda key, edition: theme_names(edition).get(key, key),
    "nature": _words(NATURES),
    "main_sdg": lambda number, _: goal_name(number),
    "sdgs": lambda numbers, _: [goal_name(number) for number in numbers],
    "purpose_code": lambda code, _: say("%(code)s: %(name)s", code=code, name=purpose_codes()[code].name),
    **dict.fromkeys(MARKERS, _words(MARKER_LABELS)),
    "requested": lambda cents, _: Money(cents),
    "charges": lambda lines, _: [_line(line) for line in lines],
    "products": lambda lines, _: [_line(line) for line in lines],
    "starts_on": lambda day, _: date.fromisoformat(day),
    "declared": lambda keys, edition: [declarations(edition).get(key, key) for key in keys],
}
