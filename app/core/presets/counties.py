"""Two French départements that give grants to associations: Lot-et-Garonne and Gers."""

from __future__ import annotations

from app.core.ballots import Approval
from app.core.presets.preset import TIES, Assumed, Electorate, MoneyHint, Preset, Request, Sum, assumed, greedy_assumed, stage_ties, texts
from app.core.tally.greedy import Greedy
from app.core.tally.stage import Stage, Where
from app.core.tally.staged import Staged

LOT_ET_GARONNE = Preset(
    key="lot_et_garonne",
    name=texts("Lot-et-Garonne", "Lot-et-Garonne"),
    money=MoneyHint(cents=100_000_000),
    electorate=Electorate(min_age=11),
    ballot=Approval(min_choices=3, max_choices=3),
    rule=Greedy(),
    notes=(
        texts(
            "No account is needed: names and addresses are checked for doubles, and the first mark on the roll prevails.",
            "Sans compte : les noms et adresses sont vérifiés, et le premier émargement l’emporte.",
        ),
        texts(
            "Half is paid on order, the balance on paid invoices.", "La moitié est versée à la commande, le solde sur factures acquittées."
        ),
    ),
    assumed=(
        greedy_assumed(),
        TIES,
        assumed("money.cents", "The amount is not given: one million euros.", "Le montant n’est pas donné : un million d’euros."),
    ),
)


def _band(key: str, low: int | None, high: int, cents: int, *, youth: bool) -> Stage:
    """Projects above `low` and up to `high` euros, with an envelope of `cents`."""
    above = f"{low:,} to ".replace(",", " ") if low else "up to "
    de = f"de {low:,} à ".replace(",", " ") if low else "jusqu’à "
    whom = ("Youth, ", "Jeunes, ") if youth else ("", "")
    top = f"{high:,} €".replace(",", " ")
    return Stage(
        key=key,
        name=texts(f"{whom[0]}{above}{top}", f"{whom[1]}{de}{top}"),
        where=Where(
            tag="youth" if youth else None,
            without_tag=None if youth else "youth",
            above_cents=low * 100 if low else None,
            up_to_cents=high * 100,
        ),
        cents=cents,
        rule=Greedy(),
        leftover="kept",
    )


BANDS = (
    _band("small", None, 5_000, 15_000_000, youth=False),
    _band("middle", 5_000, 20_000, 45_000_000, youth=False),
    _band("large", 20_000, 50_000, 30_000_000, youth=False),
    _band("youth_small", None, 10_000, 5_000_000, youth=True),
    _band("youth_large", 10_000, 25_000, 5_000_000, youth=True),
)


def _kept(place: int) -> Assumed:
    return assumed(
        f"rule.stages.{place}.leftover",
        "Nothing is said of what a band leaves over: it is kept.",
        "Rien n’est dit du reliquat d’une tranche : il est conservé.",
    )


GERS = Preset(
    key="gers_2",
    name=texts("Gers, second edition", "Gers, deuxième édition"),
    money=MoneyHint(
        cents=sum(band.cents or 0 for band in BANDS),
        parts=tuple(Sum(name=band.name, cents=band.cents or 0) for band in BANDS),
    ),
    request=Request(max_cents=5_000_000),
    ballot=Approval(max_choices=3),
    rule=Staged(stages=BANDS),
    assumed=(
        *(greedy_assumed(f"rule.stages.{place}.rule.kind") for place in range(len(BANDS))),
        *stage_ties(*range(len(BANDS))),
        *(_kept(place) for place in range(len(BANDS))),
        assumed("money.cents", "The sum of the bands.", "La somme des tranches."),
    ),
)
