"""What a form sent: its values and its files, read once and with limits, checked later by a form model."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from app.core.forms import Form, read
from app.core.messages import say
from app.core.problems import Problem

MAX_FIELDS = 2000
MAX_TEXT = 200_000
Checked = TypeVar("Checked", bound=Form)


class Unreadable(Problem):
    """400: what was sent is not a form."""


@dataclass(frozen=True)
class Sent:
    """A form as it came: every name with all its values, and the files by name."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The last value sent under a name."""
        return self.values.get(name, [default])[-1]

    def all(self, name: str) -> list[str]:
        """Every value sent under a name."""
        return list(self.values.get(name, []))

    def rows(self, group: str, names: Sequence[str]) -> list[dict[str, str]]:
        """Rows of inputs named `group-0-name`, `group-1-name`, …, in order; rows left wholly blank are dropped."""
        numbers = sorted(
            {int(parts[1]) for key in self.values if len(parts := key.split("-", 2)) == 3 and parts[0] == group and parts[1].isdigit()}
        )
        rows = [{name: self.get(f"{group}-{number}-{name}") for name in names} for number in numbers[:200]]
        return [row for row in rows if any(value.strip() for value in row.values())]

    def simple(self, *lists: str, ignore: Sequence[str] = ()) -> dict[str, Any]:
        """One value for each name, all values for the names in `lists`; names with a row number are left to `rows`."""
        single = {
            name: values[-1] for name, values in self.values.items() if name not in lists and name not in ignore and not _is_row(name)
        }
        return single | {name: self.all(name) for name in lists}

    def check(self, form: type[Checked], *lists: str, ignore: Sequence[str] = (), **more: Any) -> Checked:
        """Check everything sent against `form`. Raises Invalid with a sentence at each field."""
        return read(form, self.simple(*lists, ignore=ignore) | more)


def _is_row(name: str) -> bool:
    parts = name.split("-", 2)
    return len(parts) == 3 and parts[1].isdigit()


async def _sent(request: Request) -> AsyncIterator[Sent]:
    """The form of the request, its files closed afterwards."""
    yield await read_form(request)
    await request.close()


async def read_form(request: Request) -> Sent:
    """Read the form of a request, once and with limits. Raises Unreadable for a body that is no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data", ""):
        raise Unreadable(say("This page only accepts what its own form sends. Go back and use the form."))
    try:
        pairs = _pairs(await request.body()) if kind == "application/x-www-form-urlencoded" else await _parts(request)
    except (MultiPartException, HTTPException, ValueError):
        raise Unreadable(say("What was sent cannot be read. Go back and send the form again.")) from None
    values: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in pairs:
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
        elif value.filename:
            files[name] = value
    return Sent(values, files)


def _pairs(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form without files, read at once: Starlette's parser goes through it sign by sign."""
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    if len(body) > MAX_TEXT and any(len(name) + len(value) > MAX_TEXT for name, value in pairs):
        raise ValueError("a field is too long")
    return pairs


async def _parts(request: Request) -> list[tuple[str, UploadFile | str]]:
    return (await request.form(max_files=5, max_fields=MAX_FIELDS, max_part_size=MAX_TEXT)).multi_items()


SentForm = Annotated[Sent, Depends(_sent)]
