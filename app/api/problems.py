"""How the errors of the API are described in its OpenAPI document."""

from typing import Any

from app.api.shapes import Problem

WORDS = {
    403: "This cannot be done now; the detail says why.",
    404: "There is nothing public at this address.",
    409: "This contradicts what was done before: the first act stands.",
    422: "A parameter cannot be accepted.",
}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can fail in these ways, as application/problem+json."""
    schema = Problem.model_json_schema()
    return {status: {"description": WORDS[status], "content": {"application/problem+json": {"schema": schema}}} for status in statuses}
