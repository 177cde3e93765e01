"""Schemes without a ballot: residents' panels, experts and juries decide, and the council after them."""

from __future__ import annotations

from app.core.presets.preset import Assumed, Electorate, MoneyHint, Preset, Request, Sum, assumed, texts
from app.core.tally.panel import Panel
from app.core.tally.stage import Stage, Where
from app.core.tally.staged import Staged

NOBODY = Electorate(who="nobody")
THE_LIST = texts(
    "The panel's list is entered once it has decided.",
    "La liste du jury est saisie une fois sa décision prise.",
)


def _list(field: str) -> Assumed:
    return assumed(field, THE_LIST["en"], THE_LIST["fr"])


def _unknown_amount(en: str, fr: str) -> Assumed:
    return assumed("money.cents", f"The amount of the envelope is not given: {en}.", f"Le montant de l’enveloppe n’est pas donné : {fr}.")


CAPITAL, OPERATING = texts("Capital", "Investissement"), texts("Operating", "Fonctionnement")

NANTES = Preset(
    key="nantes_2022",
    name=texts("Nantes 2022", "Nantes 2022"),
    money=MoneyHint(cents=130_000_000, parts=(Sum(name=CAPITAL, cents=100_000_000), Sum(name=OPERATING, cents=30_000_000))),
    electorate=NOBODY,
    ballot=None,
    rule=Staged(
        stages=(
            Stage(key="capital", name=CAPITAL, where=Where(tag="capital"), cents=100_000_000, rule=Panel(), leftover="kept"),
            Stage(key="operating", name=OPERATING, where=Where(tag="operating"), cents=30_000_000, rule=Panel(), leftover="kept"),
        )
    ),
    notes=(texts("Panels of residents decide in each district.", "Des panels d’habitant·es décident dans chaque quartier."),),
    assumed=(
        _list("rule.stages.0.rule.selected"),
        _list("rule.stages.1.rule.selected"),
        assumed(
            "rule.stages.0.leftover",
            "The two sections of the budget do not mix: what is left over is kept.",
            "Les deux sections du budget ne se mélangent pas : le reliquat est conservé.",
        ),
        assumed(
            "rule.stages.1.leftover",
            "The two sections of the budget do not mix: what is left over is kept.",
            "Les deux sections du budget ne se mélangent pas : le reliquat est conservé.",
        ),
    ),
)

LUBLIN = Preset(
    key="lublin_green",
    name=texts("Lublin, Green Budget", "Lublin, budget vert"),
    money=MoneyHint(cents=200_000_000, currency="PLN"),
    electorate=NOBODY,
    ballot=None,
    rule=Panel(),
    notes=(
        texts("Experts decide by published criteria.", "Des expert·es décident selon des critères publiés."),
        texts("Private land is admitted if it stays open for ten years.", "Un terrain privé est admis s’il reste ouvert dix ans."),
    ),
    assumed=(_list("rule.selected"),),
)

SOLIDAE = Preset(
    key="paris_solidae_2017",
    name=texts("Paris, SOLIDAE 2017", "Paris, SOLIDAE 2017"),
    money=MoneyHint(cents=100_000_000),
    electorate=NOBODY,
    request=Request(max_cents=40_000_000, max_percent="50", months=(12, 36)),
    ballot=None,
    rule=Panel(),
    notes=(
        texts(
            "At most 250,000 € for water, 150,000 € for waste, 400,000 € for both.",
            "Au plus 250 000 € pour l’eau, 150 000 € pour les déchets, 400 000 € pour les deux.",
        ),
        texts(
            "In countries that receive official development assistance.", "Dans les pays bénéficiaires de l’aide publique au développement."
        ),
    ),
    assumed=(
        _list("rule.selected"),
        _unknown_amount("one million euros, the limit of the water fund", "un million d’euros, le plafond du fonds pour l’eau"),
    ),
)

FAD = Preset(
    key="rennes_fad",
    name=texts("Rennes, Fonds d’aide au développement", "Rennes, Fonds d’aide au développement"),
    money=MoneyHint(cents=4_050_000),
    electorate=NOBODY,
    request=Request(max_cents=300_000),
    ballot=None,
    rule=Panel(),
    notes=(
        texts("Associations of Rennes; coaching is required.", "Associations rennaises ; accompagnement obligatoire."),
        texts("Files from 15 October to 31 January.", "Dépôt du 15 octobre au 31 janvier."),
        texts(
            "The panel of associations gives its opinion, then the council decides.",
            "La commission associative donne un avis, puis le conseil décide.",
        ),
    ),
    assumed=(
        _list("rule.selected"),
        _unknown_amount("the 40,500 € given in 2024", "les 40 500 € attribués en 2024"),
    ),
)

SOLIDEV = Preset(
    key="paris_solidev",
    name=texts("Paris, SOLIDEV", "Paris, SOLIDEV"),
    money=MoneyHint(cents=8_000_000),
    electorate=NOBODY,
    request=Request(min_cents=500_000, max_cents=1_500_000),
    ballot=None,
    rule=Panel(),
    notes=(
        texts("Associations seated in Paris for at least 24 months.", "Associations ayant leur siège à Paris depuis 24 mois au moins."),
        texts("At most half of the cost for travel.", "Les déplacements font au plus la moitié du coût."),
        texts("One part abroad, one that tells Paris of it.", "Un volet à l’étranger, un volet de restitution à Paris."),
    ),
    assumed=(
        _list("rule.selected"),
        _unknown_amount("the 80,000 € a year of the former label", "les 80 000 € par an de l’ancien label"),
        assumed("request.min_cents", "That of the former label.", "Celui de l’ancien label."),
        assumed("request.max_cents", "That of the former label.", "Celui de l’ancien label."),
    ),
)
