"""The jury of the demonstration: three jurors before three files of the current edition, one standing aside, the minutes confirmed."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import select

from app.core.permissions import Role
from app.core.transparency import digest
from app.demo.city import Town, at_noon, data, edition_at
from app.demo.dates import Move
from app.demo.sign_ins import JURORS
from app.proposals.models import Proposal
from app.review.jury import minutes, opinions, panel
from app.review.jury.forms import MinutesForm, OpinionForm, PanelForm, PanelOpinionForm, RecusalForm
from app.unit import Work

DATA = Path(__file__).parent / "data" / "jury.json"
NAMED, MET = "2027-03-02", "2027-04-20"


@cache
def given() -> dict[str, Any]:
    """The criteria, and what each juror says of each file."""
    loaded: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return loaded


def hold_jury(town: Town, slug: str, move: Move) -> None:
    """Name the jury, let it judge its files between the admission and the ballot, and confirm the minutes of its meeting."""
    seats = [town.people[one.email].id for one in JURORS]
    with town.at(at_noon(move, NAMED)) as unit:
        rules = {name: given()[name] for name in ("criteria", "scale", "quorum", "alert", "fallback")}
        form = PanelForm.model_validate(rules | {"jurors": seats, "chair": seats[0]})
        panel.set_panel(unit, edition_at(unit, slug), form, by=town.officer(Role.CASE_OFFICER))
    with town.at(at_noon(move, MET, 15)) as unit:
        for file in given()["files"]:
            _judge(town, unit, _proposal(unit, slug, file["project"]), file)
    with town.at(at_noon(move, MET, 18)) as unit:
        edition = edition_at(unit, slug)
        rules_of_it, juries, _ = minutes.ready(unit, edition)
        seen = digest(minutes.facts_of_files(unit, rules_of_it, juries))
        told = MinutesForm(held_on=move.day(MET), place="Maison internationale de Rennes", present=seats, seen=seen)
        minutes.confirm(unit, edition, told, by=town.people[JURORS[0].email])


def _judge(town: Town, unit: Work, proposal: Proposal, file: dict[str, Any]) -> None:
    """One file: who stands aside, the opinions, then what the jury says together."""
    if aside := file.get("recusal"):
        form = RecusalForm(tie=aside["tie"], words=aside["words"])
        opinions.stand_aside(unit, proposal, form, by=town.people[aside["juror"]])
    for one in file["opinions"]:
        scores = {f"c{number}": str(score) for number, score in enumerate(one["scores"], 1)}
        comments = {f"c{number}": words for number, words in enumerate(one["comments"], 1)}
        opinions.give(unit, proposal, OpinionForm(scores=scores, comments=comments), by=town.people[one["juror"]])
    common = PanelOpinionForm(stance=file["stance"], text=file["text"])
    opinions.write_common(unit, proposal, common, by=town.people[JURORS[0].email])


def _proposal(unit: Work, slug: str, key: str) -> Proposal:
    """The file of an edition that the data calls by this key."""
    title = next(one["title"] for one in data()["projects"] if one["id"] == key)
    edition = edition_at(unit, slug)
    return unit.db.exec(select(Proposal).where(Proposal.edition_id == edition.id, Proposal.title == title)).one()
