"""What keeps a preset from being the rule of a vote held here, and which projects a rule has no place for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.messages import Message, say
from app.core.presets import Preset
from app.core.tally import AnyRule, Compared, Completed, Panel, Project, Staged
from app.core.tally.plain_rules import PlainRule
from app.polls.choices import StyleChoice
from app.polls.models import Candidate

CROSSES = frozenset({StyleChoice.APPROVAL, StyleChoice.KNAPSACK})
MARKED = frozenset({StyleChoice.POINTS, StyleChoice.RANKING, StyleChoice.STAR, StyleChoice.GRADES, StyleChoice.FOR_AGAINST})
VALUED = ("points", "points_per_cost", "borda", "grades")
"""What a rule counts that a cross on a ballot does not say."""


def obstacle(preset: Preset) -> Message | None:
    """Why no vote can be held under this preset, None if one can."""
    rules = list(parts_of(preset.rule))
    if preset.ballot is None or any(isinstance(rule, Panel) for rule in rules):
        return say("Nobody votes under this preset: a committee decides. There is no vote to set up.")
    return None


def ballots_needed(rule: AnyRule) -> frozenset[StyleChoice]:
    """The ballots that a rule can count so that every mark plays its part."""
    kinds = {"majority_judgment" if rule.kind == "majority_judgment" else getattr(rule, "utility", "") for rule in parts_of(rule)}
    if "majority_judgment" in kinds or "grades" in kinds:
        return frozenset({StyleChoice.GRADES})
    return MARKED if kinds & set(VALUED) else CROSSES | {StyleChoice.FOR_AGAINST}


def parts_of(rule: AnyRule) -> Iterator[PlainRule]:
    """The rules that this one is made of."""
    match rule:
        case Completed():
            yield from parts_of(rule.rule)
        case Compared():
            yield from parts_of(rule.rule)
            yield from parts_of(rule.rival)
        case Staged():
            yield from (stage.rule for stage in rule.stages)
        case _:
            yield rule


def left_out(rule: AnyRule, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The projects that stand in no part of the count, so that they cannot win, whatever their votes."""
    match rule:
        case Completed() | Compared():
            return left_out(rule.rule, candidates)
        case Staged():
            return [one for one in candidates if not any(stage.admits(as_project(one)) for stage in rule.stages)]
        case _:
            return []


def as_project(candidate: Candidate) -> Project:
    """A project on the ballot as the count knows it. Files are numbered as they are submitted, so the number is the order of filing."""
    return Project(
        candidate.id, candidate.cost_cents, candidate.carrier, theme=candidate.theme, country=candidate.country, filed=candidate.number,
        scope=candidate.scope, district=candidate.district, site=candidate.site, tags=frozenset(candidate.tags),
        least_cents=candidate.least_cents,
    )  # fmt: skip
