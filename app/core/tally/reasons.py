"""The sentences of a count: why each project won or lost, and how near a loser came."""

from __future__ import annotations

from app.core.messages import Message, say, say_count


def below_minimum(votes: int, needed: int) -> Message:
    """The project had too few votes to take part."""
    return say_count(
        "%(count)d vote, and at least %(needed)d are needed.",
        "%(count)d votes, and at least %(needed)d are needed.",
        votes,
        needed=needed,
    )


def waits_for_draw(members: tuple[str, ...]) -> Message:
    """Nothing can be said before the public draw."""
    return say("A public draw must first decide between these projects: %(projects)s.", projects=members)
