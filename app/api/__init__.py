"""The JSON door, /api/v1."""

from fastapi import APIRouter

from app.api import ballot, editions, log, projects, results

router = APIRouter(prefix="/api/v1", tags=["Quotepart"])
router.include_router(editions.router)
router.include_router(projects.router)
router.include_router(results.router)
router.include_router(ballot.router)
router.include_router(log.router)
