"""The published result as JSON keeps to its own schema and loses nothing."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.core.formats import Heading
from app.core.formats.result_json import ResultDocument, result_document, result_schema
from app.core.messages import Message
from app.core.tally import Election, Greedy, Outcome, Project

HEADING = Heading("Budget", "France", "Rennes", "2026", 100_00, date(2026, 11, 1), date(2026, 11, 30))
NAMES = {"A": "Puits", "B": "Four", "C": "École"}


def outcome(rule: Greedy) -> Outcome:
    projects = [Project("A", 60_00), Project("B", 60_00), Project("C", 40_00)]
    return rule.count(Election.of(projects, [["A", "B"], ["A", "B"], ["C"], []], HEADING.budget_cents))


def spoken(message: Message) -> dict[str, str]:
    return {"en": str(message), "fr": "…"}


def document(rule: Greedy) -> ResultDocument:
    return result_document(HEADING, NAMES, outcome(rule), rule, null=3, speak=spoken)


def test_the_document_says_what_the_count_says() -> None:
    made = document(Greedy(tie_break=("id",)))
    assert (made.selected, made.spent_cents, made.left_cents, made.needs_draw) == (["A", "C"], 100_00, 0, [])
    assert (made.ballots.valid, made.ballots.blank, made.ballots.null) == (3, 1, 3)
    parts = [(part.id, part.name, part.status) for part in made.projects]
    assert parts == [("A", "Puits", "won"), ("B", "Four", "lost"), ("C", "École", "won")]
    assert made.ties[0].members == ["A", "B"]
    assert made.projects[1].reason["en"] == str(outcome(Greedy(tie_break=("id",))).row("B").reason)


def test_a_result_that_waits_for_the_draw_says_so() -> None:
    assert document(Greedy()).needs_draw == ["A", "B"]


def test_the_document_is_read_back_equal_and_refuses_what_it_does_not_know() -> None:
    made = document(Greedy())
    assert ResultDocument.model_validate_json(made.model_dump_json()) == made
    with pytest.raises(ValidationError):
        ResultDocument.model_validate({**made.model_dump(), "winner": "A"})


def test_the_schema_names_every_field_and_allows_no_other() -> None:
    schema = result_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert set(schema["required"]) == set(schema["properties"]) == set(ResultDocument.model_fields)
    assert all(part.get("additionalProperties") is False for part in [schema, *schema["$defs"].values()] if part.get("type") == "object")
