"""Presets that the form of a vote can start from: those whose ballot and rule it can make, with what was assumed at its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.core.ballots import Approval
from app.core.messages import Localised, Message, say
from app.core.presets import Preset, presets
from app.core.problems import Missing
from app.polls.shown import can_show, values_of

FIELDS: Mapping[str, str] = {
    "ballot": "style",
    "rule.kind": "rule",
    "rule.completion": "completion",
    "rule.step_cents": "step",
    "rule.tie_break": "tie_first",
}
"""Place of a value in a preset -> its field in the form."""


@dataclass(frozen=True)
class Start:
    """The form as a preset fills it: its name, the values, and for each field that the source leaves open, why it was filled so."""

    name: Localised
    values: Mapping[str, Any]
    assumed: Mapping[str, Message]


@cache
def offered() -> Mapping[str, Localised]:
    """The names of the presets that the form can show, by their key."""
    return {key: Localised(preset.name) for key, preset in presets().items() if _fits(preset)}


def start_from(key: str, envelope_cents: int | None) -> Start:
    """The form as this preset fills it, for an edition with this envelope. Raises Missing if the form has no such preset."""
    if key not in offered():
        raise Missing(say("There is no such preset."))
    preset = presets()[key]
    style = preset.ballot
    assert style is not None, "a preset without a ballot is not offered"
    if isinstance(style, Approval) and style.max_total_cents is not None and style.max_total_cents == preset.money.cents:
        # Where the source lets a ballot name as much as its whole envelope, it is the envelope of this edition that counts.
        style = style.model_copy(update={"max_total_cents": envelope_cents})
    assumed = {FIELDS[one.field]: say("Assumed: %(why)s", why=Localised(one.why)) for one in preset.assumed if one.field in FIELDS}
    return Start(Localised(preset.name), values_of(style, preset.rule, ""), assumed)


def _fits(preset: Preset) -> bool:
    return preset.ballot is not None and can_show(preset.ballot, preset.rule)
