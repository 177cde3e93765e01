"""An election in the Pabulib format: what a .pb file holds.

Format: three sections (META, PROJECTS, VOTES) of lines with semicolons, described at pabulib.org/format
(Faliszewski et al., Participatory Budgeting: Data, Tools, and Analysis, IJCAI 2023).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.messages import Message
from app.core.tally.profile import Profile

SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
POINTED = ("cumulative", "scoring")
"""The types of vote whose ballots give points."""
OBLIGATORY = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
META_ORDER = (
    "description",
    "country",
    "unit",
    "district",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
    "scoring_fn",
    "min_sum_cost",
    "max_sum_cost",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "default_score",
    "min_project_cost",
    "max_project_cost",
    "min_project_score_threshold",
    "neighborhoods",
    "subdistricts",
    "categories",
    "edition",
    "language",
    "currency",
    "fully_funded",
    "experimental",
    "comment",
    "acknowledgments",
    "leftover_budget",
    "budget_per_category",
    "budget_per_neighborhood",
    "min_length_per_category",
    "max_length_per_category",
    "min_sum_cost_per_category",
    "max_sum_cost_per_category",
)
PROJECT_ORDER = (
    "project_id",
    "cost",
    "votes",
    "score",
    "name",
    "category",
    "beneficiaries",
    "selected",
    "neighborhood",
    "subunit",
    "district",
    "description",
    "proposer",
    "public_id",
    "latitude",
    "longitude",
)
BALLOT_ORDER = (
    "voter_id",
    "vote",
    "points",
    "age",
    "sex",
    "voting_method",
    "district",
    "neighborhood",
    "education",
    "topic_preference_transport",
    "topic_preference_culture",
    "topic_preference_nature",
    "district_preference",
    "time_taken_seconds",
    "format_easiness",
    "format_expressiveness",
    "format_rank",
)


@dataclass(frozen=True)
class Project:
    """One line of PROJECTS: the cost in hundredths of the currency's unit, the other columns as they were written, empty cells left out."""

    id: str
    cost_cents: int
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ballot:
    """One line of VOTES: projects in the order given (a repeated one stays repeated), points beside them or none."""

    voter: str
    choices: tuple[str, ...]
    points: tuple[Decimal, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PabulibHead:
    """All of an election but its ballots. `meta` holds every key but budget, vote_type and the two counts, which follow from the rest."""

    meta: Mapping[str, str]
    budget_cents: int
    vote_type: str
    projects: tuple[Project, ...]
    project_columns: tuple[str, ...]
    ballot_columns: tuple[str, ...]
    warnings: tuple[Message, ...] = field(default=(), compare=False, kw_only=True)
    """What a careful reader should know about the file, each with its line; empty for a file made here."""

    @property
    def currency(self) -> str:
        """ISO 4217, EUR where the file names none."""
        return self.meta.get("currency") or "EUR"

    @property
    def threshold(self) -> int:
        """The fewest votes (points, where ballots give them) a project needs, 0 where the file declares none."""
        text = self.meta.get("min_project_score_threshold", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@dataclass(frozen=True)
class PabulibFile(PabulibHead):
    """A whole election, each ballot with all that its line holds: what can be written again."""

    ballots: tuple[Ballot, ...]


@dataclass(frozen=True, eq=False)
class PabulibElection(PabulibHead):
    """An election to be counted: its ballots in flat arrays, without their voters. Projects stand in the order of the file.

    `points`: the same ballots as points, where a vote by ranking has them written beside the places; else None.
    """

    profile: Profile
    points: Profile | None = None


def in_order(names: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """`names` in the order of the format; those it does not know come last, as given."""
    place = {name: index for index, name in enumerate(order)}
    return tuple(sorted(names, key=lambda name: place.get(name, len(order))))


def shown(text: str, length: int = 40) -> str:
    """The start of a text from a file, fit for a sentence on a screen or a terminal: `length` signs, none of them a control."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:length])
