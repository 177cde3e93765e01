"""From a style and a rule back to the form that makes them: what the page shows of a vote that is set up, or of a preset."""

from __future__ import annotations

from typing import Any

from app.core.ballots import AnyBallotStyle, Scoped
from app.core.envelope.exact import exact, written
from app.core.forms import read
from app.core.messages import Localised
from app.core.problems import Invalid
from app.core.tally import AnyRule, Compared, Completed, EqualShares, Greedy, Phragmen, Staged, TallyRule
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.majority import MajorityJudgment
from app.core.tally.overflow import Overflow
from app.core.tally.stage import Stage
from app.polls.choices import RuleChoice
from app.polls.forms import PollForm
from app.polls.rule_form import PER, SAME_SITE, TIES
from app.polls.rule_rows import SAME
from app.polls.style_form import style_values

ANY_SOURCE = "a draw named later"


def values_of(style: AnyBallotStyle, rule: AnyRule, draw_source: str) -> dict[str, Any]:
    """What the form shows of a vote; of a rule that it cannot make, as much as it has a field for (see `can_show`)."""
    shown = {} if isinstance(style, Scoped) else style_values(style)
    return _typed({"style": style.kind, "draw_source": draw_source} | shown | _rule(rule))


def can_show(style: AnyBallotStyle, rule: AnyRule) -> bool:
    """Whether the form makes exactly this style and this rule from what it shows of them."""
    try:
        form = read(PollForm, values_of(style, rule, ANY_SOURCE))
    except Invalid:
        return False
    return form.ballot_style() == style and _but_names(form.tally_rule()) == _but_names(rule)


def _but_names(rule: AnyRule) -> Any:
    """A rule without the names of its grades: those of the ballots stand in the style, and a vote set up earlier has none here."""
    return _without_grades(rule.model_dump(mode="json"))


def _without_grades(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_grades(part) for key, part in value.items() if key != "grades"}
    return [_without_grades(part) for part in value] if isinstance(value, list) else value


def _rule(rule: AnyRule) -> dict[str, Any]:
    match rule:
        case Completed():
            return _rule(rule.rule) | _after(rule.after)
        case Staged():
            first = rule.stages[0].rule
            plain = first.model_copy(update={"limits": ()}) if isinstance(first, TallyRule) else first
            return _rule(plain) | _shared(rule) | {"parts": [_part(stage) for stage in rule.stages]} | _ties(first)
        case Compared():
            return _rule(rule.rule) | {"safeguard": rule.measure}
        case Greedy():
            names = {"votes": f"greedy_{rule.on_miss}", "votes_per_cost": RuleChoice.PER_COST.value}
            name = names.get(rule.utility, rule.utility)
            return _shared(rule) | {"rule": name, "winners": rule.winners}
        case EqualShares():
            step = None if rule.completion == "none" else _amount(rule.step_cents)
            own = {"rule": f"shares_{rule.utility}", "completion": rule.completion, "step": step, "fill": rule.then == "greedy"}
            return _shared(rule) | own
        case MajorityJudgment():
            return _shared(rule) | {"rule": RuleChoice.MAJORITY.value, "winners": rule.winners}
        case Phragmen():
            return _shared(rule) | {"rule": f"phragmen_{rule.on_miss}"}
        case _:
            return {}


def _shared(rule: TallyRule | Staged) -> dict[str, Any]:
    """What every rule that takes projects one by one has fields for."""
    values: dict[str, Any] = {"min_votes": rule.min_votes, "max_per_carrier": rule.max_per_carrier}
    names: dict[str, str] = {key: name for name, key in PER}
    quotas: dict[str, dict[str, Any]] = {}
    for limit in rule.limits:
        if isinstance(limit, MinVotes):
            values["min_percent"] = limit.percent
        elif limit == SAME_SITE:
            values["one_per_site"] = True
        elif isinstance(limit, MaxPer) and limit.key in names and limit.value is None:
            values[names[limit.key]] = limit.most
        else:
            who = f"each:{limit.key}" if limit.value is None else f"{limit.key}:{limit.value}"
            told = {"most": limit.most} if isinstance(limit, MaxPer) else {"money": _amount(limit.cents)}
            quotas[who] = {"who": who, "most": None, "money": None} | quotas.get(who, {}) | told
    return values | {"quotas": list(quotas.values())} | _ties(rule)


def _ties(rule: object) -> dict[str, Any]:
    return dict(zip(TIES, (one for one in getattr(rule, "tie_break", ()) if one != "draw"), strict=False))


def _part(stage: Stage) -> dict[str, Any]:
    """The row of a part of the envelope."""
    where = stage.where
    only = next((f"{key}:{value}" for key in SAME if (value := getattr(where, key))), "")
    limits = getattr(stage.rule, "limits", ())
    most = next((limit.most for limit in limits if isinstance(limit, MaxPer)), None)
    return {
        "name": Localised(stage.name).best("fr")[1],
        "who": f"each:{stage.each}" if stage.each else f"best:{where.having}" if where.having else only,
        "above": _amount(where.above_cents), "up_to": _amount(where.up_to_cents), "money": _amount(stage.cents),
        "percent": None if stage.share is None else written(exact(stage.share) * 100), "most": most, "keep": stage.leftover == "kept",
    }  # fmt: skip


def _after(after: Overflow) -> dict[str, Any]:
    return {
        "reserve_percent": after.reserve_percent, "reserve_max": _amount(after.reserve_cents), "partial": after.partial,
        "reserve_list": after.reserve_list or None,
    }  # fmt: skip


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """As a form sends it: what is blank is an empty text, in rows too."""
    rows = {name: [_typed(row) for row in value] for name, value in values.items() if isinstance(value, list)}
    return {name: "" if value is None else value for name, value in values.items()} | rows


def _amount(cents: int | None) -> str | None:
    return None if cents is None else f"{cents / 100:.2f}"
