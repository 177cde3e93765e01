"""Presets that the set-up of a vote can start from: those the form can make fill it, the others are kept whole and told in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.core.ballots import AnyBallotStyle, Approval, Scoped
from app.core.messages import Localised, Message, say
from app.core.presets import Preset, presets
from app.core.problems import Missing
from app.core.tally import AnyRule, Staged
from app.polls.obstacles import obstacle
from app.polls.shown import can_show, values_of
from app.polls.style_form import StyleForm

FIELDS: Mapping[str, str] = {
    "ballot": "style",
    "rule.kind": "rule",
    "rule.completion": "completion",
    "rule.step_cents": "step",
    "rule.tie_break": "tie_first",
}
"""Place of a value in a preset -> its field in the form."""

PLACES: Mapping[str, Message] = {
    "money": say("The envelope"),
    "electorate": say("Who votes"),
    "request": say("What a project may ask for"),
    "ballot": say("The ballot"),
    "rule": say("The count"),
}


@dataclass(frozen=True)
class Start:
    """The form as a preset fills it: its name, the values, and for each field that the source leaves open, why it was filled so.

    `whole` where the form has no fields for its rule: the rule is then kept as it is. `obstacle`: why no vote can be held under it.
    """

    preset: Preset
    values: Mapping[str, Any]
    whole: bool
    obstacle: Message | None = None

    @property
    def key(self) -> str:
        """The key of the preset."""
        return self.preset.key

    @property
    def name(self) -> Localised:
        """What the preset is called."""
        return Localised(self.preset.name)

    @property
    def assumed(self) -> Mapping[str, Message]:
        """Field of the form -> why it was filled so, where the source says nothing."""
        found = (one for one in self.preset.assumed if one.field in FIELDS)
        return {FIELDS[one.field]: say("Assumed: %(why)s", why=Localised(one.why)) for one in found}

    @property
    def gaps(self) -> list[Message]:
        """All that was assumed, each with its place, where the rule is kept whole; the same gap in several places is told once."""
        told: dict[str, tuple[Message, ...]] = {}
        words: dict[str, Localised] = {}
        for one in self.preset.assumed:
            place, why = _place(self.preset.rule, one.field), Localised(one.why)
            words[why["en"]] = why
            told[why["en"]] = (*(known for known in told.get(why["en"], ()) if known != place), place)
        return [say("%(places)s – assumed: %(why)s", places=places, why=words[key]) for key, places in told.items()]

    @property
    def other_ballot(self) -> AnyBallotStyle | None:
        """The ballot of the source where it is none that is filled here."""
        return self.preset.ballot if isinstance(self.preset.ballot, Scoped) else None

    @property
    def notes(self) -> list[Localised]:
        """What else the source fixes, in words."""
        return [Localised(note) for note in self.preset.notes]


def _place(rule: AnyRule, field: str) -> Message:
    """What the place of a value is called: « rule.stages.0.leftover » is the name of the first stage."""
    if isinstance(rule, Staged) and (found := re.match(r"rule\.stages\.(\d+)\.", field)):
        return rule.stages[int(found[1])].called(None)
    return PLACES[field.partition(".")[0]]


@cache
def offered() -> Mapping[str, Localised]:
    """The names of all presets, by their key."""
    return {key: Localised(preset.name) for key, preset in presets().items()}


def start_from(key: str, envelope_cents: int | None) -> Start:
    """The form as this preset fills it, for an edition with this envelope. Raises Missing if there is no such preset."""
    if key not in offered():
        raise Missing(say("There is no such preset."))
    preset = presets()[key]
    style = preset.ballot
    if isinstance(style, Approval) and style.max_total_cents is not None and style.max_total_cents == preset.money.cents:
        # Where the source lets a ballot name as much as its whole envelope, it is the envelope of this edition that counts.
        style = style.model_copy(update={"max_total_cents": envelope_cents})
    known = Approval() if style is None or isinstance(style, Scoped) else style
    if style is not None and can_show(known, preset.rule):
        return Start(preset, values_of(known, preset.rule, ""), whole=False)
    ballot = {name: value for name, value in values_of(known, preset.rule, "").items() if name in BALLOT}
    return Start(preset, ballot, whole=True, obstacle=obstacle(preset))


BALLOT = tuple(StyleForm.model_fields)


def kept_whole(rule: AnyRule) -> Start | None:
    """The preset whose rule this is, where the form cannot make it; None if there is none."""
    found = (key for key, preset in presets().items() if preset.rule == rule)
    return next((start for key in found if (start := start_from(key, None)).whole), None)
