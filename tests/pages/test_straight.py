"""The shortest way takes nothing that it would forget: whatever it cannot hand to an endpoint is refused before anybody comes."""

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.http.audience import EVERYONE, SIGNED_IN, VOTER, staff
from app.http.forms import SentForm
from app.http.unit_of_work import InCasting, InReading, InReceipt, InWork
from app.pages.addresses import Address
from app.pages.straight import StraightRoute


def as_it_should_be(request: Request, work: InCasting, slug: Address, sent: SentForm) -> Response:
    return Response(f"{slug}: {','.join(sent.all('choice'))}")


def with_a_session(request: Request, work: InWork, slug: Address, sent: SentForm) -> Response:
    return Response()


def with_a_reading_session(request: Request, work: InReading, slug: Address, sent: SentForm) -> Response:
    return Response()


def with_work_that_only_reads(request: Request, work: InReceipt, slug: Address, sent: SentForm) -> Response:
    return Response()


def with_a_query(request: Request, work: InCasting, slug: Address, sent: SentForm, lang: str = "") -> Response:
    return Response()


def without_its_form(request: Request, work: InCasting, slug: Address) -> Response:
    return Response()


def straight() -> APIRouter:
    return APIRouter(route_class=StraightRoute)


def test_a_straight_route_hands_over_the_address_and_the_form(engine: Engine) -> None:
    router, app = straight(), FastAPI()
    app.state.engine = engine
    router.post("/a/{slug}", dependencies=[VOTER])(as_it_should_be)
    app.include_router(router)
    answer = TestClient(app).post("/a/rennes", data={"choice": ["P01", "P02"]})
    assert answer.text == "rennes: P01,P02"


@pytest.mark.parametrize("endpoint", [with_a_session, with_a_reading_session, with_work_that_only_reads, with_a_query, without_its_form])
def test_an_endpoint_that_wants_anything_else_is_refused_at_start_up(endpoint: object) -> None:
    with pytest.raises(TypeError, match="/a/"):
        straight().post("/a/{slug}", dependencies=[VOTER])(endpoint)  # type: ignore[type-var]


@pytest.mark.parametrize(
    "audience", [EVERYONE, SIGNED_IN, staff("edit_edition"), Depends(lambda: None)], ids=["everyone", "signed in", "staff", "other"]
)
def test_a_route_that_would_ask_who_is_there_is_refused_at_start_up(audience: object) -> None:
    with pytest.raises(TypeError, match="asks who is there"):
        straight().post("/a/{slug}", dependencies=[audience])(as_it_should_be)  # type: ignore[list-item]


def test_a_form_for_a_page_that_is_only_read_is_refused_at_start_up() -> None:
    with pytest.raises(TypeError, match="request, slug, work"):
        straight().get("/a/{slug}", dependencies=[VOTER])(as_it_should_be)
