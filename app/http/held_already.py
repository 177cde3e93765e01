"""Answers that a browser holds already: told so in a few bytes."""

from fastapi import Request, Response


def as_it_was(request: Request, etag: str, keeping: str) -> Response | None:
    """304 where the asker already holds what this hash (without quotation marks) stands for, else None. `keeping`: Cache-Control."""
    held = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "")[:1000].split(",")]
    if f'"{etag}"' not in held:
        return None
    return Response(status_code=304, headers={"ETag": f'"{etag}"', "Cache-Control": keeping})
