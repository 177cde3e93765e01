"""The count of a published result, step by step: one address for each step, drawn by the server, told in words and in tables."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.core.messages import say
from app.core.problems import Missing
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.results import queries
from app.results.replaying import all_said, can_replay, frame_of

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)
NO_STEPS = say("This way of counting takes no project after another, so there are no steps to show.")


@router.get("/editions/{slug}/results/replay", dependencies=[EVERYONE])
@until_changed
def index(request: Request, work: InWork, slug: Address) -> Response:
    """All steps of the count, each in one sentence."""
    result = queries.published_result(work, slug)
    result.refuse_few()
    if not can_replay(result):
        raise Missing(NO_STEPS)
    return page(request, "results/steps.html", zone=result.programme.zone, result=result, edition=result.edition, steps=all_said(result))


@router.get("/editions/{slug}/results/replay/{number}", dependencies=[EVERYONE])
@until_changed
def step(request: Request, work: InWork, slug: Address, number: Annotated[int, Path(ge=0, le=100_000)]) -> Response:
    """One step: the envelope before and after, and what this rule looked at."""
    result = queries.published_result(work, slug)
    frame = frame_of(result, number)
    return page(request, "results/step.html", zone=result.programme.zone, result=result, edition=result.edition, frame=frame)
