"""The look of the site: the city's name, sign and colour, with a preview before anything is saved."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.core.forms import read
from app.core.look.contrast import shown as as_written
from app.core.messages import Message
from app.core.problems import Invalid
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.looks import forget_look
from app.http.unit_of_work import InWork
from app.look import service
from app.look.colours import sheet, twins
from app.pages.documents import sent_file
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official
from app.unit import Work

router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Query(max_length=200)]


@router.get("/staff/look", dependencies=[staff("set_look")])
def show(request: Request, work: InWork, who: Official) -> Response:
    """The look as it is."""
    look = service.look_of(work)
    return _form(request, work, {"name": look.name if look else "", "colour": look.colour if look else ""})


@router.get("/staff/look/preview", dependencies=[staff("set_look")])
def preview(request: Request, work: InWork, who: Official, name: Typed = "", colour: Typed = "") -> Response:
    """The name and the colour as pages would show them, in light and in dark, before they are saved."""
    typed = {"name": name, "colour": colour}
    try:
        form = read(service.LookForm, typed)
    except Invalid as problem:
        return _form(request, work, typed, problem.errors)
    both = twins(form.colour) if form.colour else None
    return staff_page(request, "staff/look/preview.html", form=form, twins=both, as_written=as_written)


@router.get("/staff/look/trial.css", dependencies=[staff("set_look")])
def trial(colour: Typed = "") -> Response:
    """The style sheet of a colour that is being tried; it applies to the samples of the preview alone."""
    form = read(service.LookForm, {"colour": colour})
    return Response(sheet(form.colour, ".look-trial") if form.colour else "", media_type="text/css; charset=utf-8")


@router.post("/staff/look", dependencies=[staff("set_look")])
def save(request: Request, work: InWork, who: Official, sent: SentForm) -> Response:
    """Keep the name and the colour that were previewed."""
    try:
        form = sent.check(service.LookForm)
    except Invalid as problem:
        return _form(request, work, sent.simple(), problem.errors)
    service.set_look(work, form, by=who)
    forget_look(request)
    return go("/staff/look", done="saved")


@router.post("/staff/look/sign", dependencies=[staff("set_look")])
def save_sign(request: Request, work: InWork, who: Official, sent: SentForm) -> Response:
    """Keep the picture that was sent as the city's sign."""
    try:
        service.set_sign(work, *sent_file(sent), by=who)
    except Invalid as problem:
        work.db.rollback()
        look = service.look_of(work)
        return _form(request, work, {"name": look.name if look else "", "colour": look.colour if look else ""}, problem.errors)
    forget_look(request)
    return go("/staff/look", done="saved")


@router.post("/staff/look/sign/removal", dependencies=[staff("set_look")])
def remove_sign(request: Request, work: InWork, who: Official, sent: SentForm) -> Response:
    """Go back to the sign of the house."""
    service.remove_sign(work, by=who)
    forget_look(request)
    return go("/staff/look", done="deleted")


def _form(request: Request, work: Work, values: dict[str, Any], errors: dict[str, Message] | None = None) -> Response:
    saved = service.look_of(work)
    given = {name: values.get(name, "") for name in ("name", "colour")}
    return staff_page(request, "staff/look/form.html", values=given, errors=errors or {}, saved=saved, status=422 if errors else 200)
