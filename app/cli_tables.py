"""`quotepart table …`: projects and organisations of an edition, out to a file and in again."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli_door import opened, told
from app.core.problems import Invalid
from app.editions.queries import find_edition
from app.exchange.progress import progress
from app.exchange.sheets import service
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.gathering import Shape, table_of
from app.exchange.sheets.reading import Encoding
from app.exchange.sheets.reports import told as counts
from app.exchange.sheets.reports import where

table = typer.Typer(no_args_is_help=True, help="Projects and organisations of an edition as tables.")


@table.command("export")
def export_table(
    slug: Annotated[str, typer.Argument(help="The edition, as in its address.")],
    kind: Kind,
    out: Annotated[Path, typer.Argument(help="The file to write.")],
    shape: Annotated[Shape, typer.Option(help="CSV for programs, CSV for a French spreadsheet, or a workbook.")] = Shape.OPEN,
    public: Annotated[bool, typer.Option("--public", help="Only what everyone may see.")] = False,
) -> None:
    """Write the projects or organisations of an edition to a file."""
    with told():
        with opened() as unit:
            content = table_of(unit, find_edition(unit, slug, drafts=True), kind, shape, public=public)
        out.write_bytes(content)
    typer.echo(str(out))


@table.command("import")
def import_table(
    slug: Annotated[str, typer.Argument(help="The edition, as in its address.")],
    kind: Kind,
    file: Path,
    apply: Annotated[bool, typer.Option("--apply", help="Write it, all or nothing; without this it is only looked at.")] = False,
    encoding: Annotated[Encoding, typer.Option(help="How the text of a CSV file is written.")] = Encoding.UTF_8,
) -> None:
    """Look at a table and say what it would change; with --apply, change it. Exit status 1 if anything is wrong with it."""
    with told():
        try:
            content = file.read_bytes()
        except OSError as problem:
            raise Invalid({"": service.unreadable(str(file), problem.strerror or "")}) from None
        with opened() as unit, progress() as stage:
            edition = find_edition(unit, slug, drafts=True)
            report = service.from_file(unit, edition, kind, content, encoding, writing=apply, told=stage)
    for fault in report.faults:
        typer.echo(str(where(fault)), err=True)
    for sentence in [*counts(report), *service.outcome(report, written=apply)]:
        typer.echo(str(sentence))
    raise typer.Exit(0 if report.good else 1)
