"""What cannot be delivered is shown: refused for good by a real server, or tried in vain; a code to vote is only counted."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.core.permissions import Role
from app.jobs import Job
from app.notifications import service
from app.notifications.models import LostMail, OutgoingMail
from app.notifications.service import LEAVES_NO_TRACE
from app.notifications.undelivered import PATIENCE, how_many, undelivered
from app.unit import work
from app.worker import run_all
from tests.cast import Cast
from tests.conftest import NOW, Clock
from tests.notifications.post import Post, open_post

PAGE = "/staff/messages/undelivered"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with open_post(monkeypatch) as opened:
        yield opened


def queue(engine: Engine, name: str = "confirm-address") -> None:
    values = {"name": "Claire", "action": "http://127.0.0.1:8000/x", "code": "123 456"}
    with work(engine, now=NOW) as unit:
        service.queue(unit, name, "claire@example.org", "fr", values)


def stuck(engine: Engine) -> list[tuple[str, bool, str]]:
    with work(engine, writing=False) as unit:
        return [(one.mail.recipient, one.final, one.reason) for one in undelivered(unit, traceless=LEAVES_NO_TRACE)]


@pytest.mark.parametrize("at", ["at_recipient", "at_data"])
def test_a_refusal_for_good_is_not_tried_again_and_is_shown_with_its_reason(engine: Engine, post: Post, at: str) -> None:
    setattr(post, at, "550 5.1.1 No such user")
    queue(engine)
    assert run_all(engine) == 1
    (recipient, final, reason), = stuck(engine)  # fmt: skip
    assert (recipient, final) == ("claire@example.org", True)
    assert reason.startswith("550 5.1.1 No such user")
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(Job)).all() == []


@pytest.mark.parametrize("at", ["at_recipient", "at_data"])
def test_a_refusal_for_now_is_tried_again_and_shown_once_it_lasts(engine: Engine, post: Post, at: str) -> None:
    setattr(post, at, "451 4.3.0 Try later")
    queue(engine)
    for done in range(1, 11):
        assert run_all(engine) == 1
        assert (len(stuck(engine)) == 1) is (done >= PATIENCE)
        with work(engine) as unit:
            job = unit.db.exec(select(Job)).one()
            job.run_at = NOW - timedelta(days=1)
            unit.db.add(job)
    assert run_all(engine) == 0, "it is tried ten times, then given up"
    (_, final, reason), = stuck(engine)  # fmt: skip
    assert final
    assert "451" in reason
    assert "claire@" not in reason


def test_of_a_code_to_vote_only_the_number_of_refusals_is_kept(engine: Engine, post: Post) -> None:
    post.at_recipient = "550 No such user"
    for _ in range(2):
        queue(engine, "voting-code")
    run_all(engine)
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(OutgoingMail)).all() == []
        assert [(one.name, one.count) for one in unit.db.exec(select(LostMail))] == [("voting-code", 2)]
        assert (undelivered(unit, traceless=LEAVES_NO_TRACE), how_many(unit, traceless=LEAVES_NO_TRACE)) == ([], 0)


def test_a_code_to_vote_that_is_stuck_is_shown_to_nobody(engine: Engine, post: Post, client: TestClient, cast: Cast) -> None:
    post.at_recipient = "451 Later"
    queue(engine, "voting-code")
    with work(engine) as unit:
        job = unit.db.exec(select(Job)).one()
        job.attempts = 10
        unit.db.add(job)
        public_id = unit.db.exec(select(OutgoingMail.public_id)).one()
    cast.sign_in(client, cast.official())
    assert "claire@example.org" not in client.get(PAGE).text
    for act in ("retry", "wrong-address"):
        assert client.post(f"{PAGE}/{public_id}/{act}").status_code == 404


def test_staff_see_it_try_again_or_give_it_up(engine: Engine, post: Post, client: TestClient, cast: Cast, clock: Clock) -> None:
    post.at_recipient = "550 <b>No</b> such user"
    queue(engine)
    run_all(engine)
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    assert "1 courriel n’arrive pas" in client.get("/staff").text
    page = client.get(PAGE).text
    assert "claire@example.org" in page
    assert "550 &lt;b&gt;No&lt;/b&gt; such user" in page
    with work(engine, writing=False) as unit:
        public_id = unit.db.exec(select(OutgoingMail.public_id)).one()
    post.at_recipient = ""
    assert client.post(f"{PAGE}/{public_id}/retry").status_code == 303
    clock.now += timedelta(minutes=1)
    run_all(engine)
    assert [message["To"] for message in post.received] == ["claire@example.org"]
    assert "claire@example.org" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/{public_id}/retry").status_code == 409


def test_a_wrong_address_is_given_up_and_its_text_wiped(engine: Engine, post: Post, client: TestClient, cast: Cast) -> None:
    post.at_recipient = "550 No such user"
    queue(engine)
    run_all(engine)
    cast.sign_in(client, cast.official())
    with work(engine, writing=False) as unit:
        public_id = unit.db.exec(select(OutgoingMail.public_id)).one()
    client.post(f"{PAGE}/{public_id}/wrong-address")
    assert stuck(engine) == []
    with work(engine, writing=False) as unit:
        mail = unit.db.exec(select(OutgoingMail)).one()
        assert (mail.body_text, mail.body_html) == ("", "")
    assert run_all(engine) == 0


def test_the_officer_of_a_file_sees_that_its_carrier_is_not_reached(engine: Engine, post: Post, client: TestClient, cast: Cast) -> None:
    proposal = cast.submitted(cast.person())
    post.at_recipient = "550 No such user"
    run_all(engine)
    cast.sign_in(client, cast.official(Role.REVIEWER))
    page = client.get(f"/staff/reviews/{proposal.public_id}").text
    assert "1 message n’arrive pas au porteur" in page
    assert PAGE not in page


def test_others_do_not_see_whom_mails_were_for(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    assert client.get(PAGE).status_code == 403
