"""An election in the Pabulib format: what a .pb file holds, and how it is written.

Format: three sections (META, PROJECTS, VOTES) of lines with semicolons, described at pabulib.org/format
(Faliszewski et al., Participatory Budgeting: Data, Tools, and Analysis, IJCAI 2023).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.formats.amounts import plain
from app.core.messages import Message, say
from app.core.problems import Invalid

SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
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
BALLOT_ORDER = ("voter_id", "vote", "points", "age", "sex", "voting_method", "district", "neighborhood", "education")


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
class PabulibFile:
    """A whole election. `meta` holds every key but budget, vote_type and the two counts, which follow from the rest."""

    meta: Mapping[str, str]
    budget_cents: int
    vote_type: str
    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    project_columns: tuple[str, ...]
    ballot_columns: tuple[str, ...]
    warnings: tuple[Message, ...] = field(default=(), compare=False)
    """What a careful reader should know about the file, each with its line; empty for a file made here."""

    @property
    def currency(self) -> str:
        """ISO 4217, EUR where the file names none."""
        return self.meta.get("currency") or "EUR"


def in_order(names: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """`names` in the order of the format; those it does not know come last, as given."""
    place = {name: index for index, name in enumerate(order)}
    return tuple(sorted(names, key=lambda name: place.get(name, len(order))))


def shown(text: str, length: int = 40) -> str:
    """The start of a text from a file, fit for a sentence on a screen or a terminal: `length` signs, none of them a control."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:length])


def write_pabulib(election: PabulibFile) -> str:
    """The .pb text of an election (no BOM, lines end in LF). Raises Invalid where the format cannot hold it."""
    _check_writable(election)
    meta = {
        **election.meta,
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(election.ballots)),
        "budget": plain(election.budget_cents),
        "vote_type": election.vote_type,
    }
    if missing := tuple(key for key in OBLIGATORY if not meta.get(key)):
        raise Invalid({key: say("The Pabulib format needs “%(key)s”.", key=key) for key in missing})
    columns, ballot_columns = in_order(election.project_columns, PROJECT_ORDER), in_order(election.ballot_columns, BALLOT_ORDER)
    rows: list[Sequence[str]] = [["META"], ["key", "value"], *([key, meta[key]] for key in in_order(meta, META_ORDER))]
    rows += [["PROJECTS"], columns]
    for project in election.projects:
        cells = {**project.other, "project_id": project.id, "cost": plain(project.cost_cents)}
        rows.append([cells.get(column, "") for column in columns])
    rows += [["VOTES"], ballot_columns]
    for ballot in election.ballots:
        points = ",".join(format(value, "f") for value in ballot.points)
        cells = {**ballot.other, "voter_id": ballot.voter, "vote": ",".join(ballot.choices), "points": points}
        rows.append([cells.get(column, "") for column in ballot_columns])
    return "".join(";".join(_quoted(cell) for cell in row) + "\n" for row in rows)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ';"\r\n') else cell


def _check_writable(election: PabulibFile) -> None:
    """Identifiers must not look like a section's name, and a comma would cut one project into two."""
    for name in (*(project.id for project in election.projects), *(ballot.voter for ballot in election.ballots), *election.meta):
        if not name or name != name.strip() or name.upper() in SECTIONS:
            raise Invalid({"": say("The Pabulib format has no place for the identifier “%(name)s”.", name=shown(name))})
    for project in election.projects:
        if "," in project.id:
            raise Invalid({"": say("The Pabulib format has no place for the identifier “%(name)s”.", name=shown(project.id))})
