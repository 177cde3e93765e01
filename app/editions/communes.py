"""The French communes and municipal arrondissements, with the INSEE figure an envelope is computed from.

The table is made by tools/trim_communes.py and read once, at the first question; data/README.md gives source and licence.
"""

import csv
import gzip
import io
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.core.envelope import PopulationFigure
from app.core.messages import say
from app.core.problems import Invalid

TABLE = Path(__file__).parent / "data" / "communes.csv.gz"
SOURCE = "INSEE"


class Commune(NamedTuple):
    """One line of the table. `population` and `vintage` (year of the count) are None where there is no figure."""

    code: str
    name: str
    department: str
    siren: str
    population: int | None
    vintage: int | None
    in_force: date | None


def find_commune(code: str) -> Commune | None:
    """The commune or municipal arrondissement of an INSEE code ("35238", "2A004", "75115"), None if there is none."""
    return _communes().get(code.strip().upper())


def search_communes(text: str, limit: int = 20) -> list[Commune]:
    """Communes whose name holds every word typed, whatever accents and hyphens, or whose code begins so.

    The exact name comes first, then names that begin so, then the others; the larger commune first in each group.
    """
    wanted = plain(text)
    if not wanted:
        return []
    words = [f" {word}" for word in wanted.split()]
    found = [
        (name != wanted, not name.startswith(wanted), -(commune.population or 0), commune)
        for name, commune in _names()
        if all(word in f" {name}" for word in words) or commune.code.lower().startswith(wanted)
    ]
    return [commune for *_, commune in sorted(found)[:limit]]


def named_commune(text: str) -> Commune:
    """The commune somebody means by a code or a whole name. Raises Invalid (field "commune") naming those that share the name."""
    if (by_code := find_commune(text)) is not None:
        return by_code
    same = [commune for commune in search_communes(text, 50) if plain(commune.name) == plain(text)]
    if len(same) == 1:
        return same[0]
    if not same:
        raise Invalid({"commune": say("No commune has this name or this code. Check the spelling, or leave the field blank for now.")})
    choices = tuple(say("%(code)s (%(department)s)", code=one.code, department=one.department) for one in same[:8])
    raise Invalid({"commune": say("Several communes have this name. Enter the code of yours (department): %(choices)s.", choices=choices)})


def population_figure(code: str) -> PopulationFigure:
    """The INSEE figure of a commune. Raises Invalid (field "commune") where the code or the figure is missing."""
    commune = find_commune(code)
    if commune is None:
        raise Invalid({"commune": say("There is no commune with the code “%(code)s”. Search for it by its name.", code=code.strip())})
    if not commune.population or not commune.vintage:
        raise Invalid(
            {
                "commune": say(
                    "The table has no population for %(commune)s. Type the figure with its year and source, or use a fixed amount.",
                    commune=commune.name,
                )
            }
        )
    return PopulationFigure(
        commune=commune.code,
        name=commune.name,
        value=commune.population,
        figure_kind="municipale",
        vintage=commune.vintage,
        in_force=commune.in_force,
        source=SOURCE,
    )


def plain(text: str) -> str:
    """Lower case without accents, hyphens, apostrophes: "L'Haÿ-les-Roses" -> "l hay les roses"."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare if not unicodedata.combining(sign)).split())


@cache
def _communes() -> dict[str, Commune]:
    lines = io.StringIO(gzip.decompress(TABLE.read_bytes()).decode())
    return {line["code"]: _commune(line) for line in csv.DictReader(lines)}


@cache
def _names() -> tuple[tuple[str, Commune], ...]:
    return tuple((plain(commune.name), commune) for commune in _communes().values())


def _commune(line: dict[str, str]) -> Commune:
    return Commune(
        code=line["code"],
        name=line["name"],
        department=line["department"],
        siren=line["siren"],
        population=int(line["population"]) if line["population"] else None,
        vintage=int(line["vintage"]) if line["vintage"] else None,
        in_force=date.fromisoformat(line["in_force"]) if line["in_force"] else None,
    )
