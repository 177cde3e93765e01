"""A part of an election keeps every ballot and tells of each only what bears on its projects."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, Project
from app.core.tally.part_of import part_of
from tests.core.tally_elections import elections

RANKED = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), max_size=4)


@settings(deadline=None)
@given(elections(), st.frozensets(st.sampled_from("abcdef")), st.integers(0, 9))
def test_a_part_counts_each_ballot_as_if_it_had_named_only_its_projects(election: Election, ids: frozenset[str], cents: int) -> None:
    part = part_of(election, ids, cents)
    assert set(part.ids) == ids & set(election.ids)
    assert (part.profile.total, part.budget_cents, part.draw) == (election.profile.total, cents, election.draw)
    expected: Counter[frozenset[str]] = Counter()
    for ballot, many in election.ballots.items():
        expected[ballot & ids] += many
    assert part.ballots == expected


@settings(deadline=None)
@given(st.lists(RANKED, max_size=5), st.frozensets(st.sampled_from("abcd")))
def test_the_places_of_a_ranking_close_up(ballots: list[dict[str, int]], ids: frozenset[str]) -> None:
    projects = [Project(id, 1) for id in "abcd"]
    part = part_of(Election.marked(projects, ballots, 9, "ranking"), ids, 9).profile
    assert part.value is not None
    names = [id for id in "abcd" if id in ids]
    found = Counter[tuple[tuple[str, int], ...]]()
    for pile in range(part.piles):
        marks = slice(part.start[pile], part.start[pile + 1])
        named = zip((names[index] for index in part.project[marks]), part.value[marks].tolist(), strict=True)
        found[tuple(named)] += int(part.many[pile])
    expected = Counter[tuple[tuple[str, int], ...]]()
    for ballot in ballots:
        kept = {id: place for id, place in sorted(ballot.items()) if id in ids}
        expected[tuple((id, 1 + sum(other < place for other in kept.values())) for id, place in kept.items())] += 1
    assert found == expected


def test_points_stay_beside_their_projects() -> None:
    election = Election.marked([Project(id, 1) for id in "abc"], [{"a": 3, "c": 7}, {"b": 2}], 9, "points", unit=10)
    part = part_of(election, "bc", 9).profile
    assert part.value is not None
    assert (part.kind, part.unit, part.votes().tolist()) == ("points", 10, [1, 1])
    assert sorted(zip(part.project.tolist(), part.value.tolist(), strict=True)) == [(0, 2), (1, 7)]
