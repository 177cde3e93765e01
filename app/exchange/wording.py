"""The words of the command line become a rule, on top of the one the file names; words of another rule are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from app.core.formats import PabulibHead
from app.core.formats.amounts import cents_of
from app.core.formats.pabulib import POINTED, shown
from app.core.messages import Value, say
from app.core.problems import Invalid
from app.core.tally import AnyRule, read_rule, rule_from
from app.exchange.declared import declared, scale_of

RuleName: TypeAlias = Literal["greedy", "equal-shares", "phragmen", "max-welfare", "majority-judgment"]
Utility: TypeAlias = Literal["cost", "cardinality", "points", "borda"]
Completion: TypeAlias = Literal["none", "add1-until-exhaustive", "add1-until-infeasible"]
OnMiss: TypeAlias = Literal["skip", "stop"]
Then: TypeAlias = Literal["greedy", "nothing"]

BELONGS: Mapping[str, tuple[RuleName, ...]] = {
    "utility": ("greedy", "equal-shares", "max-welfare"),
    "completion": ("equal-shares",),
    "step": ("equal-shares",),
    "then": ("equal-shares",),
    "on_miss": ("greedy", "phragmen", "majority-judgment"),
    "winners": ("greedy", "majority-judgment"),
    "min_score": ("greedy", "equal-shares", "phragmen", "max-welfare", "majority-judgment"),
    "tie_break": ("greedy", "equal-shares", "phragmen", "max-welfare", "majority-judgment"),
}
"""Which rules each word belongs to."""
CRITERIA = ("cheaper", "votes", "id", "draw")
_GREEDY_UTILITY = {"cost": "votes", "cardinality": "votes_per_cost", "points": "points", "borda": "points"}


@dataclass(frozen=True)
class Words:
    """What somebody asked for; None is not a word. `min_score` counts votes, or points where points rank. `step` is an amount."""

    rule: RuleName | None = None
    utility: Utility | None = None
    completion: Completion | None = None
    step: str | None = None
    then: Then | None = None
    on_miss: OnMiss | None = None
    winners: int | None = None
    min_score: int | None = None
    tie_break: str | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The words that were said, the name of the rule apart."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "rule"}
        return {name: value for name, value in said.items() if value is not None}


def rule_in_words(words: Words, file: PabulibHead, name: str) -> AnyRule:
    """The rule these words ask for on this file; without the name of one, the rule the file names, changed by the other words.

    Utility cost puts most votes first under greedy, cardinality most votes for each unit of money; points are the ballot's own or those
    of the published scale of a ranking, borda gives k - 1 to 0 to the k projects named. Ties end with the identifier, compared
    as text, unless they are left to a draw. Raises Invalid where a word does not belong to the rule, or to ballots of this type.
    """
    base = _named(file, name) if words.rule is None else _plain(words.rule)
    for word in words.given:
        if base.kind.replace("_", "-") not in BELONGS[word]:
            belongs: dict[str, Value] = {"word": f"--{word.replace('_', '-')}", "rule": base.kind.replace("_", "-"), "rules": BELONGS[word]}
            raise Invalid({"": say("%(word)s does not belong to the rule %(rule)s. It belongs to: %(rules)s.", **belongs)})
    changes = _changes(words, base, file)
    try:
        return read_rule(base.model_dump(mode="json") | changes) if changes else base
    except ValidationError as fault:
        text = "; ".join(str(error["msg"]) for error in fault.errors())
        raise Invalid({"": say("These words make no rule: %(text)s", text=text)}) from None


def _named(file: PabulibHead, name: str) -> AnyRule:
    try:
        return declared(file, name)
    except Invalid as fault:
        raise Invalid({"": say("%(reason)s Name one with --rule.", reason=fault.message)}) from None


def _plain(name: RuleName) -> AnyRule:
    """A rule by its name alone, as the command understands it: no completion, every ballot of the file holds a share."""
    own: dict[str, Any] = {"completion": "none", "blank_ballots_hold_a_share": True} if name == "equal-shares" else {}
    return rule_from(name.replace("-", "_"), min_votes=0, tie_break=("id",), **own)


def _changes(words: Words, base: AnyRule, file: PabulibHead) -> dict[str, Any]:
    changes: dict[str, Any] = {} if words.utility is None else _utility(words.utility, base.kind, file)
    if words.completion is not None:
        changes["completion"] = words.completion.replace("-", "_")
    if words.step is not None:
        changes["step_cents"] = _step(words.step)
    if words.then is not None:
        changes["then"] = None if words.then == "nothing" else words.then
    if words.on_miss is not None:
        changes["on_miss"] = words.on_miss
    if words.winners is not None:
        changes["winners"] = words.winners
    if words.min_score is not None:
        points = base.kind == "greedy" and changes.get("utility", getattr(base, "utility", "")).startswith("points")
        changes["min_points" if points else "min_votes"] = words.min_score
    if words.tie_break is not None:
        changes["tie_break"] = _ties(words.tie_break)
    return changes


def _utility(utility: Utility, kind: str, file: PabulibHead) -> dict[str, Any]:
    if utility == "points" and file.vote_type not in (*POINTED, "ordinal"):
        raise Invalid({"": say("The ballots of this file give no points: they are “%(kind)s”.", kind=file.vote_type)})
    if utility == "borda" and file.vote_type != "ordinal":
        raise Invalid({"": say("The ballots of this file rank no projects: they are “%(kind)s”.", kind=file.vote_type)})
    scale = {"scale": {"ranking": "borda"} if utility == "borda" else scale_of(file)} if utility in ("points", "borda") else {}
    return {"utility": _GREEDY_UTILITY[utility] if kind == "greedy" else utility, **scale}


def _step(text: str) -> int:
    cents = cents_of(text)
    if not cents:
        raise Invalid({"": say("“%(text)s” is not a step: an amount above 0, such as 1 or 0.50.", text=shown(text))})
    return cents


def _ties(text: str) -> tuple[str, ...]:
    named = tuple(text.split(","))
    if len(set(named)) < len(named) or not set(named) <= set(CRITERIA):
        raise Invalid(
            {"": say("“%(text)s” does not say how to break ties. Known, joined by commas: %(known)s.", text=shown(text), known=CRITERIA)}
        )
    return named if "id" in named or "draw" in named else (*named, "id")
