"""The checklist of an edition: its rules in the words an officer uses, reused from one year to the next, and fixed once files are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.eligibility import AnyRule, Rulebook
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing, Refused
from app.editions import service as editions
from app.editions.forms.programme import Change
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.unit import Work

WORDS = ("wording", "legal", "refusal")
"""What the checklist edits in words, in the language of the city; the other languages and the figures are on the page of each rule."""
CITY_LANGUAGE = "fr"
FIXED = say("Files have been submitted under these rules: they can no longer be changed, moved or removed. You can still add advice.")


@dataclass(frozen=True)
class Item:
    """One line of the checklist as it is typed."""

    rule: AnyRule
    wording: str
    legal: str
    refusal: str

    @classmethod
    def of(cls, rule: AnyRule) -> Item:
        """The line of a rule as it is saved."""
        texts: list[dict[str, str]] = [getattr(rule, name) or {} for name in WORDS]
        return cls(rule, *(text.get(CITY_LANGUAGE, "") for text in texts))


def are_fixed(work: Work, edition: Edition) -> bool:
    """Whether a file has been submitted in this edition, so that its rules are those it was written under."""
    numbered = select(func.count()).select_from(Proposal).where(Proposal.edition_id == edition.id, col(Proposal.number).is_not(None))
    return bool(work.db.exec(numbered).one())


def save_rules(work: Work, edition: Edition, rulebook: Rulebook, change: Change, *, by: Person) -> None:
    """Save the rules of an edition. Once a file is submitted only advice can be added; raises Refused, and what saving a part raises."""
    if are_fixed(work, edition):
        known = {rule.key: rule for rule in edition.rulebook.rules}
        kept = [rule for rule in rulebook.rules if rule.key in known]
        added = [rule for rule in rulebook.rules if rule.key not in known]
        if kept != list(edition.rulebook.rules) or any(rule.blocking for rule in added):
            raise Refused(FIXED)
    editions.save_rulebook(work, edition, rulebook, change, by=by)


def reworded(rulebook: Rulebook, typed: Mapping[str, str]) -> Rulebook:
    """The rules with what was typed: "wording-KEY", "legal-KEY", "refusal-KEY", "place-KEY", and "correctable-KEY" where it is ticked.

    Raises Invalid with a sentence at each input.
    """
    errors: dict[str, Message] = {}
    rules: list[tuple[int, int, AnyRule]] = []
    for at, rule in enumerate(rulebook.rules):
        place = typed.get(f"place-{rule.key}", "").strip()
        if not (place.isascii() and place.isdigit() and 1 <= int(place[:6]) <= len(rulebook.rules)):
            errors[f"place-{rule.key}"] = say("Type a place between 1 and %(last)s.", last=len(rulebook.rules))
            continue
        try:
            rules.append((int(place), at, _reworded(rule, typed)))
        except ValidationError as faults:
            for fault in faults.errors():
                errors[f"{fault['loc'][1] if fault['loc'][0] == rule.kind else fault['loc'][0]}-{rule.key}"] = _sentence(fault)
    if errors:
        raise Invalid(errors)
    return Rulebook(rules=tuple(rule for *_, rule in sorted(rules, key=lambda one: one[:2])))


def _reworded(rule: AnyRule, typed: Mapping[str, str]) -> AnyRule:
    words = {name: _text(getattr(rule, name), typed.get(f"{name}-{rule.key}", "").strip()) for name in WORDS}
    changed: dict[str, Any] = {name: text for name, text in words.items() if text is not None or name != "wording"}
    changed["correctable"] = f"correctable-{rule.key}" in typed
    return type(rule).model_validate(rule.model_dump() | changed)


def _text(held: Mapping[str, str] | None, typed: str) -> dict[str, str] | None:
    """The text with what was typed in the city's language; None where nothing is left in any."""
    others = {language: words for language, words in (held or {}).items() if language != CITY_LANGUAGE}
    return ({CITY_LANGUAGE: typed} if typed else {}) | others or None


def _sentence(fault: Any) -> Message:
    return say("This is too long: 2,000 characters at most.") if fault["type"] == "string_too_long" else say("Write something here.")


def with_rules_of(work: Work, edition: Edition, slug: str) -> Rulebook:
    """The rules of an edition with those of another that it lacks, by their short name. Raises Missing, and Invalid where none is new."""
    source = work.db.exec(select(Edition).where(Edition.slug == slug, Edition.id != edition.id)).first()
    if source is None:
        raise Missing(say("There is no such edition to copy. Choose one from the list."))
    known = {rule.key for rule in edition.rulebook.rules}
    new = [rule for rule in source.rulebook.rules if rule.key not in known]
    if not new:
        raise Invalid({"source": say("This edition already has every rule of that one.")})
    return Rulebook(rules=(*edition.rulebook.rules, *new))
