"""The booth for ballots on which more than a cross stands, without script: points, places, grades, for and against, stars."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from app.core.ballots import Approval, BallotStyle, ForAgainst, Grades, Points, Ranking, Star
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages.test_booth import BALLOT, VOTE, boxed, text
from tests.voting.poll import SEED, OpenPoll

REVIEW = f"{VOTE}/review"


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return clock


def poll(cast: Cast, clock: Clock, style: BallotStyle) -> OpenPoll:
    return OpenPoll(cast, clock.now, style=style)


def fields(poll: OpenPoll, **marks: str) -> dict[str, Any]:
    """The form of the booth with these marks, by the place of the project ("p0")."""
    return {"lang": "fr", "seed": SEED, "fields": "1"} | {f"mark-{poll.ids[int(place[1:])]}": mark for place, mark in marks.items()}


def carried(page: Response) -> list[str]:
    """The entries that the form which sends the ballot carries."""
    return re.findall(r'name="choice" value="([^"]+)"', page.text.partition('id="send"')[2])


def test_points_are_written_in_fields_counted_and_sent(client: TestClient, cast: Cast, clock: Clock, engine: Engine) -> None:
    vote = poll(cast, clock, Points(total=10, min_projects=2))
    empty = client.get(VOTE, params={"lang": "fr"})
    assert empty.text.count('type="number"') == len(vote.ids)
    assert "0 points donnés sur 10" in text(empty)
    again = client.post(VOTE, data=fields(vote, p0="7", p1="1"))
    assert "8 points donnés sur 10" in text(again)
    assert 'value="7"' in again.text
    wanting = client.post(REVIEW, data=fields(vote, p0="7", p1="1"))
    assert wanting.status_code == 422
    assert "Il vous reste 2 points à donner" in text(wanting)
    full = client.post(REVIEW, data=fields(vote, p0="7", p1="3"))
    assert full.status_code == 200
    assert sorted(carried(full)) == sorted([f"{vote.ids[0]}:7", f"{vote.ids[1]}:3"])
    sent = client.post(BALLOT, data=vote.form(choices=carried(full)), follow_redirects=False)
    assert sent.status_code == 303
    assert boxed(engine) == (1, 1)


@pytest.mark.parametrize("typed", ["beaucoup", "-2", "1,5", "99999999"])
def test_what_is_no_number_of_points_stays_in_its_field_with_a_sentence(client: TestClient, cast: Cast, clock: Clock, typed: str) -> None:
    vote = poll(cast, clock, Points(total=10))
    page = client.post(REVIEW, data=fields(vote, p0=typed, p1="3"))
    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert 'value="3"' in page.text
    assert text(page).count("Écrivez un nombre entier de 0 à 10.") == 2  # in the summary and at the field
    assert f'href="#f-mark-{vote.ids[0]}"' in page.text


def test_too_many_points_name_the_project_as_people_know_it(client: TestClient, cast: Cast, clock: Clock) -> None:
    vote = poll(cast, clock, Points(total=10, max_per_project=5))
    page = client.post(REVIEW, data=fields(vote, p0="9", p1="1"))
    assert page.status_code == 422
    assert f"« {vote.candidates[0].title} »" in text(page)
    assert vote.ids[0] not in text(page)


def test_a_ranking_is_made_and_changed_by_buttons(client: TestClient, cast: Cast, clock: Clock) -> None:
    vote = poll(cast, clock, Ranking(max_places=3))
    form: dict[str, Any] = {"lang": "fr", "seed": SEED, "order": "0"}
    a, b, c, d = vote.ids[:4]
    choices: list[str] = []
    for press, then in (
        ({"add": a}, [a]), ({"add": b}, [a, b]), ({"add": c}, [a, b, c]), ({"up": c}, [a, c, b]), ({"down": a}, [c, a, b]),
        ({"add": d}, [c, a, b]), ({"remove": c}, [a, b]), ({"up": a}, [a, b]),
    ):  # fmt: skip
        page = client.post(VOTE, data=form | {"choice": choices} | press)
        assert page.status_code == 200
        choices = re.findall(r'name="choice" value="([^"]+)"', page.text.partition('id="onward"')[2].partition("</form>")[0])
        assert sorted(choices) == sorted(f"{id}:{place}" for place, id in enumerate(then, 1)), press
    assert "2 projets classés sur 3" in text(page)
    review = client.post(REVIEW, data=form | {"choice": choices})
    assert review.status_code == 200
    titles = [vote.candidates[vote.ids.index(id)].title for id in (a, b)]
    assert text(review).index(titles[0]) < text(review).index(titles[1])


def test_a_star_can_be_given_and_taken_back_and_there_is_only_one(client: TestClient, cast: Cast, clock: Clock) -> None:
    vote = poll(cast, clock, Star(choice=Approval(max_choices=3)))
    a, b = vote.ids[:2]
    form: dict[str, Any] = {"lang": "fr", "seed": SEED, "choice": [f"{a}:1", f"{b}:1"]}
    starred = client.post(VOTE, data=form | {"star": a})
    assert f'value="{a}:2"' in starred.text
    assert "compte double" in text(starred)
    second = client.post(VOTE, data=form | {"choice": [f"{a}:2", f"{b}:1"], "star": b})
    assert f'value="{b}:1"' in second.text
    assert "Vous n’avez plus d’étoile" in text(second)
    back = client.post(VOTE, data=form | {"choice": [f"{a}:2", f"{b}:1"], "unstar": a})
    assert f'value="{a}:1"' in back.text


def test_grades_are_radio_buttons_in_a_named_group_and_none_is_an_answer_too(client: TestClient, cast: Cast, clock: Clock) -> None:
    vote = poll(cast, clock, Grades())
    page = client.get(VOTE, params={"lang": "fr"})
    assert page.text.count("<fieldset") == len(vote.ids)
    assert "Coup de cœur" in text(page)
    review = client.post(REVIEW, data=fields(vote, p0="3", p1="0", p2=""))
    assert sorted(carried(review)) == sorted([f"{vote.ids[0]}:3", f"{vote.ids[1]}:0"])
    assert f"2 projets jugés sur {len(vote.ids)}" in text(review)
    back = client.post(VOTE, data={"lang": "fr", "seed": SEED, "choice": carried(review)})
    assert re.search(rf'name="mark-{vote.ids[0]}" value="3" checked', back.text)


def test_for_and_against_are_told_apart(client: TestClient, cast: Cast, clock: Clock) -> None:
    vote = poll(cast, clock, ForAgainst(max_for=1, max_against=1))
    review = client.post(REVIEW, data=fields(vote, p0="1", p1="-1"))
    assert review.status_code == 200
    assert "1 pour, 1 contre" in text(review)
    assert client.post(REVIEW, data=fields(vote, p0="1", p1="1")).status_code == 422


@pytest.mark.parametrize("style", [Points(total=5), Ranking(), Grades(), ForAgainst(), Star()])
def test_a_blank_ballot_is_always_allowed(client: TestClient, cast: Cast, clock: Clock, style: BallotStyle, engine: Engine) -> None:
    vote = poll(cast, clock, style)
    assert "blanc" in text(client.post(REVIEW, data=fields(vote)))
    assert client.post(BALLOT, data=vote.form(choices=[]), follow_redirects=False).status_code == 303
    assert boxed(engine) == (1, 1)
