"""A vote set up through its own verbs: projects of the demonstration on the ballot, the poll fixed, voting open now."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlmodel import select

from app.core.forms import read
from app.core.permissions import Role
from app.editions.models import Edition
from app.electorate import service as electorate
from app.electorate.forms import DeclarationForm
from app.electorate.models import RollLine
from app.notifications.models import OutgoingMail
from app.polls import service as polls
from app.polls.forms import PollForm
from app.unit import Work, work
from tests.bureau import freeze
from tests.cast import Cast
from tests.review.desk import hand_in

DAY = timedelta(days=1)
PROJECTS = tuple(f"P{number:02d}" for number in range(1, 25))
FORM: dict[str, Any] = {
    "style": "approval", "min_choices": "3", "max_choices": "6", "rule": "greedy_skip", "min_votes": "1", "max_per_carrier": "1",
    "tie_first": "cheaper", "draw_source": "Premier tirage du Loto après la clôture du vote.",
}  # fmt: skip
AMINATA = {
    "name": "Aminata Diallo", "birth_date": "1992-03-08", "address": "3 rue de Brest", "email": "aminata@example.org", "resident": "yes",
}  # fmt: skip
OTHER_PHASES = ("submission", "completion", "review", "appeal", "campaign", "count", "council", "agreement", "delivery", "evaluation")
NETWORK = "192.0.2.0/24"


def edition_with_projects(cast: Cast, *keys: str, **phases: Any) -> Edition:
    """A published edition whose vote has been open since yesterday, with these projects on its ballot, and no poll yet."""
    now = cast.clock.now
    edition = cast.edition(phases={**dict.fromkeys(OTHER_PHASES), "voting": (now - DAY, now + 20 * DAY), **phases})
    with work(cast.engine, now=now - 3 * DAY) as unit:
        for key in keys or ("P01", "P02", "P03", "P04"):
            hand_in(unit, edition, key).state = "on_ballot"
    return edition


def open_vote(cast: Cast, *keys: str, **form: Any) -> Edition:
    """The same with its poll fixed two days ago."""
    publisher = cast.person("pauline@example.org", "Pauline Hamon", [Role.PUBLISHER])
    edition = edition_with_projects(cast, *keys)
    with work(cast.engine, now=cast.clock.now - 2 * DAY) as unit:
        polls.fix(unit, unit.db.get_one(Edition, edition.id), read(PollForm, FORM | form), by=publisher)
    freeze(cast, edition, at=cast.clock.now - 1.5 * DAY)
    return edition


def declaration(**other: Any) -> DeclarationForm:
    """Aminata's declaration, or somebody else's."""
    return read(DeclarationForm, AMINATA | other)


def mailed_code(unit: Work) -> str:
    """The six digits of the last e-mail."""
    body = unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "voting-code").order_by(OutgoingMail.id.desc())).first().body_text  # type: ignore[union-attr]
    found = re.search(r"(\d{3}) (\d{3})", body)
    assert found
    return found[1] + found[2]


def identified(unit: Work, edition: Edition, **other: Any) -> RollLine:
    """The line of a resident who has gone through the e-mail code."""
    ticket = electorate.declare(unit, edition, declaration(**other), network=NETWORK)
    return electorate.prove(unit, edition, ticket, mailed_code(unit))
