"""The JSON door, /api/v1."""

from fastapi import APIRouter

from app.api import editions, projects

router = APIRouter(prefix="/api/v1", tags=["Quotepart"])
router.include_router(editions.router)
router.include_router(projects.router)
