"""The page of what is unusual: read by those who watch, acted upon only by those who may, and only on keys not used."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.electorate.models import RollLine
from app.polls.queries import credential_for
from app.unit import work
from app.voting import service as voting
from tests.cast import Cast
from tests.electorate.roll import crowd
from tests.polls.unfrozen import unfrozen_vote

PAGE = "/staff/editions/rennes-2027/anomalies"


def planted(cast: Cast) -> list[RollLine]:
    """Eight people with one mailbox."""
    edition = unfrozen_vote(cast)
    with work(cast.engine, now=cast.clock.now) as unit:
        return crowd(unit, edition, 8, email=lambda _: "president@club.example")


def signal_page(client: TestClient) -> str:
    found = re.search(rf'href="({PAGE}/[0-9a-f]{{16}})"', client.get(PAGE).text)
    assert found
    return found[1]


def test_a_pattern_leads_to_its_people_and_they_are_taken_off_with_a_reason(client: TestClient, cast: Cast) -> None:
    lines = planted(cast)
    cast.sign_in(client, cast.official(Role.BUREAU_MEMBER))
    assert "Une même adresse e-mail pour beaucoup de personnes" in client.get(PAGE).text
    path = signal_page(client)
    text = html.unescape(client.get(path).text)
    assert all(line.name in text for line in lines)
    assert text.count("N’a pas voté") == 8
    sent = {"lines": [line.public_id for line in lines[:3]], "reason": "N'habitent pas la ville"}
    answer = client.post(f"{path}/removal", data=sent)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, PAGE)
    after = html.unescape(client.get(PAGE).text)
    assert "3 personnes ont été retirées de la liste" in after
    assert "N'habitent pas la ville" in after
    assert "Une même adresse e-mail" not in after, "five are an ordinary family"
    back = re.search(r'action="(/staff/editions/rennes-2027/roll/\w+/return)"', after)
    assert back
    assert client.post(back[1]).status_code == 303
    assert client.post(back[1]).status_code in (404, 409)
    assert "2 personnes ont été retirées" in html.unescape(client.get(PAGE).text)


def test_who_has_voted_is_seen_and_cannot_be_ticked_nor_taken_off(client: TestClient, cast: Cast) -> None:
    lines = planted(cast)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    path = signal_page(client)
    with work(cast.engine, now=cast.clock.now) as unit:
        edition = cast.edition()
        voting.spend(unit, edition.id or 0, credential_for(unit, edition, lines[0]), "online", "2026-11-21")
    text = client.get(path).text
    assert "A voté en ligne" in text
    assert f'value="{lines[0].public_id}"' not in text
    sent = {"lines": [lines[0].public_id, lines[1].public_id], "reason": "Soupçon"}
    refused = client.post(f"{path}/removal", data=sent)
    assert refused.status_code == 409
    assert "1 de ces personnes a voté" in refused.text
    assert 'value="Soupçon"' in refused.text
    assert client.get(path).text.count("N’a pas voté") == 7


@pytest.mark.parametrize("sent", [{"reason": "x"}, {"lines": "unknown", "reason": ""}, {"lines": ["a"] * 300, "reason": "x"}])
def test_an_incomplete_form_is_shown_again(client: TestClient, cast: Cast, sent: dict[str, object]) -> None:
    planted(cast)
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    assert client.post(f"{signal_page(client)}/removal", data=sent).status_code == 422


def test_an_observer_sees_how_much_and_nobody_s_name(client: TestClient, cast: Cast) -> None:
    lines = planted(cast)
    cast.sign_in(client, cast.official(Role.BUREAU_MEMBER))
    path = signal_page(client)
    cast.sign_in(client, cast.person("odile@example.org", "Odile Observe", [Role.OBSERVER]))
    text = html.unescape(client.get(PAGE).text)
    assert "Une même adresse e-mail" in text
    assert not any(word in text for word in ("president@club.example", lines[0].name, path))
    assert client.get(path).status_code == 403
    assert client.post(f"{path}/removal", data={"lines": lines[0].public_id, "reason": "x"}).status_code == 403


def test_no_address_of_the_report_says_what_it_is_about(client: TestClient, cast: Cast) -> None:
    """The name of a pattern's page is a keyed hash: another city with the same people has others."""
    planted(cast)
    cast.sign_in(client, cast.official(Role.BUREAU_MEMBER))
    assert re.fullmatch(rf"{PAGE}/[0-9a-f]{{16}}", signal_page(client))
    assert client.get(f"{PAGE}/{'0' * 16}").status_code == 404


def test_an_ordinary_roll_says_so(client: TestClient, cast: Cast) -> None:
    unfrozen_vote(cast)
    cast.sign_in(client, cast.official(Role.BUREAU_MEMBER))
    assert "Rien d’inhabituel" in client.get(PAGE).text
    assert f'href="{PAGE}"' in client.get("/staff/editions/rennes-2027/poll").text
