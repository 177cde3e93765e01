"""Make app/editions/data/communes.csv.gz from the communes.json of npm's @etalab/decoupage-administratif.

Usage: python tools/trim_communes.py path/to/decoupage-administratif/data/communes.json
The package does not say of which year each figure is; what INSEE publishes beside it does (see app/editions/data/README.md).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "app/editions/data/communes.csv.gz"
COLUMNS = ("code", "name", "department", "siren", "population", "kind", "vintage", "in_force")
KEPT = {"commune-actuelle", "arrondissement-municipal"}

# Census year and date in force of the 6.0.0 package, and where it differs.
USUAL = ("2023", "2026-01-01")
OTHERWISE = {"976": ("2017", ""), "986": ("2023", ""), "987": ("2022", ""), "988": ("2025", "")}


def row(commune: dict[str, Any]) -> tuple[str, ...]:
    """One line of the table; population, kind, vintage and date stay empty where nobody is counted."""
    population = commune.get("population") or 0
    vintage, in_force = OTHERWISE.get(commune["departement"], USUAL)
    figure = (str(population), "municipale", vintage, in_force) if population else ("", "", "", "")
    return (commune["code"], commune["nom"], commune["departement"], commune.get("siren", ""), *figure)


def main(source: str) -> None:
    """Write the table, byte for byte the same from the same source."""
    communes = json.loads(Path(source).read_text(encoding="utf-8"))
    rows = sorted(row(commune) for commune in communes if commune["type"] in KEPT)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    TARGET.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    print(f"{len(rows)} communes, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
