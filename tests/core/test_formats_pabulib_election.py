"""Ballots read into arrays: by blocks or line by line, the same election, the same warnings, the same refusal."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.formats import Malformed, PabulibElection, PabulibFile, pabulib_body, read_election, read_pabulib
from app.core.tally.profile import Profile
from tests.core.pabulib_texts import HEAD, texts

Mark = tuple[str, Any]


def marks(election: PabulibElection, profile: Profile) -> Counter[tuple[Mark, ...]]:
    """The ballots of a profile, as a bag of what they give to whom."""
    ids = [one.id for one in election.projects]
    value = np.ones(len(profile.project), np.int64) if profile.value is None else profile.value
    rows = zip(profile.start[:-1].tolist(), profile.start[1:].tolist(), profile.many.tolist(), strict=True)
    found: Counter[tuple[Mark, ...]] = Counter()
    for first, after, many in rows:
        pairs = [(ids[profile.project[at]], Decimal(int(value[at])) / profile.unit) for at in range(first, after)]
        found[tuple(sorted(pairs))] += many
    return found


def expected(file: PabulibFile, vote_type: str) -> Counter[tuple[Mark, ...]]:
    """The same from ballots as objects, the slow way: the first naming of a project counts."""
    found: Counter[tuple[Mark, ...]] = Counter()
    default = Decimal(file.meta.get("default_score", "0")) if vote_type == "scoring" else Decimal()
    for ballot in file.ballots:
        given_points: dict[str, Any] = {}
        for place, id in enumerate(ballot.choices):
            worth = {"ordinal": Decimal(len(given_points) + 1), "approval": Decimal(1), "choose-1": Decimal(1)}.get(vote_type)
            given_points.setdefault(id, ballot.points[place] if worth is None else worth)
        if default:
            given_points = {one.id: given_points.get(one.id, default) for one in file.projects}
        found[tuple(sorted(given_points.items()))] += 1
    return found


def read(text: str, name: str = "x") -> PabulibElection:
    return read_election(text.encode(), name=name)


def _read_or_refused(reader: Any, text: str) -> Any:
    """What a reader makes of a text, or the sentence with which it refuses it."""
    try:
        return reader(text.encode(), name="x")
    except Malformed as refused:
        return str(refused)


@given(texts(), st.sampled_from([1, 40, 1 << 22]), st.sampled_from([1, 3, 4096]))
def test_blocks_and_single_lines_read_the_same(text: str, block: int, patch: int) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(pabulib_body, "BLOCK", block)
        changed.setattr(pabulib_body, "PATCH", patch)
        file, election = (_read_or_refused(reader, text) for reader in (read_pabulib, read_election))
    if isinstance(file, str) or isinstance(election, str):
        assert file == election
        return
    assert marks(election, election.profile) == expected(file, file.vote_type)
    with_points = file.vote_type == "ordinal" and any(one.points for one in file.ballots)
    assert (election.points is not None) is (with_points and all(one.points for one in file.ballots if one.choices))
    if election.points is not None:
        assert marks(election, election.points) == expected(file, "cumulative")
    assert sorted(map(str, election.warnings)) == sorted(map(str, file.warnings))
    assert (election.meta, election.projects, election.budget_cents) == (file.meta, file.projects, file.budget_cents)


@given(texts(sound=True))
def test_ordinary_lines_are_never_read_one_by_one(text: str) -> None:
    """Else the quick way would be right and slow: only a project named twice, or a ranking without its points, asks for a second look."""
    odd: list[int] = []
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(pabulib_body.Body, "_odd", lambda self, odd_line, block, gathered: odd.append(odd_line.line))
        changed.setattr(pabulib_body.Limits, "broken", lambda self, first, length, project, points: np.zeros(len(length), bool))
        changed.setattr(pabulib_body.HeadReader, "check_counts", lambda self, ballots: None)
        read(text)
    file = read_pabulib(text, name="x")
    bare = file.vote_type == "ordinal" and "points" in file.ballot_columns
    assert len(odd) == sum(
        len(set(one.choices)) < len(one.choices) or (bare and len(one.points) < len(one.choices)) for one in file.ballots
    )


@pytest.mark.parametrize(
    ("kind", "ballots", "sentence"),
    [
        ("choose-1", "v1;1,12\n", "names 2 projects where each voter chooses one"),
        ("approval", "VOTES;\n", "each once and in this order"),
        ("approval", "META;\nv1;1\n", "each once and in this order"),
        ("approval", "v1;1\nv1\u00a0;1\n", "“v1” is empty or comes twice"),
        ("approval", "v1;1\nv2;1\nv1;12\n", "“v1” is empty or comes twice"),
    ],
)
def test_what_single_lines_refuse_blocks_refuse_too(kind: str, ballots: str, sentence: str) -> None:
    text = HEAD.format(size=2, kind=kind, more="", projects="1;10\n12;20\n", header="voter_id;vote") + ballots
    with pytest.raises(Malformed, match=sentence):
        read(text)
