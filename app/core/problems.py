"""What a verb raises when it cannot do as asked. Each carries sentences a person can act on.

The doors turn them into a page or an `application/problem+json` answer in one place (`app.http.problems`).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.messages import Message


class Problem(Exception):
    """Base of the four refusals; `message` is the one sentence shown first.

    `retry_after`: in how many seconds it is worth trying again, None where time changes nothing.
    """

    status = 400
    retry_after: int | None = None

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Invalid(Problem):
    """422: what was sent cannot be accepted. `errors` maps field names to sentences; "" is the whole form."""

    status = 422

    def __init__(self, errors: Mapping[str, Message]) -> None:
        self.errors = dict(errors)
        super().__init__(next(iter(self.errors.values())))


class Refused(Problem):
    """403: this person may not do this, or not now. `message` says why."""

    status = 403


class Missing(Problem):
    """404: there is nothing here, or nothing this person may see."""

    status = 404


class Conflict(Problem):
    """409: the world changed meanwhile. `message` says what to do next."""

    status = 409
