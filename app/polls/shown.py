"""From a style and a rule back to the form that makes them: what the page shows of a vote that is set up, or of a preset."""

from __future__ import annotations

from typing import Any

from app.core.ballots import AnyBallotStyle, Approval
from app.core.forms import read
from app.core.problems import Invalid
from app.core.tally import AnyRule, Compared, EqualShares, Greedy, Phragmen, TallyRule
from app.core.tally.limits import MaxPer, MinVotes
from app.polls.choices import RuleChoice
from app.polls.forms import PollForm
from app.polls.rule_form import PER, TIES

ANY_SOURCE = "a draw named later"


def values_of(style: AnyBallotStyle, rule: AnyRule, draw_source: str) -> dict[str, Any]:
    """What the form shows of a vote; of a rule that it cannot make, as much as it has a field for (see `can_show`)."""
    values: dict[str, Any] = {"style": style.kind, "draw_source": draw_source}
    if isinstance(style, Approval):
        values |= {"min_choices": style.min_choices, "max_choices": style.max_choices, "max_total": _amount(style.max_total_cents)}
    return values | _rule(rule)


def can_show(style: AnyBallotStyle, rule: AnyRule) -> bool:
    """Whether the form makes exactly this style and this rule from what it shows of them."""
    values = values_of(style, rule, ANY_SOURCE)
    try:
        form = read(PollForm, {name: "" if value is None else value for name, value in values.items()})
        return (form.ballot_style(), form.tally_rule()) == (style, rule)
    except Invalid:
        return False


def _rule(rule: AnyRule) -> dict[str, Any]:
    match rule:
        case Compared():
            return _rule(rule.rule) | {"safeguard": rule.measure}
        case Greedy():
            name = f"greedy_{rule.on_miss}" if rule.utility == "votes" else RuleChoice.PER_COST.value
            return _shared(rule) | {"rule": name, "winners": rule.winners}
        case EqualShares():
            step = None if rule.completion == "none" else _amount(rule.step_cents)
            own = {"rule": f"shares_{rule.utility}", "completion": rule.completion, "step": step, "fill": rule.then == "greedy"}
            return _shared(rule) | own
        case Phragmen():
            return _shared(rule) | {"rule": f"phragmen_{rule.on_miss}"}
        case _:
            return {}


def _shared(rule: TallyRule) -> dict[str, Any]:
    """What every rule that takes projects one by one has fields for."""
    values: dict[str, Any] = {"min_votes": rule.min_votes, "max_per_carrier": rule.max_per_carrier}
    names = {key: name for name, key in PER}
    for limit in rule.limits:
        if isinstance(limit, MinVotes):
            values["min_percent"] = limit.percent
        elif isinstance(limit, MaxPer) and limit.key in names:
            values[names[limit.key]] = limit.most
    return values | dict(zip(TIES, (one for one in rule.tie_break if one != "draw"), strict=False))


def _amount(cents: int | None) -> str | None:
    return None if cents is None else f"{cents / 100:.2f}"
