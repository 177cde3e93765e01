"""What the pages of the jury show: plain values for the templates, nothing of an opinion that is still closed."""

from __future__ import annotations

from typing import Any

from app.accounts.people import Person
from app.core.messages import say
from app.core.opinions import spreads, weighted_mean
from app.core.permissions import refusal
from app.core.problems import Refused
from app.http.forms import Sent
from app.organisations.queries import sponsor_of
from app.proposals.models import Proposal
from app.review.jury.forms import OpinionForm
from app.review.jury.models import FALLBACK_LABELS, STANCE_LABELS, TIE_LABELS, Fallback, JuryPanel, Tie
from app.review.jury.opinions import may_write_common
from app.review.jury.queries import STATUS_LABELS, FileJury, Status, jury_of, opinions_seen_by, own_opinions
from app.unit import Work

BLANK_CRITERIA = 5
CRITERION = ("label_fr", "label_en", "weight")


def known(who: Person | None) -> Person:
    """Whoever is signed in, which the route has made sure of."""
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who


def file_page(work: Work, proposal: Proposal, who: Person | None, sent: Sent | None = None) -> dict[str, Any]:
    """One file before the jury, for this person: their own opinion, and everybody's once it is open to them."""
    person, jury = known(who), jury_of(work, proposal)
    seat = jury.seat(person)
    own = own_opinions(work, proposal, person) if seat else []
    works = seat is not None and jury.judged and refusal(person.roles, "give_opinion") is None
    waiting = seat is not None and seat.status is Status.WAITING
    shut = jury.shut_to(person)
    return {
        "jury": jury, "seat": seat, "own": own, "shut": shut, "labels": STATUS_LABELS, "tie_labels": TIE_LABELS,
        "ties": [(tie.value, label) for tie, label in TIE_LABELS.items() if tie is not Tie.ABSENT],
        "stances": [(one.value, label) for one, label in STANCE_LABELS.items()], "stance_labels": STANCE_LABELS,
        "may_give": works and waiting, "may_correct": works and seat is not None and seat.status is Status.GIVEN,
        "may_recuse": works and seat is not None and seat.status in (Status.WAITING, Status.GIVEN),
        "may_write": works and jury.complete and may_write_common(jury, seat) is None,
        "may_note_absence": jury.judged and refusal(person.roles, "set_up_jury") is None and person.id not in jury.members,
        "values": sent.simple() if sent else _first_values(jury, own), "sponsor": sponsor_of(work, jury.carrier),
        **_opened(work, jury, person),
    }  # fmt: skip


def _first_values(jury: FileJury, own: list[Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for opinion in own[-1:]:
        values |= {f"score-{key}": str(score) for key, score in opinion.scores.items()}
        values |= {f"comment-{key}": text for key, text in opinion.comments.items()}
    if jury.collective:
        values |= {"stance": jury.collective.stance, "text": jury.collective.text}
    return values


def _opened(work: Work, jury: FileJury, person: Person) -> dict[str, Any]:
    """The opinions with their mean and spread, empty where the file is shut to the person."""
    opinions = opinions_seen_by(work, jury, person)
    weights = {one.key: one.weight for one in jury.panel.criteria}
    last = [one[-1].scores for one in opinions]
    names = {seat.juror.account_id: seat.juror.name for seat in jury.seats}
    return {
        "opinions": [(names[one[0].account_id], one) for one in opinions],
        "mean": weighted_mean(weights, last) if jury.quorate or jury.panel.fallback == Fallback.FEWER else None,
        "spreads": spreads(weights, last), "fallback": FALLBACK_LABELS[Fallback(jury.panel.fallback)],
    }  # fmt: skip


def typed_opinion(sent: Sent) -> dict[str, Any]:
    """Inputs named score-KEY and comment-KEY as the two mappings of an OpinionForm; anything else stays as it is."""
    plain = {name: value for name, value in sent.simple().items() if not name.startswith(("score-", "comment-")) and name != "then"}
    scores = {name.removeprefix("score-"): sent.get(name) for name in sent.values if name.startswith("score-")}
    comments = {name.removeprefix("comment-"): sent.get(name) for name in sent.values if name.startswith("comment-")}
    return plain | {"scores": scores, "comments": comments}


def input_of(field: str) -> str:
    """The name of the input that a fault of an OpinionForm belongs to."""
    group, _, key = field.partition("-")
    return f"{group.removesuffix('s')}-{key}" if group in OpinionForm.model_fields and group != "reason" and key else field


def panel_values(panel: JuryPanel | None, jurors: list[Any]) -> dict[str, Any]:
    """What the form of the panel shows before anything is typed."""
    if panel is None:
        return {"scale": 5, "quorum": 2, "alert": 3, "fallback": Fallback.OFFICERS.value, "criteria": [], "jurors": [], "chair": ""}
    return {
        "scale": panel.scale, "quorum": panel.quorum, "alert": panel.alert, "fallback": panel.fallback,
        "criteria": [
            {"label_fr": one.label.get("fr", ""), "label_en": one.label.get("en", ""), "weight": one.weight} for one in panel.criteria
        ],
        "jurors": [str(one.account_id) for one in jurors], "chair": next((str(one.account_id) for one in jurors if one.chair), ""),
    }  # fmt: skip
