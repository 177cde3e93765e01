"""Documents through their pages: words for every picture, a choice of who sees it, and no way in for anybody else (N12, trap 17)."""

import io

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.core.permissions import Role
from app.proposals.models import Document, Proposal
from app.unit import work
from tests.cast import Cast
from tests.proposals.partners import all_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SAID = {"kind": "photo", "alt": "Deux femmes au puits"}


def picture(size: tuple[int, int] = (60, 30)) -> tuple[str, bytes]:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return "puits.png", out.getvalue()


@pytest.fixture
def path(client: TestClient, cast: Cast) -> str:
    """The documents of a draft of Claire's, who is signed in."""
    claire = cast.person()
    cast.sign_in(client, claire)
    return f"/files/{cast.draft(claire).public_id}/documents"


def documents(cast: Cast) -> list[Document]:
    with work(cast.engine, now=cast.clock.now) as unit:
        return all_of(unit, Document)


def make_public(cast: Cast, path: str, state: str = "admissible") -> None:
    with work(cast.engine, now=cast.clock.now) as unit:
        next(one for one in all_of(unit, Proposal) if one.public_id in path).state = state


def test_a_picture_needs_words_at_its_field_a_pdf_none(client: TestClient, cast: Cast, path: str) -> None:
    bare = client.post(path, data={"kind": "photo", "alt": " "}, files={"file": picture()})
    assert bare.status_code == 422
    assert 'href="#f-alt"' in bare.text
    assert client.post(path, data={"kind": "quote"}, files={"file": ("devis.pdf", PDF)}).status_code == 303
    assert client.post(path, data=SAID, files={"file": picture()}).status_code == 303
    assert [(one.kind, one.alt, one.shared) for one in documents(cast)] == [("quote", "", False), ("photo", SAID["alt"], False)]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"shared": "yes"}, "consent"), ({"shared": "yes", "consent": ""}, "consent"), ({"alt": "x" * 301}, "alt"),
     ({"kind": "bank_details", "shared": "yes", "consent": "yes"}, "shared"),
     ({"from_partner": "yes"}, "from_partner"), ({"kind": "x"}, "kind")],
)  # fmt: skip
def test_nothing_is_public_without_consent_and_some_kinds_never(
    client: TestClient, cast: Cast, path: str, said: dict[str, str], field: str
) -> None:
    answer = client.post(path, data=SAID | said, files={"file": picture()})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert documents(cast) == []


def test_words_are_corrected_and_a_publication_taken_back_even_after_submission(client: TestClient, cast: Cast, path: str) -> None:
    client.post(path, data=SAID | {"shared": "yes", "consent": "yes"}, files={"file": picture()})
    (photo,) = documents(cast)
    make_public(cast, path)
    assert client.get(f"/published/{photo.public_id}").status_code == 200
    own = f"{path}/{photo.public_id}"
    assert SAID["alt"] in client.get(own).text
    assert client.post(own, data={"alt": "", "shared": "yes", "consent": "yes"}).status_code == 422
    assert client.post(own, data={"alt": "Trois femmes", "shared": "yes"}).status_code == 422
    assert client.post(own, data={"alt": "Trois femmes"}).status_code == 303
    assert client.get(f"/published/{photo.public_id}").status_code == 404
    assert documents(cast)[0].alt == "Trois femmes"
    assert documents(cast)[0].consented_at is None


def test_a_published_picture_can_do_nothing_and_only_of_a_public_project(client: TestClient, cast: Cast, path: str) -> None:
    client.post(path, data=SAID | {"shared": "yes", "consent": "yes"}, files={"file": picture()})
    (photo,) = documents(cast)
    client.cookies.clear()
    assert client.get(f"/published/{photo.public_id}").status_code == 404, "a draft"
    make_public(cast, path, "submitted")
    assert client.get(f"/published/{photo.public_id}").status_code == 404, "not decided on"
    make_public(cast, path)
    answer = client.get(f"/published/{photo.public_id}")
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    shown = client.get(path.replace("/files/", "/projects/").removesuffix("/documents")).text
    assert f'href="/published/{photo.public_id}"><img src="/published/{photo.public_id}/small" alt="{SAID["alt"]}" width="60"' in shown


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P")])
def test_a_large_photo_stands_small_on_the_page_of_its_project(client: TestClient, cast: Cast, path: str, kind: str, mode: str) -> None:
    out = io.BytesIO()
    drawn = Image.effect_mandelbrot((2400, 3200), (-2, -1.5, 1, 1.5), 60).convert(mode)
    if mode == "RGBA":
        drawn.putalpha(128)
    drawn.save(out, kind)
    file = (f"puits.{kind.lower()}", out.getvalue())
    assert client.post(path, data=SAID | {"shared": "yes", "consent": "yes"}, files={"file": file}).status_code == 303
    (photo,) = documents(cast)
    small = f"/published/{photo.public_id}/small"
    assert client.get(small).status_code == 404, "a draft"
    make_public(cast, path)
    client.cookies.clear()
    whole, answer = client.get(f"/published/{photo.public_id}"), client.get(small)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    seen = Image.open(io.BytesIO(answer.content))
    assert (Image.open(io.BytesIO(whole.content)).size, seen.size) == ((2400, 3200), (480, 640))
    assert len(answer.content) < min(60_000, len(whole.content) / 4)
    if mode == "RGBA":
        assert seen.mode == "RGBA"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert client.get(small, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    shown = client.get(path.replace("/files/", "/projects/").removesuffix("/documents")).text
    assert f'src="{small}" alt="{SAID["alt"]}" width="480" height="640" loading="lazy"' in shown


def test_a_photo_stands_small_on_the_pages_of_its_file_too_for_those_who_may_see_it(client: TestClient, cast: Cast, path: str) -> None:
    out = io.BytesIO()
    Image.effect_mandelbrot((1600, 1200), (-2, -1.5, 1, 1.5), 60).save(out, "JPEG")
    client.post(path, data=SAID, files={"file": ("puits.jpeg", out.getvalue())})
    (photo,) = documents(cast)
    small = f"/documents/{photo.public_id}/small"
    for page in (path, f"{path}/{photo.public_id}"):
        assert f'src="{small}" alt="{SAID["alt"]}" width="640" height="480"' in client.get(page).text, page
    answer = client.get(small)
    assert (answer.status_code, answer.headers["Cache-Control"], answer.headers["Content-Type"]) == (200, "no-store", "image/webp")
    assert Image.open(io.BytesIO(answer.content)).size == (640, 480)
    cast.sign_in(client, cast.person("leo@example.org", "Léo"))
    assert client.get(small).status_code == 404
    client.cookies.clear()
    assert client.get(small).headers["location"].startswith("/sign-in")
    make_public(cast, path, "submitted")
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    assert f'src="{small}"' in client.get(f"/staff/reviews/{path.split('/')[2]}").text


def test_a_shared_pdf_is_a_download(client: TestClient, cast: Cast, path: str) -> None:
    client.post(path, data={"kind": "quote", "shared": "yes"}, files={"file": ("devis.pdf", PDF)})
    make_public(cast, path)
    client.cookies.clear()
    answer = client.get(f"/published/{documents(cast)[0].public_id}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/published/{documents(cast)[0].public_id}/small").status_code == 404, "no picture"


def test_nobody_else_reads_a_document_nor_the_paper_of_the_file(client: TestClient, cast: Cast, path: str) -> None:
    """N12: asked for at each request, never kept, a 404 for the wrong person."""
    client.post(path, data={"kind": "bank_details"}, files={"file": ("rib.pdf", PDF)})
    (document,) = documents(cast)
    file = path.removesuffix("/documents")
    asked = [f"/documents/{document.public_id}", f"{file}/file.pdf", f"{file}/file.html"]
    for address in asked:
        own = client.get(address)
        assert (own.status_code, own.headers["Cache-Control"]) == (200, "no-store"), address
    client.cookies.clear()
    assert [client.get(address).headers["location"][:8] for address in asked] == ["/sign-in"] * 3
    leo = cast.person("leo@example.org", "Léo")
    cast.organisation(leo, name="Autre")
    officer, moderator = cast.official(Role.CASE_OFFICER), cast.official(Role.MODERATOR, email="m@example.org", name="M")
    for person in (leo, officer, moderator):
        cast.sign_in(client, person)
        assert [client.get(address).status_code for address in (*asked, path, f"{path}/{document.public_id}")] == [404] * 5
        assert client.post(f"{path}/{document.public_id}", data={"shared": "yes"}).status_code == 404
        assert client.get(f"/published/{document.public_id}").status_code == 404
    make_public(cast, path, "submitted")
    for person, status in ((officer, 200), (moderator, 404), (leo, 404)):
        cast.sign_in(client, person)
        assert [client.get(address).status_code for address in asked] == [status] * 3
    cast.sign_in(client, officer)
    assert client.post(f"{path}/{document.public_id}", data={}).status_code == 404, "words are the carrier's"


def test_a_document_of_another_file_is_not_reached_through_one_s_own(client: TestClient, cast: Cast, path: str) -> None:
    client.post(path, data={"kind": "statutes"}, files={"file": ("statuts.pdf", PDF)})
    (document,) = documents(cast)
    other = cast.draft(cast.person()).public_id
    assert client.get(f"/files/{other}/documents/{document.public_id}").status_code == 404
    assert client.post(f"/files/{other}/documents/{document.public_id}", data={"shared": "yes"}).status_code == 404
    client.post(f"/files/{other}/documents/{document.public_id}/removal")
    assert len(documents(cast)) == 1
