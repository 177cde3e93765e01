"""The winners that a file records, beside those counted: the same, those of another rule, or what differs and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from app.core.formats import PabulibElection, PabulibHead, canonical
from app.core.formats.pabulib import POINTED, shown
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.core.tally import AnyRule, Election, Outcome, rule_from
from app.exchange.declared import COMPARISON, SHARES, conflicts, declared, election_of, equal_shares, greedy

SLOW = 20_000
"""From so many piles of ballots on, rules that start again and again are tried only if the file declares one of them."""


@dataclass(frozen=True)
class Recorded:
    """What a file tells of its winners: those of its rule, and marks of another kind (2, 3 …) with what they say."""

    winners: frozenset[str]
    other: Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """How the winners a file records and those counted compare. `rule` is the one tried that gives the recorded ones, None if none does."""

    recorded: Recorded
    missed: tuple[str, ...]
    added: tuple[str, ...]
    rule: AnyRule | None

    @property
    def same(self) -> bool:
        """Whether exactly the recorded winners were counted."""
        return not self.missed and not self.added


def recorded_in(file: PabulibHead) -> Recorded | None:
    """The winners a file records; None where it tells nothing of any project."""
    marks = {project.id: project.other["selected"] for project in file.projects if "selected" in project.other}
    if not marks:
        return None
    other = {id: mark for id, mark in marks.items() if mark not in ("0", "1")}
    return Recorded(frozenset(id for id, mark in marks.items() if mark == "1"), other)


def judge(file: PabulibElection, rule: AnyRule, outcome: Outcome, election: Election) -> Verdict | None:
    """Compare a count with the winners of the file, looking for a rule that gives those; None where the file records none."""
    recorded = recorded_in(file)
    if recorded is None:
        return None
    counted = set(outcome.selected)
    missed, added = (tuple(id for id in election.ids if id in one) for one in (recorded.winners - counted, counted - recorded.winners))
    found = rule if not missed and not added else _giving(file, recorded, rule)
    return Verdict(recorded, missed, added, found)


def _giving(file: PabulibElection, recorded: Recorded, tried: AnyRule) -> AnyRule | None:
    """The first rule that gives all that was funded, marks of another kind too; else the first that gives the winners of the rule."""
    whole, found = recorded.winners.union(recorded.other), None
    for rule in variants(file):
        if rule == tried:
            continue
        selected = frozenset(rule.count(election_of(file, rule)).selected)
        if selected == whole:
            return rule
        if selected == recorded.winners and found is None:
            found = rule
    return found


def variants(file: PabulibElection) -> Iterator[AnyRule]:
    """The rule a file declares, then those that cities have used on such ballots: greedy in its variants, then Equal Shares.

    Poznań pays the next project from a reserve once the rest covers 80 % of it, and stops.
    """
    with suppress(Invalid):
        yield declared(file, "")
    for points in (True, False) if file.vote_type in (*POINTED, "ordinal") else (False,):
        for threshold in (True, False) if file.threshold else (False,):
            for on_miss in ("skip", "stop"):
                plain = greedy(file, on_miss=on_miss, threshold=threshold, points=points)
                yield plain
                if conflicts(file):
                    yield greedy(file, on_miss=on_miss, threshold=threshold, points=points, together=True)
            yield rule_from("completed", rule=plain, after={"reserve_percent": 80})
    if file.meta.get("rule", "").removesuffix(COMPARISON) in SHARES or file.profile.piles < SLOW:
        for completion in ("add1_until_infeasible", "none", "add1_until_exhaustive"):
            shares = equal_shares(file, completion)
            yield shares
            yield rule_from("compared", rule=shares, rival=greedy(file))


def told(verdict: Verdict, outcome: Outcome) -> list[Message]:
    """The verdict as sentences: one that sums it up, then one for each project that differs, with the reason of this count."""
    if verdict.same:
        lines = [say("The file records the same winners.")]
    elif verdict.rule is not None:
        rule = canonical(verdict.rule.model_dump(mode="json"))
        lines = [say("The file records other winners. This rule gives them: %(rule)s", rule=rule)]
    else:
        lines = [say("The file records other winners, and none of the rules tried gives them.")]
    for id in verdict.missed:
        lines.append(say("Recorded as chosen, not chosen here: %(project)s. %(reason)s", project=shown(id), reason=outcome.row(id).reason))
    for id in verdict.added:
        lines.append(say("Chosen here, not recorded as chosen: %(project)s. %(reason)s", project=shown(id), reason=outcome.row(id).reason))
    for id, mark in verdict.recorded.other.items():
        lines.append(say("The file marks %(project)s with %(mark)s: funded for a reason of its own.", project=shown(id), mark=shown(mark)))
    return lines
