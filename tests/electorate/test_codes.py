"""Printed codes: eighty random bits, kept as a keyed hash, void and replaced only while unspent, one sentence for every failure."""

import re

import pytest
from sqlmodel import select

from app.accounts.attempts import TooManyTries
from app.accounts.people import Person
from app.core.credentials import readable
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.editions.models import Edition
from app.electorate import batches, service
from app.electorate.forms import CodeBatchForm
from app.electorate.models import RollLine, VotingCode
from app.polls import service as polls
from app.polls.queries import credential_for, has_voted
from app.unit import Work
from app.voting import service as voting
from tests.cast import Cast
from tests.polls.stage import NETWORK, open_vote


def agent(cast: Cast) -> Person:
    return cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])


def made(unit: Work, edition: Edition, by: Person, size: int = 3) -> list[str]:
    return batches.make_batch(unit, edition, read(CodeBatchForm, {"label": "École Liberté", "size": size}), by=by, seconded=True)[1]


def refusal(unit: Work, edition: Edition, typed: str) -> str:
    with pytest.raises(Invalid) as told:
        service.line_of_code(unit, edition, typed, network=NETWORK)
    return str(told.value)


def test_a_code_is_eighty_random_bits_and_only_its_keyed_hash_is_kept(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    codes = made(unit, edition, by, 20)
    assert len(set(codes)) == 20
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{16}", code) for code in codes)
    kept = unit.db.exec(select(VotingCode)).all()
    assert all(re.fullmatch(r"[0-9a-f]{64}", one.code_hash) for one in kept)
    assert not {one.code_hash for one in kept} & set(codes)
    lines = unit.db.exec(select(RollLine)).all()
    assert {(one.name, one.person_hash, one.email, one.birth_date) for one in lines} == {("", None, "", None)}


def test_a_code_is_read_as_people_type_it_and_gives_the_same_credential_twice(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    code = made(unit, edition, by)[0]
    first = service.line_of_code(unit, edition, code, network=NETWORK)
    typed = readable(code).upper().replace("0", "O").replace("1", "l")
    again = service.line_of_code(unit, edition, f" {typed} ", network=NETWORK)
    assert credential_for(unit, edition, first) == credential_for(unit, edition, again)


def test_wrong_void_foreign_and_ill_formed_codes_get_the_same_sentence(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    code, lost, _ = made(unit, edition, by)
    polls.void(unit, edition, 1, 2, "Lettre perdue.", by=by, seconded=True)
    other = Edition.model_validate(edition.model_dump() | {"id": None, "slug": "rennes-2028"})
    unit.db.add(other)
    unit.db.flush()
    told = {refusal(unit, edition, typed) for typed in ("z" * 16, lost, "n’importe quoi", "", "é\x00" * 8)}
    assert len(told | {refusal(unit, other, code)}) == 1


def test_guessing_codes_is_counted_in_the_database_by_network(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    code = made(unit, edition, by)[0]
    for _ in range(300):
        refusal(unit, edition, "z" * 16)
    with pytest.raises(TooManyTries):
        service.line_of_code(unit, edition, code, network=NETWORK)
    assert service.line_of_code(unit, edition, code, network="198.51.100.0/24").origin == "code"


def test_a_lost_letter_is_replaced_and_the_credential_it_gave_is_worthless(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    code = made(unit, edition, by)[1]
    line = service.line_of_code(unit, edition, code, network=NETWORK)
    given = credential_for(unit, edition, line)
    serial, letters = polls.replace(unit, edition, 1, 2, "Lettre perdue.", by=by, seconded=True)
    assert (serial, len(letters)) == (4, 16)
    assert has_voted(unit, edition, line) == "void"
    with pytest.raises(voting.AlreadyVoted):
        voting.spend(unit, edition.id or 0, given, "online", "2026-11-21")
    renewed = service.line_of_code(unit, edition, letters, network=NETWORK)
    assert credential_for(unit, edition, renewed) != given
    with pytest.raises(Conflict, match="void already"):
        polls.replace(unit, edition, 1, 2, "Encore.", by=by, seconded=True)
    assert not polls.turnout(unit, edition).rows, "a cancelled key is no vote"


def test_a_code_that_was_used_can_no_longer_be_cancelled(unit: Work, cast: Cast) -> None:
    by = agent(cast)
    edition = open_vote(cast)
    line = service.line_of_code(unit, edition, made(unit, edition, by)[0], network=NETWORK)
    voting.spend(unit, edition.id or 0, credential_for(unit, edition, line), "online", "2026-11-21")
    with pytest.raises(Conflict, match="has been used to vote"):
        polls.void(unit, edition, 1, 1, "Trop tard.", by=by, seconded=True)
    assert unit.db.exec(select(VotingCode).where(VotingCode.serial == 1)).one().voided_on is None
    with pytest.raises(Missing):
        polls.void(unit, edition, 9, 1, "Inconnu.", by=by, seconded=True)


def test_only_those_who_may_make_codes_do(unit: Work, cast: Cast) -> None:
    observer = cast.person("observe@example.org", "Odile Observe", [Role.OBSERVER])
    edition = open_vote(cast)
    with pytest.raises(Refused):
        batches.make_batch(unit, edition, read(CodeBatchForm, {"label": "École Liberté", "size": 3}), by=observer)
    with pytest.raises(Refused):
        polls.void(unit, edition, 1, 1, "Non.", by=observer)
