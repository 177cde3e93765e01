"""Every rule kind is told in sentences that exist in every language, with its amounts and limits."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from app.core.messages import Message, say, say_count
from app.core.tally import AnyRule, Row, Status, read_rule, rule_from
from app.rendering import speaking, translate
from app.results.rule_words import rule_words
from app.results.words import titled
from tests.promises.test_words import known

LIMITS = (
    {"kind": "max_per", "key": "site", "most": 1},
    {"kind": "max_per", "key": "theme", "most": 2, "value": "water"},
    {"kind": "max_spending", "key": "district", "cents": 50_000_00},
    {"kind": "min_votes", "votes": 50, "percent": "5", "per_cost": 3, "scope": "city"},
)
GREEDY: dict[str, Any] = {"kind": "greedy", "winners": 3, "min_votes": 10, "max_per_carrier": 1, "limits": LIMITS}
RULES: dict[str, dict[str, Any]] = {
    "greedy": GREEDY,
    "equal_shares": {"kind": "equal_shares", "utility": "points", "then": "greedy"},
    "phragmen": {"kind": "phragmen"},
    "majority_judgment": {"kind": "majority_judgment", "winners": 2},
    "max_welfare": {"kind": "max_welfare"},
    "panel": {"kind": "panel", "selected": ["a"]},
    "staged": {
        "kind": "staged",
        "stages": [
            {"key": "local", "name": {"fr": "Quartiers", "en": "Districts"}, "share": "1/4", "each": "district", "rule": GREEDY},
            {"key": "small", "name": {"fr": "Petits", "en": "Small"}, "cents": 10_000_00, "rule": {"kind": "greedy"}},
            {"key": "city", "name": {"fr": "Ville", "en": "City"}, "rule": {"kind": "equal_shares"}, "after": {"partial": True}},
        ],
    },
    "compared": {"kind": "compared", "rule": {"kind": "equal_shares"}},
    "completed": {"kind": "completed", "rule": {"kind": "greedy"}, "after": {"reserve_percent": "80", "partial": True, "reserve_list": 2}},
}


def kinds() -> list[str]:
    """The kinds of all rules in the register."""
    return sorted(TypeAdapter(AnyRule).json_schema()["discriminator"]["mapping"])


def texts(message: Message) -> set[str]:
    """The templates of a sentence and of all sentences in it."""
    return {message.text}.union(*(texts(value) for value in message.values.values() if isinstance(value, Message)))


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_in_the_register_is_told_in_every_language(kind: str) -> None:
    words = rule_words(read_rule(RULES[kind]), "EUR")
    assert words
    for sentence in words:
        assert texts(sentence) <= set(known("fr"))
        with speaking("fr"):
            assert "%(" not in translate(sentence)


def told(rule: dict[str, Any]) -> str:
    with speaking("fr"):
        return " ".join(translate(one) for one in rule_words(read_rule(rule))).replace("\u202f", " ").replace("\xa0", " ")


def test_limits_and_minima_are_told_with_their_numbers() -> None:
    text = told(GREEDY)
    assert "sur un même lieu, 1 peut être retenu au plus" in text
    assert "d’un même thème (water), 2 peuvent" in text
    assert "50 000 € au plus ensemble" in text
    assert "Pour les projets de city : Un projet doit avoir la voix de 5 % des bulletins." in text
    assert "3 projets sont retenus au plus" in text


def test_the_parts_of_an_envelope_are_told_with_their_money() -> None:
    text = told(RULES["staged"])
    assert "Quartiers (25 %) :" in text
    assert "Petits (10 000 €) :" in text
    assert "Ville (ce qui n’est pas réservé) : Parts égales" in text


def test_a_reserve_is_told_with_its_part() -> None:
    assert "Si 80 % du projet suivant" in told(RULES["completed"])


def test_a_plain_rule_says_nothing_of_limits_it_does_not_have() -> None:
    assert len(rule_words(rule_from("greedy", tie_break=("id",)))) == 3


def test_the_step_by_which_parts_grow_is_told_where_they_do() -> None:
    shares = {"kind": "equal_shares", "step_cents": 20}
    assert "chaque part augmente de 0,20 €" in told(shares)
    assert "chaque part augmente" not in told(shares | {"completion": "none"})


def test_limits_that_hold_in_both_ways_of_counting_are_told_once() -> None:
    limits = {"max_per_carrier": 1, "min_votes": 20}
    both = {"kind": "compared", "rule": {"kind": "equal_shares", **limits}, "rival": {"kind": "greedy", **limits}}
    assert told(both).count("20 voix") == told(both).count("Un porteur peut obtenir 1 projet") == 1
    assert "les mêmes limites y valent" in told(both)
    other = both | {"rival": {"kind": "greedy", **limits, "min_votes": 30}}
    assert told(other).count("Un porteur peut obtenir 1 projet") == 2
    assert "30 voix" in told(other)
    assert "les mêmes limites y valent" not in told(other)


def test_reasons_name_projects_by_their_titles() -> None:
    row = Row(
        "p2", 2, 90, 10_000_00, Status.LOST,
        reason=say_count("%(count)d vote; %(shared)s: %(projects)s.", "%(count)d votes; %(shared)s: %(projects)s.", 90,
                         shared=say("its carrier"), projects=("p1", "p3")),
        parted=say("%(before)s stands before it.", before="p1"),
    )  # fmt: skip
    told = titled(row, {"p1": "Un forage", "p2": "Une école", "p3": "Un verger"})
    assert told.reason.values["projects"] == ("Un forage", "Un verger")
    assert told.parted is not None
    assert told.parted.values == {"before": "Un forage"}
    assert (told.reason.count, told.nearest, told.project) == (90, None, "p2")
