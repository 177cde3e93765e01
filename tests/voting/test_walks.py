"""T34: people press twice, go back, open two tabs, reload, lose the network. One ballot, one receipt, a clear message. T30: replays."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.transparency import tracking_code
from app.unit import work
from app.voting import service as voting
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows
from tests.voting.soaking import tell, wanted

WALKS, REPLAYS = wanted("walks", 25), wanted("replays", 15)
BALLOT = "/editions/rennes-2027/ballot"


@dataclass
class Walk:
    """One resident with a key, up to three tabs, and a memory of the receipts seen."""

    client: TestClient
    poll: OpenPoll
    number: int
    dice: Random
    tabs: list[dict[str, Any]] = field(default_factory=list)
    receipts: set[str] = field(default_factory=set)
    refusals: int = 0

    def open_tab(self) -> None:
        """Another tab: other choices, and the random seed that its page came with."""
        chosen = self.dice.sample(self.poll.ids, self.dice.randint(3, 6))
        self.tabs.append(self.poll.form(self.number, choices=chosen, seed=f"{self.number:013d}{self.dice.randrange(10**13):013d}"))

    def send(self) -> None:
        """Press the last button of any tab, for the first time or again."""
        self._read(self.client.post(BALLOT, data=self.dice.choice(self.tabs)))

    def send_and_lose_the_answer(self) -> None:
        """The ballot arrives, its receipt does not."""
        self.client.post(BALLOT, data=self.dice.choice(self.tabs))

    def double_click(self) -> None:
        form = self.dice.choice(self.tabs)
        self._read(self.client.post(BALLOT, data=form))
        self._read(self.client.post(BALLOT, data=form))

    def back_to_the_booth(self) -> None:
        """Back, or a reload of the page before: shows the ballot of that tab, changes nothing."""
        form = self.dice.choice(self.tabs)
        answer = self.client.post("/editions/rennes-2027/vote/review", data={"lang": "fr", "choice": form["choice"]})
        assert answer.status_code == 200

    def reload_the_receipt(self) -> None:
        for address in self.receipts:
            assert "Votre vote est enregistré" in self.client.get(address).text

    def _read(self, answer: Any) -> None:
        if answer.status_code == 303:
            self.receipts.add(answer.headers["location"].partition("?")[0])
            return
        assert answer.status_code == 409, answer.text
        assert "Le premier vote compte" in answer.text
        self.refusals += 1

    def walk(self) -> None:
        """Between four and twelve steps, then the first tab that was sent is sent once more: its receipt is still the one."""
        steps = (self.send, self.send_and_lose_the_answer, self.double_click, self.back_to_the_booth, self.reload_the_receipt)
        self.open_tab()
        for _ in range(self.dice.randint(4, 12)):
            if len(self.tabs) < 3 and self.dice.random() < 0.25:
                self.open_tab()
            self.dice.choice(steps)()
        for form in self.tabs:
            self._read(self.client.post(BALLOT, data=form))
        assert len(self.receipts) == 1, self.receipts


def test_t34_random_walks_leave_one_ballot_and_one_receipt_each(poll: OpenPoll, client: TestClient, engine: Engine) -> None:
    walks = [Walk(client, poll, number, Random(number)) for number in range(1, WALKS + 1)]
    for one in walks:
        one.walk()
    with work(engine, writing=False) as unit:
        codes = {tracking_code(ballot.leaf_hash) for ballot in all_rows(unit, CastBallot)}
        assert len(all_rows(unit, SpentCredential)) == len(codes) == WALKS
    assert codes == {address.rpartition("/")[2] for one in walks for address in one.receipts}
    told = sum(one.refusals for one in walks)
    assert told
    tell(f"T34 {engine.dialect.name}: {WALKS} walks, {WALKS} ballots, one receipt each, {told} refusals in a sentence")


def test_t30_every_captured_vote_sent_again_in_every_way_is_accepted_by_nobody(
    poll: OpenPoll, client: TestClient, cast: Cast, engine: Engine, database_clock: Clock
) -> None:
    """Same voter, another voter, another edition, with another seed, and all of it again after the close."""
    edition = cast.edition(slug="rennes-2028")
    captured = [poll.form(number, seed=f"{number:026d}") for number in range(1, REPLAYS + 1)]
    given = [client.post(BALLOT, data=form).headers["location"] for form in captured]

    def replay(again: list[str]) -> None:
        for at, form in enumerate(captured):
            again.append(client.post(BALLOT, data=form).headers.get("location", ""))
            altered = {"credential": poll.key(REPLAYS + 1 + at)}, {"seed": f"x{at:025d}"}, {"choice": poll.ids[3:6]}
            answers = [client.post(BALLOT, data=form | change) for change in altered]
            answers.append(client.post(f"/editions/{edition.slug}/ballot", data=form))
            assert not [answer.status_code for answer in answers if answer.status_code == 303 or answer.status_code >= 500]

    while_open: list[str] = []
    replay(while_open)
    database_clock.now = poll.closes
    after: list[str] = []
    replay(after)
    with work(engine) as unit:
        voting.close_box(unit, poll.id)
    replay(after)
    assert while_open == given
    assert after == given * 2, "who sends the very same ballot again is given its receipt again, and adds nothing"
    with work(engine, writing=False) as unit:
        assert len(all_rows(unit, CastBallot)) == len(all_rows(unit, SpentCredential)) == REPLAYS
    tell(f"T30 {engine.dialect.name}: {REPLAYS} captured requests, {REPLAYS * 15} replays, 0 accepted")
