"""What every command does: open the database, and turn a refusal into sentences and an exit status."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from app.core.permissions import Role
from app.core.problems import Invalid, Problem
from app.core.sides import Side
from app.database import make_engine
from app.settings import settings
from app.unit import Work, work


@contextmanager
def told() -> Iterator[None]:
    """A refusal is its sentences on the error output, and exit status 1."""
    try:
        yield
    except Problem as problem:
        for name, sentence in (problem.errors if isinstance(problem, Invalid) else {"": problem.message}).items():
            typer.echo(f"{name}: {sentence}" if name else str(sentence), err=True)
        if isinstance(problem, Invalid) and "role" in problem.errors:
            typer.echo(f"The roles are: {', '.join(Role)}.", err=True)
        raise typer.Exit(1) from None


@contextmanager
def opened(side: Side = Side.REGISTRAR) -> Iterator[Work]:
    """One unit of work on the database of the settings, closed behind it."""
    engine = make_engine(settings().database_url, sides=settings().sides)
    try:
        with work(engine, side=side) as unit:
            yield unit
    finally:
        engine.dispose()
