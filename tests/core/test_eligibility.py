"""Promises of the eligibility rules, whatever the kind."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.eligibility import BudgetLine, Context, Dossier, Finding, Rulebook, Verdict, read_rulebook
from app.core.messages import Message
from app.core.problems import Invalid
from tests.core.rules import KINDS, SAMPLES, book, rule, verdict


def test_every_kind_has_a_sample_here() -> None:
    assert sorted(SAMPLES) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_each_kind_survives_being_stored(kind: str) -> None:
    first = book(rule(kind, article="3", refusal={"fr": "Non."}, redirect="emergency_fund"))
    again = Rulebook.model_validate_json(first.model_dump_json())
    assert again == first
    assert read_rulebook(json.loads(first.model_dump_json())).model_dump_json() == first.model_dump_json()


@pytest.mark.parametrize("kind", KINDS)
def test_no_rule_crashes_or_fails_on_an_empty_file(kind: str) -> None:
    assert verdict(kind, Dossier()) in {Verdict.MISSING, Verdict.OFFICER, Verdict.LATER}


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_says_itself_and_names_its_field(kind: str) -> None:
    one = book(rule(kind))
    (plain,) = one.plain()
    assert str(plain.sentence)
    assert one.fields()[f"rule_{kind}"].name
    assert Message.from_json(plain.sentence.to_json()) == plain.sentence


@pytest.mark.parametrize("kind", KINDS)
def test_a_setting_that_a_kind_does_not_have_is_refused(kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        book(rule(kind, surprise=1))
    assert list(refused.value.errors) == ["rules-0-surprise"]


def test_a_rule_to_which_an_officer_answers_waits_once_the_machine_is_satisfied() -> None:
    declared = Dossier(declarations={"non_profit": True})
    assert verdict("declaration", declared) is Verdict.PASS
    assert verdict("declaration", declared, officer=True) is Verdict.OFFICER
    assert verdict("declaration", Dossier(declarations={"non_profit": False}), officer=True) is Verdict.FAIL
    both = book(rule("declaration", officer=True), rule("officer_question"), rule("theme"))
    assert [one.kind for one in both.officer_rules()] == ["declaration", "officer_question"]


def test_only_blocking_rules_stand_against_a_file() -> None:
    advised = book(rule("theme", blocking=False), rule("duration"))
    empty = Dossier()
    assert [found.rule_key for found in advised.automatic_failures(empty, Context())] == ["rule_duration"]
    assert [found.rule_key for found in advised.advice(empty, Context())] == ["rule_theme"]


def test_a_finding_survives_being_stored() -> None:
    for found in book(*map(rule, KINDS)).check(Dossier(), Context()):
        assert Finding.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize(
    ("stored", "place", "sentence"),
    [
        (rule("amount", min_cents=5, max_cents=4), "rules-0", "The lowest amount is above the highest."),
        (rule("amount", min_cents=None, max_cents=None), "rules-0", "Give a lowest amount, a highest amount, or both."),
        (rule("duration", min_months=9, max_months=3), "rules-0", "The shortest duration is above the longest."),
        (rule("theme", themes=[]), "rules-0-themes", "Fill in this field."),
        (rule("amount", max_cents="a lot"), "rules-0-max_cents", "Enter a whole number, such as 120."),
        (rule("theme", kind="horoscope"), "rules-0", "There is no such kind of rule."),
        (rule("theme", wording={}), "rules-0-wording", "Fill in this field."),
    ],
)
def test_a_wrong_setting_gets_a_sentence_at_its_place(stored: dict[str, Any], place: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        book(stored)
    assert {path: str(message) for path, message in refused.value.errors.items()} == {place: sentence}


def test_two_rules_with_one_key_are_refused() -> None:
    with pytest.raises(Invalid, match="Two rules have the same key: rule_theme"):
        book(rule("theme"), rule("theme"))


def test_the_rules_have_a_schema_from_which_a_form_can_be_drawn() -> None:
    schema = Rulebook.model_json_schema()
    assert sorted(schema["properties"]["rules"]["items"]["discriminator"]["mapping"]) == KINDS


texts = st.dictionaries(st.sampled_from(["title", "summary", "feedback"]), st.text(max_size=5))
dossiers = st.builds(
    Dossier,
    country=st.none() | st.sampled_from(["SN", "CL", "??", ""]),
    theme=st.none() | st.text(max_size=5),
    nature=st.none() | st.text(max_size=5),
    requested_cents=st.none() | st.integers(-1, 10**12),
    charges=st.lists(st.builds(BudgetLine, st.sampled_from(["60", "625", "6251", "86", ""]), st.integers(-5, 10**9))).map(tuple),
    products=st.lists(st.builds(BudgetLine, st.sampled_from(["74", "87", ""]), st.integers(-5, 10**9))).map(tuple),
    currency=st.sampled_from(["EUR", "XOF"]),
    duration_months=st.none() | st.integers(-1, 500),
    starts_on=st.none() | st.dates(),
    texts=texts,
    declarations=st.dictionaries(st.text(max_size=3), st.none() | st.booleans()),
)
contexts = st.builds(Context, deadline=st.none() | st.dates(), council_on=st.none() | st.just(date(2027, 6, 28)))


@given(dossiers, contexts)
def test_no_file_makes_a_rule_crash(dossier: Dossier, context: Context) -> None:
    found = book(*map(rule, KINDS)).check(dossier, context)
    assert len(found) == len(KINDS)
    assert all(str(one.fact) for one in found)
