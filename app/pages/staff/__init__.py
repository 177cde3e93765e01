"""Pages of the back office, and the way between its rooms."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.accounts.people import Person
from app.core.messages import Message, say
from app.http.answers import page

ROOMS: tuple[tuple[str, Message, str], ...] = (
    ("/staff", say("Work to do"), "see_back_office"),
    ("/staff/reviews", say("Files submitted"), "see_files"),
    ("/staff/jury", say("Jury"), "see_files"),
    ("/staff/appeals", say("Appeals"), "see_files"),
    ("/staff/programmes", say("Programmes and editions"), "edit_edition"),
    ("/staff/tables", say("Tables"), "see_files"),
    ("/staff/simulator", say("Simulator on a file"), "simulate"),
    ("/staff/messages", say("Messages"), "word_messages"),
    ("/staff/messages/undelivered", say("E-mails that do not arrive"), "mend_mail"),
    ("/staff/look", say("Look of the site"), "set_look"),
    ("/staff/people", say("People and roles"), "grant_roles"),
    ("/staff/journal", say("Journal"), "see_journal"),
)
"""Address, name, and the permission that opens the room."""

Entry = tuple[str, Message, bool]


def staff_nav(who: Person | None, here: str = "") -> list[Entry]:
    """The rooms a person may enter: (address, name, whether `here` stands in it), for templates/staff/_layout.html."""
    here = "/staff/jury" if here.startswith("/staff/editions") and "/jury" in here else here
    here = "/staff/programmes" if here.startswith("/staff/editions") else here
    rooms = [(path, name) for path, name, needed in ROOMS if who and who.may(needed)]
    inside = [path for path, _ in rooms if here == path or (path != "/staff" and here.startswith(path))]
    return [(path, name, path == max(inside, key=len, default="")) for path, name in rooms]


def staff_page(request: Request, template: str, **values: Any) -> HTMLResponse:
    """`page` for templates that extend staff/_layout.html: adds the side menu of the person who asks."""
    return page(request, template, staff_nav=staff_nav(getattr(request.state, "person", None), request.url.path), **values)
