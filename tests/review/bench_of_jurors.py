"""A jury of three in the test's database: two criteria, weights 3 and 1, quorum 2, alert from 3 points."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from app.accounts.people import Person
from app.core.permissions import Role
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.review.jury import opinions, panel
from app.review.jury.forms import OpinionForm, PanelForm, PanelOpinionForm, RecusalForm
from app.unit import Work, work
from tests.cast import Cast

NAMES = ("Fatou Diarra", "Gwenn Le Roux", "Malo Prigent")
SECRET = "phrase que personne ne doit lire"


def panel_form(people: list[int], **overrides: Any) -> PanelForm:
    usual = {
        "criteria": [{"label_fr": "Besoin", "label_en": "Need", "weight": 3}, {"label_fr": "Partenaire", "weight": 1}],
        "scale": 5, "quorum": 2, "alert": 3, "fallback": "officers", "jurors": people, "chair": people[0],
    }  # fmt: skip
    return PanelForm.model_validate(usual | overrides)


def opinion(need: int | str = 4, partner: int | str = 3, comment: str = "Vu au dossier", **more: Any) -> OpinionForm:
    sent = {"scores": {"c1": str(need), "c2": str(partner)}, "comments": {"c1": comment, "c2": comment}}
    return OpinionForm.model_validate(sent | more)


class Bench:
    """Three jurors, the first one in the chair; each act commits."""

    def __init__(self, cast: Cast, edition: Edition, officer: Person, **overrides: Any) -> None:
        self.cast, self.edition, self.officer = cast, edition, officer
        self.jurors = [cast.official(Role.REVIEWER, email=f"juror{n}@example.org", name=name) for n, name in enumerate(NAMES, 1)]
        with self.unit() as unit:
            panel.set_panel(unit, edition, panel_form([one.id for one in self.jurors], **overrides), by=officer)

    def unit(self) -> Any:
        return work(self.cast.engine, now=self.cast.clock.now)

    def proposal(self, unit: Work, public_id: str) -> Proposal:
        return unit.db.exec(select(Proposal).where(Proposal.public_id == public_id)).one()

    def give(self, public_id: str, juror: int, *scores: int, comment: str = "Vu au dossier") -> None:
        """Juror number `juror` (from 0) gives an opinion."""
        with self.unit() as unit:
            opinions.give(unit, self.proposal(unit, public_id), opinion(*scores, comment=comment), by=self.jurors[juror])

    def recuse(self, public_id: str, juror: int, tie: str = "family", words: str = "Ma sœur y travaille.") -> None:
        with self.unit() as unit:
            form = RecusalForm.model_validate({"tie": tie, "words": words})
            opinions.stand_aside(unit, self.proposal(unit, public_id), form, by=self.jurors[juror])

    def common(self, public_id: str, juror: int = 0, text: str = "Un projet solide.") -> None:
        with self.unit() as unit:
            form = PanelOpinionForm.model_validate({"stance": "favourable", "text": text})
            opinions.write_common(unit, self.proposal(unit, public_id), form, by=self.jurors[juror])
