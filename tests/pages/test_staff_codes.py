"""Letters with codes: shown once, with a QR code whose secret no server ever sees; cancelled and replaced by their numbers."""

import re

from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.credentials import normalised
from app.core.permissions import Role
from app.editions.models import Edition
from app.electorate.models import CodeBatch, RollLine, VotingCode
from app.unit import work
from tests.bureau import freeze
from tests.cast import Cast
from tests.polls.stage import DAY, open_vote
from tests.polls.unfrozen import unfrozen_vote

PAGE = "/staff/editions/rennes-2027/codes"
CODE = re.compile(r'class="letter-code"[^>]*>([0-9a-z ]{19})<')


def letters(client: TestClient, size: int = 3) -> str:
    answer = client.post(PAGE, data={"label": "École Liberté", "size": str(size)})
    assert answer.status_code == 200
    return answer.text


def opens(cast: Cast, edition: Edition) -> None:
    """The vote is frozen, and opens: from here on two people change the roll (test_staff_register.py)."""
    freeze(cast, edition, at=cast.clock.now)
    cast.clock.now += 2 * DAY


def test_a_batch_is_shown_once_as_letters_and_kept_nowhere(client: TestClient, cast: Cast) -> None:
    edition = unfrozen_vote(cast, cast.clock.now + DAY)
    cast.sign_in(client, cast.official(Role.DESK_AGENT))
    text = letters(client)
    codes = CODE.findall(text)
    assert len(set(codes)) == 3
    assert text.count("<svg viewBox=") >= 3
    assert "Série 1, code 3" in text
    later = client.get(PAGE).text
    assert "École Liberté" in later
    assert not any(code in later or normalised(code) in later for code in codes)
    opens(cast, edition)
    opened = client.post("/editions/rennes-2027/identification/printed", data={"lang": "fr", "printed": codes[1]})
    assert 'id="credential"' in opened.text


def test_a_lost_letter_is_replaced_by_its_numbers_and_the_old_code_dies(client: TestClient, cast: Cast) -> None:
    edition = unfrozen_vote(cast, cast.clock.now + DAY)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    old = CODE.findall(letters(client))[0]
    answer = client.post(f"{PAGE}/replacement", data={"batch": "1", "serial": "1", "reason": "Courrier perdu"})
    new = CODE.findall(answer.text)
    assert len(new) == 1
    assert "Série 1, code 4" in answer.text
    assert "École Liberté" in answer.text
    again = client.post(f"{PAGE}/void", data={"batch": "1", "serial": "1", "reason": "Encore"})
    assert again.status_code == 409
    assert "déjà annulé" in again.text
    assert client.post(f"{PAGE}/void", data={"batch": "1", "serial": "99", "reason": "Inconnu"}).status_code == 404
    assert client.post(f"{PAGE}/void", data={"batch": "1", "serial": "2", "reason": "Non distribué"}).status_code == 303
    assert "Non distribué" in client.get(PAGE).text
    opens(cast, edition)
    printed = "/editions/rennes-2027/identification/printed"
    assert client.post(printed, data={"lang": "fr", "printed": old}).status_code == 422
    assert client.post(printed, data={"lang": "fr", "printed": new[0]}).status_code == 200


def test_a_batch_of_nothing_or_of_too_many_is_refused_and_nothing_is_made(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    for size in ("0", "501", "beaucoup", ""):
        assert client.post(PAGE, data={"label": "Trop", "size": size}).status_code == 422
    with work(cast.engine) as unit:
        assert not unit.db.exec(select(CodeBatch)).all()


def test_a_list_of_residents_is_taken_in_or_told_by_line(client: TestClient, cast: Cast) -> None:
    unfrozen_vote(cast)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    roll = "/staff/editions/rennes-2027/roll"
    bad = client.post(roll, files={"file": ("liste.csv", b"name;birth_date\nPaul;2000-01-01\n", "text/csv")})
    assert bad.status_code == 422
    assert "Ligne 2, colonne name" in bad.text
    assert client.post(roll, files={"file": ("liste.csv", b"name;birth_date\nPaul Petit;2000-01-01\n", "text/csv")}).status_code == 303
    assert client.post(roll, data={}).status_code == 422
    with work(cast.engine) as unit:
        assert [line.name for line in unit.db.exec(select(RollLine))] == ["Paul Petit"]
        assert not unit.db.exec(select(VotingCode)).all()


def test_codes_are_for_those_who_may_make_them(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    assert client.get(PAGE).status_code == 303
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data={"label": "x", "size": "1"}).status_code == 403
