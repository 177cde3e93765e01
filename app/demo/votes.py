"""The votes of the demonstration: the past one held, counted, published and decided; the current one open to whoever likes to try."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count as numbers
from typing import Any

from sqlmodel import col, select

from app.core.permissions import Role
from app.demo import bureau
from app.demo.city import Town, at_noon, data, edition_at
from app.demo.dates import Move
from app.demo.voters import CODES, codes_then_dice, roll
from app.editions.models import Edition
from app.electorate.batches import make_batch
from app.electorate.desk import import_roll
from app.electorate.forms import CodeBatchForm
from app.electorate.models import RollLine
from app.exchange import bundling
from app.polls import paper, sequencing
from app.polls import service as polls
from app.polls.ballot_paper import paper_of
from app.polls.choices import RuleChoice, StyleChoice, TieChoice
from app.polls.forms import PollForm
from app.polls.paper import LotForm, PaperForm
from app.proposals.models import Proposal
from app.results import service as results
from app.results.forms import CouncilForm, CouncilOutcome, PublicationForm
from app.unit import Work
from app.voting import clock
from app.voting import service as voting

SOURCE = "Tirage du Loto du premier samedi après le dépouillement : les boules dans l’ordre croissant, séparées par un tiret."
ROLL = 60
INCIDENTS = ("overvote", "undervote", "unknown_code", "blank")
"""The incidents of the data that are ballots in an envelope; the others never reach one."""


def fix_poll(town: Town, slug: str, move: Move) -> None:
    """Fix ballot, rule, ties and draw three days before voting opens."""
    given = data()["programme"]
    with town.at(at_noon(move, "2027-05-12")) as unit:
        form = PollForm(
            style=StyleChoice.APPROVAL, min_choices=given["ballot"]["min_choices"], max_choices=given["ballot"]["max_choices"],
            rule=RuleChoice.GREEDY_SKIP, max_per_carrier=given["tally"]["max_awards_per_carrier"], tie_first=TieChoice.CHEAPER,
            draw_source=SOURCE,
        )  # fmt: skip
        polls.fix(unit, edition_at(unit, slug), form, by=town.officer(Role.ADMINISTRATOR))


def open_vote(town: Town, slug: str, move: Move) -> None:
    """The current edition: a roll of fictitious people, and printed codes that the page of the demonstration shows."""
    fix_poll(town, slug, move)
    admin = town.officer(Role.ADMINISTRATOR)
    with town.at(at_noon(move, "2027-05-13")) as unit:
        edition = edition_at(unit, slug)
        import_roll(unit, edition, roll(ROLL), by=admin)
        known = replace(unit, token=codes_then_dice())
        make_batch(known, edition, CodeBatchForm(label="Codes de la démonstration", size=CODES), by=admin)
    bureau.freeze(town, slug, move)


def hold_vote(town: Town, slug: str, move: Move) -> None:
    """The past edition: every sample ballot cast online or on paper, then count, publication and council."""
    fix_poll(town, slug, move)
    sample = data()["sample_ballots"]
    online = [one["choices"] for one in sample if one["channel"] == "internet"]
    marked = [one for one in sample if one["channel"] == "paper"] + [one for one in data()["ballot_incidents"] if one["issue"] in INCIDENTS]
    with town.at(at_noon(move, "2027-05-13")) as unit:
        edition = edition_at(unit, slug)
        import_roll(unit, edition, roll(len(online) + len(marked)), by=town.officer(Role.ADMINISTRATOR))
    bureau.freeze(town, slug, move)
    _cast(town, slug, move, online)
    _enter(town, slug, move, marked, skip=len(online))
    _settle(town, slug, move)


def _days(move: Move, many: int) -> Iterator[tuple[datetime, range]]:
    """The noons of the vote, and which of `many` ballots fall on each."""
    days = 22
    for day in range(days):
        yield at_noon(move, "2027-05-15") + timedelta(days=day), range(day, many, days)


def _cast(town: Town, slug: str, move: Move, ballots: Sequence[Sequence[str]]) -> None:
    for noon, share in _days(move, len(ballots)):
        with town.at(noon) as unit, clock.held_at(noon):
            edition, id_of = edition_at(unit, slug), _candidates(unit, slug)
            sheet, lines = paper_of(unit, edition.id or 0), _lines(unit, edition)
            if sheet.style is None or sheet.opens is None or sheet.closes is None:
                raise ValueError("the demonstration has no vote")
            for at in share:
                credential, choices = polls.credential_for(unit, edition, lines[at]), [id_of(key) for key in ballots[at]]
                voting.cast(
                    unit, sheet.edition_id, credential, voting.Slip(choices, unit.token()),
                    style=sheet.style, candidates=sheet.slate, opens=sheet.opens, closes=sheet.closes, zone=sheet.zone,
                )  # fmt: skip
        with town.at(noon + timedelta(hours=8)) as unit:
            sequencing.tend(unit, edition_at(unit, slug))


def _enter(town: Town, slug: str, move: Move, ballots: Sequence[dict[str, Any]], *, skip: int) -> None:
    """Hand out the paper ballots over the days of the vote, and enter them on the last one, a lot for each station."""
    agent = town.officer(Role.DESK_AGENT)
    for noon, share in _days(move, len(ballots)):
        with town.at(noon) as unit:
            edition = edition_at(unit, slug)
            lines = _lines(unit, edition)[skip:]
            for at in share:
                polls.hand_paper(unit, edition, lines[at], by=agent)
    with town.at(noon) as unit:
        closes = paper_of(unit, edition_at(unit, slug).id or 0).closes
    if closes is not None:
        # As receipts promise: within minutes of the closing.
        with town.at(closes + timedelta(minutes=3)) as unit:
            sequencing.tend(unit, edition_at(unit, slug))
    with town.at(at_noon(move, "2027-06-07", 10)) as unit:
        edition = edition_at(unit, slug)
        stations = {one["code"]: one["name"] for one in data()["polling_stations"]}
        lots = {code: paper.open_lot(unit, edition, LotForm(station=name), by=agent) for code, name in stations.items()}
        serials = {code: numbers(1) for code in lots}
        for at, one in enumerate(ballots):
            code = one.get("station") or list(lots)[at % len(lots)]
            marks = " ".join(str(_number(key)) for key in one["choices"])
            paper.enter(unit, edition, lots[code], PaperForm(serial=next(serials[code]), marks=marks, blank=not marks), by=agent)
        for lot in lots.values():
            paper.close_lot(unit, edition, lot, by=agent)


def _settle(town: Town, slug: str, move: Move) -> None:
    """Open and count in public, publish the same evening, and enter the council's decision on its day."""
    bureau.open_box(town, slug, move)
    with town.at(at_noon(move, "2027-06-08", 18)) as unit:
        edition = edition_at(unit, slug)
        made = results.count(unit, edition, by=town.officer(Role.BUREAU_MEMBER))
        first, second = town.officers(Role.PUBLISHER)
        motion = results.propose_publication(unit, edition, PublicationForm(count=made.number), by=first)
        results.confirm_publication(unit, edition, motion, by=second)
    with town.at(at_noon(move, "2027-06-28", 20)) as unit:
        edition = edition_at(unit, slug)
        leading = unit.db.exec(select(Proposal.public_id).where(Proposal.edition_id == edition.id, Proposal.state == "leading")).all()
        day = move.day("2027-06-28")
        form = CouncilForm(
            projects=tuple(leading), outcome=CouncilOutcome.AWARDED, reference=f"Délibération n° {day.year}-0312 (fictive)", decided_on=day
        )
        results.decide(unit, edition, form, by=town.officer(Role.PUBLISHER))
        sequencing.log_acts(unit)
        bundling.make(unit, {"edition": edition.id})


def _lines(unit: Work, edition: Edition) -> Sequence[RollLine]:
    return unit.db.exec(select(RollLine).where(RollLine.edition_id == edition.id).order_by(col(RollLine.id))).all()


def _number(key: str) -> int:
    """The number of a project on the ballot: files are submitted in the order of the data, so P07 is number 7."""
    return int(key.removeprefix("P"))


def _candidates(unit: Work, slug: str) -> Callable[[str], str]:
    """From a key of the data to the identifier on the ballot."""
    by_number = {one.number: one.id for one in paper_of(unit, edition_at(unit, slug).id or 0).candidates}
    return lambda key: by_number[_number(key)]
