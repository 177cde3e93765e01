"""File formats, read and written as text: Pabulib elections (.pb) and tables (CSV). Nothing here opens a file."""

from app.core.formats.csv_tables import FRENCH_SHEET, OPEN_DATA, TableStyle, neutral, write_table
from app.core.formats.pabulib import Ballot, PabulibElection, PabulibFile, PabulibHead, Project
from app.core.formats.pabulib_export import (
    Entry,
    Heading,
    blank_of,
    canonical,
    declared_rule,
    draw_of,
    election_file,
    kind_of,
    projects_of,
    rule_of,
)
from app.core.formats.pabulib_lines import Malformed, decode
from app.core.formats.pabulib_reading import read_election, read_pabulib
from app.core.formats.pabulib_writing import write_pabulib

__all__ = [
    "FRENCH_SHEET",
    "OPEN_DATA",
    "Ballot",
    "Entry",
    "Heading",
    "Malformed",
    "PabulibElection",
    "PabulibFile",
    "PabulibHead",
    "Project",
    "TableStyle",
    "blank_of",
    "canonical",
    "declared_rule",
    "decode",
    "draw_of",
    "election_file",
    "kind_of",
    "neutral",
    "projects_of",
    "read_election",
    "read_pabulib",
    "rule_of",
    "write_pabulib",
    "write_table",
]
