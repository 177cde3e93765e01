"""The box opens once, with its own key, over its final head; what cannot be read or does not fit is null with its reason."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine

from app import keyring
from app.core.problems import Conflict, Invalid
from app.core.transparency import pad, padded_ballot, seal
from app.unit import Work, work
from app.voting import service as voting
from app.voting.merging import merge
from app.voting.models import Ballot
from app.voting.opening import Mode, open_ballots
from app.voting.paper import NullReason
from app.voting.tallying import profile
from tests.bureau import OPENING_KEY
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows


def sealed_by_hand(poll: OpenPoll, padded: bytes, info: bytes | None = None) -> str:
    """What a browser that does not keep to our rules might send."""
    facts = poll.facts
    return base64.b64encode(seal(padded, facts.public_key, info or bytes.fromhex(facts.election_hash), b"s" * 32).raw).decode()


def closed(unit: Work, poll: OpenPoll) -> None:
    voting.close_box(unit, poll.id)
    merge(unit, poll.id, keyring.log_key())


def opened(unit: Work, poll: OpenPoll, mode: Mode = Mode.OPEN) -> None:
    closed(unit, poll)
    open_ballots(unit, poll.id, OPENING_KEY, style=poll.style, candidates=poll.slate, mode=mode)


def test_a_ballot_sealed_in_the_browser_is_the_one_that_is_sealed_on_arrival(poll: OpenPoll, engine: Engine) -> None:
    there = base64.b64encode(poll.sealed().entry).decode()
    with work(engine) as unit:
        given = poll.cast(unit, sealed=there)
        assert poll.cast(unit) == given, "the same form without script gives the same receipt"
        opened(unit, poll)
        assert profile(unit, poll.id).ballots == {frozenset(poll.ids[:3]): 1}


@pytest.mark.parametrize("sealed", ["", "no base 64", base64.b64encode(b"short").decode(), base64.b64encode(bytes(5000)).decode()])
def test_what_has_not_the_size_of_a_ballot_is_refused(poll: OpenPoll, engine: Engine, sealed: str) -> None:
    with work(engine) as unit, pytest.raises(Invalid, match=r"was not sealed|not made for sending"):
        poll.cast(unit, sealed=sealed, seed="")


def test_null_ballots_are_listed_with_their_reason(poll: OpenPoll, engine: Engine) -> None:
    size, ids = poll.facts.ballot_bytes, poll.ids
    wrong = {
        NullReason.FORM: sealed_by_hand(poll, padded_ballot(ids[:1], size)),
        NullReason.UNKNOWN_MARK: sealed_by_hand(poll, padded_ballot([*ids[:2], "elsewhere"], size)),
        NullReason.UNREADABLE: sealed_by_hand(poll, pad(b'{"choices": []}', size)),
    }
    foreign = sealed_by_hand(poll, padded_ballot(ids[:3], size), bytes(32))
    with work(engine) as unit:
        for number, sealed in enumerate([*wrong.values(), foreign], 1):
            poll.cast(unit, number, sealed=sealed)
        poll.cast(unit, 9)
        opened(unit, poll)
        box = profile(unit, poll.id)
    assert box.ballots == {frozenset(ids[:3]): 1}
    assert box.nulls == {NullReason.FORM: 1, NullReason.UNKNOWN_MARK: 1, NullReason.UNREADABLE: 2}


def test_another_key_opens_nothing(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        poll.cast(unit)
        closed(unit, poll)
        with pytest.raises(Invalid, match="another key"):
            open_ballots(unit, poll.id, X25519PrivateKey.generate(), style=poll.style, candidates=poll.slate)
        assert all_rows(unit, Ballot) == []


def test_the_box_opens_only_when_complete_and_only_once(poll: OpenPoll, engine: Engine) -> None:
    """N20: nobody opens a part of the ballots, or opens them again."""
    with work(engine) as unit:
        poll.cast(unit)
        with pytest.raises(Conflict, match="not in the public log yet"):
            open_ballots(unit, poll.id, OPENING_KEY, style=poll.style, candidates=poll.slate)
        opened(unit, poll)
        with pytest.raises(Conflict, match="opened already"):
            open_ballots(unit, poll.id, OPENING_KEY, style=poll.style, candidates=poll.slate)


def test_in_the_discreet_mode_no_row_can_be_found_by_a_receipt(cast: Cast, clock: Clock, database_clock: Clock, engine: Engine) -> None:
    poll = OpenPoll(cast, clock.now, safekeeping={"publication": "discreet"})
    with work(engine) as unit:
        given = poll.cast(unit)
        opened(unit, poll, Mode.DISCREET)
        (ballot,) = all_rows(unit, Ballot)
        assert ballot.leaf_hash != given.leaf_hash
        assert profile(unit, poll.id).ballots == {frozenset(poll.ids[:3]): 1}
