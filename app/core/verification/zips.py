"""A bundle as one zip file: read within bounds, written the same each time."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.core.messages import say
from app.core.verification.bundle import MOST_BYTES, OPTIONAL, REQUIRED, Bundle, Malformed, Opener

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip can bear, so that equal bundles are equal bytes."""
ENCRYPTED = 0x1
BUFFER = 1024 * 1024


def read_zip(source: BinaryIO | bytes, *, name: str = "zip", most: int = MOST_BYTES) -> Bundle:
    """The bundle in a zip: its files at the top or all in one folder. `source` stays open as long as the bundle is used.

    Raises Malformed where it is no zip, inflates to more than `most` bytes, is locked, or holds other files than a bundle does.
    """
    try:
        archive = ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        members = [one for one in archive.infolist() if not one.is_dir()]
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise Malformed(name, 0, say("this is not a zip file that can be read.")) from None
    if sum(one.file_size for one in members) > most:
        raise Malformed(name, 0, say("the files hold more than %(limit)d MB together.", limit=most // 1_000_000))
    folders = {one.filename.rpartition("/")[0] for one in members}
    if len(folders) > 1 or any("/" in folder for folder in folders):
        raise Malformed(name, 0, say("the files must stand side by side in one folder."))
    openers: dict[str, Opener] = {}
    for one in members:
        file = one.filename.rpartition("/")[2]
        if file in openers:
            raise Malformed(file, 0, say("this file stands in the zip twice."))
        if one.flag_bits & ENCRYPTED or one.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Malformed(file, 0, say("this file is locked, or packed in a way that a bundle does not use."))
        openers[file] = _opener(archive, one)
    return known(openers)


def known(openers: Mapping[str, Opener]) -> Bundle:
    """The bundle of these files. Raises Malformed where a name is none of a bundle's."""
    for file in sorted(openers.keys() - {*REQUIRED, *OPTIONAL}):
        raise Malformed(file[:100], 0, say("a bundle holds no such file."))
    return Bundle(openers)


def _opener(archive: ZipFile, member: ZipInfo) -> Opener:
    # The buffer makes reading line by line ten times as fast; zipfile itself reads no more than the size the zip declares.
    return lambda: cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, archive.open(member)), BUFFER))


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """The files in one zip, sorted by name, with one fixed date."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, files[name])
    return made.getvalue()
