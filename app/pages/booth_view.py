"""What the booth shows: the hand a voter holds (the form itself, nothing else remembers it) beside the ballot paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.ballots import AnyStyle, Basket, ForAgainst, Grades, Points, basket_of
from app.core.ballots.grade_names import grade_word
from app.core.messages import Localised, Message, say
from app.http.forms import Sent
from app.http.quiet import spoken
from app.pages.booth_presses import FIELDS, pressed
from app.polls.ballot_paper import BallotPaper
from app.polls.candidates import details_of
from app.polls.models import Poll
from app.polls.queries import rule_of
from app.proposals.queries import ORDERS, shuffled
from app.results.rule_brief import rule_in_brief
from app.unit import Work
from app.voting.service import IS_A_SEED, read_credential

IS_WHOLE = re.compile(r"-?[0-9]{1,6}")


@dataclass(frozen=True)
class Hand:
    """The voter's hand: the entries of the ballot, the drawn order of the list, the seed of the ballot, the key if already known.

    The seed (156 random bits) is thrown with the empty ballot and travels with it, so that a voter who goes back and
    sends again is sending the same ballot, and gets the same receipt. `typed` is what stands in the fields of projects (by id) and is
    no mark of the ballot: shown again, with what is wrong. `sealed`: the browser sealed the entries, so only its own page knows them.
    """

    choices: tuple[str, ...]
    order: int
    language: str
    seed: str
    credential: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = False


def empty_hand(work: Work, language: str, order: int | None = None) -> Hand:
    """A hand with no choice, before a list in one of its 64 orders."""
    return Hand((), drawn(work) if order is None else order, language, work.token(26))


def hand_of(work: Work, paper: BallotPaper, sent: Sent) -> Hand:
    """The hand that a form carries. What is not on the paper falls out; `speak` changes the language."""
    order = sent.get("order")
    choices, typed = _written_in(paper, sent) if sent.get("fields") else (paper.known(sent.all("choice")[:1000]), {})
    return Hand(
        choices=choices,
        typed=typed,
        order=int(order) if order.isdigit() and len(order) < 3 and int(order) < ORDERS else drawn(work),
        language=spoken(sent.get("speak") or sent.get("lang")),
        seed=sent.get("seed") if IS_A_SEED.fullmatch(sent.get("seed")) else work.token(26),
        credential=read_credential(sent.get("credential"))[:200],
        sealed=bool(sent.get("sealed")),
    )


def _written_in(paper: BallotPaper, sent: Sent) -> tuple[tuple[str, ...], dict[str, str]]:
    """The entries that the fields of the paper make, and what was typed there that is no mark, by project."""
    entries: list[str] = []
    typed: dict[str, str] = {}
    for id in paper.slate.costs if paper.style else ():
        written = sent.get(f"mark-{id}").strip()[:20]
        number = int(written) if IS_WHOLE.fullmatch(written) else None
        if number is not None and paper.style and paper.style.means(number):
            entries += paper.style.entries({id: number})
        elif written:
            typed[id] = written
    return tuple(entries), typed


def drawn(work: Work) -> int:
    """One of the published orders, drawn at random: six bits."""
    return int(work.token(2, "01234567"), 8)


def changed(work: Work, paper: BallotPaper, hand: Hand, sent: Sent) -> tuple[Hand, Message | None]:
    """The hand after what the voter pressed (add, remove, another order), and the sentence that says what happened."""
    assert paper.style is not None
    if (done := pressed(basket(paper, hand), paper.style, sent)) is not None:
        marks, said, id = done
        hand = replace(hand, choices=tuple(entry for one in marks.items() for entry in paper.style.entries(dict([one]))))
        out = {"out": _title(paper, str(said.values["out"]))} if "out" in said.values else {}
        return hand, replace(said, values={**said.values, **out, "title": _title(paper, id), "total": _total(paper, hand)})
    if sent.get("shuffle"):
        return replace(hand, order=(hand.order + 1 + drawn(work) % (ORDERS - 1)) % ORDERS), say("The projects are in another order.")
    return hand, None


def basket(paper: BallotPaper, hand: Hand) -> Basket:
    """The state of the ballot being filled."""
    assert paper.style is not None
    return basket_of(paper.style, hand.choices, paper.slate)


def booth(work: Work, paper: BallotPaper, hand: Hand, said: Message | None = None) -> dict[str, Any]:
    """The context of the booth."""
    by_id = {candidate.id: candidate for candidate in paper.candidates}
    held = basket(paper, hand)
    return common(paper, hand) | {
        "projects": [by_id[id] for id in shuffled(list(by_id), hand.order)],
        "details": details_of(work, paper.edition_id, list(by_id)),
        "refusals": {id: held.can_add(id) for id in by_id if id not in held.marks},
        "swaps": {id: by_id[out] for id in by_id if (out := held.swap_for(id)) is not None},
        "in_booth": True,
        "options": options_of(paper.style),
        "wrong": {id: _wrong(paper) for id in hand.typed},
        "said": said,
        "orders": ORDERS,
        "counting": _counting(work, paper),
    }


def options_of(style: AnyStyle | None) -> list[tuple[int | str, Message | Localised]]:
    """What the field of a project offers, (mark, words): the grades, best first; for, against. Nothing for the other styles."""
    match style:
        case Grades():
            return [*((style.mark_of(place), grade_word(name)) for place, name in enumerate(style.grades)), ("", say("No grade"))]
        case ForAgainst():
            against: list[tuple[int | str, Message | Localised]] = [] if style.max_against == 0 else [(-1, say("Against"))]
            return [(1, say("For")), *against, ("", say("No opinion"))]
        case _:
            return []


def _counting(work: Work, paper: BallotPaper) -> Message | None:
    """The rule of the count in one sentence."""
    poll = work.db.get(Poll, paper.edition_id)
    return rule_in_brief(rule_of(poll)) if poll else None


def common(paper: BallotPaper, hand: Hand) -> dict[str, Any]:
    """What every page of the booth shows of the hand and the paper."""
    style, held, chosen = paper.style, basket(paper, hand), paper.chosen(hand.choices)
    assert style is not None
    marks = held.marks
    return {
        "paper": paper, "hand": hand, "style": style, "basket": held, "marks": marks, "rule": style.rule_line(paper.slate),
        "chosen": chosen, "in_fields": style.kind in FIELDS, "in_booth": False,
        "counted": style.told(marks, paper.slate), "summed": _summed(paper, held),
        "said_of": {id: style.mark_words(mark) for id, mark in marks.items()},
        "whole": held.limit_cents if held.limit_cents is not None else paper.slate.envelope_cents,
        "parts": [{"label": one.title, "cents": one.cost_cents} for one in chosen] if _is_about_money(held) else [],
        "problems_told": tuple(_by_title(paper, problem) for problem in held.problems),
    }  # fmt: skip


def _is_about_money(held: Basket) -> bool:
    """Whether what the projects cost together tells a voter something: choices do, grades and points do not."""
    return held.style.profile_kind in ("approval", "star")


def _wrong(paper: BallotPaper) -> Message:
    """What to write in the field of a project."""
    if isinstance(paper.style, Points):
        return say("Write a whole number from 0 to %(most)d.", most=int(paper.style.longest_mark(len(paper.candidates))))
    return say("Choose one of the answers offered.")


def _by_title(paper: BallotPaper, problem: Message) -> Message:
    """The same sentence with the projects it names by their number and title."""
    names = {one.id: say("No. %(number)s “%(title)s”", number=one.number, title=one.title) for one in paper.candidates}
    return replace(problem, values={key: _named(value, names) for key, value in problem.values.items()})


def _named(value: object, names: Mapping[str, Message]) -> Any:
    if isinstance(value, tuple):
        return tuple(_named(one, names) for one in value)
    return names.get(value, value) if isinstance(value, str) else value


def _summed(paper: BallotPaper, basket: Basket) -> Message | None:
    """How much money, and of how much: a limit of the ballot, or only the envelope for comparison; None where money says nothing."""
    money = paper.slate.money
    if not _is_about_money(basket):
        return None
    if basket.limit_cents is not None and basket.left_cents is not None:
        return say("%(left)s left of %(limit)s", left=money(basket.left_cents), limit=money(basket.limit_cents))
    return say("%(spent)s of the %(all)s envelope", spent=money(basket.spent_cents), all=money(paper.slate.envelope_cents))


def _total(paper: BallotPaper, hand: Hand) -> Message:
    held = basket(paper, hand)
    counted, money = held.style.told(held.marks, paper.slate), _summed(paper, held)
    return say("%(count)s.", count=counted) if money is None else say("%(count)s; %(money)s.", count=counted, money=money)


def _title(paper: BallotPaper, id: str) -> str:
    return next(candidate.title for candidate in paper.candidates if candidate.id == id)
