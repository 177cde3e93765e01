"""The facts of an edition that its rules need, with the words for what the files in hand speak of."""

from collections.abc import Sequence
from dataclasses import replace

from app.core.eligibility import Context, Dossier
from app.core.messages import Localised
from app.editions.communes import find_commune


def in_words(context: Context, dossiers: Sequence[Dossier]) -> Context:
    """The same facts of the edition, with the names of the communes these files speak of."""
    communes = {one.carrier.commune for one in dossiers if one.carrier and one.carrier.commune}
    named = {f"commune:{code}": Localised(fr=found.name) for code in communes if (found := find_commune(code))}
    return replace(context, names={**named, **context.names})
