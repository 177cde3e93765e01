"""One person, one vote, whatever the channel: the first mark prevails, and both sides see it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from app.accounts.people import Person
from app.core.permissions import Role
from app.core.problems import Conflict, Refused
from app.editions.models import Edition
from app.electorate.models import EmailProof, RollLine
from app.polls import queries, service
from app.unit import Work, work
from app.voting import service as voting
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import DAY, identified, open_vote

SEED = "s" * 26


@pytest.fixture(autouse=True)
def _database_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)


def agent(cast: Cast) -> Person:
    return cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])


def cast_online(unit: Work, edition: Edition, credential: str, seed: str = SEED) -> voting.Receipt:
    poll, now = queries.fixed_poll(unit, edition), unit.now
    return voting.cast(
        unit, edition.id or 0, credential, voting.Slip([one.id for one in poll.candidates[:3]], seed), style=queries.style_of(poll),
        candidates=queries.slate(unit, edition, poll), opens=now - DAY, closes=now + DAY,
    )  # fmt: skip


def test_who_voted_online_is_seen_at_the_desk_and_gets_no_paper(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    line = identified(unit, edition)
    assert queries.has_voted(unit, edition, line) is None
    cast_online(unit, edition, queries.credential_for(unit, edition, line))
    assert queries.has_voted(unit, edition, line) == "online"
    with pytest.raises(Conflict, match="first vote stands"):
        service.hand_paper(unit, edition, line, by=by)
    assert line.mark is None


def test_who_was_handed_paper_cannot_vote_online(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    line = identified(unit, edition)
    credential = queries.credential_for(unit, edition, line)
    service.hand_paper(unit, edition, line, by=by)
    assert queries.has_voted(unit, edition, line) == line.mark == "paper"
    with pytest.raises(voting.AlreadyVoted, match="paper ballot"):
        cast_online(unit, edition, credential)
    with pytest.raises(Conflict):
        service.hand_paper(unit, edition, line, by=by)
    assert [(row.how, row.count) for row in service.turnout(unit, edition).rows] == [("paper", 1)]


def test_paper_is_handed_out_only_while_voting_is_open_and_by_the_desk(cast: Cast, engine: Engine, clock: Clock) -> None:
    by, officer = agent(cast), cast.person("olga@example.org", "Olga Officer", [Role.CASE_OFFICER])
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        line = identified(unit, edition)
        with pytest.raises(Refused, match="roles do not allow"):
            service.hand_paper(unit, edition, line, by=officer)
    with work(engine, now=clock.now + 30 * DAY) as unit, pytest.raises(Refused, match="only while voting is open"):
        service.hand_paper(unit, edition, line, by=by)


def test_fifty_hands_at_once_for_one_person_leave_one_mark(cast: Cast, engine: Engine, clock: Clock) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        line_id = identified(unit, edition).id
    start = Barrier(10)

    def one(turn: int) -> str:
        if turn < 10:
            start.wait()
        try:
            with work(engine, now=clock.now) as unit:
                line = unit.db.get_one(RollLine, line_id)
                if turn % 2:
                    service.hand_paper(unit, edition, line, by=by)
                else:
                    cast_online(unit, edition, queries.credential_for(unit, edition, line), f"{turn:026d}")
            return "accepted"
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(10) as pool:
        ends = list(pool.map(one, range(50)))
    assert sorted(set(ends)) == ["accepted", "refused"]
    assert ends.count("accepted") == 1
    with work(engine, now=clock.now) as unit:
        mark = unit.db.exec(select(SpentCredential)).one()
        ballots = unit.db.exec(select(func.count()).select_from(CastBallot)).one()
        assert ballots == (1 if mark.how == "online" else 0)
        assert (unit.db.get_one(RollLine, line_id).mark == "paper") is (mark.how == "paper")


def test_turnout_says_day_and_channel_and_the_box_closes_by_the_clock_alone(cast: Cast, engine: Engine, clock: Clock) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        service.hand_paper(unit, edition, identified(unit, edition), by=by)
        cast_online(unit, edition, queries.credential_for(unit, edition, identified(unit, edition, name="Karim Haddad")))
        turned = service.turnout(unit, edition)
        assert turned.days == [(date(2026, 11, 21), 1, 1)]
        assert (turned.total(), turned.total("online")) == (2, 1)
        with pytest.raises(Refused, match="Nothing can be counted before"):
            service.close(unit, edition)
    with work(engine, now=clock.now + 20 * DAY) as unit:
        service.close(unit, edition)
        box = voting.box_of(unit, edition.id or 0)
        assert box is not None
        assert box.closed
        service.forget_after(unit, edition.id or 0)
        assert not unit.db.exec(select(EmailProof)).all(), "declarations are forgotten with the vote"
