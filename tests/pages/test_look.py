"""The look of the site on its pages: previewed, saved, shown everywhere, kept by browsers by its hash; the page of the design."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.core.permissions import Role
from app.look.colours import tokens
from app.look.service import LookForm, set_look
from app.notifications.models import OutgoingMail
from app.notifications.service import queue
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages.test_booth import text
from tests.proposals.bombs import picture
from tests.statements import counted
from tests.voting.poll import OpenPoll

LOOK = {"name": "Rennes participe", "colour": "#C8102E"}


@pytest.fixture
def admin(client: TestClient, cast: Cast) -> TestClient:
    cast.sign_in(client, cast.official())
    return client


def test_without_a_look_no_page_asks_for_one(client: TestClient) -> None:
    page = client.get("/")
    assert "look.css" not in page.text
    assert "Quotepart" in page.text
    assert client.get("/look.css").text == ""
    assert client.get("/look/sign").status_code == 404


def test_a_look_is_previewed_in_light_and_dark_before_it_is_saved(admin: TestClient) -> None:
    preview = admin.get("/staff/look/preview", params=LOOK)
    assert preview.status_code == 200
    assert 'data-theme="light"' in preview.text
    assert 'data-theme="dark"' in preview.text
    assert "contraste d’au moins 5" in text(preview)
    assert "look.css" not in preview.text, "nothing is saved yet"
    sheet = re.search(r'href="(/staff/look/trial\.css\?colour=%23C8102E)"', preview.text)
    assert sheet is not None
    assert ".look-trial { --brand: #C8102E" in admin.get(sheet[1]).text


def test_mails_papers_and_feeds_bear_the_name_the_city_chose(client: TestClient, cast: Cast, clock: Clock, engine: Engine) -> None:
    poll, admin = OpenPoll(cast, clock.now, keys=("P01", "P02", "P03")), cast.official()
    cast.sign_in(client, admin)
    client.post("/staff/look", data=LOOK)
    with work(engine) as unit:
        queue(unit, "reset-password", "awa@example.org", "fr", {"name": "Awa", "action": "https://example.org"})
        mail = unit.db.exec(select(OutgoingMail)).one()
    assert "Rennes participe" in mail.subject
    for words in (mail.body_text, mail.body_html):
        assert "Rennes participe" in words
        assert "Quotepart" not in words
    assert "<name>Rennes participe</name>" in client.get(f"/projects/{poll.ids[0]}/feed.atom").text
    paper = client.get(f"/files/{poll.ids[0]}/file.html").text
    assert '<header class="head"><p>Rennes participe</p></header>' in paper


@pytest.mark.parametrize("where", ["get", "post"])
def test_a_colour_nobody_could_read_is_refused_and_everything_typed_is_kept(admin: TestClient, where: str) -> None:
    typed = {"name": "Rennes participe", "colour": "#FFF9C4"}
    page = admin.get("/staff/look/preview", params=typed) if where == "get" else admin.post("/staff/look", data=typed)
    assert page.status_code == 422
    assert "#FFF9C4 est trop pâle pour les pages claires : son contraste y est de 1" in text(page)
    assert 'value="#FFF9C4"' in page.text
    assert 'value="Rennes participe"' in page.text
    assert "look.css" not in admin.get("/").text


def test_a_saved_look_is_on_every_page_by_its_hash(admin: TestClient, cast: Cast, clock: Clock) -> None:
    OpenPoll(cast, clock.now)
    assert admin.post("/staff/look", data=LOOK).status_code == 303
    for path in ("/", "/editions/rennes-2027/vote", "/nowhere"):
        page = admin.get(path)
        assert "Rennes participe" in page.text, path
        link = re.search(r'<link rel="stylesheet" href="(/look\.css\?v=\w{12})">', page.text)
        assert link is not None, path
        assert 'name="theme-color" content="#C8102E"' in page.text
    sheet = admin.get(link[1])
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert "--brand: #C8102E" in sheet.text
    again = admin.get(link[1], headers={"If-None-Match": sheet.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" not in admin.get("/look.css?v=000000000000").headers["cache-control"]


def test_the_sign_is_kept_in_the_database_and_served_to_everyone(admin: TestClient) -> None:
    sent = admin.post("/staff/look/sign", files={"file": ("logo.png", picture("PNG"), "image/png")})
    assert sent.status_code == 303
    admin.cookies.clear()
    address = re.search(r'<img class="sign" src="(/look/sign\?v=\w{12})" alt=""', admin.get("/").text)
    assert address is not None
    sign = admin.get(address[1])
    assert (sign.status_code, sign.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in sign.headers["cache-control"]
    assert admin.get(address[1], headers={"If-None-Match": sign.headers["etag"]}).status_code == 304


def test_a_sign_that_is_no_picture_is_refused_at_its_field(admin: TestClient) -> None:
    for name, content in (("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("logo.pdf", b"%PDF-1.4\n%%EOF\n")):
        page = admin.post("/staff/look/sign", files={"file": (name, content, "image/png")})
        assert page.status_code == 422
        assert 'id="f-file-error"' in page.text
    assert admin.post("/staff/look/sign", data={"x": "y"}).status_code == 422
    assert admin.post("/staff/look/sign/removal").status_code == 303


def test_only_administrators_open_it(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    assert client.get("/staff/look").status_code == 403
    assert client.post("/staff/look", data=LOOK).status_code == 403
    assert "/staff/look" not in client.get("/staff").text


def test_another_process_shows_it_within_half_a_minute_and_asks_for_it_no_more_often(
    client: TestClient, cast: Cast, clock: Clock, engine: Engine
) -> None:
    client.get("/")
    with work(engine, now=clock.now) as unit:
        set_look(unit, LookForm(**LOOK), by=cast.official())
    with counted(engine) as statements:
        client.get("/")
    assert not any("site_look" in statement for statement in statements)
    clock.now += timedelta(seconds=30)
    assert "Rennes participe" in client.get("/").text


def test_the_design_page_is_made_of_the_sheet_it_speaks_of(client: TestClient) -> None:
    page = client.get("/design")
    assert page.status_code == 200
    for name in ("ink", "brand", "err", "s8", "g7", "t4"):
        assert f"--{name}" in page.text
    assert tokens()["visited"].dark in page.text
    assert "Non atteint" not in text(page)
    row = page.text.partition("<code>--ink</code> / <code>--paper</code>")[2].partition("</tr>")[0]
    assert re.findall(r"<span>([0-9]+(?:,[0-9])?)</span>", row) == ["7,0", "15,5", "16,0"], "measured"
    assert page.text.count('class="error"') == 1
    assert 'dir="rtl"' in page.text
    assert "style=" not in page.text
    assert 'href="/design"' in client.get("/").text
