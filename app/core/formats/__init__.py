"""File formats, read and written as text: Pabulib elections (.pb) and tables (CSV). Nothing here opens a file."""

from app.core.formats.csv_tables import FRENCH_SHEET, OPEN_DATA, TableStyle, neutral, write_table
from app.core.formats.pabulib import Ballot, PabulibFile, Project, write_pabulib
from app.core.formats.pabulib_export import Entry, Heading, blank_of, canonical, declared_rule, election_file, rule_of
from app.core.formats.pabulib_reading import Malformed, decode, read_pabulib

__all__ = [
    "FRENCH_SHEET",
    "OPEN_DATA",
    "Ballot",
    "Entry",
    "Heading",
    "Malformed",
    "PabulibFile",
    "Project",
    "TableStyle",
    "blank_of",
    "canonical",
    "declared_rule",
    "decode",
    "election_file",
    "neutral",
    "read_pabulib",
    "rule_of",
    "write_pabulib",
    "write_table",
]
