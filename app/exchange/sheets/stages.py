"""Where a table that was sent stands."""

from enum import StrEnum


class Stage(StrEnum):
    """`reading` and `applying` wait for the worker; `read` waits for a person; the others are the end."""

    READING = "reading"
    READ = "read"
    APPLYING = "applying"
    APPLIED = "applied"
    REFUSED = "refused"
    STALE = "stale"
