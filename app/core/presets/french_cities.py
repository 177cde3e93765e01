"""Grenoble 2017, Angers 2019 and Lyon 2022."""

from __future__ import annotations

from app.core.ballots import Approval
from app.core.ballots.part import Part
from app.core.ballots.scoped import Scoped
from app.core.envelope.split import Key, Split
from app.core.envelope.split import Part as Share
from app.core.presets.preset import TIES, Electorate, MoneyHint, Preset, Request, Sum, assumed, greedy_assumed, stage_ties, texts
from app.core.tally.greedy import Greedy
from app.core.tally.stage import Stage, Where
from app.core.tally.staged import Staged

GRENOBLE = Preset(
    key="grenoble_2017",
    name=texts("Grenoble 2017", "Grenoble 2017"),
    money=MoneyHint(cents=80_000_000),
    electorate=Electorate(min_age=16),
    request=Request(max_cents=40_000_000),
    ballot=Approval(),
    rule=Staged(
        stages=(
            Stage(
                key="large",
                name=texts("One project above 200,000 €", "Un projet de plus de 200 000 €"),
                where=Where(above_cents=20_000_000),
                rule=Greedy(winners=1),
            ),
            Stage(
                key="small",
                name=texts("Projects up to 200,000 €", "Projets jusqu’à 200 000 €"),
                where=Where(up_to_cents=20_000_000),
                rule=Greedy(),
            ),
        )
    ),
    notes=(
        texts("Residents choose 30 ideas before the services look at them.", "Les habitant·es présélectionnent 30 idées avant l’étude."),
    ),
    assumed=(
        *stage_ties(0, 1),
        assumed(
            "ballot",
            "The ballot is not described: as many projects as one likes.",
            "Le bulletin n’est pas décrit : autant de projets que l’on veut.",
        ),
        assumed(
            "rule.stages.1.where",
            "One large project, then small ones: a second large one does not win, even where money is left.",
            "Un grand projet, puis des petits : un second grand projet n’est pas retenu, même s’il reste de l’argent.",
        ),
    ),
)

ANGERS = Preset(
    key="angers_2019",
    name=texts("Angers 2019", "Angers 2019"),
    money=MoneyHint(cents=100_000_000),
    electorate=Electorate(min_age=11),
    request=Request(max_cents=25_000_000),
    ballot=Scoped(
        parts=(
            Part(where="theme", theme="theme_of_the_year", style=Approval(max_choices=2)),
            Part(where="all", style=Approval(max_choices=3)),
        )
    ),
    rule=Greedy(),
    assumed=(
        greedy_assumed(),
        TIES,
        assumed(
            "ballot.parts.0.theme",
            "Put here the key that the theme of the year has in the edition.",
            "Mettez ici la clé du thème de l’année dans l’édition.",
        ),
    ),
)

# The official populations of 2023: those of 2022 are close, and the shares of that year were published already rounded.
ARRONDISSEMENTS = {1: 28_717, 2: 29_981, 3: 100_679, 4: 34_752, 5: 47_777, 6: 49_385, 7: 88_326, 8: 85_943, 9: 53_567}

LYON = Preset(
    key="lyon_2022",
    name=texts("Lyon 2022", "Lyon 2022"),
    money=MoneyHint(
        cents=1_250_000_000,
        parts=(
            Sum(name=texts("Arrondissements", "Arrondissements"), cents=1_050_000_000),
            Sum(name=texts("Whole city", "Toute la ville"), cents=200_000_000),
        ),
        divided_by=("population",),
    ),
    electorate=Electorate(who="live_work_or_study"),
    ballot=Approval(min_choices=3, max_choices=10),
    rule=Staged(
        stages=(
            Stage(
                key="districts",
                name=texts("Arrondissements", "Arrondissements"),
                where=Where(scope="district"),
                each="district",
                cents=1_050_000_000,
                split=Split(
                    by="district",
                    parts=tuple(
                        Share(key=f"lyon_{place}", label=texts(f"Arrondissement {place}", f"Arrondissement {place}"))
                        for place in ARRONDISSEMENTS
                    ),
                    keys=(Key(kind="population", values={f"lyon_{place}": str(many) for place, many in ARRONDISSEMENTS.items()}),),
                ),
                rule=Greedy(),
                leftover="kept",
            ),
            Stage(
                key="city",
                name=texts("Whole city", "Toute la ville"),
                where=Where(scope="city"),
                cents=200_000_000,
                rule=Greedy(),
                leftover="kept",
            ),
        )
    ),
    assumed=(
        greedy_assumed("rule.stages.0.rule.kind"),
        greedy_assumed("rule.stages.1.rule.kind"),
        *stage_ties(0, 1),
        assumed(
            "rule.stages.0.leftover",
            "Nothing is said of what an arrondissement leaves over: it is kept.",
            "Rien n’est dit du reliquat d’un arrondissement : il est conservé.",
        ),
        assumed(
            "rule.stages.1.leftover",
            "Nothing is said of what the city leaves over: it is kept.",
            "Rien n’est dit du reliquat de la ville : il est conservé.",
        ),
        assumed(
            "rule.stages.0.split.keys.0.values",
            "The official populations of 2023 stand in for those of the year of the vote.",
            "Les populations de référence 2023 remplacent celles de l’année du vote.",
        ),
    ),
)
