"""Editions, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from app.api import shapes
from app.api.problems import described
from app.core.money import Money
from app.editions.models import Edition
from app.editions.queries import calendar_of, find_edition, listed_editions, programme_of
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.review.public import Shown, offer_of
from app.settings import settings

router = APIRouter()
Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", description="The edition's name in addresses.")]


@router.get("/editions", dependencies=[EVERYONE])
def editions(work: InWork) -> list[shapes.EditionSummary]:
    """Every published edition, the newest first."""
    return [shapes.EditionSummary(**_summary(listed.edition, listed.programme.slug)) for listed in listed_editions(work)]


@router.get("/editions/{slug}", dependencies=[EVERYONE], responses=described(404, 422))
def edition(work: InWork, slug: Slug) -> shapes.EditionDetail:
    """One edition with its envelope, its calendar and its rules."""
    found = find_edition(work, slug)
    programme, calendar, sizes = programme_of(work, found), calendar_of(work, found), offer_of(work, found).sizes
    return shapes.EditionDetail(
        **_summary(found, programme.slug), introduction=found.introduction, zone=programme.zone, envelope=_envelope(found),
        themes=[shapes.Choice(key=choice.key, label=choice.label) for choice in found.themes],
        phases=[shapes.Phase(kind=window.kind, opens=window.opens, closes=window.closes) for window in calendar.windows],
        rules=[shapes.Rule(**rule.model_dump(include={"key", "kind", "article", "blocking", "wording"})) for rule in found.rulebook.rules],
        accepted_projects=sizes[Shown.ACCEPTED], refused_projects=sizes[Shown.REFUSED],
    )


def amount(money: Money | None) -> shapes.Amount | None:
    """An amount as the API shows it."""
    return None if money is None else shapes.Amount(cents=money.cents, currency=money.currency)

def _envelope(edition: Edition) -> shapes.Amount | None:
    return amount(edition.envelope.amount()) if edition.envelope else None


def _summary(edition: Edition, programme: str) -> dict[str, Any]:
    address = f"{settings().base_url}/editions/{edition.slug}"
    return {"slug": edition.slug, "name": edition.name, "programme": programme, "published_at": edition.published_at, "url": address}
