"""Configurations to start an edition from, each after a city or scheme that exists: money, voters, ballot, rule, and what was assumed."""

from collections.abc import Mapping
from types import MappingProxyType

from app.core.presets.abroad import AARAU, BARCELONA, REYKJAVIK_2023, WARSAW
from app.core.presets.counties import GERS, LOT_ET_GARONNE
from app.core.presets.french_cities import ANGERS, GRENOBLE, LYON
from app.core.presets.panels import FAD, LUBLIN, NANTES, SOLIDAE, SOLIDEV
from app.core.presets.paris import PARIS_2021
from app.core.presets.preset import Assumed, Electorate, MoneyHint, Preset, Request
from app.core.presets.rennes import SEASON_2, SEASON_5, SOLIDARITY

_ALL = (
    SOLIDARITY,
    SEASON_5,
    SEASON_2,
    PARIS_2021,
    GRENOBLE,
    ANGERS,
    LYON,
    LOT_ET_GARONNE,
    GERS,
    WARSAW,
    BARCELONA,
    REYKJAVIK_2023,
    AARAU,
    NANTES,
    LUBLIN,
    SOLIDAE,
    FAD,
    SOLIDEV,
)


def presets() -> Mapping[str, Preset]:
    """All presets by their key, in the order in which they are told."""
    return MappingProxyType({preset.key: preset for preset in _ALL})


__all__ = ["Assumed", "Electorate", "MoneyHint", "Preset", "Request", "presets"]
