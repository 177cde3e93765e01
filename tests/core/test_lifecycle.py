"""Promises of the life of a file: one table, no dead end, no arrow out of order."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.core.lifecycle import EDITABLE, FINAL, PATH, STATES, TRANSITIONS, Actor, SeenBy, State, Verb, step_of, verbs_from, walk
from app.core.problems import Conflict


def reachable(start: State, *, only_open: bool = False, but: Verb | None = None) -> set[State]:
    """Every state that arrows lead to from `start`."""
    seen, left = {start}, [start]
    while left:
        state = left.pop()
        for arrow in TRANSITIONS:
            if state in arrow.sources and arrow.verb is not but and (arrow.open or not only_open) and arrow.target not in seen:
                seen.add(arrow.target)
                left.append(arrow.target)
    return seen


def test_every_state_can_be_reached_from_a_draft() -> None:
    assert reachable(State.DRAFT) == set(State)


def test_only_final_states_have_no_way_out() -> None:
    assert {state for state in State if not any(state in arrow.sources for arrow in TRANSITIONS)} == FINAL
    assert all(reachable(state) & FINAL for state in State)


def test_every_state_has_a_label_and_every_verb_an_arrow() -> None:
    assert set(STATES) == set(State)
    assert {arrow.verb for arrow in TRANSITIONS} == set(Verb)


def test_a_verb_never_leads_from_one_state_to_two() -> None:
    pairs = [(arrow.verb, source) for arrow in TRANSITIONS for source in arrow.sources]
    assert len(pairs) == len(set(pairs))
    assert all(arrow.overdue <= arrow.sources for arrow in TRANSITIONS)


def test_a_file_walks_from_draft_to_the_ballot() -> None:
    state = State.DRAFT
    for verb in (Verb.SUBMIT, Verb.ASK_COMPLETION, Verb.COMPLETE, Verb.ASK_COMPLETION, Verb.COMPLETE, Verb.ADMIT, Verb.PUT_ON_BALLOT):
        state = walk(state, verb)
    assert state is State.ON_BALLOT


def test_a_refused_step_names_the_state_of_the_file() -> None:
    with pytest.raises(Conflict, match="State of the file: Draft"):
        walk(State.DRAFT, Verb.ADMIT)


def test_an_arrow_that_is_not_open_yet_cannot_be_walked() -> None:
    for arrow in TRANSITIONS:
        for source in arrow.sources - arrow.overdue:
            if arrow.open:
                assert walk(source, arrow.verb) is arrow.target
            else:
                with pytest.raises(Conflict):
                    walk(source, arrow.verb)


def test_an_incomplete_file_is_refused_only_after_its_date() -> None:
    with pytest.raises(Conflict, match="still has time"):
        walk(State.INCOMPLETE, Verb.REJECT)
    assert walk(State.INCOMPLETE, Verb.REJECT, overdue=True) is State.INADMISSIBLE
    assert Verb.REJECT not in verbs_from(State.INCOMPLETE, by=[Actor.CASE_OFFICER])
    assert Verb.REJECT in verbs_from(State.INCOMPLETE, by=[Actor.CASE_OFFICER], overdue=True)


def test_each_actor_is_offered_its_own_verbs() -> None:
    assert verbs_from(State.SUBMITTED, by=[Actor.CARRIER]) == (Verb.WITHDRAW,)
    assert verbs_from(State.SUBMITTED, by=[Actor.CASE_OFFICER]) == (
        Verb.ASK_COMPLETION, Verb.ADMIT, Verb.REJECT, Verb.REDIRECT, Verb.MERGE,
    )  # fmt: skip
    assert verbs_from(State.DRAFT) == (Verb.SUBMIT,)


def test_every_verb_offered_can_be_walked() -> None:
    for state in State:
        for overdue in (False, True):
            assert all(walk(state, verb, overdue=overdue) in State for verb in verbs_from(state, overdue=overdue))


def test_a_file_is_public_once_it_is_decided_and_never_as_a_draft() -> None:
    assert STATES[State.DRAFT].seen_by is SeenBy.CARRIER
    hidden = {state for state in State if not STATES[state].public}
    assert hidden == {State.DRAFT, State.SUBMITTED, State.INCOMPLETE, State.COMPLETED, State.WITHDRAWN}


def test_nothing_on_the_ballot_or_after_can_be_edited_or_withdrawn_silently() -> None:
    after = reachable(State.ON_BALLOT, but=Verb.VETO)  # a veto is no silence: two people sign it, and everybody reads it
    assert not after & EDITABLE
    assert not after & {source for arrow in TRANSITIONS if arrow.verb is Verb.WITHDRAW for source in arrow.sources}


def test_the_path_shown_to_residents_follows_the_arrows() -> None:
    assert [step.key for step in PATH][:4] == ["draft", "submitted", "admissible", "on_ballot"]
    assert [str(step.label) for step in PATH][4:6] == ["Leading", "Awarded"]
    assert step_of(State.WITHDRAWN) is None
    main = [State.DRAFT, State.SUBMITTED, State.ADMISSIBLE, State.ON_BALLOT, State.LEADING, State.AWARDED, State.AGREEMENT_SENT]
    assert [step_of(state) for state in main] == list(range(7))
    for earlier, later in pairwise(PATH):
        assert any(arrow.sources & earlier.states and arrow.target in later.states for arrow in TRANSITIONS), later.key
