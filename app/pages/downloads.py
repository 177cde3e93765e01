"""Handing documents back: always as a download, never opened inside our pages, never kept by a cache."""

from urllib.parse import quote

from fastapi import Response


def download_of(name: str, media_type: str, content: bytes) -> Response:
    """The bytes of a document under its own name."""
    plain = name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "") or "document"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
