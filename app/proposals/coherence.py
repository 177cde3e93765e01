"""Answers that do not fit together, and half-given ones: told to the carrier, never a reason to refuse a save or a submission."""

from collections.abc import Iterator

from app.core.eligibility import Section
from app.core.messages import Message, say
from app.editions.reference import goal_targets
from app.proposals.logframe import MARKERS, people_counted
from app.proposals.models import Proposal

Loose = tuple[Section, str, Message]
MARKER_FACTS = {
    "gender_equality": say("Say why you answer so on gender equality."),
    "climate_adaptation": say("Say why you answer so on adaptation to climate change."),
    "climate_mitigation": say("Say why you answer so on the fight against climate change."),
}


def loose_ends(proposal: Proposal) -> Iterator[Loose]:
    """(page, field, fact) for each of them, in the order of the pages."""
    yield from _people(proposal)
    yield from _activities(proposal)
    yield from _goals(proposal)
    for name in MARKERS:
        if name in proposal.markers and not proposal.marker_reasons.get(name):
            yield Section.MARKERS, f"{name}_reason", MARKER_FACTS[name]
    yield from _rows(proposal)


def _people(proposal: Proposal) -> Iterator[Loose]:
    counted, total = people_counted(proposal.beneficiary_groups), proposal.beneficiaries
    if counted is None:
        return
    if total is None:
        fact = say("The groups add up to %(counted)d people, and no total is given.", counted=counted)
        yield Section.BENEFICIARIES, "beneficiaries", fact
    elif counted != total:
        fact = say("The groups add up to %(counted)d people, and the total says %(total)d.", counted=counted, total=total)
        yield Section.BENEFICIARIES, "beneficiaries", fact


def _activities(proposal: Proposal) -> Iterator[Loose]:
    for number, row in enumerate(proposal.activities):
        if not row.get("label"):
            yield Section.ACTIVITIES, f"activities-{number}-label", say("Activity %(number)d has no name.", number=number + 1)
        last = (row.get("month") or 1) + (row.get("months") or 1) - 1
        if proposal.duration_months is not None and last > proposal.duration_months:
            fact = say(
                "Activity %(number)d ends in month %(last)d, and the project lasts %(months)d.",
                number=number + 1,
                last=last,
                months=proposal.duration_months,
            )
            yield Section.ACTIVITIES, f"activities-{number}-month", fact


def _goals(proposal: Proposal) -> Iterator[Loose]:
    for code in proposal.sdg_targets:
        known = goal_targets().get(code)
        if known and known.goal not in proposal.sdgs:
            fact = say("Target %(code)s belongs to goal %(goal)d, which you have not chosen.", code=code, goal=known.goal)
            yield Section.THEME, "sdg_targets", fact


def _rows(proposal: Proposal) -> Iterator[Loose]:
    for number, row in enumerate(proposal.indicators):
        if not row.get("label"):
            yield Section.INDICATORS, f"indicators-{number}-label", say("Say what indicator %(number)d measures.", number=number + 1)
        if not str(row.get("target", "")):
            yield Section.INDICATORS, f"indicators-{number}-target", say("Give the aim of indicator %(number)d.", number=number + 1)
    for number, row in enumerate(proposal.risks):
        if not row.get("what"):
            yield Section.RISKS, f"risks-{number}-what", say("Say what risk %(number)d is.", number=number + 1)
        if not row.get("answer"):
            yield Section.RISKS, f"risks-{number}-answer", say("Say what you would do about risk %(number)d.", number=number + 1)
