"""What the booth shows: the hand a voter holds (the form itself, nothing else remembers it) beside the ballot paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.core.ballots import Basket
from app.core.messages import Message, say, say_count
from app.http.forms import Sent
from app.http.quiet import spoken
from app.polls.ballot_paper import BallotPaper
from app.polls.candidates import details_of
from app.polls.models import Poll
from app.polls.queries import rule_of
from app.proposals.queries import ORDERS, shuffled
from app.results.rule_brief import rule_in_brief
from app.unit import Work
from app.voting.service import IS_A_SEED, read_credential


@dataclass(frozen=True)
class Hand:
    """The voter's hand: choices (ids), the drawn order of the list, the seed of the ballot, the key if already known.

    The seed (156 random bits) is thrown with the empty ballot and travels with it, so that a voter who goes back and
    sends again is sending the same ballot, and gets the same receipt.
    """

    choices: tuple[str, ...]
    order: int
    language: str
    seed: str
    credential: str = ""


def empty_hand(work: Work, language: str, order: int | None = None) -> Hand:
    """A hand with no choice, before a list in one of its 64 orders."""
    return Hand((), drawn(work) if order is None else order, spoken(language), work.token(26))


def hand_of(work: Work, paper: BallotPaper, sent: Sent) -> Hand:
    """The hand that a form carries. What is not on the paper falls out; `speak` changes the language."""
    order = sent.get("order")
    return Hand(
        choices=paper.known(sent.all("choice")[:1000]),
        order=int(order) if order.isdigit() and len(order) < 3 and int(order) < ORDERS else drawn(work),
        language=spoken(sent.get("speak") or sent.get("lang")),
        seed=sent.get("seed") if IS_A_SEED.fullmatch(sent.get("seed")) else work.token(26),
        credential=read_credential(sent.get("credential"))[:200],
    )


def drawn(work: Work) -> int:
    """One of the published orders, drawn at random: six bits."""
    return int(work.token(2, "01234567"), 8)


def changed(work: Work, paper: BallotPaper, hand: Hand, sent: Sent) -> tuple[Hand, Message | None]:
    """The hand after what the voter pressed (add, remove, another order), and the sentence that says what happened."""
    added, removed = sent.get("add"), sent.get("remove")
    if added in paper.slate.costs and added not in hand.choices:
        if (reason := basket_of(paper, hand).can_add(added)) is not None:
            return hand, reason
        hand = replace(hand, choices=(*hand.choices, added))
        return hand, say("“%(title)s” is in your vote. %(total)s", title=_title(paper, added), total=_total(paper, hand))
    if removed in hand.choices:
        hand = replace(hand, choices=tuple(choice for choice in hand.choices if choice != removed))
        return hand, say("“%(title)s” is taken out. %(total)s", title=_title(paper, removed), total=_total(paper, hand))
    if sent.get("shuffle"):
        return replace(hand, order=(hand.order + 1 + drawn(work) % (ORDERS - 1)) % ORDERS), say("The projects are in another order.")
    return hand, None


def basket_of(paper: BallotPaper, hand: Hand) -> Basket:
    """The state of the ballot being filled."""
    assert paper.style is not None
    return paper.style.state(hand.choices, paper.slate)


def booth(work: Work, paper: BallotPaper, hand: Hand, said: Message | None = None) -> dict[str, Any]:
    """The context of the booth."""
    by_id = {candidate.id: candidate for candidate in paper.candidates}
    basket = basket_of(paper, hand)
    return common(paper, hand) | {
        "projects": [by_id[id] for id in shuffled(list(by_id), hand.order)],
        "details": details_of(work, paper.edition_id, list(by_id)),
        "refusals": {id: basket.can_add(id) for id in by_id if id not in hand.choices},
        "said": said,
        "orders": ORDERS,
        "counting": _counting(work, paper),
    }


def _counting(work: Work, paper: BallotPaper) -> Message | None:
    """The rule of the count in one sentence."""
    poll = work.db.get(Poll, paper.edition_id)
    return rule_in_brief(rule_of(poll)) if poll else None


def common(paper: BallotPaper, hand: Hand) -> dict[str, Any]:
    """What every page of the booth shows of the hand and the paper."""
    assert paper.style is not None
    basket = basket_of(paper, hand)
    chosen = paper.chosen(hand.choices)
    return {
        "paper": paper, "hand": hand, "basket": basket, "rule": paper.style.rule_line(paper.slate), "chosen": chosen,
        "counted": _counted(basket), "summed": _summed(paper, basket),
        "whole": basket.limit_cents if basket.limit_cents is not None else paper.slate.envelope_cents,
        "parts": [{"label": one.title, "cents": one.cost_cents} for one in chosen],
    }  # fmt: skip


def _counted(basket: Basket) -> Message:
    """How many choices, and of how many."""
    limit = basket.style.limit_choices()
    if limit is None:
        return say_count("%(count)d project chosen", "%(count)d projects chosen", basket.count)
    return say_count("%(count)d project chosen of %(limit)d", "%(count)d projects chosen of %(limit)d", basket.count, limit=limit)


def _summed(paper: BallotPaper, basket: Basket) -> Message:
    """How much money, and of how much: a limit of the ballot, or only the envelope for comparison."""
    money = paper.slate.money
    if basket.limit_cents is not None and basket.left_cents is not None:
        return say("%(left)s left of %(limit)s", left=money(basket.left_cents), limit=money(basket.limit_cents))
    return say("%(spent)s of the %(all)s envelope", spent=money(basket.spent_cents), all=money(paper.slate.envelope_cents))


def _total(paper: BallotPaper, hand: Hand) -> Message:
    basket = basket_of(paper, hand)
    return say("%(count)s; %(money)s.", count=_counted(basket), money=_summed(paper, basket))


def _title(paper: BallotPaper, id: str) -> str:
    return next(candidate.title for candidate in paper.candidates if candidate.id == id)
