"""Projects from a table: found again by their identifier, the sender's reference or their number; new ones arrive submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from app.core.eligibility import Section
from app.core.forms import read
from app.core.lifecycle import State
from app.core.messages import Message, say, say_count
from app.core.problems import Invalid
from app.editions.models import Edition
from app.exchange.sheets.cells import answer, read_activities, read_lines, read_parts, words
from app.exchange.sheets.columns import PROJECTS
from app.exchange.sheets.held import Held
from app.exchange.sheets.project_writing import Entered, Writing
from app.exchange.sheets.registry import Registry
from app.exchange.sheets.reports import Step
from app.organisations.models import Organisation
from app.proposals.budget import BudgetForm
from app.proposals.completeness import NEEDED, lacks
from app.proposals.forms import SectionForm
from app.proposals.lifecycle import decided_state
from app.proposals.models import BudgetLine, Proposal
from app.proposals.sections import BY_SECTION
from app.proposals.service import check_offered, normal
from app.unit import Work

SECTIONS = tuple(dict.fromkeys(column.section for column in PROJECTS if column.section is not None))
CODES: dict[Section, list[str]] = {one: [column.code for column in PROJECTS if column.section is one] for one in SECTIONS}
CHANGEABLE = (State.SUBMITTED, State.INCOMPLETE, State.COMPLETED)
"""States in which a table may change a file: handed in, and nothing decided."""
NAMES = ("id", "reference", "number")
NO_NAME = say("Give each project its identifier, its number or a reference of your own.")
DECIDED = say("This project was decided on: a table no longer changes it. Leave its row as it was exported, or take it out.")


class Answers(NamedTuple):
    """One page of a file before and after."""

    section: Section
    before: dict[str, Any]
    after: dict[str, Any]
    form: SectionForm


class Projects:
    """Goes through the rows of a table of projects."""

    columns = PROJECTS

    def __init__(self, work: Work, edition: Edition, *, by: int | None, applying: bool) -> None:
        self.edition = edition
        self.held, self.registry = Held(work, edition, locked=applying), Registry(work)
        self.writing = Writing(work, edition, self.held, by=by)
        self.blank = Proposal()  # type: ignore[call-arg]  # read, never written: what a new file says before its row
        self.take, self.finish = self.writing.take, self.writing.finish

    def keys(self, values: Mapping[str, str]) -> list[str]:
        """What the row is known by: two rows that share one are the same project."""
        named = [f"{name}:{values[name].strip()}" for name in NAMES if values.get(name, "").strip()]
        found = next((one for name in NAMES if (one := self._by(name, values.get(name, "").strip()))), None)
        return named + ([f"id:{found.public_id}"] if found and f"id:{found.public_id}" not in named else [])

    def step(self, values: Mapping[str, str]) -> tuple[Step, Entered]:
        """What a row would do. Raises Invalid with a sentence for each column."""
        known = self._known(values)
        carrier = self._carrier(values, known)
        reference, number = values.get("reference", "").strip(), values.get("number", "").strip()
        pages = self._pages(values, known)
        lines = self._lines_after(pages, known)
        self._check_given(known, pages, lines)
        changed = [page for page in pages if page.before != page.after]
        named = bool(reference) and reference not in self.held.by_reference
        if known is not None and (changed or named) and decided_state(known) not in CHANGEABLE:
            raise Invalid({"": DECIDED})
        before = {page.section.value: page.before for page in changed} if known else {}
        after: dict[str, Any] = {page.section.value: page.after for page in changed}
        after |= {"carrier": carrier.slug} | ({"reference": reference} if named else {}) | ({} if known else {"number": number})
        act = "create" if known is None else "change" if changed or named else "same"
        key = known.public_id if known else reference or number
        entered = Entered(known, carrier, reference if named else "", int(number or 0), [(page.section, page.form) for page in changed])
        return Step(act, key, before, after if act != "same" else {}), entered  # type: ignore[arg-type]

    def _by(self, name: str, value: str) -> Proposal | None:
        return {"id": self.held.by_id, "reference": self.held.by_reference, "number": self.held.by_number}[name].get(value)

    def _known(self, values: Mapping[str, str]) -> Proposal | None:
        """The file that a row is about, None for a new one. Raises Invalid."""
        given = {name: values.get(name, "").strip() for name in NAMES}
        if not any(given.values()):
            raise Invalid({"": NO_NAME})
        if given["number"] and not (given["number"].isascii() and given["number"].isdigit() and 0 < int(given["number"][:9]) < 10**6):
            raise Invalid({"number": say("Enter a whole number, such as 120.")})
        if len(given["reference"]) > 80:
            raise Invalid(
                {"reference": say_count("Keep this to %(count)d character at most.", "Keep this to %(count)d characters at most.", 80)}
            )
        found = {name: one for name, value in given.items() if (one := self._by(name, value))}
        if given["id"] and "id" not in found:
            raise Invalid({"id": say("No submitted project of this edition has this identifier. Leave the cell blank for a new one.")})
        if len({one.public_id for one in found.values()}) > 1:
            raise Invalid({next(reversed(found)): say("This is another project than the one the columns before it name.")})
        known = next(iter(found.values()), None)
        if known is not None and given["number"] and "number" not in found:
            raise Invalid({"number": say("The number of a project stays as it is.")})
        other = self.held.reference_of.get(known.public_id, "") if known else ""
        if other and given["reference"] not in ("", other):
            raise Invalid({"reference": say("This project is known here under another reference, “%(reference)s”.", reference=other)})
        return known

    def _carrier(self, values: Mapping[str, str], known: Proposal | None) -> Organisation:
        carrier = self.registry.carrier(values)
        if known is None:
            if carrier is None:
                raise Invalid({"carrier_siret": say("Name the organisation that carries the project.")})
            return carrier
        owner = self.registry.by_key[known.organisation_id]
        if carrier is not None and carrier.id != owner.id:
            raise Invalid({"carrier": say("The carrier of a project stays as it is: “%(name)s”.", name=owner.name)})
        return owner

    def _pages(self, values: Mapping[str, str], known: Proposal | None) -> list[Answers]:
        """Each page of the file that the table speaks of, its answers checked by the form of the page. Raises Invalid."""
        pages, errors = [], dict[str, Message]()
        for section, codes in CODES.items():
            model = BY_SECTION[section.value].form
            given = [code for code in codes if code in values]
            if model is None or not given:
                continue
            before = model.answers(known or self.blank, self.held.lines(known) if known else [])
            try:
                form = read(model, before | {code: _typed(code, values[code], before[code]) for code in given})
                check_offered(self.edition, form)
                pages.append(Answers(section, before, normal(form), form))
            except Invalid as problem:
                errors |= {_column(field, given): sentence for field, sentence in problem.errors.items()}
        if errors:
            raise Invalid(errors)
        return pages

    def _lines_after(self, pages: Iterable[Answers], known: Proposal | None) -> list[BudgetLine]:
        budget = next((page.form for page in pages if isinstance(page.form, BudgetForm)), None)
        return budget.rows(0) if budget else self.held.lines(known) if known else []

    def _check_given(self, known: Proposal | None, pages: Iterable[Answers], lines: list[BudgetLine]) -> None:
        """Nothing may be lacking without which a file cannot be judged, unless it lacked already. Raises Invalid."""
        now = {name: getattr(known or self.blank, name) for name in Proposal.model_fields}
        for page in pages:
            now |= page.form.columns()
        themes = bool(self.edition.themes)
        before = set(lacks(known, self.held.lines(known), themes=themes)) if known else set()
        after: Any = SimpleNamespace(**now)
        if lacking := [name for name in lacks(after, lines, themes=themes) if name not in before]:
            raise Invalid({name: NEEDED[name][1] for name in lacking})


def _typed(code: str, text: str, before: Any) -> Any:
    """A cell as the form of its page takes it, beside what the file says `before`. Raises Invalid."""
    match code:
        case "charges" | "products":
            return read_lines(code, text, before)
        case "activities":
            return read_activities(text, before)
        case "indicators" | "risks":
            return read_parts(code, text, before)
        case "sdgs" | "declared":
            return words(text)
        case "partner_letter":
            return answer(text)
        case "place_guarded":
            return _guard(answer(text), before)
        case _:
            return text


def _guard(said: str, before: bool) -> bool:
    """Whether a place is kept back: only a plain "no" makes it public. Raises Invalid."""
    if said not in ("yes", "no", ""):
        raise Invalid({"place_guarded": say("Answer yes or no.")})
    return said == "yes" or (before and not said)


def _column(field: str, given: list[str]) -> str:
    """The column of a fault: that of the field, or of the list that it is in ("charges-0-amount")."""
    return field if field in given else next((code for code in given if field.startswith(f"{code}-")), "")
