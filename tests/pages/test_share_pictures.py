"""The picture beside a link to a project: drawn here, for public projects alone, and told unchanged to who holds it."""

import io

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.share_picture import Words, share_picture
from app.unit import Work
from tests.cast import Cast
from tests.review.desk import hand_in


def test_a_public_project_has_its_picture_and_its_page_names_it(client: TestClient, unit: Work, cast: Cast) -> None:
    file = hand_in(unit, cast.edition(unit.now))
    file.state = "on_ballot"
    unit.db.commit()
    address = f"/projects/{file.public_id}/share.png"
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 100_000
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    page = client.get(f"/projects/{file.public_id}").text
    assert f'<meta property="og:image" content="http://127.0.0.1:8000{address}">' in page
    assert '<meta property="og:title" content="' in page
    file.title = "Un autre titre"
    unit.db.commit()
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 200


def test_a_file_that_is_not_public_has_none_for_anybody(client: TestClient, unit: Work, cast: Cast) -> None:
    file = hand_in(unit, cast.edition(unit.now))
    unit.db.commit()
    cast.sign_in(client, cast.official())
    assert client.get(f"/projects/{file.public_id}/share.png").status_code == 404
    assert "og:image" not in client.get(f"/projects/{file.public_id}").text
    assert client.get("/projects/none/share.png").status_code == 404


TITLES = ("", "Un puits", "x" * 400, "Un très long titre " * 30, "بئر ماء للقرية 2027", "日本 🌍 łódź", "\u202e\u200f")


@pytest.mark.parametrize("title", TITLES)
def test_any_title_can_be_drawn(title: str) -> None:
    drawn = share_picture(Words("Ville", "Édition", title, "Club", "1 €"))
    assert Image.open(io.BytesIO(drawn)).size == (1200, 630)
    assert drawn == share_picture(Words("Ville", "Édition", title, "Club", "1 €"))
