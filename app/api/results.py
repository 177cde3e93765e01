"""The published result of an edition, for programs."""

from fastapi import APIRouter

from app.api.editions import Slug
from app.api.problems import described
from app.core.formats.comparison_json import ComparisonDocument
from app.core.formats.result_json import ResultDocument
from app.exchange.comparison_files import comparison
from app.exchange.exporting import document
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.results.comparisons import beside_result
from app.results.queries import published_result

router = APIRouter()


@router.get("/editions/{slug}/results", dependencies=[EVERYONE], responses=described(404, 422))
def results(work: InWork, slug: Slug) -> ResultDocument:
    """Votes, money and the reason of each project; 404 until the result is published."""
    return document(work, published_result(work, slug))


@router.get("/editions/{slug}/results/comparison", dependencies=[EVERYONE], responses=described(404, 422))
def other_rules(work: InWork, slug: Slug) -> ComparisonDocument:
    """What other rules would have chosen on the same ballots; rules that have not counted yet are left out, and `complete` says so."""
    return comparison(beside_result(work, slug))
