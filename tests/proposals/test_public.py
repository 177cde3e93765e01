"""The public side: only what is public, found by its words, in an order anyone can redo."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from app.core.lifecycle import STATES, SeenBy, State
from app.core.problems import Missing
from app.proposals import queries
from app.proposals.models import Proposal
from app.proposals.search import matches, stems
from app.unit import Work
from tests.cast import Cast


def publish(unit: Work, cast: Cast, count: int = 1) -> list[Proposal]:
    """That many admissible projects. The cast comes before the test's first statement: it has its own transactions."""
    submitted = [cast.submitted() for _ in range(count)]
    proposals = [unit.db.merge(one) for one in submitted]
    for proposal in proposals:
        proposal.state = State.ADMISSIBLE
    unit.db.flush()
    return proposals


@pytest.mark.parametrize("words", ["ecole", "écoles", "ÉCOLES", "ecoles forages", "matam", "sénégal", "senegal", "ker teranga", "forag"])
def test_a_project_is_found_without_accents_or_plurals(unit: Work, cast: Cast, words: str) -> None:
    edition = cast.edition()
    publish(unit, cast)
    assert queries.public_projects(unit, edition, text=words)[1] == 1


@pytest.mark.parametrize("words", ["piscine", "ecole piscine", "cole", "%", "_", "'; drop table proposal; --"])
def test_what_is_not_there_is_not_found(unit: Work, cast: Cast, words: str) -> None:
    edition = cast.edition()
    publish(unit, cast)
    found = queries.public_projects(unit, edition, text=words)[1]
    assert found == (1 if not matches(words, "fr") else 0)


@given(st.text())
def test_stems_hold_letters_and_digits_alone(text: str) -> None:
    assert all(stem == "" or stem.isalnum() for stem in stems(text, "fr"))


def test_only_public_states_are_listed_and_have_a_page(unit: Work, cast: Cast) -> None:
    edition = cast.edition()
    (proposal,) = publish(unit, cast)
    for state, facts in STATES.items():
        proposal.state = state
        unit.db.flush()
        assert queries.public_projects(unit, edition)[1] == (facts.seen_by is SeenBy.EVERYONE), state
        if facts.public:
            assert queries.project_by_public_id(unit, proposal.public_id).id == proposal.id
        else:
            with pytest.raises(Missing):
                queries.project_by_public_id(unit, proposal.public_id)


def test_an_order_is_the_same_every_time_and_covers_each_project_once(unit: Work, cast: Cast) -> None:
    edition = cast.edition()
    everyone = {one.public_id for one in publish(unit, cast, 5)}
    pages = [queries.public_projects(unit, edition, order=17, page=number, per_page=2)[0] for number in (1, 2, 3, 4)]
    seen = [card.public_id for page in pages for card in page]
    assert seen == sorted(everyone, key=lambda one: hashlib.sha256(f"17:{one}".encode()).hexdigest())
    assert pages[3] == []


def test_a_list_is_read_in_two_statements(unit: Work, cast: Cast) -> None:
    edition, statements = cast.edition(), []
    publish(unit, cast, 3)
    event.listen(unit.db.get_bind(), "before_cursor_execute", lambda *call: statements.append(call[2]))
    cards, total = queries.public_projects(unit, edition, theme="infrastructure", country="SN")
    assert (len(cards), total, len(statements)) == (3, 3, 2)


def test_theme_and_country_narrow_the_list(unit: Work, cast: Cast) -> None:
    edition = cast.edition()
    publish(unit, cast)
    assert queries.public_projects(unit, edition, country="ML")[1] == 0
    assert queries.public_projects(unit, edition, theme="climate")[1] == 0
    assert queries.public_projects(unit, edition, states=[State.INADMISSIBLE])[1] == 0
