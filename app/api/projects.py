"""Public projects, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from app.api import shapes
from app.api.editions import Slug, amount
from app.api.problems import described
from app.core.lifecycle import State
from app.editions.queries import find_edition
from app.http.audience import EVERYONE
from app.http.language import language_of
from app.http.unit_of_work import InWork
from app.proposals.queries import ORDERS, ProjectCard, history, project_by_public_id, public_projects
from app.rendering import speaking, translate
from app.review.jury.public import PublicOpinion
from app.review.models import REFUSALS, Ground, Veto
from app.review.opinions import said_of
from app.review.public import STATES_SHOWN, Shown, check_filters, is_overtaken, states_of
from app.review.queries import criteria_of, decisions_of
from app.review.sheet import Sheet, sheet_of
from app.settings import settings
from app.unit import Work

router = APIRouter()
PublicId = Annotated[str, Path(pattern=r"^[0-9a-z]{1,12}$", description="The project's permanent identifier.")]


@router.get("/editions/{slug}/projects", dependencies=[EVERYONE], responses=described(404, 422))
def projects(
    request: Request, work: InWork, slug: Slug, q: Annotated[str, Query(max_length=200)] = "",
    theme: Annotated[str, Query(max_length=40)] = "", country: Annotated[str, Query(max_length=2)] = "", shown: Shown = Shown.ACCEPTED,
    order: Annotated[int, Query(ge=0, lt=ORDERS)] = 0, page: Annotated[int, Query(ge=1, le=1000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 24,
) -> shapes.ProjectPage:
    """The public projects of an edition, with the filters and the drawn orders of the page for people."""
    edition = find_edition(work, slug)
    check_filters(edition, theme, country)
    found, total = public_projects(
        work, edition, text=q, theme=theme or None, country=country or None, order=order, page=page, per_page=per_page,
        language=language_of(request), states=STATES_SHOWN[shown],
    )
    states = states_of(work, [card.public_id for card in found])
    cards = [_summary(card, states[card.public_id]) for card in found]
    return shapes.ProjectPage(order=order, page=page, pages=-(-total // per_page), total=total, projects=cards)


@router.get("/projects/{public_id}", dependencies=[EVERYONE], responses=described(404, 422))
def project(request: Request, work: InWork, public_id: PublicId) -> shapes.ProjectDetail:
    """One public project: what is asked, what was decided and why, what happened."""
    sheet = sheet_of(work, project_by_public_id(work, public_id))
    said = said_of(work, sheet.proposal)
    with speaking(language_of(request), sheet.programme.zone):
        return shapes.ProjectDetail(
            **_facts(sheet), steps=_steps(work, sheet), decision=_decision(work, sheet, said.veto), jury=_jury(said.opinion),
            carrier_answer=said.answer, veto=_veto(said.veto),
        )


def _summary(card: ProjectCard, state: State) -> shapes.ProjectSummary:
    return shapes.ProjectSummary(
        public_id=card.public_id, number=card.number, title=card.title, summary=card.summary, language=card.lang, carrier=card.carrier,
        country=card.country, state=state.value, requested=amount(card.requested), url=f"{settings().base_url}{card.url}",
    )


COLUMNS = (
    "public_id", "number", "title", "summary", "description", "language", "state", "country", "theme", "sdgs", "sdg_targets",
    "purpose_code", "need", "origin", "objectives", "beneficiaries", "starts_on", "duration_months",
)
"""The columns of a file that are shown as they are: a closed list, so that a new column is never public by accident."""


def _facts(sheet: Sheet) -> dict[str, Any]:
    sponsor = sheet.sponsor.name if sheet.sponsor else None
    return {name: getattr(sheet.proposal, name) for name in COLUMNS} | {
        "edition": sheet.edition.slug,
        "carrier": shapes.Carrier(slug=sheet.carrier.slug, name=sheet.carrier.name, kind=sheet.carrier.kind, sponsor=sponsor),
        "place": sheet.place,
        "partner": sheet.partner,
        "activities": [row["label"] for row in sheet.proposal.activities],
        "requested": amount(sheet.requested),
        "total_cost": amount(sheet.total_cost),
        "budget": [
            shapes.BudgetLine(
                side=line.side, account=line.account, label=line.label, status=line.status, amount=amount(sheet.money(line.cents))
            )
            for line in sheet.lines
        ],
        "url": f"{settings().base_url}/projects/{sheet.proposal.public_id}",
    }


def _steps(work: Work, sheet: Sheet) -> list[shapes.Step]:
    return [
        shapes.Step(at=step.at, verb=step.verb, source=step.source, target=step.target, reason=step.reason)
        for step in history(work, sheet.proposal)
    ]


def _jury(found: PublicOpinion | None) -> shapes.JuryOpinion | None:
    if found is None:
        return None
    mean = f"{found.mean.numerator}/{found.mean.denominator}" if found.mean is not None else None
    return shapes.JuryOpinion(
        stance=found.stance.value, text=found.text, mean=mean, scale=found.scale, opinions=found.opinions, recused=found.recused,
        disputed=found.disputed,
    )


def _veto(found: Veto | None) -> shapes.Veto | None:
    if found is None:
        return None
    return shapes.Veto(ground=Ground(found.ground), reason=found.reason, on_ballot=found.on_ballot, vetoed_at=found.vetoed_at)


def _decision(work: Work, sheet: Sheet, veto: Veto | None) -> shapes.Decision | None:
    for decision, verdicts in decisions_of(work, sheet.proposal)[:1]:
        refused = State(sheet.proposal.state) in STATES_SHOWN[Shown.REFUSED]
        found = criteria_of(sheet.edition, verdicts)
        criteria = [shapes.Criterion(rule=one.rule.key, verdict=one.verdict.value, fact=translate(one.fact)) for one in found]
        return shapes.Decision(
            outcome=decision.outcome, reason=decision.reason, redirect=decision.redirect, decided_at=decision.decided_at,
            stands=decision.outcome not in REFUSALS or (refused and not is_overtaken(decision, veto)),
            criteria=criteria,
        )  # fmt: skip
    return None
