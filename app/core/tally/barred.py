"""Why a limit shut a project out, in a sentence that names the projects that filled it."""

from __future__ import annotations

from app.core.messages import Message, say, say_count
from app.core.money import Money
from app.core.tally.election import Project
from app.core.tally.limits import Bar, Key, MaxSpending

SHARED: dict[Key, Message] = {
    "carrier": say("its carrier"),
    "site": say("its site"),
    "district": say("its district"),
    "theme": say("its theme"),
    "country": say("its country"),
    "scope": say("its part of the ballot paper"),
}


def barred(votes: int, bar: Bar, project: Project, currency: str) -> Message:
    """Why this project with so many votes could no longer be taken: what it has in common with the projects taken before it."""
    if isinstance(bar.limit, MaxSpending):
        return _too_much(votes, bar, bar.limit, project, currency)
    if bar.limit.key == "site" and bar.limit.most == 1:
        return say_count(
            "%(count)d vote; it stands on the same site as %(projects)s, taken before it.",
            "%(count)d votes; it stands on the same site as %(projects)s, taken before it.",
            votes,
            projects=bar.by,
        )
    return say_count(
        "%(count)d vote; %(shared)s already had as many awards as the rule allows: %(projects)s.",
        "%(count)d votes; %(shared)s already had as many awards as the rule allows: %(projects)s.",
        votes,
        shared=SHARED[bar.limit.key],
        projects=bar.by,
    )


def _too_much(votes: int, bar: Bar, limit: MaxSpending, project: Project, currency: str) -> Message:
    """The money that its carrier, theme … may have is spent, or would be passed."""
    amounts = {"cost": Money(project.cost_cents, currency), "limit": Money(limit.cents, currency)}
    if not bar.by:
        return say_count(
            "%(count)d vote; it asks for %(cost)s, and %(shared)s may have %(limit)s at most.",
            "%(count)d votes; it asks for %(cost)s, and %(shared)s may have %(limit)s at most.",
            votes,
            shared=SHARED[limit.key],
            **amounts,
        )
    return say_count(
        "%(count)d vote; it asks for %(cost)s, and with %(projects)s %(shared)s would have more than %(limit)s.",
        "%(count)d votes; it asks for %(cost)s, and with %(projects)s %(shared)s would have more than %(limit)s.",
        votes,
        shared=SHARED[limit.key],
        projects=bar.by,
        **amounts,
    )
