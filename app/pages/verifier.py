"""The page with which anybody checks a published election: the same files on the site, in the project, and in a zip to keep."""

from __future__ import annotations

import io
from functools import cache
from zipfile import ZipFile, ZipInfo

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from app.http.audience import EVERYONE
from app.settings import ROOT

router = APIRouter(include_in_schema=False)
PAGE = "static/verify/index.html"
BESIDE = ("static/vendor/seal.min.js", "static/vendor/licences", "static/mark.svg")
"""What the page needs of the site besides its own folder, and may be given on."""
EPOCH = (1980, 1, 1, 0, 0, 0)
FRONT = f"""<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vérifier un scrutin</title>
<meta http-equiv="refresh" content="0; url={PAGE}">
<p><a href="{PAGE}">Vérifier un scrutin</a></p>
<p lang="en"><a href="{PAGE}">Check an election</a></p>
<p lang="es"><a href="{PAGE}">Comprobar una votación</a></p>
<p lang="it"><a href="{PAGE}">Verificare una votazione</a></p>
<p lang="de"><a href="{PAGE}">Eine Abstimmung prüfen</a></p>
</html>
"""
"""Stands at the top of the zip, for whoever opens its folder."""


@router.get("/verify", dependencies=[EVERYONE])
def verifier() -> Response:
    """The page. It asks this site for nothing but its own files, and sends nothing."""
    return FileResponse(ROOT / PAGE, media_type="text/html; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/verify/verifier.zip", dependencies=[EVERYONE])
def download() -> Response:
    """The page with all that it needs, to be opened from a disk without any network."""
    name = 'attachment; filename="verifier.zip"'
    return Response(zipped(), media_type="application/zip", headers={"Content-Disposition": name, "Cache-Control": "public, max-age=3600"})


@cache
def zipped() -> bytes:
    """The zip, stored and not deflated: equal files give equal bytes on every machine, so that its hash can be published."""
    made, roots = io.BytesIO(), [(ROOT / PAGE).parent, *(ROOT / name for name in BESIDE)]
    files = sorted(file for root in roots for file in ((root,) if root.is_file() else root.iterdir()) if _goes_along(file.name))
    with ZipFile(made, "w") as archive:
        for name, data in [("index.html", FRONT.encode()), *((file.relative_to(ROOT).as_posix(), file.read_bytes()) for file in files)]:
            entry = ZipInfo(f"quotepart-verifier/{name}", EPOCH)
            entry.external_attr, entry.create_system = 0o644 << 16, 3
            archive.writestr(entry, data)
    return made.getvalue()


def _goes_along(name: str) -> bool:
    return not name.endswith(".txt") or name.startswith("noble-")
