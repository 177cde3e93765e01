"""Other rules on the same ballots: beside a published result for everyone, and the reports that officials share."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.core.formats.comparison_json import comparison_schema, rounded, rule_name
from app.exchange.comparison_files import comparison, comparison_of, comparison_table
from app.exchange.trying import file_report
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.results import STYLES, Variant, file_answer
from app.results import comparisons
from app.results.comparisons import Beside, SideBySide

router = APIRouter(include_in_schema=False)


@router.get("/editions/comparison.schema.json", dependencies=[EVERYONE])
def schema() -> Response:
    """The JSON Schema of every comparison."""
    return JSONResponse(comparison_schema(), media_type="application/schema+json")


@router.get("/editions/{slug}/results/other-rules", dependencies=[EVERYONE])
def beside(request: Request, work: InWork, slug: Address) -> Response:
    """What other rules would have chosen on the ballots of a published result."""
    return _shown(request, comparisons.beside_result(work, slug), f"/editions/{slug}/results/other-rules")


@router.get("/editions/{slug}/results/other-rules.json", dependencies=[EVERYONE])
def beside_json(work: InWork, slug: Address) -> Response:
    """The same for programs."""
    return _json(comparisons.beside_result(work, slug))


@router.get("/editions/{slug}/results/other-rules.csv", dependencies=[EVERYONE])
def beside_csv(work: InWork, slug: Address, variant: Variant = Variant.OPEN) -> Response:
    """The same as a table."""
    return _csv(comparisons.beside_result(work, slug), variant, f"{slug}-other-rules.csv")


@router.get("/simulations/{public_id}", dependencies=[EVERYONE])
def report(request: Request, work: InWork, public_id: Address) -> Response:
    """An official's what-if on past ballots."""
    return _shown(request, comparisons.report_at(work, public_id), f"/simulations/{public_id}")


@router.get("/simulations/{public_id}/comparison.json", dependencies=[EVERYONE])
def report_json(work: InWork, public_id: Address) -> Response:
    """The same for programs."""
    return _json(comparisons.report_at(work, public_id))


@router.get("/simulations/{public_id}/comparison.csv", dependencies=[EVERYONE])
def report_csv(work: InWork, public_id: Address, variant: Variant = Variant.OPEN) -> Response:
    """The same as a table."""
    return _csv(comparisons.report_at(work, public_id), variant, f"simulation-{public_id}.csv")


@router.get("/simulations/files/{public_id}", dependencies=[EVERYONE])
def of_file(request: Request, work: InWork, public_id: Address) -> Response:
    """Every rule on the ballots of a file that an official sent."""
    found, path = file_report(work, public_id), f"/simulations/files/{public_id}"
    return page(
        request, "simulations/file.html", fragment="simulations/_rules.html", found=found, path=path, rule_name=rule_name, rounded=rounded
    )


@router.get("/simulations/files/{public_id}/comparison.json", dependencies=[EVERYONE])
def of_file_json(work: InWork, public_id: Address) -> Response:
    """The same for programs."""
    found = file_report(work, public_id)
    link = {"Link": '</editions/comparison.schema.json>; rel="describedby"'}
    return JSONResponse(comparison_of(found, found.file.name).model_dump(mode="json"), headers=link)


@router.get("/simulations/files/{public_id}/comparison.csv", dependencies=[EVERYONE])
def of_file_csv(work: InWork, public_id: Address, variant: Variant = Variant.OPEN) -> Response:
    """The same as a table."""
    return _csv(file_report(work, public_id), variant, f"simulation-{public_id}.csv")


def _shown(request: Request, found: Beside, path: str) -> Response:
    return page(
        request, "simulations/show.html", fragment="simulations/_rules.html", zone=found.programme.zone, found=found,
        edition=found.edition, path=path, rule_name=rule_name, rounded=rounded,
    )  # fmt: skip


def _json(found: Beside) -> Response:
    link = {"Link": '</editions/comparison.schema.json>; rel="describedby"'}
    return JSONResponse(comparison(found).model_dump(mode="json"), headers=link)


def _csv(found: SideBySide, variant: Variant, name: str) -> Response:
    style, language = STYLES[variant]
    return file_answer(comparison_table(found, style, language), "text/csv", name)
