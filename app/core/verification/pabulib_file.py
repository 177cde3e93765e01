"""V13: the file for other programs, result.pb, holds the same projects, the same envelope and the same ballots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from app.core.formats import Malformed as NotPabulib
from app.core.formats import PabulibElection, blank_of, draw_of, kind_of, read_election, rule_of
from app.core.messages import say
from app.core.tally import Profile
from app.core.tally.profile import Whole
from app.core.verification.bundle import MOST_BYTES, Bundle
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.piles import Piles
from app.core.verification.result import drawn_in

FILE = "result.pb"


def check_pabulib(bundle: Bundle, definition: Definition, piles: Piles, result: Mapping[str, Any], found: Findings) -> None:
    """V13. Raises Malformed where the file is missing."""
    try:
        file = read_election(bundle.whole(FILE), name=FILE, most=MOST_BYTES)
    except NotPabulib as fault:
        found.fault(fault.message)
        return
    costs = {one.id: one.cost_cents for one in file.projects}
    for one in definition.projects:
        if costs.get(one.id) != one.cost_cents:
            found.fault(say("Project %(id)s has another cost in result.pb, or does not stand there.", id=one.id))
    for id in sorted(costs.keys() - definition.place.keys()):
        found.fault(say("Project %(id)s stands in result.pb only.", id=id[:100]))
    if (file.budget_cents, file.currency) != (definition.envelope_cents, definition.currency):
        found.fault(say("The envelope in result.pb is another one."))
    if rule_of(file) != definition.rule.model_dump(mode="json"):
        found.fault(say("The rule in result.pb is another one."))
    if draw_of(file) != drawn_in(result):
        found.fault(say("The draw in result.pb is another one."))
    winners = {one.id for one in file.projects if one.other.get("selected") == "1"}
    if winners and winners != set(result["selected"]):
        found.fault(say("The winners in result.pb are other ones."))
    if found.faultless:
        _ballots(file, definition, piles, found)


def _ballots(file: PabulibElection, definition: Definition, piles: Piles, found: Findings) -> None:
    ours = piles.profile()
    found.expect(blank_of(file) == ours.blank, say("The number of blank ballots in result.pb is another one."))
    votes = dict(zip(definition.place, ours.votes().tolist(), strict=True))
    for one in file.projects:
        if one.other.get("votes", votes[one.id]) not in (votes[one.id], str(votes[one.id])):
            found.fault(say("Project %(id)s has other votes in result.pb.", id=one.id))
    theirs = _placed(file, definition)
    if theirs.kind != ours.kind or not _equal(theirs, _named(ours)):
        found.fault(say("The ballots in result.pb are not those of the bundle."))
    elif found.faultless:
        found.note(say("Other programs that count result.pb count the same ballots, costs and envelope."))


def _placed(file: PabulibElection, definition: Definition) -> Profile:
    """The ballots of the file with the projects in the order of the definition, equal ones in one pile."""
    own = replace(file.profile, kind=kind_of(file) or file.profile.kind)
    place = np.array([definition.place[one.id] for one in file.projects], np.int32)
    rows = np.repeat(np.arange(own.piles), np.diff(own.start))
    marks = place[own.project]
    order = np.lexsort((marks, rows))
    return Profile(own.start, marks[order], own.many, own.size, own.kind, None if own.value is None else own.value[order]).grouped()


def _named(profile: Profile) -> Profile:
    """The same ballots without the blank ones, which the format does not list."""
    filled = np.diff(profile.start) > 0
    return Profile(
        np.concatenate(([0], np.cumsum(np.diff(profile.start)[filled]))).astype(np.int64),
        profile.project,
        profile.many[filled],
        profile.size,
        profile.kind,
        profile.value,
    )


def _equal(one: Profile, other: Profile) -> bool:
    pairs = ((one.start, other.start), (one.project, other.project), (one.many, other.many), (_values(one), _values(other)))
    return one.unit == other.unit and all(np.array_equal(left, right) for left, right in pairs)


def _values(profile: Profile) -> Whole:
    return profile.project.astype(np.int64) if profile.value is None else profile.value
