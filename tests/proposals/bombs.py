"""Files made to break whoever opens them: one function for each, made on the spot, none larger than 8 MB but those that must be (T21)."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MANY = 7_900_000
Made = tuple[str, str, Callable[[], bytes]]
"""What it is, the name it comes under, what makes its bytes."""


def picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 0).save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 40, height: int = 20, *more: bytes, data: bytes | None = None, bits: int = 8, colour: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    lines = zlib.compress(b"\x00" * ((3 * 40 + 1) * 20)) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", lines) + chunk(b"IEND")


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg_after(parts: bytes) -> bytes:
    """A JPEG with more segments at its beginning."""
    return b"\xff\xd8" + parts + picture("JPEG")[2:]


def jpeg_sized(width: int, height: int) -> bytes:
    """A JPEG that says it is of another size."""
    whole = picture("JPEG")
    at = whole.index(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", height, width) + whole[at + 9 :]


def many_scans() -> bytes:
    """A progressive JPEG that draws its 24 million pixels over itself 100 000 times in one megabyte."""
    whole = picture("JPEG", (4900, 4900), progressive=True)
    at = whole.rindex(b"\xff\xda")
    last = whole[at:-2]
    return whole[:at] + last[:300] * min(100_000, MANY // 300 - 1000) + b"\xff\xd9"


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def canvas(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    return b"VP8X", bytes((flags, 0, 0, 0)) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def moving(kind: str, frames: int) -> bytes:
    out = io.BytesIO()
    many = [Image.new("RGB", (2, 2), (one % 256, one // 256, 0)) for one in range(frames)]
    many[0].save(out, kind, save_all=True, append_images=many[1:], duration=20)
    return out.getvalue()


def zipped(name: str, size: int, depth: int = 1) -> bytes:
    content = b"\x00" * size
    for _ in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content = out.getvalue()
    return content


def cut(whole: bytes, share: float) -> bytes:
    return whole[: int(len(whole) * share)]


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def as_bytes(made: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def bombs() -> Iterator[Made]:
    """What is refused."""
    yield "a zip bomb named as a photo", "a.jpg", lambda: zipped("a.txt", 50_000_000)
    yield "a zip bomb named as a PNG", "a.png", lambda: zipped("a.txt", 50_000_000)
    yield "a zip bomb named as a PDF", "a.pdf", lambda: zipped("a.txt", 50_000_000)
    yield "zips in zips in zips", "a.webp", lambda: zipped("a.zip", 50_000_000, depth=5)
    yield "a gzip bomb", "a.png", lambda: gzip.compress(b"\x00" * 50_000_000)
    yield "a PNG that says 30 000 × 30 000", "a.png", lambda: png(30_000, 30_000)
    yield "a PNG that says 2³¹ × 2³¹", "a.png", lambda: png(2**31 - 1, 2**31 - 1)
    yield "a PNG one line over 25 million pixels", "a.png", lambda: picture("PNG", (5000, 5001))
    yield "a PNG of no width", "a.png", lambda: png(0, 20)
    yield (
        "a PNG of black of 400 million pixels, really there",
        "a.png",
        lambda: png(20_000, 20_000, data=zlib.compress(b"\x00" * 20_000_000)),
    )
    yield (
        "a PNG with a text that inflates to 200 MB",
        "a.png",
        lambda: png(9, 9, chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"a" * 200_000_000)), data=b"x"),
    )
    yield (
        "a PNG with a colour profile that inflates to 100 MB",
        "a.png",
        lambda: png(9, 9, chunk(b"iCCP", b"a\x00\x00" + zlib.compress(b"\x00" * 100_000_000)), data=b"x"),
    )
    yield "a PNG of 600 000 empty chunks", "a.png", lambda: png(40, 20, chunk(b"teXt") * (MANY // 12))
    yield "a PNG whose chunk says it is of 4 GB", "a.png", lambda: png()[:33] + struct.pack(">I", 2**32 - 1) + b"IDAT" + b"x" * 100
    yield "a PNG whose lines are no deflated data", "a.png", lambda: png(data=b"nothing that inflates")
    yield (
        "a PNG of 16 bits, 24 million pixels, one line",
        "a.png",
        lambda: png(4900, 4900, data=zlib.compress(b"\x00" * 40), bits=16, colour=6),
    )
    yield "a PNG cut in its middle", "a.png", lambda: cut(as_bytes(noise(300, 300), "PNG"), 0.5)
    yield "a PNG cut in its head", "a.png", lambda: png()[:20]
    yield "a PNG that moves", "a.png", lambda: moving("PNG", 30)
    yield "a PNG without a head", "a.png", lambda: b"\x89PNG\r\n\x1a\n" + chunk(b"IEND")
    yield "a JPEG that says 65 500 × 65 500", "a.jpg", lambda: jpeg_sized(65_500, 65_500)
    yield "a JPEG of no height", "a.jpg", lambda: jpeg_sized(20, 0)
    yield "a JPEG drawn over itself thousands of times", "a.jpg", lambda: many_scans()
    yield "a JPEG of two million comments", "a.jpg", lambda: jpeg_after(segment(0xFE, b"") * (MANY // 4))
    yield "a JPEG that begins with 8 MB of padding", "a.jpg", lambda: jpeg_after(b"\xff" * MANY)
    yield "a JPEG whose segment says it is longer than the file", "a.jpg", lambda: picture("JPEG")[:2] + b"\xff\xe1\xff\xff" + b"x" * 100
    yield "a JPEG cut in its middle", "a.jpg", lambda: cut(as_bytes(noise(300, 300), "JPEG"), 0.5)
    yield "a JPEG cut in its head", "a.jpg", lambda: picture("JPEG")[:30]
    yield "a JPEG of segments without length", "a.jpg", lambda: b"\xff\xd8" + b"\xff\xd0" * (MANY // 2)
    yield "a JPEG whose Exif overflows, and nothing after it", "a.jpg", lambda: b"\xff\xd8" + exif_bomb(60_000) * 130
    yield "a WebP that says 16 383 × 16 383", "a.webp", lambda: riff(canvas(16_383, 16_383), (b"VP8L", b"\x2f" + b"\xff" * 40))
    yield "a WebP that says 2²⁴ × 2²⁴", "a.webp", lambda: riff(canvas(2**24, 2**24), (b"VP8 ", b"\x00" * 40))
    yield "a WebP whose head and picture disagree", "a.webp", lambda: riff(canvas(10, 10), (b"VP8L", b"\x2f" + b"\xff" * 400))
    yield "a WebP that moves thousands of times", "a.webp", lambda: moving("WEBP", 3000)
    yield "a WebP of a million empty chunks", "a.webp", lambda: riff(canvas(10, 10), *[(b"abcd", b"")] * (MANY // 8))
    yield "a WebP cut in its middle", "a.webp", lambda: cut(as_bytes(noise(300, 300), "WEBP"), 0.5)
    yield "a WebP of nothing", "a.webp", lambda: riff()
    yield "a GIF", "a.gif", lambda: picture("GIF")
    yield "a GIF of thousands of pictures named as a PNG", "a.png", lambda: moving("GIF", 2000)
    yield "a GIF that is a script", "a.jpg", lambda: b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)//"
    yield "a TIFF", "a.tiff", lambda: picture("TIFF")
    yield "a TIFF of 20 million pixels packed, named as a JPEG", "a.jpg", lambda: picture("TIFF", (5000, 4000), compression="tiff_deflate")
    yield "a BMP", "a.bmp", lambda: picture("BMP")
    yield "an icon", "a.ico", lambda: picture("ICO")
    yield "a Photoshop file", "a.png", lambda: b"8BPS\x00\x01" + b"\x00" * 6 + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3)
    yield "a drawing (SVG) with a script", "a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield "a drawing (SVG) of a billion laughs, named as a PNG", "a.png", lambda: laughs()
    yield "a page named as a photo", "a.jpg", lambda: b"<!doctype html><script>alert(1)</script>"
    yield "PostScript", "a.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 30000 30000\n(x) run\n"
    yield "a photo named as a page", "a.html", lambda: picture("JPEG")
    yield "a photo named as a PDF", "a.pdf", lambda: picture("JPEG")
    yield "a PDF named as a photo", "a.png", lambda: PDF
    yield "a PDF with an archive after its end", "a.pdf", lambda: PDF + zipped("a.txt", 50_000_000)
    yield "a PDF with a page after its end", "a.pdf", lambda: PDF + b"<script>alert(1)</script>"
    yield "a PDF behind something else", "a.pdf", lambda: b"GIF89a" + PDF
    yield "a PDF cut short", "a.pdf", lambda: PDF[:-8]
    yield "a file of more than 8 MB", "a.jpg", lambda: picture("JPEG") + b"\x00" * 8_000_000
    yield "an empty file", "a.jpg", bytes


def exif_bomb(size: int) -> bytes:
    """Exif of thousands of entries, each of which points to all the rest."""
    entries = size // 24
    table = b"".join(struct.pack(">HHII", tag, 2, size - 100, 8) for tag in range(entries))
    data = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">H", entries) + table
    return segment(0xE1, b"Exif\x00\x00" + data + b"\x00" * (size - len(data)))


def laughs() -> bytes:
    levels = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    return f"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a0 'ha'>{levels}]><svg>&a9;</svg>".encode()


def harmless() -> Iterator[Made]:
    """Pictures that carry a bomb beside the picture: taken, since nothing but the picture is looked at or kept."""
    yield "Exif that asks for gigabytes", "a.jpg", lambda: jpeg_after(exif_bomb(60_000) * 100)
    yield "a giant comment", "a.jpg", lambda: jpeg_after(segment(0xFE, b"x" * 65_000) * 100)
    yield (
        "a PNG with a text that inflates to 200 MB",
        "a.png",
        lambda: png(40, 20, chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"a" * 200_000_000))),
    )
    yield (
        "a PNG with 7 MB of Exif",
        "a.png",
        lambda: png(40, 20, chunk(b"eXIf", b"MM\x00\x2a\x00\x00\x00\x08\xff\xff" + b"\x01\x12" * 3_500_000)),
    )
    yield "a photo with an archive behind it", "a.jpg", lambda: picture("JPEG") + zipped("a.txt", 50_000_000)
    yield "a photo with a page behind it", "a.jpg", lambda: picture("JPEG") + b"<script>alert(1)</script>"
