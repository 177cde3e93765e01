"""The page of the ballot box: two members of the bureau walk through freeze, extension and opening; one alone goes nowhere."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import SQLModel, select

from app.accounts.people import Person
from app.core.permissions import Role
from app.core.transparency import canonical, digest
from app.editions.models import Edition
from app.polls import sequencing
from app.polls.freezing import freeze_of
from app.polls.opening import opening_of
from app.unit import work
from app.voting import clock as database_clock
from tests.bureau import OPENING_KEY, SAFEKEEPING, members, shares
from tests.cast import Cast
from tests.polls.stage import DAY, open_vote
from tests.polls.unfrozen import unfrozen_vote

BOX = "/staff/editions/rennes-2027/box"
MOTION = re.compile(r"/staff/editions/rennes-2027/box/motions/(\w+)")
EXTENSION = {"closes": "2026-12-20", "closes_clock": "18:00", "reason": "Panne du réseau."}


@pytest.fixture(autouse=True)
def _same_clocks(clock: Any) -> Iterator[None]:
    kept = database_clock.told
    database_clock.told = lambda: clock.now  # type: ignore[assignment]
    yield
    database_clock.told = kept  # type: ignore[assignment]


def text_at(client: TestClient, path: str = BOX) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return html.unescape(answer.text)


def proposed(client: TestClient, path: str, data: dict[str, Any]) -> str:
    """Send a proposal; the address of its own page."""
    answer = client.post(path, data=data)
    assert answer.status_code == 303, html.unescape(answer.text)
    assert "done=proposed" in answer.headers["location"]
    return str(answer.headers["location"].partition("?")[0])


def both(client: TestClient, cast: Cast, path: str, data: dict[str, Any]) -> None:
    """One proposes, the same one is refused, the other confirms."""
    first, second = members(cast)
    cast.sign_in(client, first)
    motion = proposed(client, path, data)
    assert "Ibrahim Sow doit confirmer" in text_at(client, motion)
    alone = client.post(f"{motion}/confirmation")
    assert alone.status_code == 403
    assert "Il faut une seconde personne" in html.unescape(alone.text)
    cast.sign_in(client, second)
    assert "À confirmer" in text_at(client)
    agreed = client.post(f"{motion}/confirmation")
    assert (agreed.status_code, agreed.headers["location"]) == (303, f"{BOX}?done=agreed"), html.unescape(agreed.text)


def test_two_people_freeze_the_vote_after_reading_all_of_it(client: TestClient, cast: Cast) -> None:
    edition = unfrozen_vote(cast)
    first, second = members(cast)
    cast.sign_in(client, first)
    before = text_at(client)
    assert "sans le gel, personne ne peut voter" in before
    assert "Qui le peut\u00a0: Hélène Riou, Ibrahim Sow" in before
    assert client.get(f"{BOX}/definition.json").status_code == 404
    motion = proposed(client, f"{BOX}/freeze", SAFEKEEPING | {"publication": "open"})
    cast.sign_in(client, second)
    shown, content = text_at(client, motion), client.get(f"{BOX}/definition.json").content
    definition = json.loads(content)
    assert canonical(definition) == content
    assert digest(definition) in shown
    assert all(one["title"] in shown for one in definition["projects"])
    assert "2 parts sur 3 ouvrent l’urne" in shown
    assert client.post(f"{motion}/confirmation").status_code == 303
    with work(cast.engine) as unit:
        made = freeze_of(unit, edition)
        assert made is not None
        assert (made.proposed_by_id, made.confirmed_by_id) == (first.id, second.id)
        assert made.election_hash in text_at(client)
    after = text_at(client)
    assert "Proposé par Hélène Riou, confirmé par Ibrahim Sow" in after
    assert f"freeze {made.election_hash}" in after
    again = client.post(f"{motion}/confirmation")
    assert again.status_code == 409
    assert client.get(f"{BOX}/freeze").headers["location"] == BOX, "no form for what is done"


def test_a_form_of_the_freeze_that_is_wrong_comes_back_with_all_that_was_typed(client: TestClient, cast: Cast) -> None:
    unfrozen_vote(cast)
    cast.sign_in(client, members(cast)[0])
    answer = client.post(f"{BOX}/freeze", data={"opening_key": "abc", "threshold": "5", "shares": "3", "witnesses": "Ouest-France"})
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert 'href="#f-opening_key"' in text
    assert "Voyez\u00a0: Ouest-France" in text
    assert 'value="abc"' in text
    few = client.post(f"{BOX}/freeze", data=SAFEKEEPING | {"threshold": "5"})
    assert few.status_code == 422
    assert "plus de parts qu’il n’y en a" in html.unescape(few.text)


@pytest.mark.parametrize(("role", "sees", "proposes"), [(Role.PUBLISHER, 200, 403), (Role.OBSERVER, 200, 403), (Role.MODERATOR, 403, 403)])
def test_others_may_look_and_not_act(client: TestClient, cast: Cast, role: Role, sees: int, proposes: int) -> None:
    unfrozen_vote(cast)
    cast.sign_in(client, cast.official(role))
    assert client.get(BOX).status_code == sees
    for path in ("freeze", "extension", "openings"):
        assert client.post(f"{BOX}/{path}", data=SAFEKEEPING).status_code == proposes


def test_clocks_apart_and_late_freezes_are_refused_with_a_sentence(client: TestClient, cast: Cast, clock: Any) -> None:
    unfrozen_vote(cast)
    first, second = members(cast)
    cast.sign_in(client, first)
    motion = proposed(client, f"{BOX}/freeze", SAFEKEEPING)
    cast.sign_in(client, second)
    right, now = database_clock.told, clock.now
    database_clock.told = lambda: now + DAY  # type: ignore[assignment]
    apart = client.post(f"{motion}/confirmation")
    assert apart.status_code == 403
    assert "86400 secondes d’écart" in html.unescape(apart.text)
    assert "86400 secondes d’écart" in text_at(client, BOX)
    database_clock.told = right  # type: ignore[assignment]
    clock.now = now + 6 * DAY
    cast.sign_in(client, second)
    late = client.post(f"{motion}/confirmation")
    assert (late.status_code, "avant son ouverture" in html.unescape(late.text)) == (403, True)


def test_two_people_extend_the_vote_and_the_public_page_says_why(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    both(client, cast, f"{BOX}/extension", EXTENSION)
    for path in (BOX, "/editions/rennes-2027"):
        text = text_at(client, path)
        assert "Le vote est prolongé jusqu’au" in text
        assert "Panne du réseau." in text
    assert "extension 2026-12-11T10:00:00Z 2026-12-20T17:00:00Z Panne du réseau." in text_at(client)


def test_an_end_that_happens_twice_is_asked_and_nothing_typed_is_lost(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    cast.sign_in(client, members(cast)[0])
    answer = client.post(f"{BOX}/extension", data=EXTENSION | {"closes": "2027-10-31", "closes_clock": "02:30"})
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert 'name="closes_fold"' in text
    assert all(value in text for value in ('value="2027-10-31"', 'value="02:30"', "Panne du réseau."))


def test_a_proposal_is_withdrawn_and_can_no_longer_be_confirmed(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    first, second = members(cast)
    cast.sign_in(client, first)
    motion = proposed(client, f"{BOX}/extension", EXTENSION)
    cast.sign_in(client, cast.official(Role.OBSERVER))
    assert client.post(f"{motion}/withdrawal").status_code == 403
    cast.sign_in(client, first)
    assert client.post(f"{motion}/withdrawal").headers["location"] == f"{BOX}?done=withdrawn"
    cast.sign_in(client, second)
    assert client.post(f"{motion}/confirmation").status_code == 409
    assert "Retirer la proposition" not in text_at(client, motion)


def closed_vote(client: TestClient, cast: Cast, clock: Any) -> tuple[Edition, Person, Person]:
    edition = open_vote(cast)
    clock.now = clock.now + 21 * DAY
    first, second = members(cast)
    cast.sign_in(client, first)
    return edition, first, second


def test_the_box_opens_with_enough_shares_of_two_people_and_no_share_is_kept(
    client: TestClient, cast: Cast, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    edition, _, second = closed_vote(client, cast, clock)
    early = client.post(f"{BOX}/openings")
    assert early.status_code == 409
    assert "ne sont pas encore dans le journal public" in html.unescape(early.text)
    with work(cast.engine, now=clock.now) as unit:
        sequencing.tend(unit, unit.db.get_one(Edition, edition.id))
    assert "un membre du bureau le propose" in text_at(client)
    assert client.post(f"{BOX}/openings").status_code == 303
    assert "un membre du bureau le propose" not in text_at(client)
    assert "Un autre membre du bureau la confirme avec les parts" in text_at(client)
    motion = f"{BOX}/motions/{MOTION.findall(text_at(client))[0]}"
    typed = {"share_1": shares()[0], "share_3": shares()[2]}
    assert client.post(f"{motion}/opening", data=typed).status_code == 403, "one person alone"
    cast.sign_in(client, second)
    spoilt = client.post(f"{motion}/opening", data=typed | {"share_3": "abc " + shares()[2]})
    assert spoilt.status_code == 422
    assert spoilt.headers["cache-control"] == "no-store"
    text = html.unescape(spoilt.text)
    assert 'href="#f-share_3"' in text
    assert "Part 3" in text
    assert shares()[0] in text, "nothing typed is lost"
    few = client.post(f"{motion}/opening", data={"share_2": shares()[1]})
    assert few.status_code == 422
    done = client.post(f"{motion}/opening", data=typed)
    assert done.status_code == 303, html.unescape(done.text)
    with work(cast.engine) as unit:
        assert opening_of(unit, edition) is not None
        kept = "".join(str(row) for table in SQLModel.metadata.sorted_tables for row in unit.core.execute(select(table)))
    for share in (shares()[0], shares()[2]):
        assert " ".join(share.split()[4:8]) not in kept + caplog.text
    assert edition.slug in kept, "all tables were read"
    assert OPENING_KEY.private_bytes_raw().hex() not in caplog.text
    assert "Dépouillez les bulletins." in text_at(client)


def test_shares_are_not_carried_through_the_sign_in_page(client: TestClient, cast: Cast, clock: Any) -> None:
    closed_vote(client, cast, clock)
    client.cookies.clear()
    answer = client.post(f"{BOX}/motions/1/opening", data={"share_1": shares()[0]})
    assert answer.status_code == 303
    assert shares()[0][:20] not in answer.text
