"""Two projects side by side, and a shortlist by link that leads to the booth."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.ballots import Grades, Knapsack
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages.test_booth import VOTE, carried, text
from tests.statements import counted
from tests.voting.poll import OpenPoll

COMPARE, SHORTLIST = "/editions/rennes-2027/compare", "/editions/rennes-2027/shortlist"


@pytest.fixture
def poll(cast: Cast, clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now)


def test_two_projects_answer_the_same_questions_side_by_side(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    a, b = poll.candidates[:2]
    with counted(engine) as statements:
        page = client.get(COMPARE, params={"a": a.id, "b": b.id})
    assert page.status_code == 200
    assert len(statements) <= 40
    words = text(page)
    assert a.title in words
    assert b.title in words
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page.text)
    assert rows[:2] == ["Demandé à la ville", "Coût total"]
    assert page.text.count("data-label=") == 2 * len(rows)
    assert f"p={a.id}&amp;p={b.id}" in page.text


def test_with_fewer_than_two_only_the_form_is_there(client: TestClient, poll: OpenPoll) -> None:
    page = client.get(COMPARE, params={"a": poll.ids[0]})
    assert page.status_code == 200
    assert f'value="{poll.ids[0]}" selected' in page.text
    assert "<table" not in page.text
    same = client.get(COMPARE, params={"a": poll.ids[0], "b": poll.ids[0]})
    assert same.status_code == 422
    assert "deux projets différents" in text(same)
    assert client.get(COMPARE, params={"a": "none", "b": poll.ids[0]}).status_code == 404
    assert client.get("/editions/none/compare").status_code == 404


def test_list_and_project_lead_to_the_comparison_and_to_the_shortlist(client: TestClient, poll: OpenPoll) -> None:
    listed = client.get("/editions/rennes-2027/projects?order=1")
    assert f'href="{COMPARE}"' in listed.text
    assert f'href="{SHORTLIST}?lang=fr"' in listed.text
    shown = client.get(f"/projects/{poll.ids[0]}")
    assert f'href="{COMPARE}?a={poll.ids[0]}"' in shown.text
    assert f'href="{SHORTLIST}?p={poll.ids[0]}&amp;lang=fr"' in shown.text


def test_a_shortlist_is_its_address_and_nothing_else(client: TestClient, poll: OpenPoll) -> None:
    first, second, third = poll.ids[:3]
    page = client.get(SHORTLIST, params={"p": [first, second, first]})
    assert "2 projets notés" in text(page)
    assert "set-cookie" not in page.headers
    assert f'href="{SHORTLIST}?p={second}&amp;lang=fr"' in page.text, "the link that leaves the first out"
    assert f'href="{SHORTLIST}?p={first}&amp;p={second}&amp;p={third}&amp;lang=fr"' in page.text, "the link that adds the third"
    assert client.get(SHORTLIST, params={"p": "none"}).status_code == 404
    assert client.get(SHORTLIST).status_code == 200


def test_nobody_is_asked_who_reads_a_shortlist(client: TestClient, poll: OpenPoll, cast: Cast) -> None:
    cast.sign_in(client, cast.person())
    assert "Claire Le Goff" not in client.get(SHORTLIST, params={"p": poll.ids[:2]}).text


def test_vote_with_these_opens_the_booth_with_them_chosen(client: TestClient, poll: OpenPoll) -> None:
    page = client.get(SHORTLIST, params={"p": poll.ids[:3], "lang": "fr"})
    form = page.text.partition(f'action="{VOTE}"')[2].partition("</form>")[0]
    choices = re.findall(r'name="choice" value="([^"]+)"', form)
    assert choices == poll.ids[:3]
    booth = client.post(VOTE, data={"lang": "fr", "choice": choices})
    assert carried(booth) == choices
    assert "3 projets choisis sur 6" in text(booth)


def test_after_the_vote_a_shortlist_votes_no_more(client: TestClient, poll: OpenPoll, clock: Clock) -> None:
    page = client.get(SHORTLIST, params={"p": poll.ids[:2], "lang": "fr"})
    assert "Voter avec ces projets" in text(page)
    clock.now = poll.closes
    over = client.get(SHORTLIST, params={"p": poll.ids[:2], "lang": "fr"})
    assert 'name="choice"' not in over.text
    assert "Le vote est terminé." in text(over)


def test_grades_are_the_voters_to_give(client: TestClient, cast: Cast, clock: Clock) -> None:
    poll = OpenPoll(cast, clock.now, style=Grades(grades=("good", "passable", "reject")))
    page = client.get(SHORTLIST, params={"p": poll.ids[:2], "lang": "fr"})
    assert 'name="choice"' not in page.text
    assert f'href="{VOTE}?lang=fr"' in page.text


def test_the_booth_offers_the_swap_and_one_press_does_it(client: TestClient, cast: Cast, clock: Clock) -> None:
    costs = {one.id: one.cost_cents for one in OpenPoll(cast, clock.now, style=Knapsack(budget=30_000_00)).candidates}
    dearest = max((id for id in costs if costs[id] <= 30_000_00), key=costs.__getitem__)
    page = client.post(VOTE, data={"lang": "fr", "add": dearest})
    chosen = carried(page)
    offered = re.search(r'name="swap" value="(\w+):(\w+)"', page.text)
    assert offered is not None
    out, into = offered[1], offered[2]
    assert "pour faire de la place" in text(page)
    after = client.post(VOTE, data={"lang": "fr", "choice": chosen, "swap": f"{out}:{into}"})
    assert set(carried(after)) == {*chosen, into} - {out}
    assert "est retiré pour faire de la place" in text(after)


@pytest.mark.parametrize("both", ["", "x", ":", "none:none"])
def test_a_swap_of_nothing_changes_nothing(client: TestClient, poll: OpenPoll, both: str) -> None:
    for swap in (both, f"{poll.ids[0]}:{poll.ids[0]}", f"{poll.ids[1]}:{poll.ids[2]}", f"{poll.ids[0]}:none"):
        assert carried(client.post(VOTE, data={"choice": poll.ids[0], "swap": swap})) == [poll.ids[0]]
