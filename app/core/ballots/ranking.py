"""Ranking: a voter puts projects in order, the one they want most in the first place."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationInfo, field_validator

from app.core.ballots.ballot_style import BallotStyle, Marks, Number, ProfileKind
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count
from app.core.sentences import wrong


class Ranking(BallotStyle):
    """From `min_places` to `max_places` projects in order (None: as many as there are); equal numbers mean exactly so many.

    A mark is a place, 1 the first. Every place from the first to the last one given holds one project. What a place is worth is
    written in the rule of the count (`core.tally.scores.Scale`), such as 3, 2, 1.
    """

    kind: Literal["ranking"] = "ranking"
    min_places: Number = 1
    max_places: Number | None = None

    @field_validator("max_places")
    @classmethod
    def _not_below_smallest(cls, most: int | None, info: ValidationInfo) -> int | None:
        if most is not None and most < info.data.get("min_places", 1):
            raise wrong(say("The largest number of places is below the smallest."))
        return most

    @property
    def profile_kind(self) -> ProfileKind:
        """Places."""
        return "ranking"

    def means(self, mark: int) -> bool:
        """Any place from the first."""
        return mark >= 1

    def rule_line(self, slate: Slate) -> Message:
        """How many projects to rank."""
        least, most = self.min_places, self.max_places
        if most is None and least == 1:
            return say("Rank as many projects as you like, the one you want most first.")
        if most is None:
            return say("Rank at least %(least)d projects, the one you want most first.", least=least)
        if most == 1:
            return say_count("Choose exactly %(count)d project.", "Choose exactly %(count)d projects.", 1)
        if least == most:
            return say("Rank exactly %(most)d projects, the one you want most first.", most=most)
        if least == 1:
            return say("Rank up to %(most)d projects, the one you want most first.", most=most)
        return say("Rank %(least)d to %(most)d projects, the one you want most first.", least=least, most=most)

    def longest_mark(self, projects: int) -> str:
        """The last place."""
        return str(min(projects, self.max_places or projects))

    def limit_choices(self) -> int | None:
        """The number of places."""
        return self.max_places

    def mark_words(self, mark: int) -> Message:
        """The place."""
        return say("Place %(place)d", place=mark)

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many places are given, and of how many."""
        if self.max_places is None:
            return say_count("%(count)d project ranked", "%(count)d projects ranked", len(marks))
        return say_count(
            "%(count)d project ranked of %(limit)d", "%(count)d projects ranked of %(limit)d", len(marks), limit=self.max_places
        )

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """Too few or too many projects, a place that is empty or given twice."""
        problems = list(self._numbers(len(marks)))
        holders: dict[int, list[str]] = {}
        for id, place in sorted(marks.items()):
            holders.setdefault(place, []).append(id)
        for place, ids in sorted(holders.items()):
            if len(ids) > 1:
                problems.append(say("Place %(place)d holds more than one project: %(projects)s.", place=place, projects=tuple(ids)))
        gap = next(place for place in range(1, len(holders) + 2) if place not in holders)
        if gap < max(holders):
            problems.append(say("Place %(place)d is empty. Give the places from 1 on, without a gap.", place=gap))
        return tuple(problems)

    def _numbers(self, ranked: int) -> tuple[Message, ...]:
        least, most = self.min_places, self.max_places
        if least == most and ranked != most:
            return (
                say_count(
                    "Rank exactly %(count)d project; you have ranked %(ranked)d.",
                    "Rank exactly %(count)d projects; you have ranked %(ranked)d.",
                    least,
                    ranked=ranked,
                ),
            )
        if ranked < least:
            return (
                say_count(
                    "Rank at least %(count)d project; you have ranked %(ranked)d.",
                    "Rank at least %(count)d projects; you have ranked %(ranked)d.",
                    least,
                    ranked=ranked,
                ),
            )
        if most is not None and ranked > most:
            return (
                say_count(
                    "Rank at most %(count)d project; you have ranked %(ranked)d.",
                    "Rank at most %(count)d projects; you have ranked %(ranked)d.",
                    most,
                    ranked=ranked,
                ),
            )
        return ()
