"""Writing .pb files: line by line, and only what every reader of the format will read back as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.core.formats.amounts import plain
from app.core.formats.pabulib import BALLOT_ORDER, META_ORDER, OBLIGATORY, PROJECT_ORDER, SECTIONS, PabulibFile, in_order, shown
from app.core.messages import say
from app.core.problems import Invalid


def write_pabulib(election: PabulibFile) -> str:
    """The .pb text of an election (no BOM, lines end in LF). Raises Invalid where the format cannot hold it."""
    _check_writable(election)
    return "".join(";".join(_quoted(cell) for cell in row) + "\n" for row in _rows(election))


def _rows(election: PabulibFile) -> Iterator[Sequence[str]]:
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
    yield from (["META"], ["key", "value"], *([key, meta[key]] for key in in_order(meta, META_ORDER)), ["PROJECTS"], columns)
    for project in election.projects:
        cells = {**project.other, "project_id": project.id, "cost": plain(project.cost_cents)}
        yield [cells.get(column, "") for column in columns]
    yield from (["VOTES"], ballot_columns)
    for ballot in election.ballots:
        points = ",".join(format(value, "f") for value in ballot.points)
        cells = {**ballot.other, "voter_id": ballot.voter, "vote": ",".join(ballot.choices), "points": points}
        yield [cells.get(column, "") for column in ballot_columns]


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
