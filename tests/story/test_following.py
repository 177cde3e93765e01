"""Following without an account: confirmed by a link, told at each step, ended by one click, and forgotten."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.core.permissions import Role
from app.editions.models import Edition
from app.notifications.models import OutgoingMail
from app.proposals import lifecycle, queries, service
from app.proposals.lifecycle import Verb
from app.proposals.models import Proposal
from app.review import ballot
from app.review import service as review
from app.story import telling
from app.story.models import Follower
from app.unit import work
from app.worker import KINDS, run_all
from tests.cast import Cast
from tests.conftest import Clock
from tests.notifications.post import Post, open_post
from tests.review.city import City
from tests.review.desk import checked
from tests.review.test_deciding import form

WHO = "voisine@example.org"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with open_post(monkeypatch) as opened:
        yield opened


@pytest.fixture
def project(cast: Cast, edition: Edition) -> str:
    return City(cast, edition).decided("P01")


def token(engine: Engine, email: str = WHO) -> str:
    with work(engine, writing=False) as unit:
        return unit.db.exec(select(Follower.token).where(Follower.email == email)).one()


def followers(engine: Engine) -> list[str]:
    with work(engine, writing=False) as unit:
        return sorted(unit.db.exec(select(Follower.email)))


def mails(engine: Engine, name: str) -> list[OutgoingMail]:
    with work(engine, writing=False) as unit:
        return list(unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == name).order_by(OutgoingMail.id)))  # type: ignore[arg-type]


def follow(client: TestClient, engine: Engine, path: str) -> str:
    """Ask, open the link, confirm, a minute later: the token."""
    client.app.state.clock.now += timedelta(minutes=1)  # type: ignore[attr-defined]
    client.post(f"{path}/followers", data={"email": WHO})
    secret = token(engine)
    assert client.post(f"/following/{secret}").status_code == 303
    return secret


def on_ballot(cast: Cast, edition: Edition, *public_ids: str) -> None:
    publisher = cast.official(Role.PUBLISHER, email="publie@example.org")
    with work(cast.engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        chosen = unit.db.exec(select(Proposal).where(col(Proposal.public_id).in_(public_ids))).all()
        for proposal in chosen:
            checked(unit, proposal)
        ballot.put_on_ballot(unit, unit.db.get_one(Edition, edition.id), public_ids, by=publisher)


def test_nothing_is_sent_before_the_link_is_confirmed_and_reading_it_confirms_nothing(
    client: TestClient, engine: Engine, cast: Cast, edition: Edition, project: str
) -> None:
    assert client.post(f"/projects/{project}/followers", data={"email": " Voisine@EXAMPLE.org "}).status_code == 200
    (mail,) = mails(engine, "follow-confirm")
    link = re.search(r"/following/\S+", mail.body_text)
    assert link is not None
    assert "Oui, suivre" in client.get(link[0]).text
    on_ballot(cast, edition, project)
    run_all(engine)
    assert mails(engine, "project-moved") == []
    client.post(link[0])
    assert "Vous suivez" in client.get(link[0]).text


def test_each_step_is_told_once_in_the_language_of_the_follower(
    client: TestClient, engine: Engine, cast: Cast, edition: Edition, project: str
) -> None:
    client.headers["Accept-Language"] = "en"
    follow(client, engine, f"/projects/{project}")
    on_ballot(cast, edition, project)
    run_all(engine)
    run_all(engine)
    (mail,) = mails(engine, "project-moved")
    assert mail.subject.endswith(": On the ballot")
    assert (mail.recipient, mail.language) == (WHO, "en")
    assert f"/projects/{project}/history" in mail.body_text


def test_a_step_that_is_rolled_back_tells_nobody(client: TestClient, engine: Engine, cast: Cast, project: str) -> None:
    follow(client, engine, f"/projects/{project}")
    with work(engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        lifecycle.record(unit, queries.project_by_public_id(unit, project), Verb.PUT_ON_BALLOT, by=None)
        unit.db.rollback()
    run_all(engine)
    assert mails(engine, "project-moved") == []


def test_a_mail_bears_the_headers_of_one_click_and_the_click_needs_no_browser(
    app: FastAPI, client: TestClient, engine: Engine, cast: Cast, edition: Edition, project: str, post: Post
) -> None:
    """RFC 8058: the mail program posts by itself, without cookie, origin or script."""
    secret = follow(client, engine, f"/projects/{project}")
    on_ballot(cast, edition, project)
    run_all(engine)
    run_all(engine)
    (message,) = [one for one in post.received if one["List-Unsubscribe"]]
    assert message["List-Unsubscribe"].strip() == f"<http://127.0.0.1:8000/following/{secret}/end>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with TestClient(app, base_url="http://127.0.0.1:8000") as program:
        answer = program.post(f"/following/{secret}/end", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert followers(engine) == []
    assert client.get(f"/following/{secret}").status_code == 404


@pytest.mark.parametrize("header", [{"Cookie": "session=x"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_the_door_for_mail_programs_opens_to_no_browser(
    app: FastAPI, client: TestClient, engine: Engine, project: str, header: dict[str, str]
) -> None:
    secret = follow(client, engine, f"/projects/{project}")
    with TestClient(app, base_url="http://127.0.0.1:8000") as browser:
        assert browser.post(f"/following/{secret}/end", data={"List-Unsubscribe": "One-Click"}, headers=header).status_code == 403
        assert browser.post(f"/following/{secret}", data={"a": "b"}).status_code == 403
    assert followers(engine) == [WHO]


def test_every_address_gets_the_same_answer(client: TestClient, engine: Engine, cast: Cast, project: str) -> None:
    cast.person("claire@example.org")
    follow(client, engine, f"/projects/{project}")
    asked = (WHO, "x@example.org", "claire@example.org")
    answers = {client.post(f"/projects/{project}/followers", data={"email": email}).text for email in asked}
    assert len(answers) == 1
    assert len(mails(engine, "follow-confirm")) == 3, "who follows already is not written to again"


def test_an_address_that_is_none_is_said_at_the_field_and_kept(client: TestClient, project: str) -> None:
    answer = client.post(f"/projects/{project}/followers", data={"email": '"><b>x'})
    assert answer.status_code == 422
    assert "&#34;&gt;&lt;b&gt;x" in answer.text
    assert "<b>x" not in answer.text


def test_nobody_fills_a_mailbox(client: TestClient, project: str, edition: Edition) -> None:
    answers = [client.post(f"/projects/{project}/followers", data={"email": WHO}).status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2


def test_an_address_is_erased_when_it_is_not_confirmed_in_two_days(client: TestClient, engine: Engine, clock: Clock, project: str) -> None:
    client.post(f"/projects/{project}/followers", data={"email": WHO})
    secret = token(engine)
    clock.now += timedelta(days=2)
    assert client.get(f"/following/{secret}").status_code == 404
    with work(engine, now=clock.now) as unit:
        KINDS[telling.FORGET_JOB](unit, {})
    assert followers(engine) == []


def test_after_the_last_step_the_addresses_are_erased_and_what_is_private_is_not_told(
    client: TestClient, engine: Engine, cast: Cast, project: str
) -> None:
    follow(client, engine, f"/projects/{project}")
    with work(engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        found = queries.project_by_public_id(unit, project)
        lifecycle.record(unit, found, Verb.WITHDRAW, by=None, reason="Un motif ornithorynque.")
    run_all(engine)
    (mail,) = mails(engine, "project-moved")
    assert "retiré" in mail.subject.casefold()
    assert "ornithorynque" not in mail.body_text + mail.body_html
    assert followers(engine) == []


def test_nothing_remembers_an_address_that_stopped(
    client: TestClient, engine: Engine, cast: Cast, edition: Edition, project: str, post: Post
) -> None:
    secret = follow(client, engine, f"/projects/{project}")
    run_all(engine)
    assert mails(engine, "follow-confirm") == [], "what has left is forgotten"
    on_ballot(cast, edition, project)
    post.at_recipient = "451 Later"
    run_all(engine)
    run_all(engine)
    assert len(mails(engine, "project-moved")) == 1
    client.post(f"/following/{secret}/end")
    with work(engine, writing=False) as unit:
        assert WHO not in list(unit.db.exec(select(OutgoingMail.recipient)))
    assert followers(engine) == []


def test_a_payload_in_a_title_is_words_in_the_mail(client: TestClient, engine: Engine, cast: Cast, edition: Edition, project: str) -> None:
    """N01."""
    with work(engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        found = queries.project_by_public_id(unit, project)
        found.title = "<canary>\u2028<script>alert(1)</script>"
        unit.db.add(found)
    follow(client, engine, f"/projects/{project}")
    on_ballot(cast, edition, project)
    run_all(engine)
    (mail,) = mails(engine, "project-moved")
    assert "<canary>" not in mail.body_html
    assert "<script>" not in mail.body_html
    assert "\n" not in mail.subject


def test_an_edition_is_told_once_a_day_and_only_of_public_projects(
    client: TestClient, engine: Engine, cast: Cast, clock: Clock, edition: Edition
) -> None:
    follow(client, engine, f"/editions/{edition.slug}")
    clock.now += timedelta(hours=1)
    first = City(cast, edition).decided("P01")
    waiting, gone = City(cast, edition).file("P02"), City(cast, edition).decided("P03")
    with work(engine, now=clock.now) as unit:
        lifecycle.record(unit, queries.project_by_public_id(unit, gone), Verb.WITHDRAW, by=None)
    for _ in range(2):
        with work(engine, now=clock.now) as unit:
            telling.summarise(unit)
    (mail,) = mails(engine, "edition-news")
    assert first in mail.body_text
    assert waiting not in mail.body_text
    assert gone not in mail.body_text
    assert gone not in client.get(f"/editions/{edition.slug}/feed.atom").text
    assert mail.unsubscribe.endswith("/end")


def test_a_withdrawal_by_the_carrier_is_told_to_those_who_write_its_files(cast: Cast, engine: Engine, edition: Edition) -> None:
    person = cast.person()
    proposal: Proposal = cast.submitted(person, edition)
    with work(engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        service.withdraw(unit, queries.carrier_file(unit, proposal.public_id, person), "Nous renonçons.", by=person)
    assert [mail.recipient for mail in mails(engine, "file-withdrawn")] == [person.email]


def test_the_carrier_hears_that_its_project_is_on_the_ballot(cast: Cast, engine: Engine, edition: Edition) -> None:
    person, officer = cast.person(), City(cast, edition).officer
    proposal = cast.submitted(person, edition)
    with work(engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        review.decide(unit, unit.db.get_one(Proposal, proposal.id), form(unit, proposal, "admissible"), by=officer)
    on_ballot(cast, edition, proposal.public_id)
    assert [mail.recipient for mail in mails(engine, "project-on-ballot")] == [person.email]
