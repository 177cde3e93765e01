"""V9: as many ballots as voters, no more voters than the register, and no batch so small that it would tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.messages import say, say_count
from app.core.verification.bundle import Bundle, Malformed
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.heads import SignedHead
from app.core.verification.shapes import shaped

FILE = "turnout.json"


@dataclass(frozen=True)
class Turnout:
    """Numbers of people: the register (frozen, declared during the vote, added and removed, in all), and who voted by which way.

    `voided`: keys made void before they were used. `days`: (voted online, on paper) of each day.
    """

    frozen: int
    declared: int
    changes: int
    total: int
    online: int
    paper: int
    voided: int
    days: tuple[tuple[int, int], ...]


def read_turnout(bundle: Bundle) -> Turnout:
    """The numbers of turnout.json. Raises Malformed."""
    value = bundle.value(FILE)
    if not _is_turnout(value):
        raise Malformed(FILE, 0, say("this does not hold what the format of the bundle asks for."))
    register, spent, days = value["register"], value["spent"], value["days"]
    changes = sum(one["added"] - one["removed"] for one in register["changes"])
    by_day = tuple((one["online"], one["paper"]) for one in days)
    numbers = (register["frozen"], register["declared"], changes, register["total"], spent["online"], spent["paper"], value["voided"])
    return Turnout(*numbers, by_day)


def _is_turnout(value: Mapping[str, Any]) -> bool:
    if not shaped(value, {"register": dict, "spent": dict, "voided": int, "days": list}):
        return False
    register, spent = value["register"], value["spent"]
    if not shaped(register, {"frozen": int, "declared": int, "changes": list, "total": int}):
        return False
    changes = all(isinstance(one, dict) and shaped(one, {"day": str, "added": int, "removed": int}) for one in register["changes"])
    days = all(isinstance(one, dict) and shaped(one, {"day": str, "online": int, "paper": int}) for one in value["days"])
    if not changes or not days or not shaped(spent, {"online": int, "paper": int}):
        return False
    parts = (register, spent, value, *register["changes"], *value["days"])
    return all(number >= 0 for part in parts for number in part.values() if type(number) is int)


def check_turnout(turnout: Turnout, definition: Definition, found: Findings) -> None:
    """The numbers of turnout.json among themselves and with the definition."""
    frozen, declared = definition.register_.count, turnout.declared
    found.expect(
        turnout.frozen == frozen,
        say("The register was frozen with %(frozen)d lines, the turnout says %(told)d.", frozen=frozen, told=turnout.frozen),
    )
    found.expect(definition.declarations or not declared, say("Residents put themselves on the roll, which this election does not allow."))
    total = turnout.frozen + declared + turnout.changes
    found.expect(turnout.total == total, say("The register adds up to %(sum)d, not to %(told)d.", sum=total, told=turnout.total))
    for told, days, channel in (
        (turnout.online, sum(one for one, _ in turnout.days), say("online")),
        (turnout.paper, sum(one for _, one in turnout.days), say("on paper")),
    ):
        wrong = say("The days add up to %(sum)d people who voted %(channel)s, not to %(told)d.", sum=days, told=told, channel=channel)
        found.expect(days == told, wrong)
    voted = turnout.online + turnout.paper
    found.expect(voted <= turnout.total, say("%(voted)d people voted, and the register holds %(total)d.", voted=voted, total=turnout.total))


def check_numbers(turnout: Turnout, leaves: int, replaced: int, paper: int, found: Findings) -> None:
    """Ballots against voters: online they are equal; on paper fewer may have been put in than were handed out."""
    if leaves - replaced != turnout.online:
        found.fault(
            say("%(voted)d people voted online, and %(ballots)d ballots of the log count.", voted=turnout.online, ballots=leaves - replaced)
        )
    if paper > turnout.paper:
        found.fault(
            say(
                "%(voted)d people voted on paper, and %(ballots)d paper ballots were counted: some were added.",
                voted=turnout.paper,
                ballots=paper,
            )
        )
    elif paper < turnout.paper:
        found.note(
            say_count(
                "%(count)d paper ballot was handed out and not put into the box.",
                "%(count)d paper ballots were handed out and not put into the box.",
                turnout.paper - paper,
            )
        )
    found.note(
        say(
            "Voted: %(online)d online and %(paper)d on paper, of %(total)d on the register.",
            online=turnout.online,
            paper=turnout.paper,
            total=turnout.total,
        )
    )


def check_batches(heads: Sequence[SignedHead], least: int, found: Findings) -> None:
    """Each head adds nothing or at least `least` ballots, so that none is alone; where there are fewer in all, one batch holds them."""
    before = 0
    for at, one in enumerate(heads, 1):
        added = one.head.size - before
        if 0 < added < least and (before or one.head.size != heads[-1].head.size):
            found.fault(
                say(
                    "Head %(head)d adds %(added)d ballots only; a batch holds at least %(least)d, so that none can be found by its time.",
                    head=at,
                    added=added,
                    least=least,
                )
            )
        before = one.head.size
    if 0 < before < least:
        found.note(
            say_count(
                "Only %(count)d ballot was cast online: nothing hides it.",
                "Only %(count)d ballots were cast online: each is hidden among these few.",
                before,
            )
        )
