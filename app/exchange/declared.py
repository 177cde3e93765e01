"""What a Pabulib file declares of its rule: the rule itself, ours or one of the format's, and which projects exclude one another."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from pydantic import ValidationError

from app.core.formats import PabulibElection, PabulibHead, blank_of, draw_of, kind_of, projects_of, rule_of
from app.core.formats.pabulib import POINTED
from app.core.messages import say
from app.core.problems import Invalid
from app.core.tally import AnyRule, Election, Profile, Project, read_rule, rule_from
from app.core.tally.compared import Compared
from app.core.tally.completed import Completed
from app.core.tally.limits import MaxPer

GREEDY = {"greedy": "skip", "greedy-threshold": "skip", "greedy-exclusive": "skip", "greedy-no-skip": "stop"}
SHARES = {"equalshares": "none", "equalshares/add1": "add1_until_infeasible"}
COMPARISON = "-comparison"
SAME_SITE = MaxPer(key="site", most=1)

_GROUP = re.compile(r"\bprojects\s+((?:[^\s,;]+,\s*)*[^\s,;]+,?\s+and\s+[^\s,;]+)", re.IGNORECASE)


def own_rule(file: PabulibHead) -> AnyRule | None:
    """The rule of ours that a file names as data in its comment, None where it names none that can be read."""
    try:
        named = rule_of(file)
        return None if named is None else read_rule(named)
    except ValidationError:
        return None


def declared(file: PabulibHead, name: str) -> AnyRule:
    """The rule a file declares: ours from its comment, else the format's own; ties go to the smallest identifier.

    Where ballots give points or rank, points decide; a threshold is one of votes, or of points where they decide. Raises Invalid.
    """
    if (own := own_rule(file)) is not None:
        return own
    known = "quotepart" if rule_of(file) is not None else file.meta.get("rule", "")
    if known in GREEDY:
        return greedy(file, on_miss=GREEDY[known])
    plain = known.removesuffix(COMPARISON)
    if plain in SHARES:
        rule = equal_shares(file, SHARES[plain])
        return rule if plain == known else rule_from("compared", rule=rule, rival=greedy(file))
    if known in ("", "unknown"):
        raise Invalid({"": say("%(file)s: the file names no rule.", file=name)})
    raise Invalid({"": say("%(file)s: the rule “%(rule)s” is not one that can be counted here.", file=name, rule=known[:80])})


def greedy(file: PabulibHead, *, on_miss: str = "skip", threshold: bool = True, points: bool = True, together: bool = False) -> AnyRule:
    """The greedy rule as the format understands it for this file; `together` lets projects that exclude one another win together."""
    least = file.threshold if threshold else 0
    limits = (SAME_SITE,) if conflicts(file) and not together else ()
    if points and file.vote_type in (*POINTED, "ordinal"):
        shared = {"utility": "points", "scale": scale_of(file), "min_points": least, "min_votes": 0}
    else:
        shared = {"min_votes": least}
    return rule_from("greedy", on_miss=on_miss, limits=limits, tie_break=("id",), **shared)


def equal_shares(file: PabulibHead, completion: str) -> AnyRule:
    """Equal Shares as the format understands it: every ballot of the file holds a share, one unit of money more at each step."""
    limits = (SAME_SITE,) if conflicts(file) else ()
    shared = {"completion": completion, "limits": limits, "tie_break": ("id",), "min_votes": 0, "blank_ballots_hold_a_share": True}
    pointed = {"utility": "points", "scale": scale_of(file)} if file.vote_type in POINTED else {}
    return rule_from("equal_shares", **shared, **pointed)


def scale_of(file: PabulibHead) -> dict[str, tuple[int, ...]]:
    """The published scale of a ranking: the first place of as many as a ballot may name gets as many points, the last one gets 1."""
    most = file.meta.get("max_length", "")
    longest = int(most) if most.isascii() and most.isdigit() and len(most) < 4 else 0
    if not longest and isinstance(file, PabulibElection):
        longest = int(np.diff(file.profile.start).max(initial=0))
    return {"ranking": tuple(range(max(min(longest, 1000), 1), 0, -1))}


def conflicts(file: PabulibHead) -> tuple[tuple[str, ...], ...]:
    """Groups of projects that exclude one another, as the comment of a file with the rule greedy-exclusive tells them in prose.

    The format has no field for them. "Projects 773 and 153 …" is read as a group where both are projects of the file.
    """
    if file.meta.get("rule") != "greedy-exclusive":
        return ()
    ids = {project.id for project in file.projects}
    groups: list[set[str]] = []
    for found in _GROUP.findall(file.meta.get("comment", "")):
        named = {part.strip(".") for part in re.split(r",\s*|\s+", found) if part and part.lower() != "and"}
        if len(named) > 1 and named <= ids:
            apart = [group for group in groups if not group & named]
            groups = [*apart, named.union(*(group for group in groups if group & named))]
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def election_of(file: PabulibElection, rule: AnyRule | None = None, *, seed: str = "") -> Election:
    """What is counted: the projects, with carrier, district, theme and site where the file tells them, the ballots as `rule` reads them.

    Ballots that our own files leave out because they are blank are put back for our own rule. The public draw is the one of `seed`, else
    the one the file tells.
    """
    site, told = {id: group[0] for group in conflicts(file) for id in group}, projects_of(file)
    projects = tuple(
        Project(
            one.id,
            one.cost_cents,
            one.other.get("proposer"),
            district=one.other.get("district") or one.other.get("neighborhood", ""),
            theme=one.other.get("category", "").split(",")[0].strip(),
            site=site.get(one.id, ""),
            **told.get(one.id, {}),
        )
        for one in file.projects
    )
    profile = _read_as(file, rule)
    if rule is not None and own_rule(file) == rule and (blank := blank_of(file)):
        profile = _with_blank(profile, blank)
    drawn = {"seed": seed} if seed else draw_of(file)
    return Election(projects, profile, file.budget_cents, file.currency, **drawn)


def _read_as(file: PabulibElection, rule: AnyRule | None) -> Profile:
    if own_rule(file) == rule and (told := kind_of(file)):
        return replace(file.profile, kind=told)
    while isinstance(rule, Compared | Completed):
        rule = rule.rule
    kind, utility = getattr(rule, "kind", ""), getattr(rule, "utility", "")
    pointed = file.points if file.points is not None else file.profile
    if kind == "majority_judgment":
        return graded(pointed, file)
    wants_places = utility == "borda" or getattr(getattr(rule, "scale", None), "ranking", None) == "borda"
    return pointed if "points" in utility and not wants_places else file.profile


def graded(profile: Profile, file: PabulibElection) -> Profile:
    """Ballots with points as ballots with grades: each different number of points is a grade, none at all the worst. Raises Invalid."""
    if profile.kind == "ranking" or (profile.value is not None and (profile.value < 0).any()):
        raise Invalid(
            {"": say("Majority judgment needs ballots that give points, none below zero; these are “%(kind)s”.", kind=file.vote_type)}
        )
    value = np.ones(len(profile.project), np.int64) if profile.value is None else profile.value
    steps = np.unique(np.append(value, 0))
    return Profile(profile.start, profile.project, profile.many, profile.size, "grades", np.searchsorted(steps, value))


def _with_blank(profile: Profile, blank: int) -> Profile:
    start, many = np.append(profile.start, profile.start[-1]), np.append(profile.many, blank)
    return replace(profile, start=start, many=many)
