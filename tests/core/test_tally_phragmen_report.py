"""The report of Phragmén's rule: a row for every project, in order, and which ties mattered."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from app.core.tally import Election, Phragmen, Project, Status
from tests.core.tally_elections import ballots, projects


def alike(names: list[str], cost: int, carrier: str) -> tuple[Project, ...]:
    """Projects that cost the same and have one carrier."""
    return tuple(Project(name, cost, carrier) for name in names)


def tied(*sizes: int) -> Election:
    """Groups of equal projects, each wanted by all voters of its own and of one carrier, the first group by most voters."""
    groups = [alike([f"{letter}{number:02}" for number in range(size)], 100, letter) for letter, size in zip("pqr", sizes, strict=False)]
    piles = {frozenset(one.id for one in group): 10 - 4 * place for place, group in enumerate(groups)}
    return Election(tuple(one for group in groups for one in group), piles, 100 * len(groups))  # type: ignore[arg-type]


ONE_EACH = Phragmen(max_per_carrier=1, on_miss="skip", tie_break=("id",))


def test_up_to_twenty_other_falls_of_ties_are_tried() -> None:
    # One of a tie wins for its carrier. All others of it might have won: twenty others are tried, twenty-one are not.
    assert [[tie.mattered for tie in ONE_EACH.count(tied(*sizes)).ties] for sizes in ((21,), (22,))] == [[True], [None]]
    # Ten and ten others together, and ten and eleven.
    assert [[tie.mattered for tie in ONE_EACH.count(tied(*sizes)).ties] for sizes in ((11, 11), (11, 12))] == [[True, True], [True, None]]


def test_a_tie_whose_order_changes_nothing_is_not_tried() -> None:
    # s and t cost 1 each and share no voter: their order changes nothing, and the twenty others of the tie after them are tried still.
    election = tied(21)
    piles = {**election.ballots, frozenset("s"): 1, frozenset("t"): 1}
    more = Election((*election.projects, *projects({"s": 1, "t": 1})), piles, 102)  # type: ignore[arg-type]
    assert [(len(tie.members), tie.mattered) for tie in ONE_EACH.count(more).ties] == [(2, False), (21, True)]


def test_a_tie_matters_as_soon_as_one_other_order_has_other_winners() -> None:
    # a, b and c at 5; a and b share their voter. First a: b comes at 10, and c fits before. Only 10 are there, for two of the three.
    election = Election(projects({"a": 5, "b": 5, "c": 5}), ballots((1, "ab"), (1, "c")), 10)
    (tie,) = Phragmen(tie_break=("id",)).count(election).ties
    assert (tie.members, tie.mattered) == (("a", "b", "c"), True)
    # Whoever of d and e comes first, both win in the end.
    both = Election(projects({"d": 5, "e": 5}), ballots((1, "de")), 10)
    assert [tie.mattered for tie in Phragmen(tie_break=("id",)).count(both).ties] == [False]


def test_while_a_tie_waits_for_the_draw_nothing_is_said_of_what_mattered_and_only_what_waits_is_open() -> None:
    # a is bought at 1.00. b and c are equal, share their voters and wait; d would come after them. e asks for too much, f has no vote.
    field = projects({"a": 300, "b": 400, "c": 400, "d": 500, "e": 2000, "f": 5, "g": 2000})
    piles = ballots((3, "a"), (2, "bc"), (1, "d"), (1, "e"), (2, "g"))
    outcome = Phragmen().count(Election(field, piles, 1100))
    assert (outcome.selected, outcome.needs_draw, outcome.ties) == (("a",), ("b", "c"), ())
    told = [(row.project, row.rank, row.status, row.left_before_cents, row.left_after_cents) for row in outcome.rows]
    assert told == [
        ("a", 1, Status.WON, 1100, 800),
        ("b", 2, Status.OPEN, None, None),
        ("c", 3, Status.OPEN, None, None),
        ("g", 4, Status.LOST, None, None),
        ("d", 5, Status.OPEN, None, None),
        ("e", 6, Status.LOST, None, None),
        ("f", 7, Status.LOST, None, None),
    ]
    assert {row.nearest for row in outcome.rows} == {None}
    assert str(outcome.row("e").reason) == "1 vote; it asks for 20.00 EUR, more than the whole envelope of 11.00 EUR."
    assert str(outcome.row("f").reason) == "0 votes, and at least 1 are needed."
    # Where a tie before it fell, that one is told, but not whether it mattered.
    known = Election((*field, *projects({"x": 100, "y": 100})), {**piles, frozenset("xy"): 3}, 900)  # type: ignore[arg-type]
    fell = Phragmen(tie_break=("older", "draw"))
    parted = replace(known, projects=tuple(replace(one, filed="xy".find(one.id)) if one.id in "xy" else one for one in known.projects))
    waiting = fell.count(parted)
    assert waiting.needs_draw == ("b", "c")
    assert [(tie.members, tie.by, tie.mattered) for tie in waiting.ties] == [(("x", "y"), ("older",), None)]


def test_every_row_tells_its_turn_and_what_was_held_where_it_had_none() -> None:
    # b at 2.00 and c at 2.20 of 11.00; d (2.25) misses and ends it. a's three held 3 x 2.25 less 6.00; e had too few votes, f is too dear.
    field = projects({"a": 1000, "b": 600, "c": 440, "d": 450, "e": 1, "f": 1500, "g": 1100})
    piles = ballots((3, "ab"), (2, "c"), (2, "d"), (1, "e"), (2, "f"), (2, "g"))
    outcome = Phragmen(min_votes=2).count(Election(field, piles, 1100))
    assert [(row.project, row.rank, row.status, row.left_before_cents, row.left_after_cents, row.support) for row in outcome.rows] == [
        ("b", 1, Status.WON, 1100, 500, None),
        ("c", 2, Status.WON, 500, 60, None),
        ("d", 3, Status.LOST, 60, 60, None),
        ("a", 4, Status.LOST, None, None, Fraction(75, 1000)),
        ("f", 5, Status.LOST, None, None, None),
        ("g", 6, Status.LOST, None, None, Fraction(450, 1100)),
        ("e", 7, Status.LOST, None, None, None),
    ]
    assert [str(row.reason) for row in outcome.rows] == [
        "3 votes; its supporters could pay for it once each voter had been given 2.00 EUR.",
        "2 votes; its supporters could pay for it once each voter had been given 2.20 EUR.",
        "2 votes; when its supporters could pay for it, 0.60 EUR of the envelope was left, and it asks for 4.50 EUR.",
        "3 votes; when the count stopped, its supporters held 0.75 EUR of the 10.00 EUR it asks for.",
        "2 votes; it asks for 15.00 EUR, more than the whole envelope of 11.00 EUR.",
        "2 votes; when the count stopped, its supporters held 4.50 EUR of the 11.00 EUR it asks for.",
        "1 vote, and at least 2 are needed.",
    ]
    assert (outcome.row("b").nearest, outcome.row("d").nearest is None) == (None, False)


def test_sentences_round_what_was_given_up_and_what_was_held_down() -> None:
    # 10 cents of 3 voters are 3 1/3 each. At 5 (c, which does not fit) a's two hold 10 less the 6 2/3 that they paid.
    election = Election(projects({"a": 11, "b": 10, "c": 5}), ballots((2, "ab"), (1, "b"), (1, "c")), 12)
    outcome = Phragmen().count(election)
    assert str(outcome.row("b").reason).endswith("once each voter had been given 0.04 EUR.")
    assert str(outcome.row("a").reason) == "2 votes; when the count stopped, its supporters held 0.03 EUR of the 0.11 EUR it asks for."


def test_a_project_that_a_limit_bars_is_told_so() -> None:
    field = projects({"a": 1, "b": 2}, dict.fromkeys("ab", "x"))
    outcome = Phragmen(max_per_carrier=1).count(Election(field, ballots((1, "a"), (1, "b")), 9))
    assert "its carrier already had as many awards as the rule allows: a" in str(outcome.row("b").reason)
