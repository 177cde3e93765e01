"""Documents: only what it says it is, drawn anew, for the eyes of the carrier and the city."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app import uploads
from app.core.lifecycle import State
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Missing
from app.proposals import documents, queries
from app.unit import Work
from tests.cast import Cast

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def flood() -> bytes:
    """A PNG of 40 bytes that says it has 30 000 × 30 000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 10)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("letter.pdf", PDF, "letter.pdf"), ("a.JPG", picture("JPEG"), "a.JPG"), ("a.jpeg", picture("JPEG"), "a.jpeg"),
        ("b.png", picture("PNG"), "b.webp"), ("c.webp", picture("WEBP"), "c.webp"),
    ],
)  # fmt: skip
def test_sound_files_are_kept_and_pictures_only_as_jpeg_or_webp(name: str, content: bytes, kept: str) -> None:
    upload = uploads.look_at(name, content)
    assert upload.name == kept
    assert upload.is_picture == (upload.media_type in ("image/jpeg", "image/webp"))
    assert (upload.width, upload.height) == ((40, 20) if upload.is_picture else (None, None))


def test_a_photo_of_a_phone_that_holds_a_second_one_is_a_photo() -> None:
    """Many phones send a small or a brighter copy after the picture (MPO)."""
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), "red")])
    kept = Image.open(io.BytesIO(uploads.look_at("IMG_1.jpg", out.getvalue()).content))
    assert (kept.format, getattr(kept, "n_frames", 1)) == ("JPEG", 1)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "I;16", "CMYK", "RGBA"])
def test_every_usual_kind_of_colour_is_taken(mode: str) -> None:
    out, kind = io.BytesIO(), "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (30, 30)).save(out, kind)
    assert uploads.look_at("a.jpg" if kind == "JPEG" else "a.png", out.getvalue()).width == 30


def test_a_large_photo_is_kept_at_a_size_that_a_page_can_carry() -> None:
    assert (uploads.look_at("a.jpg", picture("JPEG", (5000, 2500)))[3:]) == (3600, 1800)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "neither a PDF"),
        ("a.png", b"<html><script>alert(1)</script>", "neither a PDF"),
        ("a.gif", b"GIF89a" + b"\x00" * 40, "neither a PDF"),
        ("a.pdf", b"\n" + PDF, "neither a PDF"),
        ("a.pdf", PDF + b"PK\x03\x04<script>alert(1)</script>", "damaged"),
        ("a.pdf", b"%PDF-1.7 cut short", "damaged"),
        ("a.html", PDF, "does not fit"),
        ("a.pdf", picture("PNG"), "does not fit"),
        ("a.png", picture("JPEG"), "does not fit"),
        ("a.png", picture("PNG")[:60], "damaged"),
        ("a.png", flood(), "too large to be opened"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", PDF + b" " * 8_000_000, "too large: 8 MB"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        uploads.look_at(name, content)
    assert set(caught.value.errors) == {"file"}


def test_a_picture_of_more_than_25_million_pixels_is_refused_before_it_is_decoded() -> None:
    assert uploads.look_at("a.png", picture("PNG", (5000, 100)))
    with pytest.raises(Invalid, match="25 million pixels"):
        uploads.look_at("a.png", picture("PNG", (5001, 5000)))


def test_where_and_with_what_a_photo_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    kept = uploads.look_at("a.jpg", picture("JPEG", exif=exif, comment=b"name of the photographer") + b"<script>tail</script>").content
    again = Image.open(io.BytesIO(kept))
    assert again.size == (20, 40)
    assert not again.getexif()
    assert all(secret not in kept for secret in (b"SecretCamera", b"photographer", b"<script>"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\claire\\lettre.pdf", "lettre.pdf"),
        ("a\r\nX: 1.pdf", "aX 1.pdf"),
        ("…", "…"),
        ("", "document"),
        ("facture\u202efdp.exe.pdf", "facturefdp.exe.pdf"), ("<b>.pdf", "b.pdf"),
        ("é" * 300 + ".pdf", "é" * 95 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(typed: str, kept: str) -> None:
    assert uploads.safe_name(typed) == kept


def test_a_document_is_added_once_and_removed_while_the_file_may_change(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    file = queries.carrier_file(unit, cast.draft(claire).public_id, claire)
    made = documents.add(unit, file, "partner_letter", "lettre.pdf", PDF, by=claire)
    assert documents.content_of(unit, made) == PDF
    with pytest.raises(Invalid, match="already joined"):
        documents.add(unit, file, "partner_letter", "encore.pdf", PDF, by=claire)
    with pytest.raises(Invalid) as caught:
        documents.add(unit, file, "passport", "p.pdf", PDF, by=claire)
    assert set(caught.value.errors) == {"kind"}
    documents.remove(unit, file, made.public_id, by=claire)
    assert queries.documents_of(unit, file.proposal) == []
    file.proposal.state = State.ADMISSIBLE
    with pytest.raises(Conflict):
        documents.add(unit, file, "other", "o.pdf", PDF, by=claire)


def test_a_document_is_for_its_carrier_and_once_submitted_for_the_city(unit: Work, cast: Cast) -> None:
    claire, officer, stranger = cast.person(), cast.official(Role.CASE_OFFICER), cast.person("leo@example.org", "Léo")
    moderator = cast.official(Role.MODERATOR, email="m@example.org", name="M")
    file = queries.carrier_file(unit, cast.draft(claire).public_id, claire)
    made = documents.add(unit, file, "statutes", "statuts.pdf", PDF, by=claire)
    unit.db.flush()
    assert queries.document_for(unit, made.public_id, claire).id == made.id
    for person in (officer, stranger, None):
        with pytest.raises(Missing):
            queries.document_for(unit, made.public_id, person)
    file.proposal.state = State.SUBMITTED
    unit.db.flush()
    assert queries.document_for(unit, made.public_id, officer).id == made.id
    for person in (stranger, moderator, None):
        with pytest.raises(Missing):
            queries.document_for(unit, made.public_id, person)
