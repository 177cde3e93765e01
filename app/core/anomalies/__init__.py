"""Unusual patterns on a roll and among the requests for voting codes: shown to people, who judge. Knows no ballot and acts on nothing."""

from app.core.anomalies.facts import Batch, DeskDay, Entry, Facts, Signal, Tally
from app.core.anomalies.kinds import HINTS, TITLES, Kind
from app.core.anomalies.report import signals

__all__ = ["HINTS", "TITLES", "Batch", "DeskDay", "Entry", "Facts", "Kind", "Signal", "Tally", "signals"]
