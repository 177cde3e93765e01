"""The vote on paper: the numbers of the booklet, of the paper ballot, of the booth and of the desk are the same."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.core.ballots import Approval, BallotStyle, ForAgainst, Grades, Knapsack, Points, Ranking, Star
from app.core.permissions import Role
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages.test_booth import VOTE, text
from tests.voting.poll import OpenPoll

BOOKLET, PAPER = "/editions/rennes-2027/booklet", "/editions/rennes-2027/paper-ballot"
LOTS = "/staff/editions/rennes-2027/desk/lots"


def numbers(page: Response, pattern: str) -> list[tuple[int, str]]:
    """(number, title) of each project that a page shows, in its order."""
    return [(int(number), unescape(title)) for number, title in re.findall(pattern, page.text)]


def test_booklet_ballot_booth_and_desk_number_the_projects_alike(client: TestClient, cast: Cast, clock: Clock) -> None:
    poll = OpenPoll(cast, clock.now)
    known = sorted((one.number, one.title) for one in poll.candidates)
    booklet = client.get(BOOKLET, params={"lang": "fr"})
    assert numbers(booklet, r'class="number">N°\s(\d+)</span> <span[^>]*>([^<]+)</span>') == known
    printed = client.get(PAPER, params={"lang": "fr"})
    assert numbers(printed, r'class="number">(\d+)</span>\s*<span class="what"><strong[^>]*>([^<]+)</strong>') == known
    booth = client.get(VOTE, params={"lang": "fr", "order": "5"})
    assert sorted(numbers(booth, r'class="tag">N°\s(\d+)</span></div>\s*<h2[^>]*><a[^>]*>([^<]+)</a>')) == known
    cast.sign_in(client, cast.person("desk@example.org", roles=(Role.DESK_AGENT,)))
    client.post(LOTS, data={"station": "Maison de quartier"})
    assert sorted(numbers(client.get(f"{LOTS}/1"), r'<li>(\d+) – <span dir="auto">([^<]+)</span>')) == known


@pytest.mark.parametrize(
    ("style", "boxes", "words"),
    [
        (Approval(max_choices=3), 1, "Mettez une croix dans la case de chaque projet choisi."),
        (Knapsack(), 1, "Mettez une croix dans la case de chaque projet choisi."),
        (Points(total=10), 1, "une case vide n’en donne aucun"),
        (Ranking(max_places=3), 1, "Écrivez 1 dans la case de votre premier choix"),
        (Grades(grades=("good", "passable", "reject")), 3, "B Passable"),
        (ForAgainst(), 2, "Contre"),
        (Star(), 2, "dans la seconde case"),
    ],
)
def test_each_style_has_its_boxes(client: TestClient, cast: Cast, clock: Clock, style: BallotStyle, boxes: int, words: str) -> None:
    poll = OpenPoll(cast, clock.now, style=style, keys=("P01", "P02", "P03"))
    page = client.get(PAPER, params={"lang": "fr"})
    assert page.status_code == 200
    assert page.text.count('class="square"') == boxes * len(poll.ids)
    assert words in text(page)


def test_edition_and_booth_lead_to_the_booklet_in_their_language(client: TestClient, cast: Cast, clock: Clock) -> None:
    OpenPoll(cast, clock.now)
    assert f'href="{BOOKLET}?lang=fr"' in client.get("/editions/rennes-2027").text
    assert f'href="{BOOKLET}?lang=ar"' in client.get(VOTE, params={"lang": "ar"}).text
    assert 'dir="rtl"' in client.get(PAPER, params={"lang": "ar"}).text


def test_until_the_ballot_is_fixed_the_page_says_when_the_vote_is(client: TestClient, cast: Cast) -> None:
    cast.edition()
    assert "Le vote n’a pas commencé" in text(client.get(BOOKLET, params={"lang": "fr"}))
    assert client.get("/editions/none/booklet").status_code == 404
