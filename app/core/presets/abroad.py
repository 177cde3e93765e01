"""Warsaw, Barcelona, Reykjavik and Aarau."""

from __future__ import annotations

from app.core.ballots import Approval, Knapsack
from app.core.ballots.part import Part
from app.core.ballots.points import Points
from app.core.ballots.scoped import Scoped
from app.core.ballots.star import Star
from app.core.envelope.split import Key, Split
from app.core.envelope.split import Part as Share
from app.core.presets.preset import TIES, Electorate, MoneyHint, Preset, assumed, greedy_assumed, stage_ties, texts
from app.core.tally.equal_shares import EqualShares
from app.core.tally.greedy import Greedy
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.stage import Stage, Where
from app.core.tally.staged import Staged

DISTRICTS = texts("Districts", "Quartiers")
EQUAL = texts(
    "The figures of the districts are not given: equal parts for those that have projects.",
    "Les chiffres des quartiers ne sont pas donnés : parts égales entre ceux qui ont des projets.",
)

WARSAW = Preset(
    key="warsaw",
    name=texts("Warsaw", "Varsovie"),
    money=MoneyHint(cents=10_000_000_000, currency="PLN", divided_by=("population",)),
    electorate=Electorate(guardian_below=13),
    ballot=Scoped(
        parts=(Part(where="district", style=Approval(max_choices=15)), Part(where="city", style=Approval(max_choices=10))),
    ),
    rule=Staged(
        stages=(
            Stage(
                key="districts",
                name=DISTRICTS,
                where=Where(scope="district"),
                each="district",
                share="7/10",
                rule=Greedy(),
                leftover="kept",
            ),
            Stage(key="city", name=texts("Whole city", "Toute la ville"), where=Where(scope="city"), rule=Greedy()),
        ),
        limits=(
            MinVotes(votes=50, scope="district"),
            MinVotes(votes=100, scope="city"),
            MaxPer(key="site", most=1),
        ),
    ),
    assumed=(
        *stage_ties(0, 1),
        assumed("money.cents", "The amount is not given: 100 million złoty.", "Le montant n’est pas donné : 100 millions de zlotys."),
        assumed("rule.stages.0.share", "The part of the districts is not given: 70 %.", "La part des quartiers n’est pas donnée : 70 %."),
        assumed("rule.stages.0.split", EQUAL["en"], EQUAL["fr"]),
        assumed(
            "rule.stages.0.leftover",
            "Nothing is said of what a district leaves over: it is kept.",
            "Rien n’est dit du reliquat d’un quartier : il est conservé.",
        ),
    ),
)

BARCELONA = Preset(
    key="barcelona_2025",
    name=texts("Barcelona 2025", "Barcelone 2025"),
    money=MoneyHint(cents=3_000_000_000, divided_by=("income", "population", "area")),
    electorate=Electorate(min_age=14, who="registered"),
    ballot=Scoped(parts=(Part(where="district", districts=2, own=True, style=Knapsack(min_choices=2)),)),
    rule=Staged(stages=(Stage(key="districts", name=DISTRICTS, each="district", rule=Greedy(), leftover="kept"),)),
    notes=(
        texts(
            "A support phase chooses 20 projects in each district; projects equal at the cut all pass.",
            "Une phase de soutien retient 20 projets par quartier ; les ex æquo au seuil passent tous.",
        ),
    ),
    assumed=(
        greedy_assumed("rule.stages.0.rule.kind"),
        *stage_ties(0),
        assumed("rule.stages.0.split", EQUAL["en"], EQUAL["fr"]),
        assumed(
            "rule.stages.0.leftover",
            "Nothing is said of what a district leaves over: it is kept.",
            "Rien n’est dit du reliquat d’un quartier : il est conservé.",
        ),
    ),
)

# Round figures of the people of each district, to be replaced by those of the register.
REYKJAVIK = {
    "arbaer": ("Árbær", 12_000),
    "breidholt": ("Breiðholt", 22_500),
    "grafarholt": ("Grafarholt og Úlfarsárdalur", 8_500),
    "grafarvogur": ("Grafarvogur", 18_000),
    "haaleiti": ("Háaleiti og Bústaðir", 16_500),
    "hlidar": ("Hlíðar", 13_000),
    "kjalarnes": ("Kjalarnes", 1_000),
    "laugardalur": ("Laugardalur", 18_500),
    "midborg": ("Miðborg", 11_500),
    "vesturbaer": ("Vesturbær", 17_500),
}

REYKJAVIK_2023 = Preset(
    key="reykjavik_2023",
    name=texts("Reykjavik 2023", "Reykjavik 2023"),
    money=MoneyHint(cents=45_000_000_000, currency="ISK", divided_by=("equal", "population")),
    electorate=Electorate(min_age=15),
    ballot=Scoped(parts=(Part(where="district", style=Star(choice=Knapsack())),)),
    rule=Staged(
        stages=(
            Stage(
                key="districts",
                name=DISTRICTS,
                each="district",
                split=Split(
                    by="district",
                    parts=tuple(Share(key=key, label=texts(name, name)) for key, (name, _) in REYKJAVIK.items()),
                    keys=(
                        Key(kind="equal", weight="1/4"),
                        Key(kind="population", weight="3/4", values={key: str(many) for key, (_, many) in REYKJAVIK.items()}),
                    ),
                ),
                rule=Greedy(utility="points"),
                leftover="kept",
            ),
        )
    ),
    notes=(
        texts(
            "A new ballot replaces the one before, until the vote closes.", "Un nouveau bulletin remplace le précédent jusqu’à la clôture."
        ),
    ),
    assumed=(
        greedy_assumed("rule.stages.0.rule.kind"),
        *stage_ties(0),
        assumed("money.cents", "The amount is not given: 450 million króna.", "Le montant n’est pas donné : 450 millions de couronnes."),
        assumed(
            "rule.stages.0.split.keys.1.values",
            "Round figures stand in for the population of each district.",
            "Des chiffres ronds tiennent lieu de la population de chaque quartier.",
        ),
        assumed(
            "rule.stages.0.leftover",
            "Nothing is said of what a district leaves over: it is kept.",
            "Rien n’est dit du reliquat d’un quartier : il est conservé.",
        ),
    ),
)

AARAU = Preset(
    key="aarau_2023",
    name=texts("Aarau 2023", "Aarau 2023"),
    money=MoneyHint(cents=5_000_000, currency="CHF"),
    ballot=Points(total=10, min_projects=3),
    rule=EqualShares(utility="points", completion="add1_until_infeasible", step_cents=100),
    assumed=(
        TIES,
        assumed(
            "rule.completion",
            "“Add one” names several rules: shares rise as long as the projects chosen fit.",
            "« Add one » désigne plusieurs règles : les parts montent tant que les projets choisis tiennent dans l’enveloppe.",
        ),
        assumed("rule.step_cents", "Shares rise by one franc at a time.", "Les parts montent d’un franc à la fois."),
        assumed(
            "ballot.all_of_them",
            "All ten points are to be given out.",
            "Les dix points sont tous à distribuer.",
        ),
    ),
)
