"""Rules side by side as files: JSON with its schema, and a table in two variants."""

from __future__ import annotations

from app.core.formats import TableStyle, write_table
from app.core.formats.comparison_json import COLUMNS, ComparisonDocument, comparison_document, comparison_rows, rule_name
from app.exchange.exporting import in_every_language
from app.rendering import speaking, translate
from app.results.comparisons import Beside, SideBySide


def comparison(found: Beside) -> ComparisonDocument:
    """The comparison as the document of its published JSON Schema, names of rules in every language of the site."""
    return comparison_of(found, found.edition.slug)


def comparison_of(found: SideBySide, name: str) -> ComparisonDocument:
    """The same for the ballots called `name`: an edition, or a file."""
    return comparison_document(
        name, found.names, found.entries, found.envelope, complete=found.complete, speak=in_every_language
    )


def comparison_table(found: SideBySide, style: TableStyle, language: str | None) -> bytes:
    """A line for each rule. Columns and rules bear their code, or words in `language`."""
    with speaking(language or "en"):
        columns = list(COLUMNS) if language is None else [translate(label) for label in COLUMNS.values()]
        rows = comparison_rows(found.entries, found.currency, lambda name: name if language is None else translate(rule_name(name)))
    return write_table(columns, rows, style=style)
