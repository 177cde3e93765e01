"""create_app(): the one place where everything meets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.api import router as api
from app.core.formats.pabulib_lines import MAX_BYTES
from app.database import make_engine
from app.exchange.sheets.sheet_limits import MAX_BYTES as TABLE_BYTES
from app.http import kept, problems
from app.http.audience import check_audiences
from app.http.compression import Compressed
from app.http.looks import learn_look
from app.http.safety import FORM_ROOM, SafeEdge
from app.http.short_way import ShortWay
from app.loop_box import loop_box
from app.pages import demo_routers, routers, straight_routes
from app.settings import ROOT, settings

SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}
"""No spans, whatever the environment says: a dated trace of the vote's request would be a log of it."""


class HashedFiles(StaticFiles):
    """Static files: those asked for by the hash of their bytes may be kept for ever."""

    async def get_response(self, path: str, scope: Scope):  # type: ignore[no-untyped-def]
        answer = await super().get_response(path, scope)
        by_hash = scope.get("query_string", b"").startswith(b"v=")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if by_hash else "public, max-age=3600"
        return answer


@asynccontextmanager
async def _started(app: FastAPI) -> AsyncIterator[None]:
    """What a process learns and holds before it answers."""
    learn_look(app)
    async with loop_box(app.state.engine) as app.state.box:
        yield


def create_app(engine: Engine | None = None) -> FastAPI:
    """The application. Raises RuntimeError at once if a route declares no audience."""
    chosen = settings()
    app = FastAPI(title="Quotepart", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json", telemetry=SILENT,
                  lifespan=_started)  # fmt: skip
    app.state.engine = engine or make_engine(chosen.database_url, sides=chosen.sides)
    for router in (*routers, *(demo_routers if chosen.demo else ()), api):
        app.include_router(router)
    app.mount("/static", HashedFiles(directory=ROOT / "static"), name="static")
    problems.install(app)
    kept.install(app)
    limit = chosen.upload_limit_mb * 1_000_000 + FORM_ROOM
    larger = {"/staff/simulator/files": MAX_BYTES + FORM_ROOM, "/staff/tables/files": TABLE_BYTES + FORM_ROOM}
    app.add_middleware(Compressed)
    app.add_middleware(ShortWay, own=app, routes=straight_routes)
    app.add_middleware(
        SafeEdge, own_origin=chosen.base_url, body_limit=limit, larger=larger, refuse=problems.answer, failed=problems.unforeseen
    )
    check_audiences(app)
    return app
