"""From the box to the public log: in batches that are large enough, in an order that says nothing, each ballot once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app import keyring
from app.core.problems import Conflict
from app.core.transparency import LEAST_BATCH, Head, Note, leaf_hash, root_of
from app.ledger import log as ledger
from app.ledger.models import LogHead, LogLeaf
from app.unit import Work, work
from app.voting import service as voting
from app.voting.merging import EVERY, final_log, is_complete, merge, waiting_in
from app.voting.models import CastBallot
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows


def cast_many(engine: Engine, poll: OpenPoll, first: int, last: int) -> list[str]:
    """These people vote; their leaf hashes in the order in which they came."""
    found = []
    for number in range(first, last + 1):
        with work(engine) as unit:
            found.append(poll.cast(unit, number, seed=f"{number:026d}").leaf_hash)
    return found


def merged(unit: Work, poll: OpenPoll) -> int:
    return merge(unit, poll.id, keyring.log_key())


def test_a_batch_waits_until_it_and_what_stays_behind_are_large_enough(poll: OpenPoll, engine: Engine, clock: Clock) -> None:
    cast_many(engine, poll, 1, 2 * LEAST_BATCH - 1)
    with work(engine, now=clock.now) as unit:
        assert merged(unit, poll) == 0
        assert all_rows(unit, LogHead) == []
    cast_many(engine, poll, 2 * LEAST_BATCH, 2 * LEAST_BATCH)
    with work(engine, now=clock.now) as unit:
        assert merged(unit, poll) == LEAST_BATCH
        assert waiting_in(unit, poll.id) == LEAST_BATCH


def test_batches_keep_ten_minutes_apart(poll: OpenPoll, engine: Engine, clock: Clock) -> None:
    cast_many(engine, poll, 1, 2 * LEAST_BATCH)
    with work(engine, now=clock.now) as unit:
        assert merged(unit, poll) == LEAST_BATCH
    cast_many(engine, poll, 101, 100 + LEAST_BATCH)
    with work(engine, now=clock.now + EVERY - timedelta(minutes=1)) as unit:
        assert merged(unit, poll) == 0
    with work(engine, now=clock.now + EVERY) as unit:
        assert merged(unit, poll) == LEAST_BATCH


def test_the_order_of_the_log_is_not_that_of_the_votes(poll: OpenPoll, engine: Engine) -> None:
    came = cast_many(engine, poll, 1, 60)
    with work(engine) as unit:
        merged(unit, poll)
        logged = [leaf.hash for leaf in sorted(all_rows(unit, LogLeaf), key=lambda leaf: leaf.place)]
    assert set(logged) < set(came)
    assert logged not in (sorted(logged), [leaf for leaf in came if leaf in logged])


def test_the_closing_merge_leaves_nothing_and_its_head_covers_every_ballot(poll: OpenPoll, engine: Engine) -> None:
    came = cast_many(engine, poll, 1, 45)
    with work(engine) as unit:
        merged(unit, poll)
        assert not is_complete(unit, poll.id)
        with pytest.raises(Conflict, match="last ballots are not in the public log"):
            final_log(unit, poll.id)
        voting.close_box(unit, poll.id)
        merged(unit, poll)
        log = final_log(unit, poll.id)
        entries = ledger.entries_of(unit, log)
        assert sorted(leaf_hash(entry).hex() for entry in entries) == sorted(came)
        assert [(row.leaf_hash, row.entry) for row in sorted(all_rows(unit, CastBallot), key=lambda row: row.leaf_hash)] == [
            (leaf, None) for leaf in sorted(came)
        ]
        newest = ledger.newest_head(unit, log)
        assert newest is not None
        note = Note.read(newest.note)
        head = Head.read(note.text)
    assert (head.size, head.root) == (45, root_of(map(leaf_hash, entries)))
    assert head.election_hash == poll.facts.election_hash
    assert note.signed_by(log.origin, keyring.log_public())


def test_an_empty_box_gets_its_head_as_well(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        voting.close_box(unit, poll.id)
        assert merged(unit, poll) == 0
        assert final_log(unit, poll.id).size == 0


def test_a_receipt_is_found_before_and_after_its_ballot_went_to_the_log(poll: OpenPoll, engine: Engine) -> None:
    with work(engine) as unit:
        given = poll.cast(unit)
        assert not voting.receipt(unit, given.tracking_code).logged
        voting.close_box(unit, poll.id)
        merged(unit, poll)
        assert voting.receipt(unit, given.tracking_code).logged
    with work(engine) as unit:
        assert poll.cast(unit) == given, "the same form sent again, long after the merge"


def test_the_sealed_bytes_of_another_are_refused_even_after_they_are_in_the_log(poll: OpenPoll, engine: Engine) -> None:
    """N21: who copies a request spends nothing and adds nothing."""
    cast_many(engine, poll, 1, 40)
    with work(engine) as unit:
        merged(unit, poll)
        logged = {leaf.hash for leaf in all_rows(unit, LogLeaf)}
    number = next(number for number in range(1, 41) if poll.sealed(f"{number:026d}").leaf in logged)
    with pytest.raises(Conflict, match="already in the box"), work(engine) as unit:
        poll.cast(unit, 99, seed=f"{number:026d}")
    with work(engine) as unit:
        assert voting.spent_how(unit, poll.id, poll.key(99)) is None
