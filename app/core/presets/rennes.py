"""Rennes: the programme of international solidarity, and two seasons of the Fabrique citoyenne."""

from __future__ import annotations

from app.core.ballots import Approval
from app.core.presets.preset import TIES, Electorate, MoneyHint, Preset, Request, assumed, stage_ties, texts
from app.core.tally.greedy import Greedy
from app.core.tally.limits import MaxPer
from app.core.tally.stage import Stage, Where
from app.core.tally.staged import Staged

FABRIQUE = MoneyHint(cents=350_000_000)
TEN_CHOICES = Approval(max_choices=10, max_total_cents=350_000_000)

SOLIDARITY = Preset(
    key="rennes_solidarite",
    name=texts("Rennes, international solidarity", "Rennes, solidarité internationale"),
    money=MoneyHint(cents_per_inhabitant=100),
    electorate=Electorate(who="residents"),
    ballot=Approval(min_choices=3, max_choices=6),
    rule=Greedy(max_per_carrier=1),
    assumed=(TIES,),
)

SEASON_5 = Preset(
    key="rennes_fabrique_s5",
    name=texts("Rennes, Fabrique citoyenne, season 5", "Rennes, Fabrique citoyenne, saison 5"),
    money=FABRIQUE,
    request=Request(max_cents=40_000_000),
    ballot=TEN_CHOICES,
    rule=Greedy(),
    assumed=(
        TIES,
        assumed(
            "request.max_cents",
            "The limit fell from 500,000 € to 400,000 € at a season that is not named: the later one.",
            "Le plafond est passé de 500 000 € à 400 000 € à une saison non précisée : le plus récent.",
        ),
    ),
)

SEASON_2 = Preset(
    key="rennes_fabrique_s2",
    name=texts("Rennes, Fabrique citoyenne, season 2", "Rennes, Fabrique citoyenne, saison 2"),
    money=FABRIQUE,
    request=Request(max_cents=50_000_000),
    ballot=TEN_CHOICES,
    rule=Staged(
        stages=(
            Stage(
                key="districts",
                name=texts("The two best of each district", "Les deux premiers de chaque quartier"),
                where=Where(having="district"),
                rule=Greedy(limits=(MaxPer(key="district", most=2),)),
            ),
            Stage(key="city", name=texts("The best of all", "Les premiers de toute la ville"), rule=Greedy()),
        )
    ),
    assumed=(
        *stage_ties(0, 1),
        assumed(
            "request.max_cents",
            "The limit fell from 500,000 € to 400,000 € at a season that is not named: the earlier one.",
            "Le plafond est passé de 500 000 € à 400 000 € à une saison non précisée : le plus ancien.",
        ),
    ),
)
